from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from scraper.archive.place import Place
from scraper.archive.warc import ArchiveWriter
from scraper.cli.app import app
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.rework.importing import File, Importer
from scraper.crawl.rework.reextracting import Reextraction, Reextractor, accept, accept_all
from scraper.dedup.shingle import sign
from scraper.errors import InputError
from scraper.learned.template import SiteTemplate
from scraper.model import ArticleId, Relation, RelationKind, Verdict
from scraper.store import ArticleQuery, open_store
from tests.archive.captures import capture
from tests.crawl.site import SUBJECTS, article, path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.store import Store

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[3]
HTML = (("Content-Type", "text/html; charset=utf-8"),)


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
    assert again.startswith("0 pages: nothing to extract again")


def test_a_changed_rule_names_exactly_the_articles_whose_record_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ArchiveWriter("archive", "harbour") as writer:
        for number, agency in enumerate(("Reuters", "Harbour Wire", "Reuters")):
            content = article(number).content.replace(b"<p>", f"<p>AVILLE ({agency}) - ".encode(), 1)
            url = f"https://harbour.example{path(number)}"
            writer.write(capture(number, url=url, headers=HTML, payload=content))
    place = Place("archive")
    files = [File(place=place, name=name, key=name) for name in place.names()]
    with open_store("sqlite:///news.db") as store, ExtractionPool(1) as pool:
        Importer(store=store, pool=pool).take(files, step=lambda _: None)
        ids = [each.id for each in store.articles(ArticleQuery())]
    newer = tmp_path / "newer"
    for package in ("scraper", "spiders"):
        shutil.copytree(ROOT / package, newer / package, ignore=shutil.ignore_patterns("__pycache__"))
    rules = newer.joinpath("scraper", "extraction", "fields", "attribution", "agencies.py")
    rules.write_text(rules.read_text().replace("_NAMES = {", '_NAMES = {\n    "Harbour Wire": (),'))
    told = subprocess.run(
        [sys.executable, "-m", "scraper", "reextract", "--dry-run"],
        env={**os.environ, "PYTHONPATH": str(newer)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert run("--dry-run").startswith("0 pages"), "today's rules made them"
    assert told.startswith("3 pages: 2 (unchanged), 1 credit")
    assert [each in told for each in ids] == [False, True, False]


def test_an_article_keeps_its_address_whatever_rules_make_of_it(stored: list[ArticleId]) -> None:
    with open_store("sqlite:///news.db") as store, store.transaction():
        before = store.find_by_id(stored[1])
        assert before is not None
        moved = replace(before.article, canonical_url="https://harbour.example/by-its-old-rules")
        (fetch,) = (each for each in store.archived(moved.raw_sha256))
        store.record_fetch(replace(fetch, canonical_url=moved.canonical_url))
        kept = store.save(Verdict(article=moved, signature=sign(moved.body)))
    told = run("--accept")
    with open_store("sqlite:///news.db") as store:
        current = store.find_by_id(kept)

    assert "1 (address stays)" in told
    assert current is not None
    assert (current.revision, current.article.title) == (2, f"The {SUBJECTS[1]} of quarter 1")
    assert current.article.canonical_url == moved.canonical_url


def test_what_another_process_stored_since_is_left_alone(stored: list[ArticleId]) -> None:
    with open_store("sqlite:///news.db") as store, ExtractionPool(1) as pool:
        found = list(
            Reextractor(store=store, place=Place("archive"), pool=pool, sites={}, refinements={}).run(
                ArticleQuery()
            )
        )
        (changed,) = [each for each in found if each.stored.id == stored[1]]
        with store.transaction():
            assert accept(store, changed)
        with store.transaction():
            assert not accept(store, changed)


def test_what_another_process_changes_meanwhile_is_extracted_again(
    stored: list[ArticleId], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crawl stores a revision of each article between its extraction and the first try to write it."""
    write = accept_all
    crawled: list[int] = []

    def after_a_crawl(store: Store, found: Iterable[Reextraction]) -> list[ArticleId]:
        ready = list(found)
        with open_store("sqlite:///news.db") as other, other.transaction():
            for each in ready if not crawled else ():
                article = replace(each.stored.article, title=f"{each.stored.article.title} | Now")
                relation = Relation(kind=RelationKind.REVISION, to=each.stored.id, score=1.0)
                signature, expected = sign(article.body), each.stored.revision
                other.save(
                    Verdict(
                        article=article, signature=signature, relation=relation, expected_revision=expected
                    )
                )
        crawled.append(len(ready))
        return write(store, ready)

    monkeypatch.setattr("scraper.cli.archive.reextract.accept_all", after_a_crawl)
    told = run("--accept")
    with open_store("sqlite:///news.db") as store:
        current = [store.find_by_id(each) for each in stored[:3]]

    assert "another revision since" not in told
    assert [each.revision for each in current if each] == [3, 3, 3]
    assert [each.article.title for each in current if each] == [
        f"The {SUBJECTS[number]} of quarter {number}" for number in range(3)
    ]


def test_a_page_is_extracted_with_what_crawls_have_learned_of_its_host(
    stored: list[ArticleId], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArchiveWriter("archive", "harbour") as writer:
        told = (
            b'<script type=\'application/ld+json\'>{"@type":"NewsArticle","headline":"For engines"}</script>'
        )
        content = article(7).content.replace(b"<head>", b"<head>" + told)
        writer.write(capture(7, url=f"https://learned.example{path(7)}", headers=HTML, payload=content))
        name = writer._prefix
    (file,) = [
        File(place=Place("archive"), name=each, key=each)
        for each in Place("archive").names()
        if each.startswith(name)
    ]
    with open_store("sqlite:///news.db") as store, ExtractionPool(1) as pool:
        with store.transaction():
            store.save_template("learned.example", "learned.example", SiteTemplate(title_source="html:h1"))
        Importer(store=store, pool=pool).take([file], step=lambda _: None)
        made = next(each for each in store.articles(ArticleQuery(site="learned.example")))
        with store.transaction():
            store.confirm(made, "older rules")

    assert made.article.title == f"The {SUBJECTS[7]} of quarter 7"
    assert run("--site", "learned.example").startswith("1 pages: 1 (unchanged)")


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
