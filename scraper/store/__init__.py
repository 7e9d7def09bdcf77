"""Where articles, rejections and the crawl's memory live."""

from scraper.masking import hide_user_info
from scraper.store.memory import MemoryStore
from scraper.store.protocol import (
    Edge,
    Fetch,
    Outcome,
    Quarantined,
    SiteCounts,
    Source,
    Store,
    Visit,
    visit_after,
)
from scraper.store.queries import ArticleQuery, Hit, Marked, RejectionQuery, SearchPage, Similar, Sort


def open_store(url: str) -> Store:
    """Return the store at the address: "memory:", sqlite:///FILE or postgresql://HOST/NAME.

    Raises ConfigError for an address of no store, StoreError for one that cannot be opened.
    """
    if url == "memory:":
        return MemoryStore()
    from scraper.store.sql.store import SqlStore

    hide_user_info(url)
    return SqlStore(url)


__all__ = [
    "ArticleQuery",
    "Edge",
    "Fetch",
    "Hit",
    "Marked",
    "MemoryStore",
    "Outcome",
    "Quarantined",
    "RejectionQuery",
    "SearchPage",
    "Similar",
    "SiteCounts",
    "Sort",
    "Source",
    "Store",
    "Visit",
    "open_store",
    "visit_after",
]
