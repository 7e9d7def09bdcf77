"""What a batch keeps of a text's paragraphs: enough for what is asked of them, whatever their length."""

from __future__ import annotations

import pytest

from scraper.dedup.residue import LONG, NAMED
from scraper.dedup.shingle import sign
from scraper.dedup.words import paragraph_keys
from scraper.model import ArticleId
from scraper.store.copies.records import held_paragraphs, plain_article, signed
from scraper.store.copies.texts import PARAGRAPH_BITS


def kept(body: str) -> bytes:
    (record,) = signed([(ArticleId("r"), plain_article({"body": body}))])
    return record.held


@pytest.mark.parametrize("words", [1, 9, 10, 19, 24, 25, 29, 30, 31, 40, 70, 99, 100, 1_000])
def test_whether_a_paragraph_is_long_and_names_things_stays_as_it_is(words: int) -> None:
    for names in {0, 1, words // 10 - 1, words // 10, words // 10 + 1, words} & set(range(words + 1)):
        ((_, held_words, held_names),) = held_paragraphs(kept("Berg " * names + "hill " * (words - names)))
        assert (held_words >= LONG) == (words >= LONG)
        assert (held_names / held_words >= NAMED) == (names / words >= NAMED)


def test_the_paragraphs_of_several_texts_are_read_at_once() -> None:
    bodies = ["One hill.\nTwo of them\n\nthree", "", "One hill."]
    keys = [key for body in bodies for key in paragraph_keys(sign(body), PARAGRAPH_BITS)]
    assert held_paragraphs(b"".join(map(kept, bodies)))["key"].tolist() == keys
    assert keys[0] == keys[-1]
