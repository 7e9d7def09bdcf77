"""The people in the lines around the body: behind "by" or a trade, and where a name stands alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
    labelled_login,
    posted_names,
)
from scraper.extraction.fields.attribution.names import (
    is_full_name,
    is_organisation,
    is_person,
    names,
)
from scraper.extraction.fields.attribution.unlabelled_authors import find_unlabelled
from scraper.extraction.fields.candidates import Finding, finding
from scraper.extraction.fields.context import is_in_picture
from scraper.extraction.fields.source_lines import read_source_line
from scraper.extraction.words import bylines, crew

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extraction.fields.context import FieldContext

_PRINTED = 0.6
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_MAX_LINE = 150
_SENTENCE = re.compile(r"[^。！？]{15,}[。！？]|(?:\S+ ){4,}\S*[\uac00-\ud7af]\.(?!\S)")
"""Of scripts in which a whole paragraph may be as short as a byline."""


def find_lines(
    context: FieldContext, opened: re.Match[str] | None, *, only_labelled: bool = False
) -> list[Finding]:
    """Return the people in lines about the body: those that say "by", those of a credit, and bare names."""
    found = _joined_lines(context) or _bylines_printed(context) or _in_dateline(opened)
    return found or ([] if only_labelled else _credited(context))


def _in_dateline(match: re.Match[str] | None) -> list[Finding]:
    """Return who sends a report, as its dateline says: "Ayşe NEHİR/AVILLE, (DHA) -"."""
    name = match.groupdict().get("author") if match else None
    return [finding("text:dateline", match[0], (name.strip(),), _PRINTED)] if match and name else []


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
    near = tuple(block for block in near if is_joined(block.text) and not _SENTENCE.search(block.text))
    edges = [block for block in edges if is_joined(block.text)]
    lines = [
        (block, joined_names(block.text) or bracketed_names(block.text) or posted_names(block.text))
        for block in near
    ]
    logins = [(block, labelled_login(block.text)) for block in near]
    lines += [(block, names(login)) for block, login in logins if login]
    lines += [(block, joined_names_at_edges(block.text)) for block in edges]
    for block, found in lines:
        people = tuple(
            name
            for name in found
            if (is_person(name) or name.isascii())
            and not is_organisation(name)
            and not is_known(context, name)
        )
        if people and not is_in_picture(block):
            is_line = len(block.text) < MAX_NAME and not _SENTENCE.search(block.text)
            source = "text:byline" if is_line else "text:in a paragraph"
            return [finding(source, block.text, people, _PRINTED)]
    return []


def _credited(context: FieldContext) -> list[Finding]:
    for block in (*context.after, *context.before):
        said = read_source_line(block.text)
        if said and said.byline and (people := people_in(context, said.byline)):
            return [finding("text:source line", block.text, people, _PRINTED)]
    return find_unlabelled(context)


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
    found = names(crew.without_others(match["names"] or match["before"])) if match else ()
    return found if all(is_full_name(name, caseless=True) for name in found) else ()
