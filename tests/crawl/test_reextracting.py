from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from scraper.archive.place import Place
from scraper.archive.warc import ArchiveWriter
from scraper.cli.app import app
from scraper.crawl.importing import File, Importer
from scraper.crawl.workers import ExtractionPool
from scraper.dedup.shingle import sign
from scraper.errors import InputError
from scraper.model import ArticleId, Verdict
from scraper.store import ArticleQuery, open_store
from tests.archive.captures import capture
from tests.crawl.site import article, path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[ArticleId]:
    """Four articles that older rules made: another title for the second, another text for the third."""
    monkeypatch.chdir(tmp_path)
    with ArchiveWriter("archive", "harbour") as writer:
        for number in range(4):
            made, url = article(number), f"https://harbour.example{path(number)}"
            writer.write(capture(number, url=url, headers=tuple(made.headers.items()), payload=made.content))
    place = Place("archive")
    (name,) = place.names()
    with open_store("memory:") as store, ExtractionPool(1) as pool:
        Importer(store=store, pool=pool).take([File(place=place, name=name, key=name)], step=lambda _: None)
        fetches = list(store.archived())
        today = [each.article for each in store.articles(ArticleQuery())]
    older = [replace(each, extractor="older rules") for each in today]
    older[1] = replace(older[1], title="A headline | Harbour")
    older[2] = replace(older[2], body=older[2].body + "\nRead more about it.")
    older[3] = replace(older[3], extractor=today[3].extractor, title="As the current rules made it")
    with open_store("sqlite:///news.db") as store, store.transaction():
        for fetch in fetches:
            store.record_fetch(fetch)
        return [store.save(Verdict(article=each, signature=sign(each.body))) for each in older]


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["reextract", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def revisions(ids: list[ArticleId]) -> list[int]:
    with open_store("sqlite:///news.db") as store:
        return [len(store.revisions(each)) for each in ids]


def test_exactly_the_articles_that_other_rules_made_otherwise_are_named_and_written(
    stored: list[ArticleId],
) -> None:
    told = run("--dry-run", "--html", "changes.html")
    untouched = revisions(stored)
    run("--accept")
    written = revisions(stored)
    with open_store("sqlite:///news.db") as store:
        third = store.revisions(stored[2])[-1]
    again = run("--accept")

    assert told.startswith("3 pages: 1 (unchanged), 1 title, 1 body")
    assert "harbour.example: 1 (unchanged), 1 title, 1 body" in told
    assert [each in told for each in stored] == [False, True, True, False]
    assert "[-Read more about it.-]" in told
    assert "title: A headline | Harbour →" in told
    with open("changes.html", encoding="utf-8") as page:  # noqa: PTH123 - in the working directory
        assert "<del>Read more about it.</del>" in page.read()
    assert untouched == [1, 1, 1, 1]
    assert written == [1, 2, 2, 1]
    assert third.relation is not None
    assert third.relation.evidence == {"cause": "reextracted", "fields": "body"}
    assert again.startswith("1 pages: 1 (unchanged)")


def test_a_stored_article_is_explained_from_its_archived_page(stored: list[ArticleId]) -> None:
    done = CliRunner().invoke(app, ["explain", stored[1], "--json"], catch_exceptions=False)
    explanation = json.loads(done.output)

    assert explanation["url"] == f"https://harbour.example{path(1)}"
    assert explanation["kept"] > 0
    with pytest.raises(InputError, match="no such article"):
        CliRunner().invoke(app, ["explain", "0" * 16], catch_exceptions=False)


def test_a_page_that_is_not_archived_any_more_is_counted(stored: list[ArticleId], tmp_path: Path) -> None:
    with open_store("sqlite:///news.db") as store:
        store.forget_archived(Place("archive").names()[0])

    assert run("--accept").startswith("3 pages: 3 (page missing)")
    assert revisions(stored) == [1, 1, 1, 1]
