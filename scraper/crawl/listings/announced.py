"""What a listing announces: addresses, with what it said about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.model import Hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """An address and what the listing said about it."""

    url: str
    hints: Hints | None = None
    """None for a link on a page."""
    text: str = ""
    """Of the link, white space folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one sitemap, feed or page announced, in its order."""

    pages: tuple[Announced, ...] = ()
    listings: tuple[Announced, ...] = ()
    """Further sitemaps of an index; the feeds that a page names."""
