from __future__ import annotations

from scraper.dedup.residue import WINDOW, advance
from tests.dedup.stories import Desk, story

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


def test_a_paragraph_of_two_stories_is_residue_and_of_one_is_not() -> None:
    first = advance(b"", [11, 12, 11], story=1)
    again = advance(first.window, [11], story=1)
    other = advance(again.window, [12, 13], story=2)
    assert (first.residue, again.residue, other.residue) == ((), (), (12,))


def test_a_site_is_remembered_by_its_last_paragraphs() -> None:
    window = b""
    for turn in range(20):
        window = advance(window, range(turn * 100, turn * 100 + 100), story=turn).window
    assert len(window) == WINDOW * 12
    assert advance(window, [0], story=99).residue == ()
    assert advance(window, [1999], story=99).residue == (1999,)
