from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.dedup.frames import frames_among, stories_without
from scraper.dedup.shingle import sign
from scraper.dedup.stories import Holder, Paragraph
from scraper.dedup.words import Words, paragraph_keys
from tests.dedup.stories import story

if TYPE_CHECKING:
    from scraper.dedup.frames import Text

FRAME = story(400, 3)


class Pages:
    """Pages, each with its site; every one has an address of its own unless told."""

    def __init__(self, *pages: tuple[str, list[str]], addresses: tuple[int, ...] = ()) -> None:
        self._signed = [sign("\n".join(body)) for _, body in pages]
        self._sites = [site for site, _ in pages]
        self._addresses = addresses or tuple(range(len(pages)))

    def text(self, document: int) -> Text:
        signature = self._signed[document]
        return paragraph_keys(signature), Words(signature)

    def stories(self) -> list[int | None]:
        """The story of each page without what half of them hold."""
        found = stories_without(range(len(self._signed)), self.text, self._addresses.__getitem__)
        return [found.get(document) for document in range(len(self._signed))]

    def is_frame(self, paragraph: str, names: float = 0.0) -> bool:
        ((key,),) = (paragraph_keys(sign(paragraph)),)
        holders = [
            Holder(document, site)
            for document, site in enumerate(self._sites)
            if key in self.text(document)[0]
        ]
        asked = Paragraph(key, len(paragraph.split()), names, holders)
        return frames_among([asked], self.text, self._addresses.__getitem__) == {key}


def pages(*sites: str, words: int = 1) -> list[tuple[str, list[str]]]:
    """Pages of these sites, each with so many paragraphs of its own inside the frame."""
    return [(site, [*FRAME[:2], *story(500 + number, words), FRAME[2]]) for number, site in enumerate(sites)]


def test_pages_that_only_a_frame_joins_are_stories_of_their_own() -> None:
    assert Pages(*pages("a", "a", "b", "b")).stories() == [0, 1, 2, 3]


def test_a_story_that_is_printed_without_more_is_no_frame() -> None:
    text = story(1, 3)
    leads = [("a", [*story(600 + number, 1), *text]) for number in range(3)]
    assert Pages(*leads, ("b", text)).stories() == [None] * 4


def test_what_an_edit_changes_makes_no_other_story() -> None:
    text = story(1, 12)
    edited = [("a", [*story(600 + number, 1), *text]) for number in range(4)]
    assert Pages(*edited).stories() == [None] * 4


def test_copies_inside_a_frame_are_one_story() -> None:
    text = story(1, 2)
    changed = [text[0], text[1].replace(text[1].split()[5], "otherwise")]
    found = Pages(("a", [*FRAME, *text]), *pages("a", "b"), ("c", [*changed, *FRAME])).stories()
    assert found == [0, 1, 2, 0]


@pytest.mark.parametrize(
    ("sites", "names", "is_frame"),
    [
        ("aaa", 0.0, True),
        ("aab", 0.0, False),
        ("aaa", 0.2, False),
        ("aaaa", 0.2, True),
        ("aabbcd", 0.2, True),
        ("abcdef", 0.2, False),
    ],
)
def test_a_frame_stands_on_many_pages_of_a_site_or_a_group_of_sites(
    sites: str, names: float, *, is_frame: bool
) -> None:
    assert Pages(*pages(*sites)).is_frame(FRAME[0], names) is is_frame


def test_what_one_address_had_after_each_other_is_one_story() -> None:
    assert Pages(*pages("a", "a", "a")).is_frame(FRAME[0])
    assert not Pages(*pages("a", "a", "a"), addresses=(0, 0, 1)).is_frame(FRAME[0])
