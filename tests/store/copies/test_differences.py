from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.errors import InputError
from scraper.record import article_id
from scraper.store import open_store
from scraper.store.copies.differences import (
    MOST_PARAGRAPHS,
    compare_texts,
    difference_record,
    texts_to_compare,
)
from tests.store.values import article, copy_of, revision_of, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.store import Store

ONE, TWO, COPY = (article_id(article(number)) for number in (1, 2, 3))


@pytest.fixture
def store() -> Iterator[Store]:
    """Two articles, the second one revised, and a copy of the first."""
    with open_store("memory:") as opened:
        opened.save(verdict(article(1)))
        opened.save(verdict(article(2)))
        opened.save(revision_of(article(2, body="The ferry number 2 came in at noon."), 1))
        opened.save(verdict(article(3), relation=copy_of(ONE)))
        yield opened


def test_a_revision_is_compared_with_the_one_before(store: Store) -> None:
    found = compare_texts(*texts_to_compare(store, TWO))
    told = difference_record(found)

    assert (told["from"], told["to"], told["silent_edit"]) == (f"{TWO}/1", f"{TWO}/2", True)
    assert told["body"][0][1] == {"before": "dawn.", "after": "noon."}
    assert not found.is_cut


def test_a_copy_is_compared_with_what_it_comes_from(store: Store) -> None:
    before, after = texts_to_compare(store, COPY)

    assert (before.id, after.id) == (ONE, COPY)


def test_of_many_paragraphs_so_many_are_compared(store: Store) -> None:
    lines = "\n".join(f"line {number}" for number in range(2 * MOST_PARAGRAPHS))
    store.save(revision_of(article(1, body=lines), 1))
    found = compare_texts(*texts_to_compare(store, ONE), most=100_000)

    assert found.is_cut
    assert len(found.body) == MOST_PARAGRAPHS + 2
    assert not compare_texts(*texts_to_compare(store, ONE)).is_cut


def test_long_texts_are_compared_as_far_as_is_asked(store: Store) -> None:
    found = compare_texts(*texts_to_compare(store, TWO), most=9)

    assert found.is_cut
    assert found.body == ((found.body[0][0],),)


@pytest.mark.parametrize(
    ("identity", "revision", "said"),
    [
        (ONE, None, "comes from no other"),
        (TWO, 3, "the last one is 2"),
        (TWO, 1, "no revision 1"),
        ("x", None, "no article 'x'"),
    ],
)
def test_what_cannot_be_compared_is_told(
    store: Store, identity: str, revision: int | None, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        texts_to_compare(store, identity, revision)
