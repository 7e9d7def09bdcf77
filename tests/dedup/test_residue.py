from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.dedup.residue import WINDOW, ResidueStep, advance, review
from tests.dedup.stories import Desk, story

if TYPE_CHECKING:
    from collections.abc import Iterable

FRAME = story(400, 3)


def test_pages_that_share_a_heavy_frame_are_new() -> None:
    desk = Desk()
    for page in range(8):
        text = [*FRAME[:2], *story(500 + page, 3), FRAME[2]]
        assert desk.relation(f"https://a.example/{page}", text) is None


def test_copies_are_found_inside_a_frame() -> None:
    desk, text = Desk(), story(1, 4)
    for page in range(4):
        desk.relation(f"https://a.example/{page}", [*FRAME, *story(500 + page, 3)])
    desk.relation("https://b.example/1", text)
    assert desk.relation("https://a.example/copy", [*FRAME, *text[:3]]) == (
        "syndicated",
        "https://b.example/1",
    )


def test_revisions_of_one_article_do_not_delete_its_text() -> None:
    desk, text = Desk(), story(1)
    for turn in range(4):
        desk.relation("https://a.example/1", [*text, f"Update {turn}."])
    assert desk.relation("https://b.example/1", text) == ("syndicated", "https://a.example/1")


def step(window: bytes, paragraphs: Iterable[int], document: int, stories: dict[int, int]) -> ResidueStep:
    """A text of a story; paragraphs from 100 on are long."""
    return advance(
        window,
        paragraphs,
        lambda paragraph: 3 if 100 <= paragraph < 200 else 2,
        document=document,
        stories=lambda documents: {each: stories.get(each, each) for each in documents},
    )


def test_a_paragraph_of_two_stories_is_residue_and_of_one_is_not() -> None:
    stories = {2: 1}
    first = step(b"", [11, 12, 11], 1, stories)
    again = step(first.window, [11], 2, stories)
    other = step(again.window, [12, 13], 3, stories)
    assert (first.residue, again.residue, other.residue) == ((), (), (12,))
    assert other.holders == (1,)


def test_a_long_paragraph_needs_a_third_story() -> None:
    window = step(step(b"", [101], 1, {}).window, [101], 2, {}).window
    assert step(window, [101], 3, {}).residue == (101,)
    assert step(window, [101], 3, {}).holders == (1, 2)
    assert step(window, [101], 3, {2: 1}).residue == ()  # what were two stories is one by now


def test_a_site_is_remembered_by_its_last_paragraphs() -> None:
    window = b""
    for turn in range(20):
        window = step(window, range(1000 + turn * 100, 1100 + turn * 100), turn, {}).window
    assert len(window) == WINDOW * 12
    assert step(window, [1000], 99, {}).residue == ()
    assert step(window, [2999], 99, {}).residue == (2999,)


def test_what_is_residue_already_leaves_the_window_and_is_not_told_again() -> None:
    window = step(step(b"", [11, 12], 1, {2: 1}).window, [11, 12], 2, {2: 1}).window
    reviewed = review(window, lambda _: {11}, lambda *_: 2, lambda texts: {each: each for each in texts})
    assert (reviewed.residue, reviewed.holders) == ((12,), (1, 2))
    assert reviewed.window == b""
