"""Who else a text comes from: wire agencies and original publishers, and the dateline's place and date."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.extract.fields.attribution.agencies import FOLDED, is_spelled
from scraper.extract.fields.attribution.names import is_person
from scraper.extract.fields.candidates import Finding, finding, settle
from scraper.extract.fields.context import is_in_picture
from scraper.extract.fields.source_lines import SourceLine, read_source_line
from scraper.extract.page import jsonld
from scraper.extract.words import dates
from scraper.extract.words.spelling import fold
from scraper.model import Credit, Dateline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.extract.fields.context import FieldContext

_MAX_LINE = 200
_MAX_BYLINE = 100
_NEAR = 60
"""Elements from the headline within which an element of that name is the text's credit, not a picture's."""
_MAX_NAME_WORDS = 4
_MAX_INITIALS = 5
_MAX_TITLE_CASE = 2
"""Words of a place that is not in capitals and has no agency after it: more are a name and a clause."""
_WORD = r"[^\W\d_a-zà-öø-ÿß-ÿа-я][^\W\d_]*(?:[-'’.][^\W\d_]+)*\.?"
_JOINING = "(?:(?:de|del|de la|la|le|am|an der|sur|upon|of|di|da|do|und|and|y|et|al)[ ])?"
_PLACE = rf"(?P<place>{_WORD}(?:[ ]{_JOINING}{_WORD}){{0,3}}(?:/{_WORD})?)"
_MORE = r"(?P<more>,[ ][^()\[\]:;–—]{2,40}?)?"
_AGENCY = r"(?:[ ]*[(\[](?P<agency>[^()\[\]]{2,50})[)\]])"
_DATELINES = (
    re.compile(rf"{_PLACE}{_MORE}{_AGENCY}(?P<end>[ ]*(?:\.?[ ]*(?:--?|[–—])|[.:])|(?=\w))"),
    re.compile(rf"{_PLACE}{_MORE}(?P<end>\.?[ ]*(?:--|[–—])[ ]?|\.-[ ]?|[ ]-[ ])(?=[\"“„«‘'(]*[^\W_a-z])"),
    re.compile(rf"(?P<place>[^\W\d_a-z]{{3,}}(?:[ /-][^\W\d_a-z]{{2,}}){{0,2}}){_MORE}(?P<end>:)[ ]"),
    re.compile(rf"[(\[]{_PLACE}[)\]](?P<end>[ ]*(?:--?|[–—]))[ ]"),
)
_AGENCY_FIRST = re.compile(r"[(\[]?(?P<agency>[^()\[\]–—:]{2,40}?)[)\]]?[ ]?(?:--|[–—]|[ ]-)[ ]")
_NO_PLACE = frozenset(
    (  # noqa: SIM905 - read as words
        "breaking update updated exclusive watch video live analysis opinion comment editorial photos "
        "photo note editor warning review interview explainer correction read more related listen "
        "gallery poll quiz news alert important advertisement sponsored question answer monday tuesday "
        "wednesday thursday friday saturday sunday kommentar eilmeldung exklusiv achtung"
    ).split()
)

_LEAD = (
    r"(?:text(?:e|o)?|story|report(?:ing)?|stories|words|written)?\s*(?:by|von|par|por|di|door|av|"
    r"af)\s*:?\s+|"
    r"(?:source|quelle|fuente|fonte|bron|källa|kilde|kaynak|источник|via|text|texte|autor|auteur|credit|"
    r"compiled from|copyright(?:\s+\d{4})?|©(?:\s*\d{4})?|\(c\))"
    r"\s*[:/]?\s*"
)
_CREDIT_LINE = re.compile(rf"\A\W*(?:{_LEAD})?(?P<inner>.{{2,120}})\Z", re.IGNORECASE)
_WITH = re.compile(
    r"\b(?:con informaci(?:ón|ones) de|com informações d[aeo]|avec(?: l['’])?|(?:dieser|"
    r"der) \w+ (?:\w+ ){0,6}(?:von|der)|mit material (?:der|von)|"
    r"mit informationen (?:der|von)|unter verwendung von|with (?:files|reporting|additional reporting|"
    r"information) (?:from|by)|"
    r"additional reporting by|information from|this (?:story|report|article) (?:was|"
    r"is) (?:\w+ ){0,3}(?:by|from)|"
    r"copyright(?: \d{4})?(?: by)?|reporting by|met informatie van|fra)\s+(?P<inner>[^.]{2,100})",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    r"(?P<inner>[^.]{2,80}?)\s+(?:contributed|also contributed) to this (?:report|story|article)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[(\[（【](?P<inner>[^()\[\]（）【】]{2,80})[)\]）】]\s*[.。]?\s*\Z|[/–—-]\s*(?P<bare>[^\s()/]{2,12})\s*\Z"
)
_ORIGINAL = re.compile(
    r"\b(?:(?:this|the) (?:article|story|post|report) )?(?:was )?(?:first|originally) (?:published|"
    r"appeared) (?:by|in|on|at)\s+(?:the\s+)?(?P<name>[^.,;()]{2,60})|"
    r"(?:zuerst|ursprünglich) (?:erschienen|veröffentlicht) (?:bei|in|auf)\s+(?P<de>[^.,;()]{2,60})|"
    r"(?:publicado|aparecido) originalmente en\s+(?P<es>[^.,;()]{2,60})|publié (?:initialement|"
    r"à l['’]origine) (?:dans|sur|par)\s+(?P<fr>[^.,;()]{2,60})",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"\b\d[\d./:-]*\b|[:][\w-]*\d[\w/-]*|all rights reserved.*|alle rechte.*|\bam\b\s*\Z", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*[,/;&+|·•、・＝]\s*|\s+(?:and|und|et|y|e|en|og|och|-|–|—)\s+")
_PHOTO = re.compile(
    r"\b(?:photos?|fotos?|images?|bild(?:er|quelle|nachweis|agentur)?|picture|pool|getty|"
    r"rubriklistenbild|fotografía|kuva|illustration|file photo|video)\b",
    re.IGNORECASE,
)
_GLUE = frozenset(
    (  # noqa: SIM905 - read as words
        "mit with and und et y e en og och von by par por de di der des das die la le les el los del "
        "con information información informations material from with the a an i agencia agency agence "
        "agentur agenturen agencies agencias agences news redaktion red own eigen sowie also dem pm am "
        "uhr um"
    ).split()
)


def find_credit(context: FieldContext) -> tuple[Finding, ...]:
    """Return the candidates for the credit; the winner names every agency that any of them names."""
    table = _table(context)
    found = list(_statements(context, table))
    agencies = tuple(dict.fromkeys(name for _, _, names, _ in found for name in names))
    original, publisher = _original(context, table)
    if not agencies and not original:
        return ()
    printed = [line for source, line, _, _ in found if source.startswith("text:")] or [
        line for _, line, _, _ in found
    ]
    line = printed[0] if printed else original
    value = Credit(agencies=agencies, line=line, original_publisher=publisher)
    items = [
        finding(source, line, Credit(agencies=names, line=line), score)
        for source, line, names, score in found
    ]
    if original:
        origin = Credit(line=original, original_publisher=publisher)
        items.append(finding(_source_of_original(original), original, origin, 0.3 if items else 0.7))
    settled = settle(items, key=lambda credit: credit.agencies)
    return tuple(dataclasses.replace(item, value=value) if item.won else item for item in settled)


def _table(context: FieldContext) -> Mapping[str, str]:
    own = context.document.site.agencies
    return {**FOLDED, **{fold(alias): name for alias, name in own.items()}} if own else FOLDED


def _may_name(text: str, context: FieldContext) -> bool:
    """Tell whether a word of the text begins an agency's name, which saves most lines a closer look."""
    words = fold(text).split()
    return bool(context.document.site.agencies) or not _first_words().isdisjoint(words)


@cache
def _first_words() -> frozenset[str]:
    return frozenset(alias.split()[0] for alias in FOLDED)


Statement = tuple[str, str, tuple[str, ...], float]
"""Source, line, agencies, score."""


def _statements(context: FieldContext, table: Mapping[str, str]) -> Iterator[Statement]:
    for block in (*context.before, *context.early):
        if (names := in_line(block.text, table, context)) and not is_in_picture(block):
            yield "text:byline zone", block.text, names, 0.85
    yield from _opened(context, table)
    if context.closing and (names := in_closing(context.closing.text, table, context)):
        yield "text:end of the body", context.closing.text[-_MAX_LINE:], names, 0.9
    for block in context.after[:6]:
        if len(block.text) > _MAX_LINE:
            continue
        if names := in_line(block.text, table, context):
            source = "text:after the body"
        elif names := in_closing(block.text, table, context):
            source = "text:end of the body"
        if names and not is_in_picture(block):
            yield source, block.text, names, 0.8
    yield from _declared(context, table)


def _opened(context: FieldContext, table: Mapping[str, str]) -> Iterator[Statement]:
    """Yield what the credit of a reprint and the dateline name."""
    for text, said in _source_lines(context, table):
        if said.publisher and (name := table.get(fold(said.publisher))):
            yield "text:source line", text, (name,), 0.9
    match = first_dateline(context, table)
    inner = match.groupdict().get("agency") if match else None
    if match is None and context.opening:
        match = _AGENCY_FIRST.match(context.opening.text)
        inner = match["agency"] if match else None
    if match and inner and (names := _named(inner, table, context)):
        yield "text:dateline", match[0].strip(), names, 0.95


def _declared(context: FieldContext, table: Mapping[str, str]) -> Iterator[Statement]:
    for key in ("author", "creator", "sourceOrganization", "creditText", "provider"):
        for text in jsonld.texts(context.node(key)):
            if names := _named(text, table, context):
                yield "json-ld", text, names, 0.8
    for name in (
        "author",
        "article:author",
        "cxenseparse:author",
        "dc.source",
        "source",
        "syndication-source",
        "original-source",
        "article:source",
        "news_source",
        "byl",
    ):
        for text in context.harvest.meta.get(name, ()):
            if names := _named(text, table, context):
                yield f"meta:{name}", text, names, 0.75
    start = next((mark.order for mark in context.harvest.headings if mark.text), 0)
    near = [m for m in context.harvest.roles.get("credit", ()) if abs(m.order - start) < _NEAR]
    for mark in (
        *context.harvest.items.get("author", ())[:8],
        *context.harvest.roles.get("byline", ())[:8],
        *near[:4],
    ):
        if (
            len(text := mark.text) < _MAX_BYLINE
            and (names := in_line(text, table, context))
            and not is_in_picture(mark)
        ):
            yield f"html:{mark.selector}", text, names, 0.7


def in_line(text: str, table: Mapping[str, str], context: FieldContext) -> tuple[str, ...]:
    """Return the agencies of a line that holds a credit and nothing else."""
    if len(text) > _MAX_LINE or not _may_name(text, context) or _PHOTO.search(text):
        return ()
    for match in (_CREDIT_LINE.match(text), _WITH.search(text), _contributed(text)):
        if match and (names := _named(match["inner"], table, context)):
            return names
    return ()


def in_closing(text: str, table: Mapping[str, str], context: FieldContext) -> tuple[str, ...]:
    """Return the agencies at the very end of a text: "(with Reuters)", "/dpa"."""
    if not _may_name(text[-_MAX_LINE:], context):
        return ()
    match = _TAIL.search(text[-_MAX_LINE:])
    inner = (match["inner"] or match["bare"]) if match else None
    if inner and not _PHOTO.search(inner) and (names := _named(inner, table, context)):
        return names
    match = _contributed(text) if len(text) <= _MAX_LINE else None
    return _named(match["inner"], table, context) if match else ()


def _contributed(text: str) -> re.Match[str] | None:
    """Return who else worked on a text; the pattern is slow where its word is missing."""
    return _CONTRIBUTED.search(text) if "contributed" in text.lower() else None


def _named(text: str, table: Mapping[str, str], context: FieldContext) -> tuple[str, ...]:
    """Return the agencies in a list of names where all else is names too, else none."""
    found: list[str] = []
    for part in _BETWEEN.split(_NUMBERS.sub(" ", text).strip(" .:()[]©*-–—")):
        if name := _agency(part, table, context):
            found.append(name)
        elif not _is_other(part, context):
            return ()
    return tuple(dict.fromkeys(found))


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
        if name and is_spelled(tail) and _is_other(" ".join(words[:-count]), context):
            return name
    return None


def _is_other(text: str, context: FieldContext) -> bool:
    """Tell whether a part of a credit may stand beside an agency: the site, a person, initials, a place."""
    words = text.split()
    if not words or context.is_site(text) or all(fold(word) in _GLUE for word in words):
        return True
    if len(words) == 1:
        return len(text) <= _MAX_INITIALS or text[0].isupper() or text[0].isdigit()  # or a place, or a date
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


def _original(context: FieldContext, table: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return the line that names where the text was published first, and that name."""
    for text, said in _source_lines(context, table):
        if said.publisher and fold(said.publisher) not in table and not context.is_site(said.publisher):
            return text, said.publisher
    for node in jsonld.objects(context.node("isBasedOn")):
        if (name := jsonld.text(node.get("publisher"))) and not context.is_site(name):
            return name, name
    closing = (context.closing,) if context.closing else ()
    for block in (*context.before, *context.after, *closing):
        if len(block.text) <= 2 * _MAX_LINE and (match := _ORIGINAL.search(block.text)):
            return block.text, next(str(group).strip() for group in match.groups() if group)
    return None, None


def _source_of_original(line: str) -> str:
    if read_source_line(line):
        return "text:source line"
    return "text:notice of origin" if _ORIGINAL.match(line) else "text:originally published"


def dateline_match(text: str, table: Mapping[str, str], context: FieldContext) -> re.Match[str] | None:
    """Return the dateline at the start of a text."""
    head = text[:160]
    for pattern in _DATELINES:
        match = pattern.match(head)
        if match is None or context.is_site(match["place"]) or fold(match["place"]) in table:
            continue
        if any(fold(word) in _NO_PLACE for word in match["place"].split()):
            continue
        inner = match.groupdict().get("agency")
        if inner is not None:
            is_named = bool(_named(inner, table, context)) or context.is_site(inner) or inner.isupper()
            if is_named or match["end"].strip(" ") in {"-", "--", "–", "—"}:
                return match
        elif match["place"].isupper() or (
            len(match["place"].split()) <= _MAX_TITLE_CASE and not match.groupdict().get("more")
        ):
            return match
    return None


def first_dateline(context: FieldContext, table: Mapping[str, str]) -> re.Match[str] | None:
    """Return the dateline of the first paragraph, or an unmistakable one of the three after it."""
    for block in context.paragraphs:
        match = dateline_match(block.text, table, context)
        is_first = block is context.opening
        if match and (is_first or match.groupdict().get("agency") or _is_capital(match)):
            return match
    return None


def _is_capital(match: re.Match[str]) -> bool:
    """Tell whether a place is printed in capitals before a dash."""
    return match["place"].isupper() and match["end"].strip() != ":"


def find_dateline(context: FieldContext, language: str | None) -> tuple[Finding, ...]:
    """Return the candidates for the dateline."""
    table = _table(context)
    found = []
    if match := first_dateline(context, table):
        line, more = match[0].strip(), match.groupdict().get("more") or ""
        day = dates.parse_date(more, language=language)
        place = match["place"].strip(" .,")
        found.append(finding("text:dateline", line, Dateline(place=place, date=day, line=line), 0.9))
    if declared := jsonld.text(context.node("dateline")):
        found.append(finding("json-ld", declared, Dateline(place=declared.strip(" ,.-–—")), 0.85))
    found += [
        finding("text:source line", text, Dateline(place=said.place, date=said.date, line=text), 0.8)
        for text, said in _source_lines(context, table, language)
        if said.place or said.date
    ]
    return settle(found, key=lambda value: fold(value.place or ""))


def _source_lines(
    context: FieldContext, table: Mapping[str, str], language: str | None = None
) -> Iterator[tuple[str, SourceLine]]:
    """Yield the lines about the body that name where it was printed first, and what they say."""
    for block in (*context.after, *context.before):
        said = read_source_line(block.text, language=language, is_agency=lambda name: fold(name) in table)
        if said:
            yield block.text, said
