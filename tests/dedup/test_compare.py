"""What is a copy and what only looks like one."""

from __future__ import annotations

import random

from scraper.model import Credit
from tests.dedup.stories import Desk, article, sentence, story

A, B, C = "https://a.example/1", "https://b.example/1", "https://c.example/1"


def test_a_copy_with_dateline_typos_and_local_paragraphs_is_syndicated() -> None:
    desk, text = Desk(), story(1)
    desk.relation(A, text)
    typos = " ".join(word[1:] if place % 40 == 0 else word for place, word in enumerate(text[2].split()))
    changed = ["PORT DALE (Wire) - " + text[0], text[1], typos, *text[3:], *story(90, 2)]
    assert desk.relation(B, changed) == ("syndicated", A)


def test_a_copy_cut_to_its_first_two_fifths_is_syndicated() -> None:
    desk, text = Desk(), story(1, 10)
    desk.relation(A, text)
    assert desk.relation(B, [*text[:4], *story(91, 1)]) == ("syndicated", A)


def test_a_fuller_text_that_comes_later_is_syndicated_too() -> None:
    desk, text = Desk(), story(1, 10)
    desk.relation(A, text[:5])
    assert desk.relation(B, text) == ("syndicated", A)


def test_the_same_text_at_another_address_of_the_site_is_a_near_duplicate() -> None:
    desk, text = Desk(), story(1)
    desk.relation(A, text)
    assert desk.relation("https://a.example/2", [*text, "Updated."]) == ("near_duplicate", A)


def test_a_copy_joins_the_nearest_text_of_its_story_and_the_evidence_says_why() -> None:
    desk, text = Desk(), story(1, 10)
    desk.relation(A, text[:5])
    desk.relation(B, text)
    relation = desk.take(article(C, text[:9])).relation
    assert relation is not None
    assert relation.to == B
    assert relation.evidence["containment"] == relation.score == 1.0
    assert 0.8 < float(relation.evidence["jaccard"]) < 1


def test_other_stories_on_the_same_event_with_shared_quotes_are_new() -> None:
    desk, dice = Desk(), random.Random(7)
    quotes = [sentence(dice, 20) for _ in range(3)]
    for seed in range(3):
        text = story(200 + seed, 6)
        text[2:2] = quotes
        assert desk.relation(f"https://{seed}.example/x", text) is None


def test_a_long_paragraph_of_background_makes_no_copy() -> None:
    desk, background = Desk(), " ".join(story(300, 4))
    desk.relation(A, [*story(301, 3), background])
    assert desk.relation(B, [background, *story(302, 3)]) is None


def test_forms_filled_in_with_other_numbers_and_names_are_new() -> None:
    forms = {
        "weather": "Forecast for {0}. The day will start cloudy with {1} degrees, rising to {2} degrees by noon. Winds of "
        "{3} kilometres per hour blow from the north of {4}. There is a {5} percent chance of rain, with {6} "
        "millimetres in the evening. Humidity will be {7} percent and the sun sets at {8}:{9} over the hills.",
        "lottery": "The numbers in the {0} draw were {1} and {2}, the bonus was {3}. The jackpot stood at {4} million. In "
        "all {5} tickets matched six numbers and {6} tickets matched five, each winning {7}. Players have {8} days to "
        "claim a prize, and results can be seen at counter {9} of every shop until the end of the month.",
        "obituary": "{0}, of {1}, passed away at home surrounded by family. {0} was born in {2} and worked for {3} years as "
        "a lawyer. Survivors include a daughter, {4}, of {5}, and a son, {6}, of {7}. Visitation will be held at the "
        "{8} funeral home in {1}, followed by a service at {9}. Condolences may be left online on the web site.",
    }
    for name, form in forms.items():
        desk = Desk()
        for turn in range(4):
            dice = random.Random(f"{name}{turn}")
            fill = [
                sentence(dice, 2).split()[0] + "ia" if name == "obituary" else str(dice.randrange(10, 99))
                for _ in range(10)
            ]
            assert desk.relation(f"https://{turn}.example/{name}", form.format(*fill)) is None, name


def test_a_round_up_links_to_its_stories_and_joins_neither() -> None:
    desk, one, two = Desk(), story(1), story(2)
    desk.relation(A, one)
    desk.relation(B, two)
    verdict = desk.take(article(C, [*one[:4], *two[:4]]))
    assert verdict.relation is None
    assert {(link.kind.value, link.to) for link in verdict.links} == {("contains", A), ("contains", B)}
    assert desk.relation("https://d.example/1", one[:6]) == ("syndicated", A)
    assert desk.relation("https://e.example/1", two[:6]) == ("syndicated", B)


def test_a_round_up_of_whole_stories_is_not_taken_for_their_origin() -> None:
    desk = Desk()
    desk.relation(A, story(1))
    desk.relation(B, story(2))
    links = desk.take(article(C, [*story(1), *story(2)])).links
    assert [link.evidence.get("origin") for link in links] == [None, None]


def test_the_agency_that_a_page_credits_is_the_origin() -> None:
    desk, text = Desk(), story(1)
    desk.take(article(A, text, credit=Credit(agencies=("Dale Wire",)), published="2031-05-01"))
    relation = desk.take(article(B, text[:7], publisher="Dale Wire", published="2031-05-02")).relation
    assert relation is not None
    assert (relation.evidence["origin"], relation.evidence["origin_by"]) == ("this", "credit")
