"""The name of the rules that made an article: versions, and a digest of the sources that decide.

Written into each Article; read by crawl.rework.reextracting, which passes over what today's rules made.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from scraper.extraction.body.decide import TRAFILATURA_VERSION
from scraper.version import program_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from scraper.model import Site

DECIDING = (
    *("model.py", "urls.py", "link_header.py", "restrictions.py", "text_blocks.py", "writing.py"),
    *("learned", "extraction"),
)
"""Of the package scraper: what an extraction runs, and the data that it reads."""
TELLING = "explain"
"""Begins the names of the files in them that only tell what was decided."""
DECLARED = (
    "publisher",
    "language",
    "timezone",
    "encoding",
    "agencies",
    "articles",
    "not_articles",
    "least_confidence",
)
"""Fields of a site that are rules too: what is extracted depends on them."""


def extractor(site: Site) -> str:
    """Return what an article of the site names as its extractor; another name means that a rule changed.

    A number to be raised by hand would be forgotten. A changed comment counts as well: the price is that
    pages are extracted again, and nothing comes of it.
    """
    own = repr([getattr(site, name) for name in DECLARED]).encode()
    rules = hashlib.sha256(_digest() + own).hexdigest()[:8]
    return f"news-scraper {program_version()}+rules.{rules}, trafilatura {TRAFILATURA_VERSION}"


@cache
def _digest() -> bytes:
    """Return the digest of every file that decides: some 60 of them, read once a process."""
    digest = hashlib.sha256()
    for name, file in _deciding():
        content = file.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.digest()


def _deciding() -> Iterator[tuple[str, Traversable]]:
    root = files("scraper")
    for part in DECIDING:
        yield from _files(part, root.joinpath(part))


def _files(name: str, found: Traversable) -> Iterator[tuple[str, Traversable]]:
    if found.is_file():
        yield name, found
    elif found.name != "__pycache__":
        for each in sorted(found.iterdir(), key=lambda each: each.name):
            if not each.name.startswith(TELLING):
                yield from _files(f"{name}/{each.name}", each)
