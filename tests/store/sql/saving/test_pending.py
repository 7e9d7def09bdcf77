"""A batch that is looked up and written together comes to what its pages come to one after the other."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from scraper.crawl.pages.saving import Extracted, counters, expected, save
from scraper.errors import StaleVerdictError
from scraper.model import Page, Reason, Site
from scraper.store import ArticleQuery, Fetch, Outcome, RejectionQuery, open_store
from scraper.store.values import Expected
from tests.store.values import NOON, article, minutes, rejection, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from scraper.store import Store

    Work = Callable[[Store], Any]

WORDS = ["harbour", "ferry", "council", "bridge", "budget", "winter", "market", "school", "river", "storm"]
FRAME = "Follow the harbour desk for more on this and other stories from along the whole of the coast."
SITES = [Site(name="harbour"), Site(name="gazette")]


def text(number: int, sentences: int = 6) -> str:
    chosen = random.Random(number)
    return "\n".join(
        f"{' '.join(chosen.choice(WORDS) for _ in range(14))} {number} {line}." for line in range(sentences)
    )


def work(number: int, seed: random.Random) -> tuple[Work, Expected | None]:
    """Return one of the things that a crawl does to a store."""
    site, before = SITES[number % 2], seed.randrange(max(1, number))
    made = article(number, site=site.name, body=f"{text(number)}\n{FRAME}")
    match seed.randrange(14):
        case 0 | 1:
            made = replace(made, body=f"{text(before)}\n{text(number, 1)}")
        case 2:
            made = replace(
                article(before, site=SITES[before % 2].name, body=made.body), fetched_at=minutes(number)
            )
        case 3:
            made = replace(
                made, canonical_url="https://news.example/section", url=f"https://news.example/{number}"
            )
        case 4:
            made = replace(
                made, published=None, body="Nothing is here any more.\nThe search may help you on."
            )
        case 5:
            of_other = article(before, site=site.name, body=f"{text(before)}\n{FRAME}")
            made = replace(of_other, restrictions=("noai",), fetched_at=minutes(number))
        case 6:
            made = replace(made, title="a\0b", body=f"{made.body}\ud800")
        case 7:
            url = f"https://news.example/{before}"
            fetch = Fetch(
                url=url, site=site.name, fetched_at=minutes(number), outcome=Outcome.FAILED, reason="410"
            )
            return lambda store: (store.record_fetch(fetch), store.mark_gone(url, minutes(number))), None
        case 8 | 9:
            reason = seed.choice([Reason.LIST, Reason.EXTRACTION_CRASH])
            refused = rejection(before, site=site.name, reason=reason, fetched_at=minutes(number))
            home = seed.choice(["https://news.example/", refused.url])
            page = Page(url=home, requested=refused.url, content=b"", fetched_at=minutes(number))
            return saving(Extracted(page=page, outcome=refused), site)
    page = Page(url=made.url, content=b"", fetched_at=minutes(number))
    return saving(Extracted(page=page, outcome=made), site)


def saving(extracted: Extracted, site: Site) -> tuple[Work, Expected | None]:
    return lambda store: counters(save(store, extracted, site)), expected(extracted)


def works(seed: int) -> Sequence[tuple[Work, Expected | None]]:
    chosen = random.Random(seed)
    return [work(number, chosen) for number in range(120)]


def run(store: Store, size: int, given: Sequence[tuple[Work, Expected | None]]) -> list[Any]:
    ends = []
    for first in range(0, len(given), size):
        batch = given[first : first + size]
        with store.transaction([each for _, each in batch if each] if size > 1 else []):
            ends += [each(store) for each, _ in batch]
    return ends


def held(store: Store) -> dict[str, Any]:
    found = list(store.articles(ArticleQuery()))
    urls = [f"https://news.example/{number}" for number in range(121)]
    return {
        "articles": found,
        "revisions": [store.revisions(each.id) for each in found],
        "edges": [store.edges(each.id) for each in found],
        "words": [each.id for each in store.articles(ArticleQuery(search="bridge"))],
        "rejections": list(store.rejections(RejectionQuery())),
        "quarantined": store.quarantined(),
        "fetches": [store.fetches(url) for url in urls],
        "visits": store.visits(urls),
    }


def index(store: Any) -> dict[str, Any]:
    with store._database.read() as connection:
        return {
            table: sorted(tuple(row) for row in connection.execute(sa.text(f"SELECT * FROM {table}")))
            for table in ("shingles", "residue", "site_paragraphs")
        }


@pytest.mark.parametrize("seed", range(6))
def test_a_batch_comes_to_what_its_pages_come_to_one_by_one(seed: int, tmp_path: Path) -> None:
    with (
        open_store(f"sqlite:///{tmp_path}/single.db") as single,
        open_store(f"sqlite:///{tmp_path}/batch.db") as batch,
    ):
        assert run(single, 1, works(seed)) == run(batch, 50, works(seed))
        assert held(single) == held(batch)
        assert index(single) == index(batch)


def test_so_it_does_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/single.db") as single, open_store(postgresql_url) as batch:
        assert run(single, 1, works(11)) == run(batch, 50, works(11))
        assert held(single) == held(batch)
        assert index(single)["shingles"] == index(batch)["shingles"]


def test_a_batch_costs_few_statements(database_url: str) -> None:
    """More than that, and a look-up or a row goes alone again."""
    new = [article(number, body=text(number)) for number in range(50)]
    pages = [
        Extracted(page=Page(url=each.url, content=b"", fetched_at=each.fetched_at), outcome=each)
        for each in new
    ]
    with open_store(database_url) as store:
        calls = count_calls(store)
        run(store, 50, [saving(each, SITES[0]) for each in pages])
    assert sum(calls.values()) <= 40, calls


def count_calls(store: Any) -> Counter[str]:
    """Count the statements of a store, by what they say."""
    database, calls = store._database, Counter[str]()
    on = database._on

    def counted(*given: Any) -> Any:
        calls.update([given[2]])
        return on(*given)

    sa.event.listen(database._engine, "before_cursor_execute", lambda *given: calls.update([given[2]]))
    database._on = counted
    return calls


def test_a_page_that_fails_leaves_nothing_of_its_batch_behind(store: Store) -> None:
    pages = [article(number, body=text(number)) for number in range(3)]
    given = [Expected(addresses=frozenset({each.canonical_url or ""}), article=each) for each in pages]
    fetch = Fetch(url="https://news.example/0", site="harbour", fetched_at=NOON, outcome=Outcome.STORED)

    def fail() -> None:
        with store.transaction(given):
            store.save(verdict(pages[0]))
            store.record_fetch(fetch)
            store.save(verdict(pages[1], expected=4))

    with pytest.raises(StaleVerdictError):
        fail()
    assert not list(store.articles(ArticleQuery()))
    assert store.visit("https://news.example/0") is None
    with store.transaction(given):
        for each in pages:
            store.save(verdict(each))
    assert len(list(store.articles(ArticleQuery()))) == 3


def test_what_was_expected_is_looked_up_in_each_transaction_anew(database_url: str) -> None:
    mine = article(1, body=text(1))
    given = [Expected(addresses=frozenset({mine.canonical_url or ""}), article=mine)]
    with open_store(database_url) as one, open_store(database_url) as other:
        with one.transaction(given):
            assert one.find("https://news.example/1") is None
        other.save(verdict(mine))
        with one.transaction(given), pytest.raises(StaleVerdictError):
            one.save(verdict(mine))
        found = one.find("https://news.example/1")
        assert found is not None
        assert found.article == mine


def test_a_writer_and_a_method_that_removes_see_each_others_rows(store: Store) -> None:
    first, second = (article(number, body=text(number)) for number in (1, 2))
    given = [
        Expected(addresses=frozenset({each.canonical_url or ""}), article=each) for each in (first, second)
    ]
    with store.transaction(given):
        kept = store.save(verdict(first))
        store.retract(kept)
        assert store.find("https://news.example/1") is None
        store.save(verdict(second))
        store.save(verdict(first))
        assert len(list(store.articles(ArticleQuery()))) == 2
    assert len(list(store.articles(ArticleQuery(search="ferry")))) == 2
