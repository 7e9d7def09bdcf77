"""Who else a text comes from: wire agencies and original publishers.

Read by fields.metadata.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.agencies_named import agencies_named, agency_table, may_name_agency
from scraper.extraction.fields.attribution.datelines import lines_of_source
from scraper.extraction.fields.candidates import Finding, finding, settle
from scraper.extraction.fields.context import is_in_picture
from scraper.extraction.fields.source_lines import read_source_line
from scraper.extraction.page import jsonld
from scraper.extraction.words import bylines
from scraper.extraction.words.month_names import is_month
from scraper.extraction.words.spelling import fold
from scraper.model import Credit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.extraction.fields.context import FieldContext
    from scraper.extraction.page.blocks import Block
    from scraper.extraction.page.markup import Mark

_MAX_LINE = 200
_BARE = 3
_LEAST_ALONE = 3
"""Letters of an agency's name that stands alone in a line."""
_MAX_BYLINE = 100
_NEAR = 60
"""Elements from the headline within which an element of that name is the text's credit, not a picture's."""
_AGENCY_FIRST = re.compile(
    r"【(?:\d{1,2}月\d{1,2}日\s*)?(?P<kana>[^】]{2,12})】"
    r"|[(\[]?(?P<agency>[^()\[\]–—:]{2,40}?)[)\]]?[ ]?(?:--|[–—]|[ ]-)[ ]"
)
_LEAD = (
    r"(?:text(?:e|o)?|story|report(?:ing)?|stories|words|written)?\s*(?:by|von|par|por|di|door|av|"
    r"af)\s*:?\s+|"
    r"(?:source|quelle|fuente|fonte|bron|källa|kilde|kaynak|источник|джерело|theo|sumber|sursa|zdroj|"
    r"forrás|źródło|lähde|πηγή|المصدر|منبع|מקור|स्रोत|সূত্র|แหล่งที่มา|via|text|texte|autor|auteur|credit|"
    r"compiled from|copyright(?:\s+\d{4})?|©(?:\s*\d{4})?|\(c\))"
    r"\s*[:/]?\s*"
)
_CREDIT_LINE = re.compile(rf"\A\W*(?:{_LEAD})?(?P<inner>.{{2,120}})\Z", re.IGNORECASE)
_BARS = re.compile(r"\s*[|｜•·]\s*")
_LED = re.compile(rf"\A\W*(?:{_LEAD})(?P<inner>.{{2,120}})\Z", re.IGNORECASE)
_SOURCE_SAID = re.compile(
    r"(?:来源|來源|出典|提供|출처|자료)\s*[:：]\s*(?P<inner>[^\s|｜]{2,20})"
    r"|(?<!\w)(?:(?:haber )?kaynağı|kaynak|fuente|fonte|źródło|zdroj|forrás|источник|джерело|sumber|πηγή)"
    r"\s*:\s*(?P<last>[^\s|:]{2,20})\s*\Z",
    re.IGNORECASE,
)
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
    r"(?:(?<=[.!?”\"] )|\A)(?:com|mit|avec|con|with|theo|med|met)\s(?P<with>[^().]{2,60})\.?\s*\Z|"
    r"[(\[（【](?P<inner>[^()\[\]（）【】]{2,80})[)\]）】]\s*[.。]?\s*(?:[a-ząćęłńóśźż]{2,4}/?\s?){0,3}\Z|[/–—-]\s*(?P<bare>[^\s()/]{2,12})\s*\Z",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"\b(?:(?:this|the) (?:article|story|post|report) )?(?:was )?(?:first|originally) (?:published|"
    r"appeared) (?:by|in|on|at)\s+(?:the\s+)?(?P<name>[^\s,;()](?:[^.,;()]|\.(?=\w)){1,59}?)"
    r"(?=\s+(?:and|but|on|under)\s|[,;()]|\.(?!\w)|\Z)|"
    r"(?:zuerst|ursprünglich) (?:erschienen|veröffentlicht) (?:bei|in|auf)\s+(?P<de>[^.,;()]{2,60})|"
    r"(?:publicado|aparecido) originalmente en\s+(?P<es>[^.,;()]{2,60})|publié (?:initialement|"
    r"à l['’]origine) (?:dans|sur|par)\s+(?P<fr>[^.,;()]{2,60})",
    re.IGNORECASE,
)
_APPEARED = ("published", "appeared", "erschienen", "veröffentlicht", "originalmente", "publié")
_HOSTS = re.compile(r"\b(?:www\.\S+|https?://\S+)\s*[-–—]?")
_PHOTO = re.compile(
    r"\b(?:photos?|fotos?|images?|bild(?:er|quelle|nachweis|agentur)?|picture|pool|getty|"
    r"rubriklistenbild|fotografía|kuva|illustration|file photo|video)\b",
    re.IGNORECASE,
)
Statement = tuple[str, str, tuple[str, ...], float]
"""Source, line, agencies, score."""


def find_credit(context: FieldContext, dateline: re.Match[str] | None) -> tuple[Finding, ...]:
    """Return the candidates for the credit; the winner names every agency that any of them names.

    An agency stands in the dateline, too, which was found in the text.
    """
    table = agency_table(context)
    found = list(_statements(context, table, dateline))
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


def _statements(
    context: FieldContext, table: Mapping[str, str], dateline: re.Match[str] | None
) -> Iterator[Statement]:
    for block in (*context.before, *context.early):
        if (names := in_line(block.text, table, context)) and not _is_pictures(block):
            yield "text:byline zone", block.text, names, 0.85
    yield from _opened(context, table, dateline)
    if context.closing and (names := in_closing(context.closing.text, table, context)):
        yield "text:end of the body", context.closing.text[-_MAX_LINE:], names, 0.9
    for block in context.after[:6]:
        if len(block.text) > _MAX_LINE or _is_bare(block.text):
            continue
        if names := in_line(block.text, table, context):
            source = "text:after the body"
        elif names := in_closing(block.text, table, context):
            source = "text:end of the body"
        if names and not _is_pictures(block):
            yield source, block.text, names, 0.8
    yield from _declared(context, table)


def _is_bare(text: str) -> bool:
    """Tell whether a line is two or three capitals: below a text they may be anything."""
    return len(text) <= _BARE and text.isupper() and text.isalpha()


def _is_pictures(found: Block | Mark) -> bool:
    """Tell whether a credit is that of a picture: one that says "by" never is because of its place alone."""
    return is_in_picture(found, framed=not bylines.is_by(found.text.partition(" ")[0].rstrip(":")))


def _opened(
    context: FieldContext, table: Mapping[str, str], match: re.Match[str] | None
) -> Iterator[Statement]:
    """Yield what the credit of a reprint and the dateline name."""
    for text, said in lines_of_source(context, table):
        if said.publisher and (name := table.get(fold(said.publisher))):
            yield "text:source line", text, (name,), 0.9
    inner = match.groupdict().get("agency") if match else None
    if match is None and context.opening:
        match = _AGENCY_FIRST.match(context.opening.text)
        inner = match["agency"] or match["kana"] if match else None
    if match and inner and (names := agencies_named(inner, table, context)):
        yield "text:dateline", match[0].strip(), names, 0.95


def _declared(context: FieldContext, table: Mapping[str, str]) -> Iterator[Statement]:
    for key in ("author", "creator", "sourceOrganization", "creditText", "provider"):
        for text in jsonld.texts(context.node(key)):
            if names := agencies_named(text, table, context):
                yield "json-ld", text, names, 0.8
    for name in (
        "author",
        "article:author",
        "cxenseparse:author",
        "dc.source",
        "source",
        "syndication-source",
        "og:author",
        "og:article:author",
        "twitter:data1",
        "original-source",
        "article:source",
        "news_source",
        "byl",
    ):
        for text in context.harvest.meta.get(name, ()):
            if names := agencies_named(text, table, context):
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
            and not _is_pictures(mark)
        ):
            yield f"html:{mark.selector}", text, names, 0.7


def in_line(text: str, table: Mapping[str, str], context: FieldContext) -> tuple[str, ...]:
    """Return the agencies of a line that holds a credit and nothing else."""
    if len(text) > _MAX_LINE or not may_name_agency(text, context) or _PHOTO.search(text):
        return ()
    if len(text) < _LEAST_ALONE or context.is_section(text):  # "AA" sets the size of letters
        return ()
    if (":" in text or "：" in text) and (said := _SOURCE_SAID.search(text)):
        return agencies_named(said["inner"] or said["last"], table, context)
    for match in (_CREDIT_LINE.match(text), _WITH.search(text), _contributed(text)):
        if match and (names := agencies_named(match["inner"], table, context)):
            return names
    parts = _BARS.split(text)
    led = [match for part in parts if len(parts) > 1 and (match := _LED.match(part))]
    return next((names for match in led if (names := agencies_named(match["inner"], table, context))), ())


def in_closing(text: str, table: Mapping[str, str], context: FieldContext) -> tuple[str, ...]:
    """Return the agencies at the very end of a text: "(with Reuters)", "/dpa"."""
    if not may_name_agency(text[-_MAX_LINE:], context):
        return ()
    match = _TAIL.search(text[-_MAX_LINE:])
    inner = (match["with"] or match["inner"] or match["bare"]) if match else None
    if inner and not _PHOTO.search(inner) and (names := agencies_named(inner, table, context)):
        return names
    match = _contributed(text) if len(text) <= _MAX_LINE else None
    return agencies_named(match["inner"], table, context) if match else ()


def _contributed(text: str) -> re.Match[str] | None:
    """Return who else worked on a text; the pattern is slow where its word is missing."""
    return _CONTRIBUTED.search(text) if "contributed" in text.lower() else None


def _original(context: FieldContext, table: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return the line that names where the text was published first, and that name."""
    for text, said in lines_of_source(context, table):
        name = _HOSTS.sub("", said.publisher or "").strip(" ©-–—")
        if name and not agencies_named(name, table, context) and not context.is_site(name):
            return text, name
    for node in jsonld.objects(context.node("isBasedOn")):
        if (publisher := jsonld.text(node.get("publisher"))) and not context.is_site(publisher):
            return publisher, publisher
    closing = (context.closing,) if context.closing else ()
    for block in (*context.before, *context.after, *closing):
        if len(block.text) <= 2 * _MAX_LINE and (match := _first_published(block.text)):
            first = next(str(group).strip() for group in match.groups() if group)
            if not first[0].isdigit() and not is_month(first.split()[0]):
                return block.text, first
    return None, None


def _first_published(text: str) -> re.Match[str] | None:
    """Return what names where a text appeared first; the pattern is slow where its words are missing."""
    folded = text.lower()
    return _ORIGINAL.search(text) if any(word in folded for word in _APPEARED) else None


def _source_of_original(line: str) -> str:
    if read_source_line(line):
        return "text:source line"
    return "text:notice of origin" if _ORIGINAL.match(line) else "text:originally published"
