"""What a byline says of those who did something else than write: photographed, edited, checked.

The words are those of bylines.json.
"""

from __future__ import annotations

import re
from functools import cache

from scraper.extraction.words.bylines import AND, any_word, author_label, byline_words, label_of_date
from scraper.extraction.words.spelling import any_of
from scraper.writing import UNSPACED_LETTER


@cache
def crew() -> re.Pattern[str]:
    """Return the pattern of a line's start that names others than who wrote: "Kamera:", "责任编辑："."""
    words = any_word("crew", "editor")
    return re.compile(
        rf"\W*(?:{words})\s*[:：/／|｜丨=＝]|\W*(?:{words})(?<={UNSPACED_LETTER.pattern})\s", re.IGNORECASE
    )


def from_author(text: str) -> str:
    """Return a byline that begins with others than its authors from the label of these on.

    >>> from_author("Foto: Ben Marlow Text: Ada Quill"), from_author("Text: Ada Quill")
    ('Text: Ada Quill', 'Text: Ada Quill')
    """
    others = crew().match(text)
    label = author_label().search(text, others.end()) if others else None
    return text[label.start() :] if label else text


def without_others(text: str) -> str:
    """Return a byline without what it says behind its authors of those who photographed or edited.

    >>> without_others("Ada Quill, Foto: Ben Marlow"), without_others("Ana Ribera. Fotos: Luis Muelle")
    ('Ada Quill', 'Ana Ribera')
    >>> without_others("Text und Foto: Ada Quill"), without_others("Anna Joki, kuvat Pekka Ranta")
    ('Text und Foto: Ada Quill', 'Anna Joki')
    >>> without_others("Ada Quill (Text) und Ben Marlow (Fotos)")
    'Ada Quill (Text)'
    """
    text = _in_brackets().sub("", text) if "(" in text or "[" in text else text
    for match in _others().finditer(text):
        before = text[: match.start()].rstrip()
        is_parted = bool(match["sign"].strip())
        is_joined = not is_parted and before.rpartition(" ")[2].lower() in {*byline_words().joins, *AND}
        if before and not is_joined and (match["colon"] or is_parted):
            return before
    return text


def _joins() -> str:
    """Return what joins what was done, or who did it, as a pattern."""
    return any_of((*byline_words().joins, *AND))


@cache
def _in_brackets() -> re.Pattern[str]:
    """Return the pattern of a name behind others with what its bearer did instead of writing in brackets."""
    name = r"[^,;/&()\[\]]{2,60}?"
    return re.compile(
        rf"(?:\s+{_joins()}\s+|\s*[,;/&]\s*){name}\s*[(\[](?:{any_word('crew')})[^()\[\]]{{0,20}}[)\]]",
        re.IGNORECASE,
    )


@cache
def _others() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<sign>\s*[,;/|·•–—.]\s*|\s+-\s+|\s+)(?:{any_word('crew', 'editor')})"
        rf"(?:(?P<colon>\s*[:：])|(?=\s+(?:(?:{any_word('by', 'of')})\s+)?(?-i:[^\W\d_a-z])))",
        re.IGNORECASE,
    )


def others_named(text: str) -> bool:
    """Tell whether a text names who did something else than write it: "fact checked by Ada Quill"."""
    return bool(_crew_word().search(text))


@cache
def _crew_word() -> re.Pattern[str]:
    return re.compile(any_word("crew"), re.IGNORECASE)


def lead_of_writers(lead: str) -> str:
    """Return the words before "by" without what was done besides writing: "Story and photos" is "Story".

    >>> lead_of_writers("Story and photos"), lead_of_writers("Photos")
    ('Story', 'Photos')
    """
    return _besides().sub(r"\g<written>", lead)


@cache
def _besides() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<written>{any_word('written')})\s+{_joins()}\s+(?:{any_word('crew')})\s*\Z", re.IGNORECASE
    )


@cache
def done_by_others() -> re.Pattern[str]:
    """Return what stands before "by" where others than who wrote follow: "reviewed", "photos"."""
    return re.compile(rf"(?:{any_word('crew')})\s*\Z", re.IGNORECASE)


@cache
def edited_by() -> re.Pattern[str]:
    """Return the pattern of who edited a text, at its end: "Editing by Ada Quill", "责任编辑：…"."""
    return re.compile(
        r"(?:\b(?:edit(?:ed|ing) by:?|editing:|redigiert von|editado por|édité par)\s+"
        rf"|(?:{any_word('editor')})\s*[:：]\s*)"
        rf"(?P<names>[^\W\d_].{{1,80}}?)(?:\s*[.;)\]】）|·•⋅●]|\s(?:{label_of_date()})|\Z)",
        re.IGNORECASE,
    )
