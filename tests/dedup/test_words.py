from __future__ import annotations

import numpy as np
import pytest

from scraper.dedup.shingle import sign
from scraper.dedup.words import KEYS, Words, is_in, paragraph_keys, shared
from tests.dedup.stories import story

TEXT = "\n".join(story(1))


def test_shingles_are_distinct_and_ascending() -> None:
    words = Words(sign(TEXT + "\n" + TEXT))
    assert (np.diff(words.shingles.astype(object)) > 0).all()
    assert len(words.keys) == KEYS


def test_a_changed_word_touches_five_shingles() -> None:
    words = TEXT.split(" ")
    words[50] = "otherwise"
    one, other = Words(sign(TEXT)), Words(sign(" ".join(words)))
    assert len(one.shingles) - shared(one.shingles, other.shingles) == 5


def test_residue_is_left_out_unless_nothing_would_remain() -> None:
    signature = sign(TEXT)
    keys = paragraph_keys(signature)
    assert (
        len(Words(signature, [place > 0 for place in range(len(keys))]).tokens)
        == len(Words(signature).tokens) - 42
    )
    assert len(Words(signature, [False] * len(keys)).tokens) == len(Words(signature).tokens)


@pytest.mark.parametrize("text", ["", "one", "one two three four", "\n\n--\n", "A B C D E F"])
def test_short_texts_have_words_too(text: str) -> None:
    words = Words(sign(text))
    assert len(words.shingles) == len(words.keys) <= 2
    assert len(words.slots[0]) == len(words.slots[1])


def test_a_paragraph_has_the_same_key_wherever_it_stands() -> None:
    one, other = paragraph_keys(sign("a b c d\nx y z")), paragraph_keys(sign("x y z\nq\na b c d"))
    assert one == [other[2], other[0]]


def test_membership_in_nothing_is_false() -> None:
    nothing = np.zeros(0, np.uint64)
    assert not is_in(np.ones(3, np.uint64), nothing).any()
    assert not len(is_in(nothing, nothing))
