from __future__ import annotations

from scraper.store.storable import storable
from tests.store.values import article, full_article


def test_a_clean_value_stays_as_it_is() -> None:
    clean = full_article()
    assert storable(clean) is clean


def test_nuls_go_and_lone_surrogates_are_replaced_however_deep() -> None:
    odd = article(tags=("a\0b",), body="\ud83d\ude00 whole, \ud800 half")
    cleaned = storable(odd)
    assert cleaned.tags == ("ab",)
    assert cleaned.body == "\U0001f600 whole, \ufffd half"
    assert storable({"k\0": ["x"]}) == {"k": ["x"]}


def test_an_address_is_stored_without_what_lets_its_bearer_in() -> None:
    secret = article(
        url="https://me:hush@news.example/1?page=2&token=hush&X-Amz-Signature=hush#session_id=hush"
    )
    assert storable(secret).url == "https://news.example/1?page=2"
    assert storable(article()) == article()
