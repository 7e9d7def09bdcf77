"""What goes into extraction with a page that no crawl under way fetched; read by crawl.rework."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.crawl.pages.corrections import with_correction
from scraper.crawl.pages.learned import template_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.crawl.pages.workers import Refine, Work
    from scraper.learned.template import SiteTemplate
    from scraper.model import Correction, Page, Site
    from scraper.store.protocol import Store


class _Known(NamedTuple):
    """What a store holds of a site's pages."""

    templates: Mapping[str, SiteTemplate]
    corrections: Mapping[str, Correction]


class StoredWork:
    """Puts with a page what its spider does to it and what the store holds of its site, each read once."""

    def __init__(self, store: Store, refinements: Mapping[str, Refine]) -> None:
        """Read nothing yet."""
        self._store = store
        self._refinements = refinements
        self._known: dict[str, _Known] = {}

    def of(self, page: Page, site: Site) -> Work:
        """Return the page with its editor's decision, its site, its refinement and its host's template."""
        known = self._known.get(site.name)
        if known is None:
            found = self._store.templates(site.name), self._store.corrections(site.name)
            known = self._known[site.name] = _Known(*found)
        refine = self._refinements.get(site.name)
        return with_correction(page, known.corrections), site, refine, template_of(page.url, known.templates)
