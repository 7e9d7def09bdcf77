from __future__ import annotations

import random

import numpy as np
import pytest

from scraper.dedup import kernel
from scraper.dedup.shingle import sign, sign_all
from scraper.dedup.words import (
    KEYS,
    Words,
    paragraph_keys,
    paragraphs_of,
    prepare,
    prepare_to_compare,
    shares_of_names,
)
from tests.dedup.scripts import random_text
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
    assert len(one.shingles) - kernel.loops.shared(one.shingles, other.shingles) == 5


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
    assert not kernel.loops.is_in(np.ones(3, np.uint64), nothing).any()
    assert not len(kernel.loops.is_in(nothing, nothing))


@pytest.mark.parametrize("seed", range(8))
def test_texts_together_have_what_each_has_alone(seed: int) -> None:
    dice = random.Random(seed)
    texts = [random_text(dice) for _ in range(50)] + [TEXT]
    signatures = sign_all(texts)
    together = [Words(signature) for signature in signatures]
    prepare(together)
    prepare_to_compare(together)
    assert signatures == [sign(text) for text in texts]
    assert paragraphs_of(signatures) == [paragraph_keys(signature) for signature in signatures]
    assert (
        shares_of_names(*signatures).tolist()
        == np.concatenate([shares_of_names(each) for each in signatures]).tolist()
    )
    for words, alone in zip(together, map(Words, signatures), strict=True):
        assert words.shingles.tolist() == alone.shingles.tolist()
        for found, expected in zip(words.slots, alone.slots, strict=True):
            assert found.tolist() == expected.tolist()
