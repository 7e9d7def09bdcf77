"""Which of two copies the other comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.dedup.index import Text
    from scraper.model import Article


def origin(article: Article, earlier: Text) -> dict[str, float | str]:
    """Return "origin" (this, earlier) and "origin_by" (credit, time) where the pages tell; nothing otherwise.

    A page that credits the other's publisher is the copy; else the one that was published later. Dates of
    different precision are compared as far as both go: the same day decides nothing.
    """
    agencies = article.credit.agencies if article.credit else ()
    if _is_named(earlier.site, earlier.publisher, agencies):
        return {"origin": "earlier", "origin_by": "credit"}
    if _is_named(article.site, article.publisher, earlier.agencies):
        return {"origin": "this", "origin_by": "credit"}
    if article.published and earlier.published:
        size = min(len(article.published), len(earlier.published), len("2031-01-01T00:00"))
        this, that = article.published[:size], earlier.published[:size]
        if this != that:
            return {"origin": "this" if this < that else "earlier", "origin_by": "time"}
    return {}


def _is_named(site: str | None, publisher: str | None, agencies: tuple[str, ...]) -> bool:
    """Return whether one of the agencies is the site or its publisher."""
    names = {_letters(name) for name in (site, publisher) if name}
    return any(_letters(agency) in names for agency in agencies)


def _letters(name: str) -> str:
    return re.sub(r"\W|\.com$|^www\.", "", name.casefold())
