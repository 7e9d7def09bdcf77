"""Text blocks of a tree: the units that are kept or dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of text that a reader sees as one paragraph, heading, list item or line."""

    index: int
    """Its place among the page's blocks, from 0."""
    text: str
    """As printed, white space folded."""
    tag: str
    """Of the element that holds it; "line" in a page text dump."""
    element: HtmlElement | None = field(default=None, repr=False, compare=False)
    """None in a page text dump."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoning:
    """One thing that spoke for a decision."""

    name: str
    weight: float
    """Above 0: for keeping the block; below 0: against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What became of a block, and why."""

    block: Block
    kept: bool
    score: float
    """The probability, from 0 to 1, that the block belongs to the article's body."""
    reasons: tuple[Reasoning, ...] = ()
