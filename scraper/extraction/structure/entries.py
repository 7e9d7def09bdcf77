"""The entries of a live blog: where each begins, when, under which headline and by whom; read by article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.names import names
from scraper.extraction.page.jsonld import text, texts
from scraper.extraction.page.markup import text_of
from scraper.extraction.page.reading import HEADINGS
from scraper.text_blocks import BlockKind, TextBlock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from lxml.html import HtmlElement

    from scraper.extraction.page.blocks import Block, Decision

_CLOCK = (
    r"(?:[01]?\d|2[0-3])\s?[:.hH]\s?[0-5]\d(?::[0-5]\d)?(?:\s?(?:[ap]\.?m\b\.?|uhr\b|h\b))?|\b1?\d\s?[ap]m\b"
)
_OPENING = re.compile(rf"\W{{0,3}}(?P<time>{_CLOCK})(?![\d%])\s*(?:[|·•:–—,.-]\s*)?", re.IGNORECASE)
"""A time at the start of a line, and what parts it from the rest."""
_IN_TEXT = re.compile(_CLOCK, re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_SECONDS = 10
"""Digits of a moment counted in seconds; one in milliseconds has more."""
_TIMES = frozenset(("time", "relative-time", "time-ago", "local-time"))
_MOMENTS = (
    "datetime",
    "data-datetime",
    "data-timestamp",
    "data-time",
    "data-date",
    "data-published",
    "content",
)
_LINES = frozenset((*HEADINGS, "p", "strong", "b", "dt", "div", "span", "li"))
_NAMED_TIME = re.compile(
    r"(?:^|[\s_-])(?:time|timestamp|clock|hora|heure|uhrzeit|ora|date)(?:$|[\s_-])", re.IGNORECASE
)
_NAMED_TITLE = re.compile(r"(?:headline|title|titel|titre|titulo)(?:$|[\s_-])", re.IGNORECASE)
_NAMED_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|autor|auteur|reporter)(?:$|[\s_-])", re.IGNORECASE
)
_LONGEST_TIME = 60
"""Characters of what prints nothing but a moment, "Updated at 10.32 on 4 June"."""
_LONGEST_TITLE = 300
_LONGEST_BYLINE = 200
_FEWEST = 2
_MOST = 2_000
"""Entries that structured data may declare."""
_ALIKE = 40
"""Letters at the start of a declared text that tell where it is printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """An element that prints when something was."""

    element: HtmlElement
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEntry:
    """An entry, and the lines in it that say no more than when it was and by whom."""

    block: TextBlock
    lines: frozenset[str] = frozenset()
    """Their letters and digits."""


def entries_of(
    decisions: Sequence[Decision], graph: Iterable[Mapping[str, Any]]
) -> dict[HtmlElement, LiveEntry]:
    """Return the entries of a live blog by the element that each begins with, none where it shows no several.

    What the page declares of its entries tells more than what it prints; where their markup cannot be read
    they are found by their declared headline or text.
    """
    kept = [each.block.element for each in decisions if each.kept and each.block.element is not None]
    declared = list(_declared(graph))
    found = _printed(kept) if kept else {}
    if len(found) < _FEWEST:
        found = dict.fromkeys(_places(decisions, declared))
    if len(found) < _FEWEST:
        return {}
    known = {letters: block for block in declared for letters in _letters_of(block)}
    return {element: _entry(element, moment, known) for element, moment in found.items()}


def without_bylines(
    decisions: Sequence[Decision], entries: Mapping[HtmlElement, LiveEntry]
) -> list[Decision]:
    """Return the decisions; a line of an entry that only says when it was and by whom is none of the text."""
    return [
        decision._replace(kept=False) if decision.kept and _is_byline(decision.block, entries) else decision
        for decision in decisions
    ]


def _is_byline(block: Block, entries: Mapping[HtmlElement, LiveEntry]) -> bool:
    if block.element is None:
        return False
    around = (entries[each] for each in (block.element, *block.element.iterancestors()) if each in entries)
    return any(_letters(block.text) in entry.lines for entry in around)


def _declared(graph: Iterable[Mapping[str, Any]]) -> Iterator[TextBlock]:
    """Yield the updates in a page's JSON-LD, their text with them."""
    updates = [each for node in graph for each in _list(node.get("liveBlogUpdate"))]
    for update in updates[:_MOST]:
        title = _OPENING.sub("", text(update.get("headline") or update.get("name")) or "", count=1).strip()
        body = text(update.get("articleBody") or update.get("text"))
        if title or body:
            yield TextBlock(
                kind=BlockKind.ENTRY,
                text=body or "",
                title=title or None,
                time=_iso(text(update.get("datePublished")) or ""),
                author=", ".join(texts(update.get("author"))) or None,
            )


def _list(value: object) -> list[Mapping[str, Any]]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line)).lower()[:_ALIKE]


def _letters_of(block: TextBlock) -> list[str]:
    return [letters for line in (block.text, block.title) if (letters := _letters(line or ""))]


def _places(decisions: Sequence[Decision], declared: Sequence[TextBlock]) -> Iterator[HtmlElement]:
    """Yield the elements that print the first line of a declared entry, its headline before its text."""
    lines = {
        _letters(each.block.text): each.block.element
        for each in reversed(decisions)
        if each.kept and each.block.element is not None
    }
    for block in declared:
        starts = (lines.get(_letters(line)) for line in (block.title, block.text) if line)
        if (place := next((each for each in starts if each is not None), None)) is not None:
            yield place


def _printed(kept: Sequence[HtmlElement]) -> dict[HtmlElement, _Moment | None]:
    """Return the entries that markup tells: elements that are alike, each with a text and a moment."""
    root = next((each for each in kept[0].iterancestors() if each.tag == "body"), None)
    if root is None:
        return {}
    holders = {above for element in set(kept) for above in (element, *element.iterancestors())}
    moments: dict[HtmlElement, _Moment] = {}
    alike: dict[tuple[str, str, int], list[HtmlElement]] = {}
    for moment in _moments(root):
        for above in (moment.element, *moment.element.iterancestors()):
            if above is root:
                break
            if above in moments:
                continue
            moments[above] = moment
            if above in holders:
                alike.setdefault(_signature(above), []).append(above)
    # of elements within each other that are as many, the outer ones
    found = (
        max(((len(each), -depth, each) for (*_, depth), each in alike.items()), key=lambda told: told[:2])[2]
        if alike
        else []
    )
    is_apart = len({moments[each].time for each in found}) * 2 > len(found)
    if len(found) < _FEWEST or not is_apart:
        return {}
    return {each: moments[each] for each in found}


def _signature(element: HtmlElement) -> tuple[str, str, int]:
    """Return what entries have in common: their tag, their first class without its digits, their depth."""
    first = (element.get("class") or "").split()[:1]
    depth = sum(1 for _ in element.iterancestors())
    return element.tag, re.sub(r"\d+", "", first[0]) if first else "", depth


def _moments(root: HtmlElement) -> Iterator[_Moment]:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in _TIMES or _NAMED_TIME.search(element.get("class") or ""):
            printed = text_of(element)
            if len(printed) <= _LONGEST_TIME and (time := _stated(element) or _clock(printed)):
                yield _Moment(element=element, time=time)
        elif element.tag in _LINES and (match := _OPENING.match(" ".join((element.text or "").split()))):
            yield _Moment(element=element, time=match["time"])


def _stated(element: HtmlElement) -> str | None:
    """Return the moment that an element's attributes state."""
    return next((time for name in _MOMENTS if (time := _iso(element.get(name) or ""))), None)


def _iso(stated: str) -> str | None:
    """Return a moment for machines in ISO 8601, as precise as it is."""
    stated = stated.strip()
    if _EPOCH.fullmatch(stated):
        seconds = int(stated[:_SECONDS])
        return datetime.fromtimestamp(seconds, tz=UTC).isoformat()
    try:
        datetime.fromisoformat(stated)
    except ValueError:
        return None
    return stated.replace(" ", "T", 1) if _DAY.match(stated) else None


def _clock(printed: str) -> str | None:
    return printed if _IN_TEXT.search(printed) else None


def _entry(element: HtmlElement, moment: _Moment | None, known: Mapping[str, TextBlock]) -> LiveEntry:
    title = _title(element, moment)
    lines = [title or "", *(text_of(each) for each in (element, *element.iter("p")))]
    stated = next((known[letters] for line in lines if (letters := _letters(line)) in known), None)
    author, byline = next(_authors(element), (None, ""))
    time = moment.time if moment else None
    block = TextBlock(
        kind=BlockKind.ENTRY,
        time=(stated.time if stated else None) or time,
        title=title or (stated.title if stated else None),
        author=author or (stated.author if stated else None),
    )
    printed = text_of(moment.element) if moment and moment.element is not element else ""
    said = (printed, byline, printed + byline, byline + printed)
    return LiveEntry(block=block, lines=frozenset(filter(None, map(_letters, said))))


def _title(element: HtmlElement, moment: _Moment | None) -> str | None:
    """Return the headline of an entry: its first heading without a time before it, or what is called one."""
    headings = list(element.iter(*HEADINGS))
    named = [
        each for each in element.iter() if _names(each, "headline", _NAMED_TITLE) and each not in headings
    ]
    for each in (*headings, *named):
        printed = text_of(each)
        if moment and each in moment.element.iterancestors():
            printed = printed.replace(text_of(moment.element), "", 1)
        printed = _OPENING.sub("", " ".join(printed.split()), count=1).strip(" |·•–—")
        if printed and len(printed) <= _LONGEST_TITLE and not (moment and printed == moment.time):
            return printed
    return None


def _authors(element: HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield who is named as having written an entry, and the line that says so."""
    for each in element.iter():
        if isinstance(each.tag, str) and (
            each.get("rel") == "author" or _names(each, "author", _NAMED_AUTHOR)
        ):
            printed = text_of(each)
            if len(printed) <= _LONGEST_BYLINE and (found := names(printed)):
                yield ", ".join(found), printed


def _names(element: HtmlElement, item: str, pattern: re.Pattern[str]) -> bool:
    """Tell whether an element says that it holds something."""
    if not isinstance(element.tag, str):
        return False
    return element.get("itemprop") == item or bool(pattern.search(element.get("class") or ""))
