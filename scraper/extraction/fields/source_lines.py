"""Lines that are about the text and no part of it: the notice of rights, the credit of a reprint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.extraction.words import dates
from scraper.extraction.words.bylines import after_by
from scraper.extraction.words.notices import names_rights

if TYPE_CHECKING:
    from collections.abc import Callable

_LEAST = 8
_MOST = 600
_PUBLISHED_NOTICE = re.compile(
    r"(?:this (?:document|text|report) (?:has been|was) published|"
    r"est[ea] (?:documento|texto) (?:ha sido|foi) publicado|"
    r"ce (?:document|texte) a été publié|dieses dokument wurde veröffentlicht)\b"
)
_PUBLISHED = ("published", "publicado", "publié", "veröffentlicht")
"""One of them is in every such notice: looking for them first saves nearly all of the time."""
_SOURCE_LINE = re.compile(
    r"\A\W*(?:source|fuente|quelle|fonte|bron|источник)\s*:\s*(?P<inner>[^\[\]]{2,160}?)\W*\Z", re.IGNORECASE
)


def is_rights_notice(text: str) -> bool:
    """Tell whether a text is the notice of who holds the rights, or of how it may be passed on.

    >>> is_rights_notice("This document has been published on 19May14 by the Aville Archive.")
    True
    """
    return _LEAST < len(text) < _MOST and (names_rights(text) or is_published_notice(text))


def is_published_notice(text: str) -> bool:
    """Tell whether a text holds what the notice of an archive of documents says of the text above it.

    >>> is_published_notice("This document has been published on 19May14 by the Aville Archive.")
    True
    """
    folded = text.lower()
    return any(word in folded for word in _PUBLISHED) and bool(_PUBLISHED_NOTICE.search(folded))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """What a line such as "[Source: By Ada Quill, The Aville Post, Aville, 19May14]" says of a reprint."""

    byline: str | None = None
    publisher: str | None = None
    """Who published the text first: a newspaper, an organisation or an agency."""
    place: str | None = None
    date: str | None = None
    """ISO 8601."""


def read_source_line(
    text: str, *, language: str | None = None, is_agency: Callable[[str], bool] = lambda _: False
) -> SourceLine | None:
    """Return what the line says where it is one: author, publisher, place and date, in this order.

    >>> read_source_line("[Source: By Ada Quill, The Post, Aville, 19May14]")
    SourceLine(byline='Ada Quill', publisher='The Post', place='Aville', date='2014-05-19')
    >>> read_source_line("The source: a letter that nobody had read until the morning of the trial, he said")
    """
    match = _SOURCE_LINE.match(text)
    if match is None:
        return None
    parts = [part.strip() for part in match["inner"].split(",")]
    day = next(
        (value for part in reversed(parts) if (value := dates.parse_date(part, language=language))), None
    )
    parts = [part for part in parts if part and not any(character.isdigit() for character in part)]
    by = after_by().fullmatch(parts[0]) if parts else None
    names = parts[1:] if by else parts
    places = [part for part in names[1:] if part[0].isupper() and not is_agency(part)]
    return SourceLine(
        byline=by["names"] if by else None,
        publisher=names[0] if names else None,
        place=places[0] if places else None,
        date=day,
    )
