"""The place and date at the start of a text or in the line of its source.

Read by fields.metadata, and by credit for the agency in it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.agencies_named import agencies_named, agency_table, shortens_others
from scraper.extraction.fields.candidates import Finding, finding, settle
from scraper.extraction.fields.context import page_words
from scraper.extraction.fields.source_lines import SourceLine, read_source_line
from scraper.extraction.page import jsonld
from scraper.extraction.words import dates
from scraper.extraction.words.month_names import is_month
from scraper.extraction.words.spelling import fold
from scraper.model import Dateline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.extraction.fields.context import FieldContext

_LEAST_PLACE = 3
"""Letters of a place that is all in capitals: "UX - what it is" names none."""
_MAX_TITLE_CASE = 2
"""Words of a place that is not in capitals and has no agency after it: more are a name and a clause."""
_WORD = r"[^\W\d_a-zà-öø-ÿß-ÿа-я][^\W\d_]*(?:[-'’.][^\W\d_]+)*\.?"
_JOINING = "(?:(?:de|del|de la|la|le|am|an der|sur|upon|of|di|da|do|und|and|y|et|al)[ ])?"
_PLACE = rf"(?P<place>{_WORD}(?:[ ]{_JOINING}{_WORD}){{0,3}}(?:/{_WORD})?)"
_MORE = r"(?P<more>(?:,[ ]|[ ](?=\d))[^()\[\]:;–—<>=]{2,40}?)?"
_AGENCY = r"(?:,?[ ]*[(\[](?P<agency>(?!\d{4}[)\]])[^()\[\]<>=]{2,50})[)\]])"
_DATELINES = (
    re.compile(rf"{_PLACE}{_MORE}{_AGENCY}(?P<end>[ ]*(?:\.?[ ]*(?:--?|[–—])|[.:])|(?=\w)|(?=\s))"),
    re.compile(rf"{_PLACE}{_MORE}(?P<end>\.?[ ]*(?:--|[–—])[ ]?|\.-[ ]?|[ ]-[ ])(?=[\"“„«‘'(]*[^\W_a-z])"),
    re.compile(rf"(?P<place>[^\W\d_a-z]{{3,}}(?:[ /-][^\W\d_a-z]{{2,}}){{0,2}}){_MORE}(?P<end>:)[ ]"),
    re.compile(rf"[(\[]{_PLACE}[)\]](?P<end>[ ]*(?:--?|[–—]))[ ]"),
)
_JOINED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_INDIC = "[\u0900-\u0dff]"
"""The vowel signs of its scripts are no letters to a pattern."""
_UPPER = r"[^\W\d_a-z]{2,}(?:[ -][^\W\d_a-z]{2,}){0,2}"
_CYRILLIC = r"(?P<place>[А-ЯЁІЇЄҐ][\w-]+(?:[ -][А-ЯЁІЇЄҐ][\w-]+)?)(?P<more>[,.] \d{1,2} [а-яёіїєґ]+)\.?"
_OF_SENDERS = (
    re.compile(
        rf"\((?P<agency>[^()]{{2,20}})\)\s*[-–—]\s*(?P<place>{_UPPER})"
        r"(?P<more>,? \d{1,2} [^\W\d]{3,9}\.?)?\s*[-–—]\s"
    ),
    re.compile(
        rf"\((?P<agency>[^()]{{2,20}})\)\s*[-–—]\s*{_PLACE}(?P<more>,? \d{{1,2}} [^\W\d]{{3,9}}\.?)\s*[-–—]\s"
    ),
    re.compile(rf"{_PLACE} (?P<agency>[^\s|]{{2,8}}(?:/[^\s|]{{2,8}})?) \|\s"),
    re.compile(rf"(?P<agency>[^\s,()]{{2,20}}\.[A-Za-z]{{2,4}}),\s{_PLACE}\s*[-–—]{{1,2}}\s"),
    re.compile(rf"{_PLACE},\s(?P<agency>[^\s,()]{{2,20}}\.[A-Za-z]{{2,4}})\s*[-–—]{{1,2}}\s"),
    re.compile(
        r"(?P<author>[^\W\d_][^\s\d/()]+ [^\d/()]{2,30}?)\s*/\s*"
        rf"(?P<place>{_UPPER}(?:\s?\([^()]{{2,20}}\))?),?\s*\((?P<agency>[^()]{{2,20}})\)\s*[-–—]?"
    ),
)
"""Where the agency stands before the place, or who sends the report beside it."""
_DATED = re.compile(
    rf"(?:\A|(?<=[.!?]\s)|(?<=[.!?]))\s*{_PLACE}"
    r"(?P<more>, (?:den |le |il )?"
    r"(?:\d{1,2}\.? [^\W\d]{3,12}\.? |\d{1,2}\.\d{1,2}\.)\d{4})(?P<end>\s*[-–—]\s)"
)
"""A place with a whole date before a dash, also behind a lead in bold."""
_YEAR = re.compile(r"\d{4}\s*[-–—]\s")
"""What is in every such one; without it, looking for the place takes long."""
_INITIALS = re.compile(
    rf"{_PLACE} \((?P<agency>[a-zäöü]{{2,4}}(?:/[a-zäöü]{{2,4}})?)\)(?P<end>\.)\s(?=[A-ZÄÖÜ„])"
)
_BARE = re.compile(rf"(?P<agency>[^\s,/]{{2,20}})(?:,|\s?/)\s(?P<place>{_UPPER})\Z")
_HOST = re.compile(r"[\w-]+\.(?:[a-z]{2,4}|[A-Z]{2,4})")
_SIGNED = re.compile(r"\s*[\uac00-\ud7af·\s]{2,20}기자\s*=")
_MAX_DECLARED = 40
"""Characters of a place that structured data declares."""
_LEAD_IN = 300
"""Characters of a lead within which a dateline may begin."""
_DASHES = frozenset({"-", "--", "–", "—"})
_WORDS = re.compile(r"[^\W\d_]+")
_NO_PLACE = frozenset(
    (  # noqa: SIM905 - read as words
        "breaking update updated exclusive watch video live analysis opinion comment editorial photos "
        "photo note editor warning review interview explainer correction tldr faq psa summary read more "
        "related listen fact check info key points background hintergrund atención atencion "
        "urgent dernière dringend "
        "gallery poll quiz news alert important advertisement sponsored question answer monday tuesday "
        "wednesday thursday friday saturday sunday kommentar eilmeldung exklusiv achtung sir sirs madam"
    ).split()
)


@cache
def _beyond_ascii() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of the like in scripts of their own, which a text in ASCII cannot match."""
    return (
        re.compile(
            rf"[(\[](?P<place>[\uac00-\ud7af·]{{2,10}})\s*=\s*(?P<agency>[{_JOINED}A-Z]{{2,12}})[)\]]"
        ),
        re.compile(
            rf"[(（]?(?P<agency>[{_JOINED}]{{1,6}}?[社网網])(?P<place>[{_JOINED}]{{2,8}}?)"
            r"(?P<more>(?:\d{4}年)?\d{1,2}月\d{1,2}日)?\s*[电電](?=\W|\s)"
        ),
        re.compile(
            rf"【(?P<place>[{_JOINED}]{{2,10}}?)[＝=・]?(?P<agency>共同|時事|ロイター|AFP)[^】]{{0,12}}】"
        ),
        re.compile(rf"{_CYRILLIC}\s*(?:[–—-]\s*)?/(?P<agency>[^/]{{2,20}})/"),
        re.compile(rf"{_CYRILLIC}\s*[–—-]\s*(?P<agency>[А-ЯЁІЇЄҐ][^.,–—-]{{1,18}})(?:,[^.]{{3,40}})?\."),
        re.compile(rf"{_CYRILLIC}\s*(?P<agency>[A-ZА-ЯЁ][\w.]{{2,16}}?)\s*[–—-]\s"),
        re.compile(
            rf"[(（](?P<agency>[{_JOINED}]{{2,5}}[社網网])[記记]者[{_JOINED}]{{2,4}}?(?P<place>[{_JOINED}]{{2}})"
            r"(?P<more>\d{1,2}日)[電电][)）]"
        ),
        re.compile(
            rf"[\[［](?P<place>[{_JOINED}]{{2,10}})\s+\d{{1,2}}日\s+(?P<agency>[{_JOINED}A-Z]{{2,8}})[\]］]"
        ),
        re.compile(
            rf"(?P<place>{_INDIC}+(?: {_INDIC}+){{0,2}})(?P<more>,? \d{{1,2}} {_INDIC}+)?,?\s*"
            r"\((?P<agency>[^()]{2,30})\)"
        ),
        re.compile(rf"【(?P<place>[{_JOINED}]{{2,10}})[＝=](?P<author>[{_JOINED}]{{2,6}})】"),
    )


def find_dateline(
    context: FieldContext, language: str | None, match: re.Match[str] | None
) -> tuple[Finding, ...]:
    """Return the candidates for the dateline, given the one that was found in the text."""
    table = agency_table(context)
    found = []
    if match:
        line, more = match[0].strip(), match.groupdict().get("more") or ""
        day = dates.parse_date(more, language=language)
        place = match["place"].strip(" .,")
        found.append(finding("text:dateline", line, Dateline(place=place, date=day, line=line), 0.9))
    declared = jsonld.text(context.node("dateline"))
    if declared and len(declared) <= _MAX_DECLARED and not any(map(str.isdigit, declared)):
        found.append(finding("json-ld", declared, Dateline(place=declared.strip(" ,.-–—")), 0.85))
    found += [
        finding("text:source line", text, Dateline(place=said.place, date=said.date, line=text), 0.8)
        for text, said in lines_of_source(context, table, language)
        if (said.place or said.date)
        and "(" not in (said.place or "")  # "Ada Quill (Text), Ben Marlow (Bild)"
    ]
    return settle(found, key=lambda value: fold(value.place or ""))


def _is_host(text: str) -> bool:
    """Tell whether a paper is named by its host: "SUNGAI.CO"."""
    return bool(_HOST.fullmatch(text))


def first_dateline(context: FieldContext) -> re.Match[str] | None:
    """Return the dateline of the first paragraph, or an unmistakable one of the three after it."""
    table = agency_table(context)
    for block in context.before:
        bare = _BARE.fullmatch(block.text)
        if bare and agencies_named(bare["agency"], table, context):
            return bare
    for block in context.paragraphs:
        match = dateline_match(block.text, table, context)
        is_first = block is context.opening
        if match and (is_first or match.groupdict().get("agency") or _is_capital(match)):
            return match
    return None


def dateline_match(text: str, table: Mapping[str, str], context: FieldContext) -> re.Match[str] | None:
    """Return the dateline at the start of a text."""
    head = text[:160]
    senders = _OF_SENDERS if head.isascii() else (*_beyond_ascii(), *_OF_SENDERS)
    for named in filter(None, (pattern.match(head) for pattern in senders)):
        inner = named.groupdict().get("agency")
        is_signed = inner is None or _is_host(inner) or _SIGNED.match(text, named.end())
        if is_signed or agencies_named(inner or "", table, context):
            return named
    lead = text[:_LEAD_IN]
    match = (_DATED.search(lead) if _YEAR.search(lead) else None) or _INITIALS.match(head)
    if match and len(match["place"].split()) <= _MAX_TITLE_CASE:
        return match
    for pattern in _DATELINES:
        match = pattern.match(head)
        if match is None or context.is_site(match["place"]) or fold(match["place"]) in table:
            continue
        if _is_no_place(match, context.harvest.language) or shortens_others(match[0], table):
            continue
        inner = match.groupdict().get("agency")
        if inner is not None:
            is_agency = bool(agencies_named(inner, table, context))
            is_named = is_agency or context.is_site(inner) or inner.isupper()
            is_dashed = match["end"].strip(" .") in _DASHES
            is_set_off = match["end"] or not text[match.end() : match.end() + 1].isspace()
            if is_dashed or (is_named and is_set_off) or (is_agency and match["place"].isupper()):
                return match
        elif _reads_as_place(match, context):
            return match
    return None


def _is_no_place(match: re.Match[str], language: str | None) -> bool:
    """Tell whether a word of the place, or a number behind it that begins no day, shows it to be none."""
    more = match.groupdict().get("more") or ""
    is_numbered = more[1:2].isdigit() and not any(is_month(word, language) for word in _WORDS.findall(more))
    return is_numbered or any(fold(word) in _NO_PLACE for word in match["place"].split())


def _reads_as_place(match: re.Match[str], context: FieldContext) -> bool:
    """Tell whether what opens a text and names no agency is a place: topics are printed alike.

    A word that the page has in small letters too is none; several before a colon, the page must name again.
    """
    place = match["place"]
    if place.isupper() and len(place) < _LEAST_PLACE:
        return False
    is_long = len(place.split()) > _MAX_TITLE_CASE or match.groupdict().get("more")
    if not place.isupper():
        return not is_long
    words = context.words() | page_words(context.paragraphs)  # a page text dump has no other blocks
    parts = [part for part in re.split(r"[ /-]", place) if part]
    if any(part.lower() in words for part in parts) or any(map(context.is_site, parts)):
        return False
    is_again = all(part.capitalize() in words for part in parts) or context.is_site(place)
    return match["end"].strip() != ":" or len(parts) == 1 or is_again


def _is_capital(match: re.Match[str]) -> bool:
    """Tell whether a place is printed in capitals before a dash."""
    return match["place"].isupper() and match["end"].strip() != ":"


def lines_of_source(
    context: FieldContext, table: Mapping[str, str], language: str | None = None
) -> Iterator[tuple[str, SourceLine]]:
    """Yield the lines about the body that name where it was printed first, and what they say."""
    for block in (*context.after, *context.before):
        said = read_source_line(block.text, language=language, is_agency=lambda name: fold(name) in table)
        if said:
            yield block.text, said
