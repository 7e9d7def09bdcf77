"""Saved pages as captures of the archive, from where they are imported and extracted again like any."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.archive.capture import OF_FILE
from scraper.archive.warc import write_whole
from scraper.crawl.rework.importing import File
from scraper.record import instant
from scraper.restrictions import binding, restrictions
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from scraper.archive.capture import Capture
    from scraper.archive.place import Place
    from scraper.store.protocol import Store

PACKED_BYTES = 64 * 1024**2
"""Of pages, before they are packed, in a file of the archive: so much is in memory."""
PACKED_PAGES = 10_000
_FOLDER = "imported"
_TELLING = 16
"""Digits of a digest that tell files apart."""


@dataclass(kw_only=True)
class Packer:
    """Writes saved pages into files of the archive, but for those that a store has archived already.

    A file is called by what is in it: a second run, or one after a kill, finds what the first one wrote.
    """

    store: Store
    home: Place
    excluded: Collection[str] = ()
    """A page that says one of these is not kept, and so not taken in."""
    counts: Counter[str] = field(default_factory=Counter)
    """known; passed/forgotten and passed/not to be kept."""

    def pack(self, pages: Iterable[Capture], *, step: Callable[[int], object]) -> Iterator[File]:
        """Yield the files that hold the pages, each in order of time. Raises StoreError.

        `step` hears of each page.
        """
        there = set(self.home.names())
        for some in _portions(self._kept(pages, step)):
            if (name := _name(some)) not in there:
                some = [page for page in some if not self._is_known(page)]  # noqa: PLW2901
                name = _name(some)
            if some and name not in there:
                write_whole(self.home.location, name, some)
            file = File(place=self.home, name=name, key=name)
            if some and self.store.imported(name) < file.size():
                yield file
            else:
                self.counts["known"] += len(some)

    def _kept(self, pages: Iterable[Capture], step: Callable[[int], object]) -> Iterator[Capture]:
        for page in pages:
            step(1)
            if self.store.forgotten({canonical_url(page.url)}):
                self.counts["passed/forgotten"] += 1
            elif self.excluded and binding(restrictions(page.headers, page.payload)) & set(self.excluded):
                self.counts["passed/not to be kept"] += 1
            else:
                yield page

    def _is_known(self, page: Capture) -> bool:
        """Return whether a fetch of the page is archived; one without address is known by its content."""
        digest, address = hashlib.sha256(page.payload).hexdigest(), canonical_url(page.url)
        is_known = any(
            fetch.url == address or (fetch.url.startswith(OF_FILE) and address.startswith(OF_FILE))
            for fetch in self.store.archived(digest)
        )
        self.counts["known"] += is_known
        return is_known


def _portions(pages: Iterable[Capture]) -> Iterator[list[Capture]]:
    """Yield the pages in portions, each in order of time and then of address."""
    some: list[Capture] = []
    size = 0
    for page in pages:
        some.append(page)
        size += len(page.payload)
        if size >= PACKED_BYTES or len(some) >= PACKED_PAGES:
            yield sorted(some, key=_order)
            some, size = [], 0
    if some:
        yield sorted(some, key=_order)


def _order(page: Capture) -> tuple[object, ...]:
    return page.fetched_at, page.url, page.digest


def _name(pages: Sequence[Capture]) -> str:
    """Return the name of the file that holds just these."""
    told = [
        (page.url, instant(page.fetched_at), page.digest, page.site, page.role, page.headers)
        for page in pages
    ]
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:_TELLING]
    return f"{_FOLDER}/{_FOLDER}-{digest}.warc.gz"
