"""When an article was published, modified and created, by its markup, its text and its address."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from scraper.extraction.fields.candidates import Finding, finding, group, settle, winner
from scraper.extraction.fields.dates.printed import (
    NamedDate,
    Printed,
    find_printed,
    is_elsewhere,
    says_changed,
)
from scraper.extraction.page import jsonld
from scraper.extraction.words import dates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extraction.fields.context import FieldContext

_META_PUBLISHED = (
    *(
        "article:published_time",
        "og:article:published_time",
        "article:published",
        "datepublished",
        "pubdate",
        "publishdate",
    ),
    *(
        "publish-date",
        "publish_date",
        "published",
        "parsely-pub-date",
        "sailthru.date",
        "cxenseparse:recs:publishtime",
    ),
    *(
        "dc.date.issued",
        "dcterms.created",
        "dc.date.created",
        "dcterms.date",
        "dc.date",
        "article.published",
        "publication_date",
        "pub_date",
    ),
    *(
        "citation_publication_date",
        "citation_date",
        "bt:pubdate",
        "ptime",
        "date",
        "og:published_time",
        "article_date_original",
    ),
)
_PUBLISHED_NAME = re.compile(
    r"publi(?:sh|c)\w*[-_.: ]?(?:date|time|on|at)\b|dat[eu]\w*[-_.: ]?(?:publi|issued)|issued\Z"
)
_META_MODIFIED = (
    *(
        "article:modified_time",
        "og:updated_time",
        "article:modified",
        "datemodified",
        "lastmod",
        "last-modified",
        "dcterms.modified",
    ),
    *("dc.date.modified", "article.updated", "modified", "revised", "og:modified_time"),
)
_OPENING = re.compile(
    r"[(\[]?\s*(?:\d{1,2}[./]\s?\d{1,2}[./]\s?(?:\d{4}|\d\d)|\d{4}-\d\d-\d\d|\d{1,2}\.?\s[^\W\d]{3,12}\s\d{4})(?!\d)"
)
_IN_SCRIPT = re.compile(
    r"[\"']\\?[\"']?(?:\w*?(?:publish|publication|pub_?date)\w*|date_?published)\\?[\"']\s*:\s*\\?[\"'](?P<date>\d{4}-\d\d-\d\d[^\"'\\]{0,30})",
    re.IGNORECASE,
)
_NO_OTHER = "the page names no day of its publication"
_SCRIPTED, _CHANGED, _PICTURED = 0.4, 0.3, 0.2
"""How sure a date is that scripts hold, that of the last change, of a picture, where a page has no other."""
_MIDNIGHT = re.compile(r"(?<=\d)[T ]00:00(?::00(?:[.,]0+)?)?\s?[+-](?!00:?00)\d\d:?\d\d\Z")
"""Where the page is at home a day begins, and that is all it says; in UTC it would be the day before."""
_BEHIND_SUMMARY = 3
"""Paragraphs of which the first may be a summary."""
_UNSAID_METAS = frozenset({"meta:date", "meta:dc.date", "meta:dcterms.date"})
"""They may hold the day of the last change as well."""
_LATE = 0.3
"""How sure a day is at most that may lie in the future."""
_LAST_KNOWN = "2027"
"""Of a page whose moment of fetching is unknown a day in a later year may: the clock is not asked."""
_PAGES = frozenset({"WebPage", "NewsArticle", "Article"})
_PRINTED = ("html:", "text:")
_EARLIER = timedelta(days=2)
"""Less may be a matter of zones: on 913 pages the printed day was right in 10 of 10 cases."""
_FINE = 0.5
"""Least score of a finding that may give another's day its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The candidates for an article's dates."""

    published: tuple[Finding, ...]
    modified: tuple[Finding, ...]
    created: tuple[Finding, ...]


def find_dates(context: FieldContext, language: str | None) -> Dates:
    """Return the candidates for the dates of publication, last change and creation."""
    url, hints = context.document.page.url, context.document.page.hints
    printed = find_printed(context)
    day = dates.in_url(url) if url else None
    raws = [*_declared(context), *printed.published, *([("url", day, 0.55)] if day else [])]
    raws += [(source, raw, 0.3) for source, raw, _ in printed.created]  # better than nothing
    raws += [("text:opening", match[0], 0.35) for match in _opened(context)]
    published = _settled(context, raws, language, day)
    if _is_open(published) and (data := _in_scripts(context)):
        published = _settled(context, [*raws, *data], language, day)
    best = winner(published)
    if best is None or best.score < _CHANGED:
        published = _last_resort(context, printed, language, day) or published
    published = _labelled(published, frozenset(raw for _, raw, _ in printed.labelled))
    published = _printed_earlier(published, frozenset(raw for _, raw, _ in printed.above))
    published = _not_of_visit(context, published)
    won = winner(published)
    near = won.value if won else day
    raws = _json(context, "dateModified", 0.95) + _meta(context, _META_MODIFIED)
    raws += _items(context, "datemodified") + printed.modified
    raws += [(hints.source, hints.modified, 0.5)] if hints and hints.modified else []
    modified = [
        item
        for item in _settled(context, raws, language, near)
        if not won or item.value[:10] >= won.value[:10] or dates.same_day(item.value, won.value)
    ]
    raws = _json(context, "dateCreated", 0.95) + _items(context, "datecreated") + printed.created
    return Dates(
        published=published,
        modified=tuple(modified) if winner(modified) else settle(modified),
        created=_settled(context, raws, language, near),
    )


def _is_open(found: tuple[Finding, ...]) -> bool:
    """Tell whether days contradict each other and no two groups give the one that won."""
    won = winner(found)
    same = [item for item in found if won and dates.same_day(item.value, won.value)]
    return len(same) < len(found) and len({group(item.source) for item in same}) == 1


def _last_resort(
    context: FieldContext, printed: Printed, language: str | None, day: str | None
) -> tuple[Finding, ...]:
    """Return the days that a page without any other may have: in data of its scripts, of its last change."""
    raws = _in_scripts(context)
    image = next(iter(context.harvest.meta.get("og:image", ())), "")
    raws += [("meta:og:image", day, _PICTURED)] if (day := dates.in_url(image)) else []
    raws += [(source, raw, _CHANGED) for source, raw, _ in printed.modified]
    raws += [("text:foot", block.text, _CHANGED) for block in context.foot if says_changed(block.text)]
    raws += [
        (source, raw, _CHANGED)
        for source, raw, _ in _json(context, "dateModified", 0) + _meta(context, _META_MODIFIED)
    ]
    return tuple(
        dataclasses.replace(item, score=min(item.score, _SCRIPTED), why=_NO_OTHER) if item.won else item
        for item in _settled(context, raws, language, day)
    )


def _in_scripts(context: FieldContext) -> list[NamedDate]:
    """Return the first date that the data in a page's scripts calls that of the publication."""
    match = _IN_SCRIPT.search(context.document.text)
    return [("script", match["date"], _SCRIPTED)] if match else []


def _opened(context: FieldContext) -> list[re.Match[str]]:
    """Return the date with which the text begins, behind a summary or not: "(18.01.2018) The river …"."""
    found = (_OPENING.match(block.text) for block in context.paragraphs[:_BEHIND_SUMMARY])
    return [match for match in found if match][:1]


def _printed_earlier(found: tuple[Finding, ...], above: frozenset[str]) -> tuple[Finding, ...]:
    """Let the one day win that is printed above the body, or else marked as a date, where it is earlier.

    Some content systems declare the day on which they wrote the page again. So it is with the address.
    """
    won = winner(found)
    lines = [item for item in found if item.source == "text:date line" and item.raw in above]
    printed = lines or [item for item in found if item.source.startswith("html:")]
    if not printed or (not lines and len(_days(printed)) > 1):  # the dates of other articles are marked too
        printed = [item for item in found if item.source == "url"]
    if (
        won is None
        or not won.source.startswith(("json-ld", "meta:", "microdata"))
        or len(_days(printed)) != 1
    ):
        return found
    if date.fromisoformat(won.value[:10]) - date.fromisoformat(printed[0].value[:10]) < _EARLIER:
        return found
    return _chosen(found, printed[0], "the page prints an earlier day")


def _not_of_visit(context: FieldContext, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Let a day that a line nearer to the text prints win over the day of the visit in the head of the page.

    That stands in a line above, and no line after it names the day again.
    """
    won, fetched = winner(found), context.document.page.fetched_at
    if won is None or fetched is None or not won.source.startswith(_PRINTED):
        return found
    if not timedelta(0) <= fetched.date() - date.fromisoformat(won.value[:10]) <= _EARLIER:
        return found
    lines = [block.text for block in (*context.before, *context.early)]
    place = next((at for at, line in enumerate(lines[: len(context.before)]) if won.raw in line), len(lines))
    later = [
        item
        for line in lines[place + 1 :]
        for item in found
        if item.source.startswith(_PRINTED) and item.raw in line
    ]
    if not later or any(item.value[:10] >= won.value[:10] for item in later):
        return found
    return _chosen(found, later[0], "the other is the day of the visit")


def _labelled(found: tuple[Finding, ...], labelled: frozenset[str]) -> tuple[Finding, ...]:
    """Let the one day win that a line calls that of the publication, where the declared one does not say."""
    won = winner(found)
    lines = [item for item in found if item.source == "text:date line" and item.raw in labelled]
    if won is None or won.source not in _UNSAID_METAS or len(_days(lines)) != 1:
        return found
    if dates.same_day(lines[0].value, won.value):
        return found
    return _chosen(found, lines[0], "the page says that it is the publication's")


def _days(found: list[Finding]) -> set[str]:
    return {item.value[:10] for item in found}


def _chosen(found: tuple[Finding, ...], chosen: Finding, why: str) -> tuple[Finding, ...]:
    return tuple(
        dataclasses.replace(item, won=True, score=0.8, why=why)
        if item is chosen
        else dataclasses.replace(item, won=False, why="")
        for item in found
    )


def _declared(context: FieldContext) -> Iterator[NamedDate]:
    harvest, hints = context.harvest, context.document.page.hints
    yield from _json(context, "datePublished", 0.95)
    for node in harvest.graph:
        if node is not harvest.article and _PAGES & set(jsonld.types(node)):
            for text in jsonld.texts(node.get("datePublished"))[:1]:
                yield "json-ld", text, 0.75
            break
    yield from _meta(context, _META_PUBLISHED)
    for name, values in harvest.meta.items():
        if name not in _META_PUBLISHED and _PUBLISHED_NAME.search(name):
            yield f"meta:{name}", values[0], 0.75
    yield from _items(context, "datepublished")
    if hints and hints.published:
        yield hints.source, hints.published, 0.65
    yield from _json(context, "dateCreated", 0.6)
    yield from _json(context, "uploadDate", 0.5)


def _json(context: FieldContext, key: str, score: float) -> list[NamedDate]:
    return [("json-ld", text, score) for text in jsonld.texts(context.node(key))[:1]]


def _meta(context: FieldContext, names: tuple[str, ...]) -> list[NamedDate]:
    meta = context.harvest.meta
    return [
        (f"meta:{name}", meta[name][0], 0.9 - place / 200) for place, name in enumerate(names) if name in meta
    ]


def _items(context: FieldContext, name: str) -> list[NamedDate]:
    found: list[NamedDate] = []
    own = (mark for mark in context.harvest.items.get(name, ())[:3] if not is_elsewhere(mark))
    for mark in islice(own, 1):  # others are those of teasers
        found += [("microdata", raw, 0.85) for raw in (mark.value or mark.text,) if raw]
    return found


def _same_days(found: list[Finding]) -> dict[str, str]:
    """Return for each value the surest one that may be the same day in another zone."""
    surest: list[str] = []
    same: dict[str, str] = {}
    for item in sorted(found, key=lambda item: -item.score):
        if item.value not in same:
            known = next((value for value in surest if dates.same_day(value, item.value)), item.value)
            same[item.value] = known
            if known == item.value:
                surest.append(known)
    return same


def _settled(
    context: FieldContext, raws: list[NamedDate], language: str | None, near: str | None
) -> tuple[Finding, ...]:
    """Return the plausible dates, the winner in the most precise form that any source gives of its day."""
    site, page = context.document.site, context.document.page
    found = []
    day_first = dates.is_day_first([raw for _, raw, _ in raws], language)
    for source, raw, score in raws:
        day_alone = _MIDNIGHT.sub("", raw)
        value = dates.parse_date(
            day_alone, language=language, zone=site.timezone, near=near, day_first=day_first
        )
        if value and dates.is_plausible(value, page.fetched_at):
            is_late = page.fetched_at is None and value[:4] > _LAST_KNOWN
            found.append(finding(source, raw, value, min(score, _LATE) if is_late else score))
    same = _same_days(found)
    settled = settle(found, key=lambda value: same[value])
    won = winner(settled)
    if won is None or dates.precision(won.value) == 2:  # noqa: PLR2004 - an instant
        return settled
    finer = [
        item
        for item in found
        if dates.same_day(item.value, won.value) and dates.precision(item.value) > dates.precision(won.value)
    ]
    finer = [item for item in finer if item.score >= _FINE]
    if not finer:
        return settled
    best = max(finer, key=lambda item: (dates.precision(item.value), item.score))
    refined = dataclasses.replace(
        best, won=True, score=max(won.score, best.score), why="the same day, with its time"
    )
    return tuple(refined if item is best else item for item in found)
