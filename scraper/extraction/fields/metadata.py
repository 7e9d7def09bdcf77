"""Metadata: every candidate of a field is harvested, then resolved to one value with its provenance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.extraction.body.decide import body_text
from scraper.extraction.fields import dump_fields as dump
from scraper.extraction.fields.addresses import find_addresses
from scraper.extraction.fields.attribution.authors import find_authors
from scraper.extraction.fields.attribution.credit import find_credit
from scraper.extraction.fields.attribution.datelines import find_dateline, first_dateline
from scraper.extraction.fields.candidates import provenance, winner
from scraper.extraction.fields.context import FieldContext, gather
from scraper.extraction.fields.dates.published import find_dates
from scraper.extraction.fields.images import find_images
from scraper.extraction.fields.language import find_language
from scraper.extraction.fields.small_fields import (
    find_description,
    find_editors,
    find_kicker,
    find_license,
    find_publisher,
    find_rights,
    find_section,
    find_source_date,
    find_standfirst,
    find_tags,
)
from scraper.extraction.fields.title import find_title
from scraper.learned.template import EMPTY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scraper.extraction.fields.candidates import Finding
    from scraper.extraction.page.blocks import Decision
    from scraper.extraction.page.document import Document
    from scraper.learned.template import SiteTemplate
    from scraper.model import Credit, Dateline, Image, Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The fields of an article beside its body, named as there, and where each came from."""

    canonical_url: str | None = None
    declared_url: str | None = None
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
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict, repr=False)
    """Everything that was found for each field, the winner marked; not stored."""


def resolve(document: Document, decisions: Sequence[Decision], template: SiteTemplate = EMPTY) -> Metadata:
    """Return the page's metadata; the decisions tell where the body begins and ends."""
    context = gather(document, decisions, template)
    found: dict[str, tuple[Finding, ...]] = {}
    language = _value(found, "language", find_language(context, body_text(decisions)))
    found["canonical_url"], found["declared_url"] = find_addresses(context)
    if document.tree is None:
        _of_lines(found, context, dump.lines(decisions))
    else:
        _of_markup(found, context)
    opened = first_dateline(context)
    _value(found, "authors", find_authors(context, opened))
    _value(found, "editors", find_editors(context))
    _value(found, "credit", find_credit(context, opened))
    dateline = _value(found, "dateline", find_dateline(context, language, opened))
    moments = find_dates(context, language)
    _value(found, "published", moments.published)
    _value(found, "modified", moments.modified)
    _value(found, "created", moments.created)
    _value(found, "source_date", find_source_date(dateline, found["dateline"]))
    _value(found, "license_url", find_license(context))
    _value(found, "images", find_images(context, decisions))
    return Metadata(
        **{name: won.value for name, items in found.items() if (won := winner(items))},
        provenance={name: provenance(items) for name, items in found.items()},
        candidates=found,
    )


def _of_markup(found: dict[str, tuple[Finding, ...]], context: FieldContext) -> None:
    """Find what the markup of a page says about the article as a whole."""
    _value(found, "publisher", find_publisher(context))
    title = _value(found, "title", find_title(context))
    _value(found, "kicker", find_kicker(context, title))
    description = _value(found, "description", find_description(context))
    _value(found, "standfirst", find_standfirst(context, title, description))
    _value(found, "section", find_section(context))
    _value(found, "tags", find_tags(context))
    _value(found, "rights", find_rights(context))


def _of_lines(found: dict[str, tuple[Finding, ...]], context: FieldContext, lines: dump.Dump) -> None:
    """Find the same by how the lines of a dump are printed."""
    _value(found, "publisher", find_publisher(context) or dump.find_publisher(lines))
    title = _value(found, "title", dump.find_title(lines))
    _value(found, "kicker", dump.find_kicker(lines, title))
    found["description"] = ()
    _value(found, "standfirst", dump.find_standfirst(lines, title))
    tags = _value(found, "tags", dump.find_tags(lines))
    _value(found, "section", dump.find_section(lines, tags or ()))
    _value(found, "rights", dump.find_rights(lines))


def _value(found: dict[str, tuple[Finding, ...]], name: str, items: tuple[Finding, ...]) -> Any:  # noqa: ANN401
    """Keep what was found for a field and return the winner's value."""
    found[name] = items
    won = winner(items)
    return won.value if won else None
