"""The people in the lines around the body: behind "by" or a trade, and where a name stands alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.agencies_named import agencies_named, agency_table
from scraper.extraction.fields.attribution.byline_people import (
    MAX_NAME,
    WRITING,
    before_figures,
    is_known,
    people_in,
    written_by,
)
from scraper.extraction.fields.attribution.joined_names import (
    bracketed_names,
    is_joined,
    joined_names,
    joined_names_at_edges,
    posted_names,
    surname_first,
)
from scraper.extraction.fields.attribution.names import is_furniture, is_person, is_trade, names
from scraper.extraction.fields.candidates import Finding, finding
from scraper.extraction.fields.context import is_in_picture
from scraper.extraction.fields.source_lines import read_source_line
from scraper.extraction.words import bylines, dates
from scraper.extraction.words.month_names import is_weekday
from scraper.extraction.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extraction.fields.context import FieldContext
    from scraper.extraction.page.blocks import Block

_PRINTED = 0.6
_LAST_RESORT = 0.35
_NAME_LINE = 0.45
"""A name that nothing but its place shows to be the author's."""
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_NAME_WORD = re.compile(r"[^\W\d_][^\s\d,;:|/()\[\]<>@\"“”„«»]*")
_BARS = re.compile(r"\s*[|·•⋅●｜]\s*|\s+[–—-]\s+|[,،]\s+|\s+(?=(?:19|20)\d\d[-./年])")
_AUTHORS_PAGE = re.compile(
    r"/(?:auth?ors?|auteurs?|people|persons?|staff|profiles?|contributors?|by)/[^/]+/?\Z"
    r"|[?&]author=\d+\Z"
)
_BEHIND = re.compile(
    r"(?P<name>[^()\d]{4,60}?)\s*(?:\((?P<inner>[^()]{2,60})\)|\s(?:for|für|pour|para|per|voor|för|dla)\s(?P<house>.{2,60}))"
)
_TITLE_PARTS = re.compile(r"\s*[|_—–-]+\s*")
_PLAIN_TAGS = frozenset({"p", "div", "span", "line", "strong", "li", "address"})
_MAX_LINE = 150
_UNDER = 2
"""Lines above the body among which such a name stands."""
_LONGEST_HAN = 4
_MOST_BETWEEN, _MOST_AROUND = 6, 2
"""Characters between two names, and around them."""


def find_lines(context: FieldContext, *, only_labelled: bool = False) -> list[Finding]:
    """Return the people in lines about the body: those that say "by", those of a credit, and bare names."""
    found = _joined_lines(context) or _bylines_printed(context)
    return found or ([] if only_labelled else _credited(context))


def _bylines_printed(context: FieldContext) -> list[Finding]:
    before, early, after = context.before[::-1], context.early, context.ending
    for place, block in enumerate((*before, *early, *after)):
        if len(block.text) >= _MAX_LINE:
            continue
        is_before, is_early = place < len(before), 0 <= place - len(before) < len(early)
        text = bylines.without_local_by(block.text, context.harvest.language) if is_before else block.text
        if text != block.text:
            text = f"by {text}"
        for raw in _of_line(text, is_before=is_before, is_early=is_early):
            if (people := people_in(context, raw)) and not is_in_picture(block):
                return [finding("text:byline", block.text, people, _PRINTED)]
    for label, block in zip(context.before, context.before[1:], strict=False):
        if bylines.label().fullmatch(label.text) and (people := people_in(context, block.text)):
            return [finding("text:byline", f"{label.text} {block.text}", people, _PRINTED)]
    return []


def _joined_lines(context: FieldContext) -> list[Finding]:
    """Return who is named in lines and at the edges of paragraphs in Chinese, Japanese or Korean."""
    before, after = context.before[::-1], context.ending
    edges = [block for block in (context.opening, context.closing, *after) if block]
    near = (*before, *after, *edges[1:2], *context.early)
    near = tuple(block for block in near if is_joined(block.text))
    edges = [block for block in edges if is_joined(block.text)]
    lines = [
        (block, joined_names(block.text) or bracketed_names(block.text) or posted_names(block.text))
        for block in near
    ]
    lines += [(block, joined_names_at_edges(block.text)) for block in edges]
    for block, found in lines:
        people = tuple(name for name in found if is_person(name) and not is_known(context, name))
        if people and not is_in_picture(block):
            is_line = len(block.text) < MAX_NAME
            source = "text:byline" if is_line else "text:in a paragraph"
            return [finding(source, block.text, people, _PRINTED)]
    return []


def _credited(context: FieldContext) -> list[Finding]:
    for block in (*context.after, *context.before):
        said = read_source_line(block.text)
        if said and said.byline and (people := people_in(context, said.byline)):
            return [finding("text:source line", block.text, people, _PRINTED)]
    for block in _below_headline(context)[::-1]:
        name = _bare_name(context, block)
        if name and not is_known(context, name) and _stands_in_byline(context, block):
            return [finding("text:name line", block.text, (name,), _NAME_LINE)]
    return _parted_names(context) or _linked_lines(context) or _signed(context)


def _below_headline(context: FieldContext) -> tuple[Block, ...]:
    """Return the lines between the headline and the body, or the last two where no line is the headline."""
    titles = {fold(mark.text) for mark in context.harvest.headings}
    before = context.before
    start = next((place for place, block in enumerate(before) if fold(block.text) in titles), None)
    if start is None and before and before[0].tag == "h1":
        start = 0
    if start is None and not any(is_joined(block.text) for block in before):
        return before[-2:]
    return before[(start or 0) :]


def _parted_names(context: FieldContext) -> list[Finding]:
    """Return who stands beside a date or a trade and nothing else: "Ada Quill | 2 July 2025"."""
    for block in context.before[::-1]:
        if len(block.text) >= _MAX_LINE or not _BARS.search(block.text) or is_in_picture(block):
            continue
        people, rest = _parted(context, bylines.without_others(block.text))
        is_byline = rest and (any(map(_is_press, rest)) or _is_dated(context, block.text))
        if people and (is_byline or bylines.without_others(block.text) != block.text):
            return [finding("text:byline", block.text, people, _NAME_LINE)]
    return []


def _parted(context: FieldContext, text: str) -> tuple[tuple[str, ...], list[str]]:
    """Return the names in the one part of a line that holds some, and the others, if all may stand there."""
    people: tuple[str, ...] = ()
    rest = []
    parts = [part for part in _BARS.split(text) if part]
    is_press = any(map(_is_press, parts))
    for part in parts:
        found = names(part)
        if (
            found
            and not people
            and not _is_press(part)
            and _are_named(context, found, part, is_press=is_press)
        ):
            people = found
        elif (
            any(map(str.isdigit, part))
            or is_trade(part)
            or is_furniture(part)
            or _is_press(part)
            or is_known(context, part)
        ):
            rest.append(part)
        elif not is_weekday(part, context.harvest.language):
            return (), []
    return people, rest


def _are_named(context: FieldContext, found: tuple[str, ...], part: str, *, is_press: bool) -> bool:
    """Tell whether a part of a line is full names, and no section of the site."""
    is_all = len("".join(found)) + _MOST_BETWEEN * (len(found) - 1) >= len(part) - _MOST_AROUND
    return is_all and all(
        (_is_full_name(name, caseless=is_press) or surname_first(name))
        and not is_known(context, name)
        and not context.is_section(name)
        for name in found
    )


def _is_dated(context: FieldContext, text: str) -> bool:
    return dates.parse_date(text, language=context.harvest.language) is not None


def _is_press(text: str) -> bool:
    """Tell whether a text begins with the trade of one who writes: others are named above texts too."""
    return bool(bylines.press().match(text))


def _linked_lines(context: FieldContext) -> list[Finding]:
    """Return the person whose name in a line above the body leads to a page about an author."""
    for block in context.before[::-1]:
        if len(block.text) >= _MAX_LINE or block.element is None or is_in_picture(block):
            continue
        for link in block.element.iter("a"):
            text = " ".join(" ".join(link.itertext()).split()).strip(" ,")
            is_author = _AUTHORS_PAGE.search((link.get("href") or "").lower())
            if is_author and _is_full_name(text) and not is_known(context, text):
                return [finding("html:a", text, (text,), _LAST_RESORT)]
    return []


def _signed(context: FieldContext) -> list[Finding]:
    """Return the person whose name in bold, or set to the right, is the last line of the text."""
    for block in (context.closing, *context.after[:2]):
        if block is None or not _is_full_name(block.text) or is_known(context, block.text):
            continue
        element = block.element
        inner = [part.tag for part in element] if element is not None else []
        is_right = element is not None and "right" in (element.get("style") or "") + (
            element.get("align") or ""
        )
        if is_right or inner in (["strong"], ["b"], ["em"], ["i"]):
            return [finding("text:signature", block.text, (block.text,), _NAME_LINE)]
    return []


def _is_full_name(text: str, *, caseless: bool = False) -> bool:
    """Tell whether a text is a person's name of two to four words and nothing else.

    Where a script has no capitals, that can be told only of what is labelled.
    """
    words = text.split()
    is_plain = all(_NAME_WORD.fullmatch(word) for word in words) and not is_joined(text)
    is_last = words and (
        words[-1][:1].isupper() or (caseless and words[-1][:1].lower() == words[-1][:1].upper())
    )
    return bool(is_plain and 2 <= len(words) <= 4 and is_last and is_person(text))  # noqa: PLR2004


def _of_line(text: str, *, is_before: bool, is_early: bool) -> Iterator[str]:
    """Yield what a line names as its author; one after the body's start must begin with it."""
    if (match := bylines.labelled().match(text)) and not is_early:
        yield match["names"]
    elif not is_early and (named := _behind_date(text)):
        yield named
    elif not is_early and (found := _behind_label(text)):
        yield ", ".join(found)
    elif (named := next(written_by(text), None)) and (
        is_before or bylines.within().match(text) or WRITING.search(text.partition(" by ")[0])
    ):
        yield named


def _behind_date(text: str) -> str | None:
    """Return what a label names behind a date in one line: "2 мая 2031 Автор: Ada Quill"."""
    match = bylines.author_label().search(text) if _YEAR.search(text) else None
    is_dated = match is not None and match.start() < MAX_NAME and _YEAR.search(text, 0, match.start())
    return text[match.end() :] if match is not None and is_dated else None


def _behind_label(text: str) -> tuple[str, ...]:
    """Return the full names behind a label without a colon: "Door redacteur Ada Quill"."""
    text = before_figures(text)
    match = bylines.bare_label().match(text) if bylines.may_be_labelled(text) else None
    found = names(bylines.without_others(match["names"] or match["before"])) if match else ()
    return found if all(_is_full_name(name, caseless=True) for name in found) else ()


def _names_headline(context: FieldContext, text: str) -> bool:
    """Tell whether a headline begins with a short text and a colon: "茉莉：…" above a line "茉莉"."""
    texts = [*(block.text for block in context.before), *(mark.text for mark in context.harvest.titles)]
    return len(text) <= _LONGEST_HAN and any(title.startswith((f"{text}：", f"{text}:")) for title in texts)


def _stands_in_byline(context: FieldContext, block: Block) -> bool:
    """Tell whether a line stands under the headline or beside a date or a trade, as in a byline."""
    around = (*context.before, *((context.opening,) if context.opening else ()))
    place = next(index for index, other in enumerate(around) if other is block)
    titles = {fold(mark.text) for mark in context.harvest.headings}
    if is_joined(block.text):  # old pages have no heading
        titles.update(fold(part) for mark in context.harvest.titles for part in _TITLE_PARTS.split(mark.text))
    return any(
        len(text) < MAX_NAME and (is_trade(text) or is_furniture(text) or dates.parse_date(text))
        for text in (other.text for other in around[max(0, place - 1) : place + 2] if other is not block)
    ) or bool(place and (fold(around[place - 1].text) in titles or _is_under_line(context, place)))


def _is_under_line(context: FieldContext, place: int) -> bool:
    """Tell whether a Chinese name is a paragraph right under another, as on old pages without headings."""
    block, above = context.before[place], context.before[place - 1]
    is_last = place >= len(context.before) - _UNDER and is_joined(block.text)
    is_plain = block.element is None or next(block.element.iter("a"), None) is None
    return is_last and is_plain and block.tag == above.tag == "p" and len(above.text) > len(block.text)


def _bare_name(context: FieldContext, block: Block) -> str | None:
    """Return the name that a paragraph is, without its house or trade: "Ada Quill for The Post"."""
    text = block.text
    if block.tag not in _PLAIN_TAGS or context.is_section(text):
        return None
    if is_joined(text):
        return text if surname_first(text) or _names_headline(context, text) else None
    if behind := _BEHIND.fullmatch(text):
        inner = behind["inner"] or behind["house"]
        is_house = context.is_site(inner) or agencies_named(inner, agency_table(context), context)
        text = behind["name"] if is_house or _is_press(inner) else text
    words = text.split()
    is_plain = all(word.isalpha() and word[0].isupper() for word in words)
    return text if len(words) in {2, 3} and is_plain and is_person(text) else None
