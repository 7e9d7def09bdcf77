"""Metadata: every candidate of a field is harvested, then resolved to one value with its provenance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.model import ABSENT, Credit, Dateline, Image, Provenance
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.blocks import Decision
    from scraper.extract.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The fields of an article beside its body, named as there, and where each came from."""

    canonical_url: str | None = None
    publisher: str | None = None
    title: str | None = None
    kicker: str | None = None
    standfirst: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    credit: Credit | None = None
    dateline: Dateline | None = None
    published: str | None = None
    modified: str | None = None
    created: str | None = None
    source_date: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    rights: str | None = None
    license_url: str | None = None
    images: tuple[Image, ...] = ()
    provenance: dict[str, Provenance] = field(default_factory=dict)


def resolve(document: Document, decisions: Sequence[Decision]) -> Metadata:
    """Return the page's metadata; the decisions tell where the body begins and ends."""
    del decisions
    title, source = _title(document)
    url = document.page.url
    return Metadata(
        canonical_url=canonical_url(url) if url else None,
        publisher=document.site.publisher,
        language=document.site.language,
        title=title,
        provenance={"title": source},
    )


def _title(document: Document) -> tuple[str | None, Provenance]:
    if document.tree is None:
        return None, ABSENT
    for source, path in (("html:h1", "//h1"), ("html:title", "//title")):
        for element in document.tree.xpath(path):
            if text := " ".join(element.text_content().split()):
                return text, Provenance(source=source, raw=text)
    return None, ABSENT
