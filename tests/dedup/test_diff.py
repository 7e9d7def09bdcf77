from __future__ import annotations

import random

import pytest

from scraper.dedup import diff
from scraper.dedup.diff import Change, changes_of
from tests.dedup.stories import story


def rejoined(before: str, after: str) -> tuple[str, str]:
    changes = changes_of(before, after)
    sides = [
        [" ".join(filter(None, (getattr(change, side) for change in paragraph))) for paragraph in changes]
        for side in ("before", "after")
    ]
    old, new = ("\n".join(line for line in lines if line) for lines in sides)
    return old, new


@pytest.mark.parametrize("seed", range(30))
def test_the_changes_of_two_texts_hold_both(seed: int) -> None:
    dice = random.Random(seed)
    before = story(seed, 4)
    after = [
        " ".join(word if dice.random() > 0.2 else f"new{at}" for at, word in enumerate(line.split()))
        for line in before
        if dice.random() > 0.2
    ]
    if dice.random() < 0.5:
        after.insert(0, story(90, 1)[0])
    old, new = "\n".join(before), "\n".join(after)
    assert rejoined(old, new) == (old, new)


def test_a_word_that_stayed_by_chance_between_changes_is_one_change_with_them() -> None:
    before = "It opens on Monday at nine with a speech of the old mayor in the rain"
    after = "It opens on Monday when all three boats of their fleet in the rain"
    (paragraph,) = changes_of(before, after)
    assert [change.is_equal for change in paragraph] == [True, False, True]


def test_a_corrected_word_is_a_change_of_its_own() -> None:
    (paragraph,) = changes_of("The ferry left at nine on Monday", "The ferry left at ten on Monday")
    assert paragraph[1] == Change(before="nine", after="ten")


def test_more_words_than_can_be_laid_beside_each_other_are_one_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(diff, "MOST_CELLS", 50)
    before, after = "one two three four five six seven eight", "one two three four five six seven nine"
    assert changes_of(before, after) == ((Change(before=before, after=after),),)
