from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scraper.crawl.pages.saving import REPEATS, Extracted, counters, refusal, save
from scraper.model import KindVerdict, Page, Reason, Site
from scraper.record import article_id
from scraper.store import ArticleQuery, Outcome, open_store
from tests.crawl.site import crawl, html, path, serving, site
from tests.store.values import article, minutes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from scraper.store import Store

SITE = Site(name="harbour")
TEXT = (
    "Hier war einmal etwas, das es nicht mehr gibt.\nVielleicht hilft die Suche weiter, oder die Startseite."
)


@pytest.fixture(params=["memory:", "sqlite:///news.db"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.chdir(tmp_path)
    with open_store(request.param) as opened:
        yield opened


def saved(store: Store, number: int, **fields: Any) -> tuple[str, ...]:
    made = article(number, **{"body": TEXT, "published": None} | fields)
    page = Page(url=made.canonical_url, content=b"", fetched_at=minutes(number))
    return counters(save(store, Extracted(page=page, outcome=made), SITE))


def test_what_a_site_says_word_for_word_at_many_addresses_is_an_error(store: Store) -> None:
    ends = [saved(store, number) for number in range(REPEATS + 2)]
    (last,) = store.fetches(f"https://news.example/{REPEATS + 1}")

    assert ends == [("stored",), *[("stored", "near_duplicate")] * (REPEATS - 1), *[("rejected/error",)] * 2]
    assert (last.outcome, last.reason) == (Outcome.REJECTED, Reason.ERROR)


def test_a_reprint_with_a_date_or_on_another_site_is_none(store: Store) -> None:
    for number in range(REPEATS + 1):
        saved(store, number, published="2031-05-02")
    assert saved(store, 20, site="gazette") == ("stored", "syndicated")
    assert saved(store, 21, published="2031-05-02") == ("stored", "near_duplicate")
    assert saved(store, 22) == ("stored", "near_duplicate")


def test_what_is_stored_in_doubt_counts_as_that_too(store: Store) -> None:
    doubt = KindVerdict(confidence=0.3, evidence="it holds one main story; but it sells", in_doubt=True)
    assert saved(store, 1, verdict=doubt) == ("stored", "in_doubt")
    assert saved(store, 2, verdict=replace(doubt, in_doubt=False)) == ("stored", "near_duplicate")
    assert saved(store, 1, verdict=doubt) == ("unchanged",)


def test_an_address_that_had_the_text_before_keeps_it(store: Store) -> None:
    for number in range(REPEATS + 1):
        saved(store, number)
    assert saved(store, 0) == ("unchanged",)


def test_a_crawl_counts_soft_errors_in_any_wording(tmp_path: Path) -> None:
    sentence = (
        "Was Sie suchen, liegt leider nicht mehr an diesem Ort, und wohin es gezogen ist, wissen wir nicht"
    )
    wording = "".join(
        f"<p>{sentence}, sagt Regal {number} des Archivs im alten Hafen.</p>" for number in range(12)
    )
    gone = html(
        f"<html lang='de'><head><title>Hafenpost</title></head><body><article><h1>Hafenpost</h1>{wording}</article></body></html>"
    )
    numbers = range(1, 10)
    with serving(site(*numbers, **{path(number): gone for number in numbers if number != 5})) as server:
        ended = crawl(server.port, tmp_path / "a.db")

    assert ended.counts["stored"] == 1 + REPEATS
    assert ended.counts["rejected/error"] == 8 - REPEATS


def test_an_article_that_leads_home_is_gone_until_it_answers_again(store: Store) -> None:
    saved(store, 1)
    asked = "https://news.example/1"

    def sent_to(url: str, minute: int) -> datetime | None:
        page = Page(url=url, requested=asked, content=b"", fetched_at=minutes(minute))
        outcome = refusal(article(1, canonical_url=url), page, Reason.LIST, "a list")
        save(store, Extracted(page=page, outcome=outcome), SITE)
        (stored,) = store.articles(ArticleQuery())
        return stored.gone

    assert sent_to("https://news.example/section/", 5) is None
    assert sent_to("https://news.example/?page=2", 6) is None
    assert sent_to("https://news.example/", 7) == minutes(7)
    assert sent_to("https://news.example/", 8) == minutes(7)
    assert saved(store, 1, fetched_at=minutes(9)) == ("unchanged",)
    (stored,) = store.articles(ArticleQuery())
    assert stored.gone is None


def declaring(store: Store, address: str, declared: str, body: str, minute: int) -> tuple[str, ...]:
    """Save a page that declares another address than its own."""
    made = article(minute, body=body, url=address, canonical_url=declared, declared_url=declared)
    page = Page(url=address, content=b"", fetched_at=minutes(minute))
    return counters(save(store, Extracted(page=page, outcome=made), SITE))


def text_of(number: int) -> str:
    return "\n".join(f"Word{number}a{at} word{number}b{at} word{number}c{at}." for at in range(12))


def addresses(store: Store) -> dict[str, str]:
    return {
        str(each.article.canonical_url): each.article.body.split()[0]
        for each in store.articles(ArticleQuery())
    }


SHARED = "https://news.example/section"


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
def test_an_address_that_different_texts_declare_is_nobodys(store: Store, order: tuple[int, ...]) -> None:
    for minute, number in enumerate((*order, *order)):
        declaring(store, f"https://news.example/{number}", SHARED, text_of(number), minute)
    assert addresses(store) == {f"https://news.example/{number}": f"Word{number}a0" for number in (1, 2, 3)}
    for number in (1, 2, 3):
        made = store.fetches(f"https://news.example/{number}")
        assert {fetch.canonical_url for fetch in made} == {f"https://news.example/{number}"}
        (kept,) = store.revisions(article_id(article(url="", canonical_url=f"https://news.example/{number}")))
        assert kept.article.declared_url == SHARED


@pytest.mark.parametrize("first", ["the page itself", "another page"])
def test_a_page_keeps_its_own_address_when_others_declare_it(store: Store, first: str) -> None:
    own = (SHARED, SHARED, text_of(1))
    other = ("https://news.example/2", SHARED, text_of(2))
    for minute, each in enumerate((own, other, own) if first == "the page itself" else (other, own, other)):
        declaring(store, *each, minute)
    assert addresses(store) == {SHARED: "Word1a0", "https://news.example/2": "Word2a0"}


def test_pages_of_one_text_are_one_article_where_they_say_it_stands(store: Store) -> None:
    ends = [
        declaring(store, f"https://news.example/{form}", SHARED, text_of(1), minute)
        for minute, form in enumerate(("reader", "mail", "reader"))
    ]
    assert ends == [("stored",), ("unchanged",), ("unchanged",)]
    assert addresses(store) == {SHARED: "Word1a0"}


def test_an_article_that_moves_takes_its_relations_along(store: Store) -> None:
    declaring(store, "https://news.example/1", SHARED, text_of(1), 1)
    saved(store, 20, body=text_of(1), site="gazette")
    declaring(store, "https://news.example/2", SHARED, text_of(2), 3)
    saved(store, 21, body=text_of(1), site="courier")
    first = store.find("https://news.example/1")
    assert first is not None
    assert [edge.relation.to for edge in store.edges(first.id)] == [first.id, first.id]
    assert declaring(store, "https://news.example/1", SHARED, text_of(1) + "\nMore.", 5) == ("revision",)


def test_what_a_page_forbids_is_kept_as_it_is_now_though_its_text_stays(store: Store) -> None:
    assert saved(store, 1) == ("stored",)
    for said in (("noai", "tdm-reservation"), ()):
        assert saved(store, 1, restrictions=said) == ("unchanged",)
        (stored,) = store.articles(ArticleQuery())
        assert (stored.article.restrictions, stored.revision) == (said, 1)
