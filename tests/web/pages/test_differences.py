from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.dedup.diff import Change
from scraper.record import article_id
from scraper.store import open_store
from scraper.web.pages.differences import MOST_COMPARED, shown_paragraphs
from tests.store.values import article, full_article, revision_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ID = article_id(full_article())
REVISED = article_id(article(2))
SAME, CHANGED = (Change(before="a", after="a"),), (Change(before="a", after="b"),)


def test_a_revision_shows_what_went_and_what_came(client: TestClient) -> None:
    page = client.get(f"/articles/{REVISED}/diff").text

    assert "<del>dawn.</del> <ins>noon.</ins>" in page
    assert "A silent edit" in page
    assert f'href="/articles/{REVISED}/diff?revision=2" aria-current="true"' in page


def test_a_copy_is_compared_with_another_one(client: TestClient) -> None:
    page = client.get(f"/articles/{ID}/diff", params={"against": REVISED}).text

    assert "Copies compared" in page
    assert "<del>noon.</del> <ins>dawn.</ins>" in page
    assert "silent edit" not in page


def test_texts_that_are_long_are_compared_to_a_length_and_the_page_says_so(
    client: TestClient, store_url: str
) -> None:
    with open_store(store_url) as store:
        store.save(revision_of(article(3, body="ferry " * MOST_COMPARED), 1))
    page = client.get(f"/articles/{article_id(article(3))}/diff").text

    assert "the first 60,000 characters are compared" in page
    assert len(page) < 3 * MOST_COMPARED


def test_what_did_not_change_is_counted() -> None:
    assert shown_paragraphs([SAME, SAME, CHANGED, SAME, SAME, SAME]) == [1, SAME, CHANGED, SAME, 2]
    assert shown_paragraphs([SAME]) == [1]


def test_where_nothing_can_be_compared_the_page_says_why(client: TestClient) -> None:
    for address, said in (
        (f"/articles/{ID}/diff", "comes from no other article"),
        (f"/articles/{REVISED}/diff?revision=3", "there is no revision 3"),
        (f"/articles/{REVISED}/diff?revision=1", "there is no revision 1"),
        (f"/articles/{ID}/diff?against=0", "no article"),
        (f"/articles/{ID}/diff?revision=x", "no whole number"),
    ):
        answer = client.get(address)
        assert answer.status_code in {400, 404}
        assert said in answer.text.replace("&#39;", "'")
