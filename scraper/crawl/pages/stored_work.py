"""What goes into extraction with a page that no crawl under way fetched; read by crawl.rework."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.crawl.pages.corrections import with_correction
from scraper.crawl.pages.learned import template_of, without_layouts
from scraper.extraction.body.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.crawl.pages.workers import Refine, Work
    from scraper.learned.template import SiteTemplate
    from scraper.model import Article, Correction, Page, Site
    from scraper.store.protocol import Store


class _Known(NamedTuple):
    """What a store holds of a site's pages."""

    templates: Mapping[str, SiteTemplate]
    corrections: Mapping[str, Correction]


class StoredWork:
    """Puts with a page what its spider does to it and what the store holds of its site, each read once."""

    def __init__(self, store: Store, refinements: Mapping[str, Refine], *, layouts: bool = False) -> None:
        """Read nothing yet; `layouts`: bodies may be read by what was learned of their sites."""
        self._store = store
        self._layouts = layouts
        self._refinements = refinements
        self._known: dict[str, _Known] = {}

    def of(self, page: Page, site: Site) -> Work:
        """Return the page with its editor's decision, its site, its refinement and its host's template.

        It is not learned from: only pages that are fetched, and those of an import, are.
        """
        refine = self._refinements.get(site.name)
        template = template_of(page.url, self._of_site(site.name).templates)
        template = template if self._layouts and page.archived else without_layouts(template)
        return with_correction(page, self._of_site(site.name).corrections), site, refine, template, False

    def is_given_today(self, site: str, article: Article) -> bool:
        """Tell whether the layout that gave the article's body, if one did, still counts."""
        version = layout_of(article)
        if version is None:
            return True
        layouts = template_of(article.url, self._of_site(site).templates).layouts if self._layouts else ()
        return any(layout.version == version and layout.doubted is None for layout in layouts)

    def _of_site(self, name: str) -> _Known:
        known = self._known.get(name)
        if known is None:
            found = self._store.templates(name), self._store.corrections(name)
            known = self._known[name] = _Known(*found)
        return known
