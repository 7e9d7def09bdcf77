"""Refused pages that today's rules take for articles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from scraper.archive.place import Place
from scraper.archive.warc import ArchiveWriter
from scraper.cli.app import app
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.rework.importing import File, Importer
from scraper.model import Reason, Rejection
from scraper.store import ArticleQuery, Outcome, RejectionQuery, open_store
from tests.archive.captures import capture
from tests.crawl.site import SUBJECTS, article, path

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.system

WALL = (
    b"<html><title>Just a moment...</title><body><h1>Checking your browser</h1>"
    b"<p>Enable JavaScript and cookies to continue</p></body></html>"
)
REFUSED = {0: Reason.LIST, 1: Reason.NOT_NEWS, 2: Reason.OUT_OF_RANGE, 3: Reason.EMPTY, 4: Reason.RESTRICTED}


@pytest.fixture(autouse=True)
def _refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that were refused: one is a wall indeed, two no rule refused; nothing is stored."""
    monkeypatch.chdir(tmp_path)
    with ArchiveWriter("archive", "harbour") as writer:
        for number in REFUSED:
            made, url = article(number), f"https://harbour.example{path(number)}"
            content = WALL if number == 3 else made.content
            writer.write(capture(number, url=url, headers=tuple(made.headers.items()), payload=content))
    place = Place("archive")
    (name,) = place.names()
    with open_store("memory:") as store, ExtractionPool(1) as pool:
        Importer(store=store, pool=pool).take([File(place=place, name=name, key=name)], step=lambda _: None)
        fetches = list(store.archived())
    with open_store("sqlite:///news.db") as store, store.transaction():
        for number, reason in REFUSED.items():
            (fetch,) = (each for each in fetches if each.url.endswith(path(number)))
            store.record_fetch(replace(fetch, outcome=Outcome.REJECTED, reason=reason, canonical_url=None))
            store.reject(
                Rejection(
                    url=f"https://harbour.example{path(number)}",
                    site="harbour.example",
                    reason=reason,
                    detail="older rules",
                    raw_sha256=fetch.raw_sha256 or "",
                    fetched_at=fetch.fetched_at,
                )
            )


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["reextract", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def titles() -> list[str | None]:
    with open_store("sqlite:///news.db") as store:
        return [each.article.title for each in store.articles(ArticleQuery())]


def test_refused_pages_that_are_articles_today_are_told_and_stored_where_that_is_accepted() -> None:
    with open_store("sqlite:///news.db") as store:
        ids = {each.reason: each.id for each in store.rejections(RejectionQuery())}
    told = run()
    before = titles()
    accepted = run("--accept")
    again = run("--accept")

    assert "3 refused pages: 2 are articles today" in told
    assert f"{ids[Reason.LIST]} https://harbour.example{path(0)}: list → article" in told
    assert ids[Reason.OUT_OF_RANGE] not in told
    assert ids[Reason.EMPTY] not in told
    assert ids[Reason.RESTRICTED] not in told
    assert before == []
    assert "2 refused pages are stored as articles" in accepted
    assert sorted(map(str, titles())) == sorted(f"The {SUBJECTS[at]} of quarter {at}" for at in (0, 1))
    assert "1 refused pages: 0 are articles today" in again


def test_who_asks_for_one_kind_of_articles_is_told_of_no_refused_page() -> None:
    assert "refused" not in run("--kind", "teaser")
    assert "refused" in run("--site", "harbour.example")
    assert "refused" not in run("--site", "elsewhere.example")
