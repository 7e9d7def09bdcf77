"""What is known of a site from several of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.learned.layout import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTemplate:
    """What several articles of one host had in common."""

    title_source: str | None = None
    """The source that names the headline on this host: json-ld, meta:og:title or html:h1; None: not known."""
    layouts: tuple[Layout, ...] = ()
    """Where the body stands on its pages, by their kinds and designs."""


EMPTY = SiteTemplate()
"""Of a host of which nothing is known yet."""
