"""What editors decided about a site's pages, brought to each page before it is extracted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.model import Correction, Page
    from scraper.store.protocol import Store


def with_correction(page: Page, known: Mapping[str, Correction]) -> Page:
    """Return the page with what was decided about the address that was asked for, or about the one it has."""
    addresses = (canonical_url(url) for url in (page.requested, page.url) if known and url)
    found = next((known[address] for address in addresses if address in known), None)
    return page if found is None else replace(page, correction=found)


class StoredCorrections:
    """What a store holds of editors' decisions, each site's read once."""

    def __init__(self, store: Store) -> None:
        """Read nothing yet."""
        self._store = store
        self._known: dict[str, Mapping[str, Correction]] = {}

    def onto(self, page: Page, site: str) -> Page:
        """Return the page of a site with what was decided about it."""
        if site not in self._known:
            self._known[site] = self._store.corrections(site)
        return with_correction(page, self._known[site])
