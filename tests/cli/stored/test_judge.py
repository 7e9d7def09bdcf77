"""scraper judge: the decision is carried out at once, kept, and followed ever after."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scraper.archive.place import Place
from scraper.archive.warc import ArchiveWriter
from scraper.crawl.pages.workers import ExtractionPool
from scraper.crawl.rework.fixture_cases import Spiders
from scraper.crawl.rework.importing import File, Importer
from scraper.crawl.rework.record_case import archived, to_case
from scraper.errors import ConfigError, InputError
from scraper.model import Reason, Site
from scraper.store import ArticleQuery, RejectionQuery, open_store
from tests.archive.captures import capture
from tests.crawl.site import article, html, path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from scraper.model import Article, Rejection

    Run = Callable[..., Result]

HOST = "harbour.example"
LINKS = "".join(f"<li><a href='/topic/{n}'>The harbour story number {n}</a></li>" for n in range(40))
LIST = html(f"<title>Topics</title><body><h1>Topics</h1><ul>{LINKS}</ul></body>")
PAGES = {path(1): article(1), path(2): article(2), "/topics": LIST}


@pytest.fixture
def _imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory with an archive of two articles and a list, and a news.db of them."""
    monkeypatch.chdir(tmp_path)
    with ArchiveWriter("archive", "harbour") as writer:
        for number, (way, reply) in enumerate(PAGES.items()):
            headers = tuple(reply.headers.items())
            writer.write(capture(number, url=f"https://{HOST}{way}", headers=headers, payload=reply.content))
    import_all()


def import_all() -> None:
    place = Place("archive")
    (name,) = place.names()
    with open_store("sqlite:///news.db") as store, ExtractionPool(1) as pool:
        store.record_import(name, 0)
        file = File(place=place, name=name, key=name)
        Importer(store=store, pool=pool).take([file], step=lambda _: None)


def stored() -> dict[str, tuple[str, Article]]:
    """Return id and article by path."""
    with open_store("sqlite:///news.db") as store:
        found = list(store.articles(ArticleQuery()))
    return {str(each.article.url).partition(HOST)[2]: (each.id, each.article) for each in found}


def refused() -> dict[str, Rejection]:
    with open_store("sqlite:///news.db") as store:
        found = list(store.rejections(RejectionQuery()))
    return {str(each.url).partition(HOST)[2]: each for each in reversed(found)}


@pytest.mark.system
@pytest.mark.usefixtures("_imported")
def test_a_refused_page_becomes_an_article_and_stays_one(run: Run) -> None:
    before = stored()
    done = run("judge", refused()["/topics"].id, "article", "--title", "All topics", "--author", "Ana Lima")
    after = stored()
    import_all()
    run("reextract", "--accept")

    assert "/topics" not in before
    assert "stored as an article" in done.stderr
    for found in (after, stored()):
        _, made = found["/topics"]
        assert (made.title, made.authors) == ("All topics", ("Ana Lima",))
        assert made.provenance["title"].source == "editor"


@pytest.mark.system
@pytest.mark.usefixtures("_imported")
def test_an_article_that_is_none_is_refused_and_stays_so_until_it_is_judged_again(run: Run) -> None:
    identity, made = stored()[path(1)]
    done = run("judge", identity, "list")
    after, refusals, found = stored(), refused(), run("articles", "--search", "quarter").stdout
    import_all()
    again = stored()
    run("judge", refusals[path(1)].id, "article")

    assert refusals[path(1)].id in done.stderr
    assert refusals[path(1)].reason is Reason.LIST
    assert set(after) == set(again) == {path(2)}
    assert str(made.title) not in found
    assert stored()[path(1)][1].body == made.body


@pytest.mark.system
@pytest.mark.usefixtures("_imported")
def test_what_is_read_wrong_is_corrected_as_a_revision_and_what_was_corrected_before_stays(run: Run) -> None:
    identity, made = stored()[path(1)]
    run("judge", identity, "article", "--title", "The bridge")
    run("judge", identity, "article", "--published", "2031-05-01")
    import_all()
    shown = json.loads(run("show", identity, "--json").stdout)

    assert (shown["title"], shown["published"]) == ("The bridge", "2031-05-01")
    assert shown["provenance"]["published"]["source"] == "editor"
    assert shown["verdict"]["evidence"] == "an editor judged it an article"
    assert stored()[path(2)][1].title != "The bridge"
    assert "editor" in run("explain", identity).stdout
    assert made.body == shown["body"]


@pytest.mark.system
@pytest.mark.usefixtures("_imported")
def test_a_judged_page_becomes_a_fixture_whose_truth_is_the_editors(run: Run) -> None:
    identity, made = stored()[path(1)]
    run("judge", identity, "article", "--title", "The bridge")
    with open_store("sqlite:///news.db") as store:
        page = archived(str(made.url), store, Place("archive"))
        (correction,) = store.corrections(HOST).values()
    spiders = Spiders(sites={HOST: Site(name=HOST)}, refinements={})
    case = to_case(page, spiders, HOST, "bridge", correction)

    assert case.truth["title"] == "The bridge"
    assert case.wrong_today == ("title",)


def test_a_page_that_is_not_archived_is_judged_for_the_next_time_that_it_comes(news: str, run: Run) -> None:
    with open_store("sqlite:///news.db") as store:
        (first,) = (each for each in store.rejections(RejectionQuery()) if each.site != "gazette")
    told = run("judge", first.id, "article").stderr
    with open_store("sqlite:///news.db") as store:
        known = store.corrections(first.site or "")
    assert "fetched again" in told
    assert [each.is_article for each in known.values()] == [True]
    assert news in run("articles").stdout


def test_an_article_that_is_not_archived_can_be_judged_too(news: str, run: Run) -> None:
    run("judge", news, "article", "--author", "Ana Lima", "--author", "Li Wei")
    assert json.loads(run("show", news, "--json").stdout)["authors"] == ["Ana Lima", "Li Wei"]
    run("judge", news, "list")
    assert news not in run("articles").stdout


@pytest.mark.usefixtures("news")
def test_what_nobody_knows_and_what_makes_no_sense_is_told(run: Run) -> None:
    with pytest.raises(InputError, match="no such article and no such rejected page"):
        run("judge", "0" * 16, "list")
    with pytest.raises(ConfigError, match="a list has no title"):
        run("judge", "0" * 16, "list", "--title", "x")
    with pytest.raises(ConfigError, match="write a day as"):
        run("judge", "0" * 16, "article", "--published", "yesterday")
