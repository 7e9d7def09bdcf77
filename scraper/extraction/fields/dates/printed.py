"""The dates that a page prints, and what each says that it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from scraper.extraction.words.calendars import date_labels
from scraper.extraction.words.spelling import lowered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scraper.extraction.fields.context import FieldContext
    from scraper.extraction.page.blocks import Block
    from scraper.extraction.page.markup import Mark

NamedDate = tuple[str, str, float]
"""Source, as printed, score."""

_KINDS = ("created", "published", "modified")

_UNKNOWN_LABEL = re.compile(r"\A[^\d:|]{3,40}:\s")
_FILED = re.compile(
    r"\b(?:Dieser Beitrag wurde|This entry was|Cet article a été|Esta entrada fue|Questo articolo è stato)\b"
    r".{0,80}?\b"
    r"(?:posted on.{5,40}|veröffentlicht|publié\b.{0,40}|publicad[oa]\b.{0,40}|pubblicato\b.{0,40})",
    re.IGNORECASE,
)
"""The line below an entry that tells when it was posted and where it was filed."""
_FILINGS = ("dieser beitrag", "this entry", "cet article", "esta entrada", "questo articolo")
_NOTICE = re.compile(
    r"\b(?:has been|was|wurde am|a été|ha sido|foi) (?:(?:originally|first) )?"
    r"(?:published|publi(?:é|cad[oa])|veröffentlicht)\b.{0,40}",
    re.IGNORECASE,
)
_NOTICED = ("publi", "veröffentlicht")
"""One of them is in every such sentence."""
_NOT_THE_ARTICLES = re.compile(
    r"comment|related|teaser|(?<!h-)card|sidebar|(?<!post-)(?<!entry-)(?<!article-)footer|recommend|event|birth|expire|copyright|listing"
)
_FAR = 500
"""Elements after the headline; a date farther on is another article's."""
_NEAR = 100
"""Elements before the headline among which its date may stand."""
_MAX_LINE = 160
_MAX_MARKS = 6
"""Of one kind; the article's own date is among the first after its headline."""
_FIGURE = re.compile(r"\d")
_HAN_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}\s*年")
_MAX_BARE = 80
"""Characters of a line that holds a date and does not say which."""
_MAX_ALONE = 40
"""Characters of such a line above the body that is more likely a byline than a sentence."""
_RIGHT_BELOW = 2
"""Short lines behind the first paragraph, a summary, among which the date may stand."""
_ENDS_DATED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}[^\w]*(?:\d\d?:\d\d\S{0,5})?\W*\Z")
_HEADINGS = frozenset({"h1", "h2", "h3"})
_MAX_LABEL = 30
"""Characters of a line that only says what the date in the next one is."""
_ABOVE, _BELOW = 0.65, 0.5
"""How sure a line above the body is, and one in or below it, where lists of other articles stand."""
_UNSAID = 0.15
"""What a date loses that does not say whether it is the publication's."""
_VAGUE = 0.15
"""What a date loses besides in a longer line below the body, and in a list: they are other articles'."""
_LISTED = 3
_AWAY = 0.1
"""What a marked date loses that stands in no line above the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The printed dates by what they are."""

    published: list[NamedDate] = field(default_factory=list)
    modified: list[NamedDate] = field(default_factory=list)
    created: list[NamedDate] = field(default_factory=list)
    above: list[NamedDate] = field(default_factory=list)
    """Of the published, those in lines above the body that are no heading and no sentence."""
    labelled: list[NamedDate] = field(default_factory=list)
    """Of the published, those in lines that say so."""


def find_printed(context: FieldContext) -> Printed:
    """Return the dates in time elements, date-like elements and lines around the body."""
    found = Printed()
    dated = [block.text for block in context.before if _has_figure(block.text)]
    for source, label, raw, score in _marked(context, dated):
        _add(found, source, label, raw, score)
    for block, source, label, raw, score in _lines(context.before, _ABOVE):
        known = len(found.published)
        _add(found, source, label, raw, score)
        if "published" in (_kind(label), _kind(raw)):
            found.labelled.extend(found.published[known:])
        if _is_alone(block):
            found.above.extend(found.published[known:])
    for number, (block, source, label, raw, score) in enumerate(
        _lines((*context.early, *context.after, *_between(context)), _BELOW)
    ):
        known = len(found.published)
        _add(found, source, label, raw, score)
        if "published" in (_kind(label), _kind(raw)):
            found.labelled.extend(found.published[known:])
        if not number and block in context.early[:_RIGHT_BELOW] and _is_alone(block):
            found.above.extend(found.published[known:])
    return found


def says_changed(text: str) -> bool:
    """Tell whether a line says when something was changed: "This page was last edited on 20 May 2031"."""
    return len(text) <= _MAX_LINE and _has_figure(text) and _kind(text) == "modified"


def _has_figure(text: str) -> bool:
    """Tell whether a line may name a date: most are spared a closer look."""
    return bool(_FIGURE.search(text)) or (not text.isascii() and bool(_HAN_YEAR.search(text)))


def _between(context: FieldContext) -> tuple[Block, ...]:
    """Return the last lines of the body that stand before its last paragraph."""
    return tuple(block for block in context.ending if block not in (*context.early, *context.after))


def _marked(context: FieldContext, lines: list[str]) -> Iterator[tuple[str, str, str, float]]:
    """Yield source, label, text and score of marked dates, less sure where no line with a date holds them."""
    harvest = context.harvest
    start = next((mark.order for mark in harvest.headings if mark.text), 0)
    for marks, base in ((harvest.times, 0.7), (harvest.roles.get("date", ()), 0.6)):
        near = [mark for mark in marks if start - _NEAR < mark.order < start + _FAR]
        near.sort(key=lambda mark: (mark.order < start, mark.order))
        own = (mark for mark in near if not is_elsewhere(mark))
        for place, mark in enumerate(islice(own, _MAX_MARKS)):
            text = mark.text
            if len(text) <= _MAX_LINE:
                is_away = bool(lines) and not any(text in line for line in lines)
                score = base - place / 50 - (_AWAY if is_away else 0)
                label = f"{_label(mark)} {text if mark.value else ''}"
                yield f"html:{mark.selector}", label, mark.value or text, score
                if mark.value and text != mark.value:
                    yield f"html:{mark.selector}", _label(mark), text, score - 0.05


def _lines(blocks: tuple[Block, ...], score: float) -> Iterator[tuple[Block, str, str, str, float]]:
    """Yield the lines that hold a date and little else: block, source, label, text, score."""
    label = ""
    is_list = score == _BELOW and _are_listed(blocks)
    for block in blocks:
        text = block.text
        if not _has_figure(text):
            label = text if len(text) <= _MAX_LABEL else ""
            continue
        if match := _searched(_NOTICE, _NOTICED, text):
            yield block, "text:notice", "published", match[0], 0.6
        elif len(text) <= _MAX_BARE or (len(text) <= _MAX_LINE and _kind(text)):
            is_vague = (
                score == _BELOW and (is_list or len(text) > _MAX_ALONE) and not (_kind(label) or _kind(text))
            )
            yield block, "text:date line", label, text, score - (_VAGUE if is_vague else 0)
        elif match := _searched(_FILED, _FILINGS, text):
            yield block, "text:date line", "", match[0], score
        label = ""


def _searched(pattern: re.Pattern[str], words: Iterable[str], text: str) -> re.Match[str] | None:
    """Return what a pattern finds that is slow where none of its words is in the text."""
    folded = lowered(text)
    return pattern.search(text) if any(word in folded for word in words) else None


def _are_listed(blocks: Sequence[Block]) -> bool:
    """Tell whether several lines end in a date and do not say which: other articles are listed there."""
    texts = [block.text for block in blocks if _ENDS_DATED.search(block.text[-_MAX_LINE:])]
    return len([text for text in texts if not _kind(text)]) >= _LISTED


def _is_alone(block: Block) -> bool:
    """Tell whether a line is there for its date, rather than a heading or sentence that names one."""
    if _kind(block.text):
        return block.tag not in _HEADINGS
    is_short = len(block.text) <= _MAX_ALONE and not _UNKNOWN_LABEL.match(block.text)
    return block.tag not in _HEADINGS and is_short


def _add(found: Printed, source: str, label: str, raw: str, score: float) -> None:
    """Add a text for each kind of date that it names, or as the publication's where nothing is said.

    In "20 May 2014, updated 21 May" the date before the word is the publication's.
    """
    by_kind = {"published": found.published, "modified": found.modified, "created": found.created}
    lower = lowered(raw)
    kinds = _kinds(lower)
    if not kinds:
        if date_labels()["other"].search(lower):
            return
        kind = _kind(label)
        by_kind[kind or "published"].append((source, raw, score if kind else score - _UNSAID))
    for kind, start in kinds.items():
        cut = start if _has_figure(raw[:start]) and _has_figure(raw[start:]) else 0
        by_kind[kind].append((source, raw[cut:], score))
    first = min(kinds.values(), default=0)
    if "published" not in kinds and _has_figure(raw[:first]) and _has_figure(raw[first:]):
        found.published.append((source, raw[:first].rstrip(" ,;:|(–—-"), score - _UNSAID / 3))


def _label(mark: Mark) -> str:
    """Return the classes of an element and the words before it, which may tell what its date is."""
    element, parent, previous = mark.element, mark.element.getparent(), mark.element.getprevious()
    names = [element.get("class"), element.get("itemprop")]
    if parent is not None:
        names += [parent.get("class"), parent.text if previous is None else None]
    if previous is not None:
        names += [(previous.tail or "").strip() or previous.text]
    return " ".join(name[-60:] for name in names if name)


def _kind(words: str) -> str:
    """Return what a date is by the words around it, or "" where they do not say."""
    return next(iter(_kinds(lowered(words))), "")


@lru_cache(maxsize=4_096)  # a line is asked about several times
def _kinds(lower: str) -> Mapping[str, int]:
    """Return what dates are by the words in a text in small letters, and where the words stand."""
    labels = date_labels()
    return {kind: match.start() for kind in _KINDS if (match := labels[kind].search(lower))}


def is_elsewhere(mark: Mark) -> bool:
    """Tell whether an element or one of the three around it belongs to comments, teasers or pictures."""
    element = mark.element
    for _ in range(4):
        if element is None or element.tag in {"body", "article", "main"}:
            return False
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in {"footer", "aside", "figure"} or _is_others(names):
            return True
        element = element.getparent()
    return False


@lru_cache(maxsize=4_096)  # the pages of a site have the same names
def _is_others(names: str) -> bool:
    """Tell whether the names of an element say that a date in it is not the article's."""
    return bool(_NOT_THE_ARTICLES.search(names.lower()))
