"""What the articles of a crawl's hosts have in common: read as it opens, learned and saved as it closes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.learned.layout import MOST_LAYOUTS, learn_layouts
from scraper.learned.learn import MIN_PAGES, learn
from scraper.learned.template import EMPTY
from scraper.store.protocol import address_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scraper.crawl.store_thread import Writer
    from scraper.extraction.pagination import Part
    from scraper.learned.layout import Layout, Observation
    from scraper.learned.template import SiteTemplate
    from scraper.model import Page
    from scraper.store.protocol import Store

_MOST_PAGES = 200
"""Of a host: a habit shows in fewer."""
_MOST_OBSERVED = 60
"""Of a host, those that are looked at for its layouts: trafilatura reads each as well."""
_MOST_HOSTS = 200


class Observations:
    """What the pages of hosts tell of their layouts: of each host, the pages with the least digests.

    Of pages in whatever order the same ones are kept, and no other has to be looked at again.
    """

    def __init__(self) -> None:
        """Know no page yet."""
        self._pages: dict[str, dict[str, Observation | None]] = defaultdict(dict)

    def wants(self, page: Page) -> bool:
        """Tell whether a page may be among those that are learned from."""
        host = host_of(page.url)
        if not host or (host not in self._pages and len(self._pages) == _MOST_HOSTS):
            return False
        pages = self._pages.get(host, {})
        return len(pages) < _MOST_OBSERVED or page.raw_sha256 < max(pages)

    def add(self, page: Page, part: Part) -> None:
        """Remember what a wanted page told; one that a known layout fits tells nothing new."""
        if part.reading.layout or part.reading.fitted:
            return
        pages = self._pages[host_of(page.url)]
        pages[page.raw_sha256] = part.reading.observation
        if len(pages) > _MOST_OBSERVED:
            del pages[max(pages)]

    def layouts(self) -> Mapping[str, tuple[Layout, ...]]:
        """Return the layouts of each host that has any."""
        learned = {
            host: learn_layouts(found for found in pages.values() if found)
            for host, pages in sorted(self._pages.items())
        }
        return {host: layouts for host, layouts in learned.items() if layouts}


class Lessons:
    """What the pages of several sites teach, where no crawl is under way: read by an import."""

    def __init__(self) -> None:
        """Know no page yet."""
        self._observations: dict[str, Observations] = defaultdict(Observations)
        self._doubts: dict[tuple[str, str, str], bool] = {}

    @property
    def sites(self) -> Sequence[str]:
        """Return the sites of which pages came."""
        return sorted(self._observations)

    def wants(self, site: str, page: Page) -> bool:
        """Tell whether a page may be learned from."""
        return self._observations[site].wants(page)

    def add(self, site: str, page: Page, part: Part) -> None:
        """Remember what a page taught."""
        self._observations[site].add(page, part)
        if version := part.reading.contradicted:
            self._doubts.setdefault((site, host_of(page.url), version), False)

    def write_doubts(self, store: Store) -> None:
        """Write which layouts proved wrong; to be called in a transaction."""
        for (site, host, version), is_written in self._doubts.items():
            if not is_written:
                doubt(store, site, host, version, since="")
        self._doubts = dict.fromkeys(self._doubts, True)

    def save(self, store: Store) -> None:
        """Write the layouts of each host that has any."""
        with store.transaction():
            for site, observations in sorted(self._observations.items()):
                known = store.templates(site)
                for host, layouts in observations.layouts().items():
                    before = known.get(host, EMPTY)
                    if (after := with_layouts(before, layouts)) != before:
                        store.save_template(site, host, after)


class Templates:
    """The templates of a site's hosts. A run extracts with those of earlier runs, whatever it learns.

    `layouts`: bodies may be read by them. `since`: when the run began, ISO 8601; empty where its pages are
    older.
    """

    def __init__(self, writer: Writer, site: str, *, layouts: bool = False, since: str = "") -> None:
        """Know nothing yet: see open()."""
        self._writer = writer
        self._site = site
        self._layouts = layouts
        self._since = since
        self._known: Mapping[str, SiteTemplate] = {}
        self._pages: dict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)
        self._observations = Observations()
        self.is_doubted = False
        """A layout proved wrong, in this run or one that was cut off: what it gave is still to be mended."""

    async def open(self) -> None:
        """Read what earlier runs learned."""
        self._known = await self._writer.read(lambda store: store.templates(self._site))
        self.is_doubted = any(
            layout.doubted is not None for known in self._known.values() for layout in known.layouts
        )

    def of(self, page: Page) -> SiteTemplate:
        """Return the template of the page's host: with layouts where the page is archived.

        What a layout gave is extracted again should it prove wrong.
        """
        template = template_of(page.url, self._known)
        return template if self._layouts and page.archived else without_layouts(template)

    def observes(self, page: Page) -> bool:
        """Tell whether the page may be learned from."""
        return self._layouts and page.archived is not None and self._observations.wants(page)

    async def add(self, page: Page, part: Part) -> None:
        """Remember what a page told; of a host's many pages those with the least hashes.

        A layout that a full reading contradicts is doubted from now on, should the crawl end here.
        """
        if self._layouts and page.archived is not None:
            self._observations.add(page, part)
        if version := part.reading.contradicted:
            await self._doubt(host_of(page.url), version)
        host = host_of(page.url)
        if not part.titles or not page.url or (host not in self._pages and len(self._pages) == _MOST_HOSTS):
            return
        pages = self._pages[host]
        pages[address_key(page.url)] = part.titles
        if len(pages) > _MOST_PAGES:
            del pages[max(pages)]

    async def _doubt(self, host: str, version: str) -> None:
        self.is_doubted = True
        await self._writer.write(lambda store: doubt(store, self._site, host, version, self._since), now=True)

    async def save(self) -> None:
        """Save what was learned of each host that has enough pages; nothing else is being written then."""
        titles = {
            host: learn([titles for _, titles in sorted(pages.items())])
            for host, pages in sorted(self._pages.items())
            if len(pages) >= MIN_PAGES
        }
        layouts = self._observations.layouts()

        def work(store: Store) -> None:
            with store.transaction():
                known = store.templates(self._site)
                for host in sorted({*titles, *layouts}):
                    before = known.get(host, EMPTY)
                    after = with_layouts(before, layouts.get(host, ()))
                    if host in titles:
                        after = replace(after, title_source=titles[host].title_source)
                    if after != before:
                        store.save_template(self._site, host, after)

        if titles or layouts:
            await self._writer.read(work)  # at once: no batch fills up any more


def with_layouts(template: SiteTemplate, learned: Iterable[Layout]) -> SiteTemplate:
    """Return a template with the layouts that were learned; of too many the oldest go."""
    known = {layout.version: layout for layout in template.layouts}
    new = [layout for layout in learned if layout.version not in known]
    found = [*template.layouts, *new]
    used = [layout for layout in found if layout.doubted is None]
    gone = {layout.version for layout in used[:-MOST_LAYOUTS]}
    return replace(template, layouts=tuple(layout for layout in found if layout.version not in gone))


def without_layouts(template: SiteTemplate) -> SiteTemplate:
    """Return a template that sends each page the full road."""
    return replace(template, layouts=()) if template.layouts else template


def doubt(store: Store, site: str, host: str, version: str, since: str) -> None:
    """Write that a layout is used no more, and since when what it gave is to be extracted again."""
    template = store.templates(site).get(host, EMPTY)
    layouts = tuple(
        replace(layout, doubted=since) if layout.version == version and layout.doubted is None else layout
        for layout in template.layouts
    )
    if layouts != template.layouts:
        store.save_template(site, host, replace(template, layouts=layouts))


def template_of(url: str | None, known: Mapping[str, SiteTemplate]) -> SiteTemplate:
    """Return the template of the address's host."""
    return known.get(host_of(url), EMPTY)


def host_of(url: str | None) -> str:
    """Return the host of an address, empty where there is none."""
    return urlsplit(url or "").hostname or ""
