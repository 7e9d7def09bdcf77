"""What a page says of its article beside the text: titles, descriptions, the body in its JSON-LD."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.harvest import Harvest

_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_MOST_TITLES = 4
"""Of title and h1 elements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """Texts that tell which blocks are the body, or are not."""

    kept: Sequence[str]
    """The lines that trafilatura kept."""
    titles: Sequence[str]
    descriptions: Sequence[str]
    article_body: str
    """Of its JSON-LD; empty where there is none."""


def find_clues(harvest: Harvest, kept: Sequence[str]) -> Clues:
    """Return the clues of a page."""
    marked = [mark.text for mark in (*harvest.titles[:1], *harvest.headings)[:_MOST_TITLES]]
    stated = [title for name in _TITLES for title in harvest.meta.get(name, ())]
    return Clues(
        kept=kept,
        titles=[title for title in (*marked, *stated) if title],
        descriptions=[text for name in _DESCRIPTIONS for text in harvest.meta.get(name, ())],
        article_body=harvest.article_body,
    )
