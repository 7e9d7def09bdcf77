"""Where articles, rejections and the crawl's memory live."""

from scraper.store.base import (
    ArticleQuery,
    Edge,
    Fetch,
    Outcome,
    RejectionQuery,
    SiteCounts,
    Source,
    Store,
    Visit,
    visit_after,
)
from scraper.store.memory import MemoryStore

__all__ = [
    "ArticleQuery",
    "Edge",
    "Fetch",
    "MemoryStore",
    "Outcome",
    "RejectionQuery",
    "SiteCounts",
    "Source",
    "Store",
    "Visit",
    "visit_after",
]
