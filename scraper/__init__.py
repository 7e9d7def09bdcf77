"""A news scraper: fetches pages, decides what each one is, and stores clean articles.

What other programs may rely on is in __all__; docs/reference/api.md shows how it is used. Each name is
imported when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scraper.api import article_record, compare_articles, extract, read_archive
    from scraper.dedup.compare import Match
    from scraper.errors import ScraperError
    from scraper.model import (
        Article,
        Kind,
        Page,
        Reason,
        Rejection,
        Relation,
        RelationKind,
        Site,
        StoredArticle,
    )
    from scraper.store import ArticleQuery, Store, open_store

__all__ = [
    "Article",
    "ArticleQuery",
    "Kind",
    "Match",
    "Page",
    "Reason",
    "Rejection",
    "Relation",
    "RelationKind",
    "ScraperError",
    "Site",
    "Store",
    "StoredArticle",
    "article_record",
    "compare_articles",
    "extract",
    "open_store",
    "read_archive",
]

_PLACES = {
    "scraper.api": ("article_record", "compare_articles", "extract", "read_archive"),
    "scraper.dedup.compare": ("Match",),
    "scraper.errors": ("ScraperError",),
    "scraper.store": ("ArticleQuery", "Store", "open_store"),
}
"""Module → its names; the others are of scraper.model."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - of as many types as there are names
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    place = next((place for place, names in _PLACES.items() if name in names), "scraper.model")
    return getattr(import_module(place), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
