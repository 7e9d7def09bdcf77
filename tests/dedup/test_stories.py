from __future__ import annotations

import random
from itertools import combinations

import pytest

from scraper.dedup.compare import compare, measure
from scraper.dedup.shingle import sign
from scraper.dedup.stories import Evidence, Holder, Paragraph, Stories, likeliest_pairs, link, residue_of
from scraper.dedup.words import Words
from tests.dedup.stories import story


def partition(pairs: dict[tuple[int, int], float], documents: range) -> set[frozenset[int]]:
    stories = Stories()
    link(pairs, stories, str)
    return {frozenset(stories.members(document)) for document in documents}


def test_two_stories_that_one_pair_joins_stay_apart() -> None:
    inside = dict.fromkeys([*combinations(range(4), 2), *combinations(range(4, 8), 2)], 1.8)
    found = partition(inside | {(3, 4): 0.9}, range(8))
    assert found == {frozenset(range(4)), frozenset(range(4, 8))}


def test_stories_of_which_a_third_of_the_pairs_are_copies_are_one() -> None:
    inside = dict.fromkeys([*combinations(range(3), 2), *combinations(range(3, 6), 2)], 1.8)
    across = dict.fromkeys([(0, 3), (1, 4), (2, 5), (0, 4)], 0.9)
    assert partition(inside | across, range(6)) == {frozenset(range(6))}


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_pairs_changes_nothing(seed: int) -> None:
    dice = random.Random(seed)
    pairs = {
        pair: round(dice.uniform(0.5, 2), 2) for pair in combinations(range(12), 2) if dice.random() < 0.3
    }
    expected = partition(pairs, range(12))
    shuffled = list(pairs.items())
    dice.shuffle(shuffled)
    assert partition(dict(shuffled), range(12)) == expected


def test_a_key_that_more_texts_have_than_a_story_can_makes_no_pairs() -> None:
    crowded = [(1, document) for document in range(65)]
    assert likeliest_pairs([*crowded, (2, 3), (2, 9)], str) == [(3, 9)]


@pytest.mark.parametrize(
    ("words", "names", "stories", "is_residue"),
    [
        (10, 0.0, 2, True),
        (10, 0.0, 1, False),
        (40, 0.0, 2, False),
        (40, 0.0, 3, True),
        (10, 0.3, 2, False),
        (40, 0.3, 3, False),
        (40, 0.3, 4, True),
    ],
)
def test_long_and_named_paragraphs_need_more_stories_of_a_site_to_be_residue(
    words: int, names: float, stories: int, *, is_residue: bool
) -> None:
    holders = [Holder(document, "a.example") for document in range(stories)]
    found = residue_of([Paragraph(7, words, names, holders)], lambda document: document)
    assert (found == {7}) is is_residue


def test_what_one_story_prints_on_many_sites_is_no_residue() -> None:
    holders = [Holder(document, f"{document}.example") for document in range(30)]
    assert residue_of([Paragraph(7, 10, 0.0, holders)], lambda _: 0) == set()


def test_a_paragraph_without_names_that_many_stories_hold_is_residue_wherever_they_stand() -> None:
    holders = [Holder(document, f"{document}.example") for document in range(6)]
    assert residue_of([Paragraph(7, 10, 0.0, holders)], lambda document: document) == {7}
    assert residue_of([Paragraph(7, 10, 0.2, holders)], lambda document: document) == set()


def evidence(*bodies: list[str], pairs: list[tuple[int, int]]) -> Evidence:
    words = [Words(sign("\n".join(body))) for body in bodies]
    near = {(one, other): measure(words[other], words[one]).closeness for one, other in pairs}
    return Evidence(near, (), words=words.__getitem__, rank=str)


def test_a_text_of_parts_of_two_stories_is_a_round_up_and_joins_neither() -> None:
    one, two = story(1), story(2)
    stories, roundups = evidence(one, two, [*one[:4], *two[:4]], pairs=[(0, 2), (1, 2)]).stories()
    assert {document: sorted(held) for document, held in roundups.items()} == {2: [0, 1]}
    assert [len(stories.members(document)) for document in range(3)] == [1, 1, 1]


def test_a_text_with_a_part_too_small_for_a_copy_is_a_round_up_if_it_copies_another() -> None:
    one, two = story(1, 10), story(2, 4)
    bodies = [one, two, [*one[:3], *two[:3], *story(3, 3)], two, story(4, 9)]
    words = [Words(sign("\n".join(body))) for body in bodies]
    found = {
        pair: compare(words[pair[1]], words[pair[0]], same_site=False) for pair in combinations(range(5), 2)
    }
    near = {pair: match.closeness for pair, match in found.items() if match}
    assert near[0, 2] < 0 < near[1, 2]
    stories, roundups = Evidence(near, (), words=words.__getitem__, rank=str).stories()
    assert {document: min(held) for document, held in roundups.items()} == {2: 0}
    assert [len(stories.members(document)) for document in range(5)] == [1, 2, 1, 2, 1]


def test_a_text_that_several_print_whole_is_no_round_up_of_what_is_cut_from_it() -> None:
    text = story(1, 10)
    wholes = [[*text, *story(50 + turn, 1)] for turn in range(3)]
    pairs = [*combinations(range(3), 2), *((whole, cut) for whole in range(3) for cut in (3, 4))]
    stories, roundups = evidence(*wholes, text[:5], text[5:], pairs=pairs).stories()
    assert not roundups
    assert len(stories.members(0)) == 5
