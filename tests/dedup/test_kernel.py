"""The compiled loops and those of numpy: the same numbers of whatever text."""

from __future__ import annotations

import random
import shutil
import sysconfig
from pathlib import Path

import numpy as np
import pytest

from scraper.dedup import kernel
from scraper.dedup.hashes import SHINGLE
from scraper.dedup.in_numpy import NumpyLoops
from tests.dedup.scripts import random_text
from tests.dedup.stories import story

PLAIN = NumpyLoops()


def texts_of(seed: int) -> list[str]:
    """Return texts of many scripts, some nearly alike, some longer than the powers reach."""
    dice = random.Random(seed)
    texts = [random_text(dice) for _ in range(40)] + ["\n".join(story(seed))]
    for text in texts[::4]:
        letters = list(text)
        for _ in range(1 + len(letters) // 100):
            letters[dice.randrange(len(letters) or 1) :][:1] = dice.choice(["\n", "Hh", "ss", " Ae ", "7"])
        texts.append("".join(letters))
    return texts


@pytest.mark.skipif(
    not (shutil.which("cc") and Path(sysconfig.get_path("include"), "Python.h").exists()),
    reason="nothing here compiles it",
)
def test_where_there_is_a_compiler_the_kernel_is_compiled() -> None:
    assert kernel.chosen_loops().is_compiled


@pytest.mark.parametrize("seed", range(12))
def test_words_and_paragraphs_are_the_same(seed: int) -> None:
    texts = texts_of(seed)
    found = kernel.loops.words(texts)
    assert found == PLAIN.words(texts)
    words, lengths = zip(*found, strict=True)
    for bits in (46, 63):
        keys = kernel.loops.paragraph_keys(words, lengths, bits)
        assert keys == PLAIN.paragraph_keys(words, lengths, bits)


@pytest.mark.parametrize("seed", range(12))
def test_shingles_and_slots_are_the_same(seed: int) -> None:
    texts = [np.frombuffer(words, "<u8") for words, _ in PLAIN.words(texts_of(seed))]
    for found, expected in zip(kernel.loops.shingles(texts), PLAIN.shingles(texts), strict=True):
        assert found.tolist() == expected.tolist()
    for found_slots, slots in zip(kernel.loops.slots(texts), PLAIN.slots(texts), strict=True):
        assert [each.tolist() for each in found_slots] == [each.tolist() for each in slots]
    for words in texts:
        for size in (1, 3, SHINGLE):
            assert kernel.loops.runs(words, size).tolist() == PLAIN.runs(words, size).tolist()
            distinct = kernel.loops.distinct_runs(words, size)
            assert distinct.tolist() == PLAIN.distinct_runs(words, size).tolist()


@pytest.mark.parametrize("seed", range(12))
def test_what_two_texts_have_in_common_is_the_same(seed: int) -> None:
    dice = random.Random(seed)
    texts = [np.frombuffer(words, "<u8") for words, _ in PLAIN.words(texts_of(seed))]
    shingles, slots = PLAIN.shingles(texts), PLAIN.slots(texts)
    for at, words in enumerate(texts):
        for other in (at, dice.randrange(len(texts)), len(texts) - 1):
            pair = shingles[at], shingles[other]
            assert kernel.loops.shared(*pair) == PLAIN.shared(*pair)
            apart = kernel.loops.differing(slots[at], slots[other])
            assert apart == PLAIN.differing(slots[at], slots[other])
            runs = PLAIN.runs(words, SHINGLE)
            hits = kernel.loops.is_in(runs, shingles[other])
            assert hits.tolist() == PLAIN.is_in(runs, shingles[other]).tolist()
            mask, *counts = kernel.loops.covered(words, hits, SHINGLE)
            expected = PLAIN.covered(words, hits, SHINGLE)
            assert (mask.tolist(), counts) == (expected.mask.tolist(), list(expected[1:]))


def test_what_is_no_array_is_refused() -> None:
    _kernel = pytest.importorskip("scraper.dedup._kernel", reason="the kernel is not compiled")
    with pytest.raises(TypeError, match="2 arguments"):
        _kernel.shared(b"")
    with pytest.raises(TypeError, match="bytes-like"):
        _kernel.shared(b"", None)
    with pytest.raises(ValueError, match="five words"):
        _kernel.runs(np.zeros(9, np.uint64), 6)
    with pytest.raises(ValueError, match="alphabet"):
        _kernel.words("a", b"", b"")
    with pytest.raises(ValueError, match="bits"):
        _kernel.paragraph_keys(b"", b"", 0)
    assert _kernel.differing(np.arange(9), b"", np.arange(9), b"") == (0, 0)
