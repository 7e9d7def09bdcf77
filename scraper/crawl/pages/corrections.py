"""What editors decided about a site's pages, brought to each page before it is extracted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.model import Correction, Page


def with_correction(page: Page, known: Mapping[str, Correction]) -> Page:
    """Return the page with what was decided about the address that was asked for, or about the one it has.

    A page that brings a decision keeps it.
    """
    addresses = (canonical_url(url) for url in (page.requested, page.url) if known and url)
    found = next((known[address] for address in addresses if address in known), None)
    return page if found is None or page.correction else replace(page, correction=found)
