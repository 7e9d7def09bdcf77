"""What the articles of a crawl's hosts have in common: read as it opens, learned and saved as it closes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.learned.learn import MIN_PAGES, learn
from scraper.learned.template import EMPTY
from scraper.store.protocol import address_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.crawl.store_thread import Writer
    from scraper.learned.template import SiteTemplate
    from scraper.store.protocol import Store

_MOST_PAGES = 200
"""Of a host: a habit shows in fewer."""
_MOST_HOSTS = 200


class Templates:
    """The templates of a site's hosts. A run extracts with those of earlier runs, whatever it learns."""

    def __init__(self, writer: Writer, site: str) -> None:
        """Know nothing yet: see open()."""
        self._writer = writer
        self._site = site
        self._known: Mapping[str, SiteTemplate] = {}
        self._pages: dict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)

    async def open(self) -> None:
        """Read what earlier runs learned."""
        self._known = await self._writer.read(lambda store: store.templates(self._site))

    def of(self, url: str | None) -> SiteTemplate:
        """Return the template of the address's host."""
        return template_of(url, self._known)

    def add(self, url: str | None, titles: Mapping[str, str]) -> None:
        """Remember an article's headlines by source; of a host's many pages those with the least hashes."""
        host = _host(url)
        if not titles or not url or (host not in self._pages and len(self._pages) == _MOST_HOSTS):
            return
        pages = self._pages[host]
        pages[address_key(url)] = titles
        if len(pages) > _MOST_PAGES:
            del pages[max(pages)]

    async def save(self) -> None:
        """Save what was learned of each host that has enough pages; nothing else is being written then."""
        learned = {
            host: learn([titles for _, titles in sorted(pages.items())])
            for host, pages in sorted(self._pages.items())
            if len(pages) >= MIN_PAGES
        }
        changed = {host: found for host, found in learned.items() if found != self._known.get(host)}

        def work(store: Store) -> None:
            with store.transaction():
                for host, template in changed.items():
                    store.save_template(self._site, host, template)

        if changed:
            await self._writer.read(work)  # at once: no batch fills up any more


def template_of(url: str | None, known: Mapping[str, SiteTemplate]) -> SiteTemplate:
    """Return the template of the address's host."""
    return known.get(_host(url), EMPTY)


def _host(url: str | None) -> str:
    return urlsplit(url or "").hostname or ""
