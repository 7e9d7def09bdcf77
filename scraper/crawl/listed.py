"""Addresses of articles that somebody listed, as crawls: each site's own, and only what is not known yet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.crawl.run import Crawl
from scraper.crawl.sites import load_sites, site_of
from scraper.model import Page
from scraper.store.protocol import Outcome
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.store.protocol import Store


def unknown(store: Store, addresses: Iterable[str]) -> list[str]:
    """Return the addresses that were never fetched, or failed the last time."""
    named = {address: canonical_url(address) for address in addresses}
    visits = store.visits(named.values())
    known = {url for url, visit in visits.items() if visit.outcome is not Outcome.FAILED}
    return [address for address, url in named.items() if url not in known]


def crawls_of(addresses: Iterable[str]) -> Sequence[Crawl]:
    """Return a crawl a site: by the spider that knows it, else by the one for any site."""
    sites = load_sites()
    of_target: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        name = site_of(Page(url=address, content=b""), sites).name
        parts = urlsplit(address)
        of_target[name if name in sites else f"{parts.scheme}://{parts.netloc}/"].append(address)
    return [Crawl(target=target, arguments={"urls": " ".join(urls)}) for target, urls in of_target.items()]
