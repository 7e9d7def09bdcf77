"""The text blocks of a tree, each a paragraph, heading, item or line, and the containers around them.

Cut by page.cutting in the walk of page.document; body decides on them one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from scraper.extraction.page.reading import Form
from scraper.extraction.words.phrases import count_words
from scraper.extraction.words.wording import letters_of_lines, measure_lengths

if TYPE_CHECKING:
    from lxml.html import HtmlElement


# a page has hundreds of these: a named tuple is made in a third of the time of a frozen dataclass
class Block(NamedTuple):
    """A run of text that a reader sees as one paragraph, heading, list item or line."""

    index: int  # type: ignore[assignment]  # the place, not the method of tuples
    """Its place among the page's blocks, from 0."""
    text: str
    """As printed, white space folded."""
    tag: str
    """Of the element that holds it; "line" in a page text dump."""
    form: Form = Form.PARAGRAPH
    """What it is in the structure of the text."""
    element: HtmlElement | None = None
    """None in a page text dump."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoning:
    """One thing that spoke for a decision."""

    name: str
    weight: float
    """Above 0: for keeping the block; below 0: against."""


class Decision(NamedTuple):
    """What became of a block, and why."""

    block: Block
    kept: bool
    score: float
    """The probability, from 0 to 1, that the block belongs to the article's body."""
    reasons: tuple[Reasoning, ...] = ()


@dataclass(slots=True)
class Container:
    """An element that begins and ends lines and holds blocks; its figures count those of all levels below."""

    parent: int
    """Index of the container around it; that of the outermost is -1."""
    order: int
    """Its place among all elements, those of cutting.SKIPPED and what is in them not counted."""
    depth: int
    tag: str
    names: str
    """What its attributes call it."""
    words: int
    """Bits: the kinds of words that its names hold."""
    hidden: bool
    """It or one around it is not displayed."""
    first: int
    """Index of the first block in it."""
    last: int = 0
    """One more than the index of the last block in it."""


class Span(NamedTuple):
    """What is known of one block beside its text."""

    container: int
    linked: int
    """Characters inside links."""
    links: int
    strong: int
    """Characters inside bold or emphasised text."""
    words: int
    """Bits: the kinds of words in the names of inline elements that hold most of the text."""
    raw: str = ""
    """The text before its white space was folded, where `inline` holds anything."""
    inline: tuple[tuple[int, int, HtmlElement], ...] = ()
    """Emphasis, links, cells and the like: from where in `raw` up to where, and their element."""


@dataclass(frozen=True, kw_only=True)
class Segments:
    """A page cut into blocks; `spans[i]` belongs to `blocks[i]`."""

    blocks: tuple[Block, ...] = ()
    spans: tuple[Span, ...] = ()
    containers: tuple[Container, ...] = ()
    empty: tuple[int, ...] = ()
    """Of the elements that would be containers and hold no block: their places among all elements."""

    @cached_property
    def folded(self) -> list[str]:
        """Of each block the letters and digits in lower case."""
        return letters_of_lines([block.text for block in self.blocks])

    @cached_property
    def lengths(self) -> list[int]:
        """Of each block, in letters of the scripts with spaces."""
        return measure_lengths([block.text for block in self.blocks])

    @cached_property
    def words(self) -> list[int]:
        """How many each block has; two letters are one in scripts without spaces."""
        return [
            count_words(block.text) if length > len(block.text) else block.text.count(" ") + 1
            for length, block in zip(self.lengths, self.blocks, strict=True)
        ]
