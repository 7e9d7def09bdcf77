"""Small invented pages and what metadata makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.extraction.fields.metadata import Metadata, resolve
from scraper.extraction.page.blocks import Block, Decision
from scraper.extraction.page.document import Document, parse
from scraper.model import Page, Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import Hints

FETCHED = datetime(2024, 6, 1, tzinfo=UTC)
SITE = Site(name="examiner")
LONG = (
    "The river rose two metres above its usual level during the night, and the council closed both bridges. "
)


def document(
    html: str,
    *,
    url: str | None = None,
    site: Site = SITE,
    hints: Hints | None = None,
    fetched_at: datetime | None = FETCHED,
) -> Document:
    page = Page(
        url=url,
        content=html.encode(),
        content_type="text/html; charset=utf-8",
        fetched_at=fetched_at,
        hints=hints,
    )
    return parse(page, site)


def metadata(
    html: str = "<p>",
    *,
    url: str | None = "https://examiner.example/news/flood-1234",
    site: Site = SITE,
    hints: Hints | None = None,
    before: Sequence[str] = (),
    before_tag: str = "p",
    body: Sequence[str] = (LONG,),
    after: Sequence[str] = (),
    fetched_at: datetime | None = FETCHED,
) -> Metadata:
    """Return the metadata of a page whose text is given as lines before, in and after the body."""
    lines = (
        [(text, before_tag, False) for text in before]
        + [(text, "p", True) for text in body]
        + [(text, "p", False) for text in after]
    )
    decisions = [
        Decision(block=Block(index=index, text=text, tag=tag), kept=kept, score=float(kept))
        for index, (text, tag, kept) in enumerate(lines)
    ]
    return resolve(document(html, url=url, site=site, hints=hints, fetched_at=fetched_at), decisions)


def ld(json: str) -> str:
    return (
        f'<html><head><script type="application/ld+json">{json}</script></head><body><p>x</p></body></html>'
    )
