"""What the metadata claims: blocks that are a field of their own are no part of the body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.joined_names import is_joined
from scraper.extraction.page.blocks import Reasoning
from scraper.extraction.words import dates
from scraper.extraction.words.calendars import date_labels
from scraper.extraction.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.extraction.fields.metadata import Metadata
    from scraper.extraction.page.blocks import Decision

_WEIGHT = -9.0
"""As of the other rules that overrule a score."""
_A_DATE = "a printed date"
_LINES = {
    "section": ("the name of the section", ("text:heading of the notice",)),
    "authors": ("the byline", ("text:byline", "text:source line", "text:signature")),
    "editors": ("the editors' sign-off", ("text:sign-off",)),
    "credit": (
        "the credit",
        ("text:source line", "text:byline zone", "text:after the body", "text:notice of origin"),
    ),
    "dateline": ("the credit", ("text:source line",)),
    "published": (_A_DATE, ("text:date line",)),
    "modified": (_A_DATE, ("text:date line",)),
    "created": (_A_DATE, ("text:date line",)),
    "rights": ("the notice of rights", ("text:rights notice",)),
}
"""Field → what a reader would call its line, and the sources whose raw text is a line and nothing else."""
_LAST = 2
"""Kept blocks at the end among which one that begins with its author's name tells who that is: of 2,664 pages
15 have one, and of what people marked as the body 6 hold it."""
_DATES = frozenset({"published", "modified", "created"})
_JOINED_NAME = range(3, 5)
"""Letters of a person's name in Chinese, Japanese or Korean; two may begin another word."""
_AROUND = " |·•/,.:-–—()"
_LETTER = re.compile(r"\w")
_MOST_WORDS = 6
"""Of a label and how long ago that was, beside a date: "updated three days and two hours ago"."""


def unclaimed(decisions: Sequence[Decision], metadata: Metadata) -> list[Decision]:
    """Return the decisions, without the blocks that are the title or another field, with that as the reason.

    A summary is dropped only where it is the first that was kept. Where nothing would be left, all stays.
    """
    claims = {fold(text): name for text, name in _claims(metadata)}
    standfirst = fold(metadata.standfirst or "")
    # a folded text is seldom half as long, and a line of dates holds two
    longest = 3 * max(map(len, (*claims, standfirst)), default=0)
    found = []
    is_first = True
    last = [decision.block.index for decision in decisions if decision.kept][-_LAST:]
    for decision in decisions:
        text = fold(decision.block.text) if decision.kept and len(decision.block.text) <= longest else ""
        name = (claims.get(text) or _of_dates(text, claims)) if text else None
        if decision.kept and not name and is_first:
            name = "the summary under the title" if text and text == standfirst else None
            is_first = False
        if not name and decision.block.index in last and _is_biography(decision.block.text, metadata.authors):
            name = "who the author is"
        found.append(_dropped(decision, name) if name else decision)
    return found if any(decision.kept for decision in found) else list(decisions)


def _of_dates(text: str, claims: dict[str, str]) -> str | None:
    """Return what a line is that holds claimed dates, and besides them a label of a date at most."""
    rest = text
    for claim in sorted((each for each, name in claims.items() if name == _A_DATE), key=len, reverse=True):
        rest = rest.replace(claim, " ")
    if rest == text:
        return None
    is_label = any(date_labels()[kind].match(rest.strip(_AROUND)) for kind in ("published", "modified"))
    is_all = not rest.strip(_AROUND) or (is_label and len(rest.split()) <= _MOST_WORDS)
    return _A_DATE if is_all else None


def _is_biography(text: str, authors: Sequence[str]) -> bool:
    """Tell whether a paragraph begins with the full name of who wrote the text, but as no line of a talk."""
    names = (name for name in authors if " " in name or (is_joined(name) and len(name) in _JOINED_NAME))
    initial = _initial(text)
    return any(
        re.match(rf"\W*{re.escape(name)}(?![\w:：])", text, re.IGNORECASE)
        for name in names
        if _initial(name) == initial  # a pattern of a name takes long to be compiled
    )


def _initial(text: str) -> str:
    first = _LETTER.search(text)
    return first[0].lower()[:1] if first else ""


def _claims(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Yield the texts that are a field of their own, and what a reader would call them."""
    for field, (name, sources) in _LINES.items():
        for item in metadata.candidates.get(field, ()):
            if item.source in sources and (field not in _DATES or _same_day(item.value, metadata, field)):
                yield item.raw, name
    for text, name in ((metadata.kicker, "the line above the title"), (metadata.title, "the page's title")):
        if text:
            yield text, name


def _same_day(value: str, metadata: Metadata, field: str) -> bool:
    """Tell whether a printed date is the field's own: another one may be the signature under a document."""
    return dates.same_day(value, getattr(metadata, field))


def _dropped(decision: Decision, name: str) -> Decision:
    reasons = (Reasoning(name=name, weight=_WEIGHT), *decision.reasons)
    return decision._replace(kept=False, reasons=reasons)
