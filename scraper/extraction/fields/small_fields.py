"""The smaller fields of a page: where it stands, what it is about, who publishes it and under which terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extraction.fields.candidates import Finding, finding, settle
from scraper.extraction.fields.source_lines import is_published_notice, is_rights_notice
from scraper.extraction.page import jsonld
from scraper.extraction.words.bylines import conjunction
from scraper.extraction.words.crew import edited_by
from scraper.extraction.words.spelling import fold
from scraper.urls import absolute_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.extraction.fields.context import FieldContext
    from scraper.model import Dateline

_MAX_TAGS = 50
_MAX_BYLINE = 150
_NAMING = (":", "：", " by ", " von ", " por ", " par ")  # before every editor: spares a slow search
_MAX_NAME = 80
"""Characters of a section, a tag or a kicker; longer is a sentence."""
_LABEL_NEAR = 12
"""Elements above the headline among which the name of its section stands."""
_STANDFIRST = range(30, 601)
"""Characters."""
_LICENCE = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/", re.IGNORECASE)
_SIGNED = re.compile(r"\A\s*[—–-]{1,2}\s*(?P<name>[^—–]{3,60}\beditors?)\s*\Z", re.IGNORECASE)
_HOME_CRUMBS = frozenset(
    (  # noqa: SIM905 - read as words
        "home homepage startseite start inicio accueil início главная strona główna anasayfa hem "
        "forside hjem etusivu"
    ).split()
)


def _plainly(items: Iterable[tuple[str, str | None, float]]) -> tuple[Finding, ...]:
    """Settle texts that need no reading, by source, text and score."""
    found = [
        finding(source, text, text, score, binding=source == "site") for source, text, score in items if text
    ]
    return settle(found, key=fold)


def find_publisher(context: FieldContext) -> tuple[Finding, ...]:
    """Return the candidates for the organisation that publishes the page."""
    harvest, site = context.harvest, context.document.site
    named = [("site", site.publisher, 0.97), ("json-ld", context.publisher, 0.9)]
    for name, score in (
        ("og:site_name", 0.8),
        ("publisher", 0.7),
        ("dc.publisher", 0.7),
        ("article:publisher", 0.6),
        ("application-name", 0.5),
        ("copyright", 0.3),
    ):
        named += [
            (f"meta:{name}", value, score)
            for value in harvest.meta.get(name, ())[:1]
            if not value.startswith("http")
        ]
    return _plainly(named)


def find_kicker(context: FieldContext, title: str | None) -> tuple[Finding, ...]:
    """Return the candidates for the line above the headline."""
    start = next((mark.order for mark in context.harvest.headings if mark.text), None)
    if start is None or not title:
        return ()
    named = []
    for mark in context.harvest.roles.get("kicker", ()):
        text = mark.text.strip(" :|")
        if start - 60 < mark.order < start + 12 and 1 < len(text) <= _MAX_NAME and fold(text) != fold(title):
            named.append((f"html:{mark.selector}", text, 0.8))
            break
    for mark in context.harvest.headings:
        head, _, tail = mark.text.partition(": ")
        if tail and fold(tail) == fold(title) and len(head) <= 60:  # noqa: PLR2004
            named.append(("html:h1", head.strip(), 0.7))
    return _plainly(named)


def find_description(context: FieldContext) -> tuple[Finding, ...]:
    """Return the candidates for the summary that the markup holds."""
    meta = context.harvest.meta
    named: list[tuple[str, str | None, float]] = [
        (f"meta:{name}", value, score)
        for name, score in (
            ("description", 0.9),
            ("og:description", 0.85),
            ("twitter:description", 0.8),
            ("dc.description", 0.7),
        )
        for value in meta.get(name, ())[:1]
    ]
    named.append(("json-ld", jsonld.text(context.node("description")), 0.82))
    return _plainly(named)


def find_standfirst(context: FieldContext, title: str | None, description: str | None) -> tuple[Finding, ...]:
    """Return the candidates for the summary that is printed under the headline."""
    start = next((mark.order for mark in context.harvest.headings if mark.text), None)
    named: list[tuple[str, str | None, float]] = []
    if start is not None:
        for mark in context.harvest.roles.get("subtitle", ()):
            if (
                start - 20 < mark.order < start + 120
                and len(mark.text) in _STANDFIRST
                and fold(mark.text) != fold(title or "")
            ):
                named.append((f"html:{mark.selector}", mark.text, 0.85))
                break
    named += [
        ("text:printed description", block.text, 0.8)
        for block in context.before
        if description and len(block.text) in _STANDFIRST and fold(block.text) == fold(description)
    ]
    return _plainly(named)


def find_editors(context: FieldContext) -> tuple[Finding, ...]:
    """Return the candidates for those who edited the text, each a tuple of names."""
    found = []
    if names := tuple(jsonld.texts(context.node("editor"))):
        found.append(finding("json-ld", "; ".join(names), names, 0.9))
    bylines = [block for block in context.before if len(block.text) < _MAX_BYLINE]
    blocks = [*context.after, *([context.closing] if context.closing else []), *bylines]
    for block in blocks:
        if match := _SIGNED.match(block.text):
            found.append(finding("text:sign-off", block.text, (match["name"].strip(),), 0.85))
            continue
        end = block.text[-200:]
        if any(sign in end for sign in _NAMING) and (match := edited_by().search(end)):
            names = tuple(
                name.strip()
                for name in re.split(rf",|{conjunction().pattern}", match["names"])
                if name.strip()
            )
            found.append(finding("text:edited by", end, names, 0.8))
    return settle(found)


def find_source_date(dateline: Dateline | None, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the date that the credit or the dateline gives for the text it names."""
    if dateline is None or not dateline.date:
        return ()
    return settle([finding(item.source, item.raw, dateline.date, item.score) for item in found if item.won])


def find_section(context: FieldContext) -> tuple[Finding, ...]:
    """Return the candidates for the section of the site."""
    harvest = context.harvest
    named: list[tuple[str, str | None, float]] = [
        ("json-ld", text, 0.9) for text in jsonld.texts(context.node("articleSection"))[:1]
    ]
    for name, score in (
        ("article:section", 0.88),
        ("parsely-section", 0.8),
        ("section", 0.75),
        ("cxenseparse:section", 0.7),
        ("dc.subject", 0.4),
    ):
        named += [(f"meta:{name}", value, score) for value in harvest.meta.get(name, ())[:1]]
    named += [
        ("microdata", mark.text or mark.value, 0.8) for mark in harvest.items.get("articlesection", ())[:1]
    ]
    if crumbs := _breadcrumbs(context):
        named.append((*crumbs, 0.7))
    named += [(*label, score) for label, score in ((_label(context), 0.6), (_heading(context), 0.5)) if label]
    return _plainly(
        (source, text, score)
        for source, text, score in named
        if text and len(text) <= _MAX_NAME and not text.startswith("http")
    )


def _label(context: FieldContext) -> tuple[str, str] | None:
    """Return the source and the text of an element at the headline that is called the section's."""
    start = next((mark.order for mark in context.harvest.headings if mark.text), None)
    for mark in context.harvest.roles.get("section", ()):
        if start is not None and start - _LABEL_NEAR < mark.order < start and 1 < len(mark.text) <= _MAX_NAME:
            return f"html:{mark.selector}", mark.text
    return None


def _heading(context: FieldContext) -> tuple[str, str] | None:
    """Return the heading right above the notice that says when the text was published, and by whom."""
    for heading, notice in zip(context.after, context.after[1:], strict=False):
        if not heading.text.endswith((".", "]")) and is_published_notice(notice.text):
            return "text:heading of the notice", heading.text
    return None


def _breadcrumbs(context: FieldContext) -> tuple[str, str] | None:
    """Return the source and the deepest crumb that is a section: not the home page, not the article."""
    for node in context.harvest.graph:
        if "BreadcrumbList" in jsonld.types(node):
            names = [
                jsonld.text(item.get("name")) or jsonld.text(item.get("item")) or ""
                for item in jsonld.objects(node.get("itemListElement"))
            ]
            if section := _crumb(context, names):
                return "json-ld", section
    for mark in context.harvest.roles.get("breadcrumb", ())[:3]:
        names = [" ".join(" ".join(link.itertext()).split()) for link in mark.element.iter("a")]
        if section := _crumb(context, names[:6]):
            return f"html:{mark.selector}", section
    return None


def _crumb(context: FieldContext, names: list[str]) -> str | None:
    titles = {fold(mark.text) for mark in (*context.harvest.headings, *context.harvest.titles)}
    kept = [
        name
        for name in names
        if name
        and fold(name) not in _HOME_CRUMBS
        and not context.is_site(name)
        and len(name) <= _MAX_NAME
        and not any(fold(name) in title for title in titles)
    ]
    return kept[-1] if kept else None


def find_tags(context: FieldContext) -> tuple[Finding, ...]:
    """Return the candidates for the subjects; those printed as tags before those in the markup's head."""
    harvest = context.harvest
    found = []
    if marks := [mark.text.lstrip("#").strip(" ,") for mark in harvest.rels.get("tag", ())]:
        found.append(("html:a[rel=tag]", marks, 0.9))
    if values := list(harvest.meta.get("article:tag", ())):
        found.append(("meta:article:tag", values if len(values) > 1 else values[0].split(","), 0.8))
    keywords = jsonld.texts(context.node("keywords"))
    if keywords:
        found.append(
            (
                "json-ld",
                [part for text in keywords for part in (text.split(",") if len(keywords) == 1 else [text])],
                0.75,
            )
        )
    for name, score in (
        ("news_keywords", 0.7),
        ("parsely-tags", 0.65),
        ("sailthru.tags", 0.6),
        ("keywords", 0.5),
    ):
        if values := list(harvest.meta.get(name, ())):
            found.append(
                (f"meta:{name}", [part for value in values for part in re.split(r"[,;]", value)], score)
            )
    items = [
        finding(source, ", ".join(values), tags, score)
        for source, values, score in found
        if (tags := _tags(values))
    ]
    return settle(items, key=lambda tags: frozenset(map(fold, tags)))


def _tags(values: list[str]) -> tuple[str, ...]:
    kept = {
        fold(value): value.strip()
        for value in reversed(values)
        if fold(value) and len(value.strip()) <= _MAX_NAME
    }
    return tuple(kept.values())[::-1][:_MAX_TAGS]


def find_rights(context: FieldContext) -> tuple[Finding, ...]:
    """Return the candidates for the notice of who holds the rights."""
    named = [("json-ld", jsonld.text(context.node("copyrightNotice")), 0.9)]
    for name, score in (
        ("copyright", 0.8),
        ("rights", 0.8),
        ("dc.rights", 0.8),
        ("dcterms.rights", 0.8),
        ("rights-standard", 0.4),
    ):
        named += [(f"meta:{name}", value, score) for value in context.harvest.meta.get(name, ())[:1]]
    for block in context.after:
        if is_rights_notice(block.text):
            named.append(("text:rights notice", block.text, 0.7))
            break
    return _plainly(named)


def find_license(context: FieldContext) -> tuple[Finding, ...]:
    """Return the candidates for the address of the terms of use."""
    harvest = context.harvest
    named = [
        (
            "json-ld",
            next((text for text in jsonld.texts(context.node("license"), ("url", "@id"))), None),
            0.9,
        )
    ]
    named += [("html:link[rel=license]", value, 0.9) for value in harvest.links.get("license", ())[:1]]
    named += [(f"html:{mark.selector}", mark.value, 0.85) for mark in harvest.rels.get("license", ())[:1]]
    named += [("meta:dcterms.license", value, 0.8) for value in harvest.meta.get("dcterms.license", ())[:1]]
    base = context.document.page.url or ""
    return _plainly(
        (source, absolute_url(base, value), score)
        for source, value, score in named
        if value and (value.startswith(("http", "/")) or _LICENCE.search(value))
    )
