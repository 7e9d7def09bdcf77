"""The wire agencies in a list of names that holds nothing else.

Read by datelines and credit.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.agencies import FOLDED, is_spelled
from scraper.extraction.fields.attribution.names import is_furniture, is_person
from scraper.extraction.words.month_names import is_month
from scraper.extraction.words.spelling import fold, is_caseless

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.extraction.fields.context import FieldContext

_MAX_NAME_WORDS = 4
_MAX_INITIALS = 5
_NUMBERS = re.compile(
    r"\b\d[\d./:-]*\b|[:][\w-]*\d[\w/-]*|all rights reserved.*|alle rechte.*|\bam\b\s*\Z|"
    r"\[email.protected\]|\S+@\S+\.\w+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{4,12}")
_STATE = re.compile(
    r"[a-z], (?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|"
    r"T[NX]|UT|V[AT]|W[AIVY])\b"
)
"""A place in the United States: "Fairless Hills, PA" is not the agency PA."""
_SHORTENED = re.compile(r"(?P<words>(?:[^\s(),/]+\s+){2,6})\((?P<short>[A-Z]{2,6})\)")
_PART = re.compile(r"[^\s-]+")
_BETWEEN = re.compile(r"\s*[,/;&+|·•、・＝]\s*|\s+(?:and|und|et|y|e|en|og|och|-|–|—)\s+")
_GLUE = frozenset(
    (  # noqa: SIM905 - read as words
        "mit with and und et y e en og och von by par por de di der des das die la le les el los del "
        "con information información informations material from with the a an i agencia agency agence "
        "agentur agenturen agencies agencias agences news redaktion red own eigen sowie also dem pm am "
        "uhr um redazione theo com"
    ).split()
)


def agency_table(context: FieldContext) -> Mapping[str, str]:
    """Return the agencies by their folded spellings, those that the site declares with them."""
    own = context.document.site.agencies
    return {**FOLDED, **{fold(alias): name for alias, name in own.items()}} if own else FOLDED


def may_name_agency(text: str, context: FieldContext) -> bool:
    """Tell whether a word of the text begins an agency's name, which saves most lines a closer look."""
    words = fold(text).split()
    return bool(context.document.site.agencies) or not _first_words().isdisjoint(words)


@cache
def _first_words() -> frozenset[str]:
    return frozenset(alias.split()[0] for alias in FOLDED)


def agencies_named(text: str, table: Mapping[str, str], context: FieldContext) -> tuple[str, ...]:
    """Return the agencies in a list of names where all else is names too, else none."""
    found: list[str] = []
    if _STATE.search(text) or shortens_others(text, table):
        return ()
    language = context.harvest.language
    plain = _NUMBERS.sub(" ", text)
    plain = _WORD.sub(lambda word: " " if is_month(word[0], language) else word[0], plain)
    for part in _BETWEEN.split(plain.strip(" .:()[]©*-–—•|")):
        if name := _agency(part, table, context):
            found.append(name)
        elif not _is_other(part, context):
            return ()
    return tuple(dict.fromkeys(found))


def shortens_others(text: str, table: Mapping[str, str]) -> bool:
    """Tell whether an abbreviation stands behind words of its own: "Auswärtige Autoren (AA)"."""
    match = _SHORTENED.search(text) if "(" in text else None
    if match is None:
        return False
    words = match["words"].split()
    initials = "".join(part[0] for part in _PART.findall(match["words"])).upper()
    is_own = any(fold(" ".join(words[start:])) in table for start in range(len(words)))
    return initials.endswith(match["short"]) and not is_own


def _agency(part: str, table: Mapping[str, str], context: FieldContext) -> str | None:
    """Return the agency that a part of a credit names: alone, among small words, or after another name."""
    words = part.split()
    plain = " ".join(word for word in words if fold(word) not in _GLUE)
    for text in (part, plain):
        if (name := table.get(fold(text))) and is_spelled(text):
            return name
    for count in (3, 2, 1):
        tail = " ".join(words[-count:])
        name = table.get(fold(tail))
        is_initials = len(tail) == 2 and len(words) == 2 and len(words[0]) <= 3 and words[0].isupper()  # noqa: PLR2004
        if is_initials:  # "BF PA"
            return None
        if name and is_spelled(tail) and _may_precede(" ".join(words[:-count]), context):
            return name
    return None


def _may_precede(text: str, context: FieldContext) -> bool:
    """Tell whether what stands right before an agency leaves it one: "Join The Conversation" is a phrase."""
    words = text.split()
    is_phrase = len(words) == 1 and text.istitle() and fold(text) not in _GLUE
    is_name = not is_phrase and not is_furniture(text)
    return _is_other(text, context) and (is_name or context.is_site(text))


def _is_other(text: str, context: FieldContext) -> bool:
    """Tell whether a part of a credit may stand beside an agency: the site, a person, initials, a place."""
    words = text.split()
    if not fold(text) or context.is_site(text) or all(fold(word) in _GLUE for word in words):
        return True
    if len(words) == 1:  # initials, a place, a date; in a script without capitals, a word
        return len(text) <= _MAX_INITIALS or text[0].isupper() or is_caseless(text[0])
    kept = [word for word in words if fold(word) not in _GLUE]
    joined = " ".join(kept)
    return (
        is_person(joined)
        or context.is_site(joined)
        or (
            joined[:1].isupper()
            and len(kept) <= _MAX_NAME_WORDS
            and not any(word[:1].islower() for word in kept)
        )
    )
