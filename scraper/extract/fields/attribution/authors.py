"""The authors of a page: what its markup and its byline say, settled to people before organisations."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.extract.fields.attribution.agencies import AGENCIES
from scraper.extract.fields.attribution.joined_names import (
    bracketed_names,
    is_joined,
    joined_names,
    joined_names_at_edges,
    surname_first,
)
from scraper.extract.fields.attribution.names import is_furniture, is_organisation, is_person, is_trade, names
from scraper.extract.fields.candidates import Finding, finding, settle
from scraper.extract.fields.context import FieldContext, is_in_picture
from scraper.extract.fields.source_lines import read_source_line
from scraper.extract.page import jsonld
from scraper.extract.words import bylines, dates
from scraper.extract.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.extract.page.blocks import Block
    from scraper.extract.page.markup import Mark

# people in structured data, then in markup near the headline, then in the text; an organisation only where
# nobody else is named: on 121 news pages every fourth names its newsroom or an agency as its author
_DECLARED, _BYLINE, _PRINTED, _HINTED, _ORGANISATION = 0.95, 0.7, 0.6, 0.5, 0.4
_NAMESAKE = 0.58
"""A person after whom the site is named, or an organisation that is called like a person."""
_LOGIN = 0.6
"""Of one word, as people sign in: a printed name is the better one."""

_META = (
    *(
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "cxenseparse:author",
        "byl",
        "dc.creator",
    ),
    *(
        "dcterms.creator",
        "dc.contributor",
        "citation_author",
        "authors",
        "article:author_name",
        "article.author",
    ),
)
_ELSEWHERE = re.compile(
    r"comment|teaser|(?<!v)card|related|recommend|sidebar|footer|image|photo|foto|caption|media|credit|avatar|"
    r"picture|promo|"
    r"social|(?<!author-)share|newsletter|widget|most|trending|popular|listing|bio(?:$|[^a-z])|description"
)
_ASIDE = frozenset({"figure", "figcaption", "aside", "footer"})
# English has "by" before much else: who writes stands after one of these, a separator, a date or at the start
_WRITING = re.compile(
    r"(?:\A|[|·•–—⋅●/:,.)\d]|\b(?:text|story|stories|written|words|posted|"
    r"(?<!originally )(?<!first )published|article|authored|report|reported|"
    r"reporting|contributed|analysis|opinion|column|commentary|comment|post|created|submitted|interview|review|"
    r"[ap]m|ago|\d+(?:st|nd|rd|th)))\s*\Z",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"auth?or|auteur|profile|/people|/person|staff|contributor|/team|journalist|writer|reporter|/by/|/users?/|redakt"
)
_TITLE_PARTS = re.compile(r"\s*[|_—–-]+\s*")
_FIGURES = re.compile(r"\s*[|·•⋅●]|\s+(?=\d)")
_PLAIN_TAGS = frozenset({"p", "div", "span", "line", "strong"})
_MAX_BYLINE = 300
"""Characters; longer is a biography."""
_MAX_LINE = 150
_MAX_NAME = 80
_SOON = 4
"""Lines after the body among which its author signs."""
_TOGETHER = 40
"""Elements from one author of a text to the next; after them those of comments begin."""
_FAR = 400
"""Elements after the headline; a byline farther on belongs to something else."""


def find_authors(context: FieldContext) -> tuple[Finding, ...]:
    """Return the candidates for the authors, each a tuple of names."""
    declared = list(_declared(context))
    found = [_judged(context, source, raws, score) for source, raws, score in declared]
    found += _bylines(context)
    found += _lines(context)
    return settle(
        [item for item in found if item and item.value], key=lambda value: frozenset(map(fold, value))
    )


def _judged(context: FieldContext, source: str, raws: Sequence[str], score: float) -> Finding | None:
    """Return a finding with the people among the names, or with the organisation where there are none."""
    every = [name for raw in raws for name in names(raw, lambda name: is_known(context, name))]
    persons = _once(name for name in every if not is_organisation(name) and not is_known(context, name))
    if len(persons) < len(every):  # "example.org, Aville, Freeland" names no people
        persons = tuple(name for name in persons if " " in name or not name.isascii())
    raw = "; ".join(raws)
    if persons:
        is_login = all(" " not in name and name.isascii() for name in persons)
        return finding(source, raw, persons, score * (_LOGIN if is_login else 1))
    whole = _once(every)
    is_namesake = all(" " in name and is_person(name) for name in whole)
    share = _NAMESAKE if is_namesake else _ORGANISATION
    return finding(source, raw, whole, share * score, "no person is named") if whole else None


def is_known(context: FieldContext, name: str) -> bool:
    """Tell whether a name is the site's or a wire agency's."""
    first = name.split(" ", maxsplit=1)[0]
    return (
        context.is_site(name)
        or name in AGENCIES
        or name in context.document.site.agencies
        or (first.isupper() and len(first) > 1 and context.is_site(first))  # "ARD Berlin" on ard.example
    )


def _once(found: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple({fold(name): name for name in reversed(list(found))}.values())[::-1]


def _declared(context: FieldContext) -> Iterator[tuple[str, list[str], float]]:
    harvest = context.harvest
    for key in ("author", "creator"):
        if raws := [name for name in _names_of(context.node(key)) if _is_name(name)]:
            yield "json-ld", raws, _DECLARED
            break
    for name in _META:
        if raws := [value for value in harvest.meta.get(name, ()) if _is_name(value)]:
            yield f"meta:{name}", raws, _DECLARED - (0.05 if name == "author" else 0.06)
    for index in ("1", "2"):
        label, value = harvest.meta.get(f"twitter:label{index}"), harvest.meta.get(f"twitter:data{index}")
        if label and value and bylines.says_written().search(label[0]):
            yield f"meta:twitter:data{index}", [value[0]], _DECLARED - 0.07
    marks = [mark for mark in harvest.items.get("author", ()) if not _is_elsewhere(mark)]
    marks = [mark for mark in marks if mark.order <= marks[0].order + _TOGETHER]
    if raws := [raw for raw in (_microdata(mark) for mark in marks) if raw and _is_writer(raw)]:
        yield "microdata", raws, _DECLARED - 0.08
    hints = context.document.page.hints
    if hints and hints.authors:
        yield hints.source, list(hints.authors), _HINTED


def _names_of(value: object) -> list[str]:
    found: list[str] = []
    for node in jsonld.objects(value):
        if not jsonld.text(node.get("name")):
            parts = [jsonld.text(node.get(key)) for key in ("givenName", "familyName")]
            found += [" ".join(part for part in parts if part)]
        else:
            found += jsonld.texts(node.get("name"))
    return [name for name in found if name] or jsonld.texts(value)


def _is_name(raw: str) -> bool:
    return bool(raw) and not raw.startswith(("http://", "https://", "/", "@", "www.")) and len(raw) < 1000  # noqa: PLR2004


def _is_writer(text: str) -> bool:
    """Tell whether a byline is that of who wrote the text: "Reviewed by Ada Quill" is not."""
    lead, by, _ = text.partition(" by ")
    return not (by and bylines.done_by_others().search(lead)) and not bylines.crew().match(text)


def _microdata(mark: Mark) -> str | None:
    if mark.element.tag == "meta":
        return mark.value if mark.value and _is_name(mark.value) else None
    inner = mark.element.xpath(".//*[@itemprop='name']")
    if inner:
        text = inner[0].get("content") or " ".join(inner[0].itertext())
        return " ".join(text.split()) or None
    return mark.text if 0 < len(mark.text) < 100 else None  # noqa: PLR2004


def _is_elsewhere(mark: Mark) -> bool:
    """Tell whether an element or one of the four around it belongs to comments, teasers or pictures."""
    element = mark.element
    for _ in range(5):
        if element is None or element.tag in {"body", "article", "main", "header"}:
            return False
        if element.tag in _ASIDE or _is_others(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
        element = element.getparent()
    return False


@lru_cache(maxsize=4_096)  # the pages of a site have the same names
def _is_others(names: str) -> bool:
    """Tell whether the names of an element say that it holds no byline of the article."""
    return bool(_ELSEWHERE.search(names.lower()))


def _bylines(context: FieldContext) -> list[Finding]:
    """Return what the byline elements nearest to the headline name."""
    harvest = context.harvest
    start = harvest.headings[0].order if harvest.headings else 0
    found = []
    for kind, marks in (("rel", harvest.rels.get("author", ())), ("role", harvest.roles.get("byline", ()))):
        near = [
            mark
            for mark in marks
            if start - 40 < mark.order < start + _FAR and mark.text and not _is_elsewhere(mark)
        ]
        near.sort(key=lambda mark: (mark.order < start, mark.order))
        if item := _first_people(context, near, _BYLINE - (0.02 if kind == "role" else 0)):
            found.append(item)
    return found


def _first_people(context: FieldContext, marks: list[Mark], score: float) -> Finding | None:
    for index, mark in enumerate(marks):
        people = _linked(context, mark) or _people(context, mark.text)
        if not people:
            continue
        for other in marks[index + 1 :]:  # a list of authors, each in an element of its own
            if other.selector != mark.selector or other.order > mark.order + _TOGETHER:
                break
            people += _people(context, other.text)
        return finding(f"html:{mark.selector}", mark.text, _once(list(people)), score)
    return None


def _linked(context: FieldContext, mark: Mark) -> tuple[str, ...]:
    """Return the people in a byline whose names lead to their pages."""
    found: list[str] = []
    if len(mark.text) > _MAX_BYLINE or not _is_writer(mark.text):
        return ()
    for link in mark.element.iter("a"):
        text = " ".join(" ".join(link.itertext()).split())
        if _PROFILE.search((link.get("href") or "").lower()) and 0 < len(text) < _MAX_NAME:
            found += [name for name in _people(context, text) if " " in name]
    return _once(found)


def _before_figures(text: str) -> str:
    """Return the text before a separator or a figure, and before the month of a date."""
    before, *after = _FIGURES.split(text, maxsplit=1)
    head, _, last = before.rpartition(" ")
    return head if after and head and dates.is_month(last) else before


def _written_by(text: str) -> Iterator[str]:
    """Yield what follows each "by" in a text that may name who wrote it."""
    for match in bylines.within().finditer(text):
        lead, by = text[: match.start()].rstrip(), match[0].split(maxsplit=1)[0]
        is_step = bool(lead) and match["names"].startswith(lead.split()[-1])
        if (
            bylines.done_by_others().search(lead)
            or is_step
            or (by.startswith("by") and not _WRITING.search(lead))
        ):
            continue
        rest = text[match.end() :].lstrip()
        yield _before_figures(f"{match['names']} 1") if rest[:1].isdigit() else match["names"]


def _people(context: FieldContext, text: str) -> tuple[str, ...]:
    """Return the people in the text of a byline: all of it names, or what follows "by" in it."""
    if len(text) > _MAX_BYLINE or not _is_writer(text):
        return ()
    within = list(_written_by(text))
    for raw in (text, *within, *([] if within else [_before_figures(text)])):
        found = names(raw, lambda name: is_known(context, name))
        people = tuple(name for name in found if is_person(name) and not is_known(context, name))
        rest = [
            name
            for name in found
            if name not in people and not is_known(context, name) and not is_organisation(name)
        ]
        if raw != text or bylines.within().match(text):  # "by Ada Quill, Aville"
            rest = [name for name in rest if " " in name or found.index(name) == 0]
        if people and not rest:
            return people
    return ()


def _lines(context: FieldContext) -> list[Finding]:
    """Return the people in lines about the body: those that say "by", those of a credit, and bare names."""
    return _joined_lines(context) or _bylines_printed(context) or _credited(context)


def _bylines_printed(context: FieldContext) -> list[Finding]:
    before, early, after = context.before[::-1], context.early, context.after[:_SOON]
    for place, block in enumerate((*before, *early, *after)):
        if len(block.text) >= _MAX_LINE:
            continue
        is_before, is_early = place < len(before), 0 <= place - len(before) < len(early)
        for raw in _of_line(block.text, is_before=is_before, is_early=is_early):
            if (people := _people(context, raw)) and not is_in_picture(block):
                return [finding("text:byline", block.text, people, _PRINTED)]
    for label, block in zip(context.before, context.before[1:], strict=False):
        if bylines.label().fullmatch(label.text) and (people := _people(context, block.text)):
            return [finding("text:byline", f"{label.text} {block.text}", people, _PRINTED)]
    return []


def _joined_lines(context: FieldContext) -> list[Finding]:
    """Return who is named in lines and at the edges of paragraphs in Chinese, Japanese or Korean."""
    before, after = context.before[::-1], context.after[:_SOON]
    edges = [block for block in (context.opening, context.closing, *after) if block]
    near = (*before, *after, *edges[1:2])
    lines = [(block, joined_names(block.text) or bracketed_names(block.text)) for block in near]
    lines += [(block, joined_names_at_edges(block.text)) for block in edges]
    for block, found in lines:
        people = tuple(name for name in found if is_person(name) and not is_known(context, name))
        if people and not is_in_picture(block):
            is_line = len(block.text) < _MAX_NAME
            source = "text:byline" if is_line else "text:in a paragraph"
            return [finding(source, block.text, people, _PRINTED)]
    return []


def _credited(context: FieldContext) -> list[Finding]:
    for block in (*context.after, *context.before):
        said = read_source_line(block.text)
        if said and said.byline and (people := _people(context, said.byline)):
            return [finding("text:source line", block.text, people, _PRINTED)]
    for block in context.before:
        if block not in context.before[-2:] and not is_joined(block.text):
            continue
        if _is_name_line(block) and not is_known(context, block.text) and _stands_in_byline(context, block):
            return [finding("text:name line", block.text, (block.text,), _ORGANISATION + 0.05)]
    return []


def _of_line(text: str, *, is_before: bool, is_early: bool) -> Iterator[str]:
    """Yield what a line names as its author; one after the body's start must begin with it."""
    if (match := bylines.labelled().match(text)) and not is_early:
        yield match["names"]
    elif (named := next(_written_by(text), None)) and (
        is_before or bylines.within().match(text) or _WRITING.search(text.partition(" by ")[0])
    ):
        yield named


def _stands_in_byline(context: FieldContext, block: Block) -> bool:
    """Tell whether a line stands under the headline or beside a date or a trade, as in a byline."""
    around = (*context.before, *((context.opening,) if context.opening else ()))
    place = next(index for index, other in enumerate(around) if other is block)
    titles = {fold(mark.text) for mark in context.harvest.headings}
    if is_joined(block.text):  # old pages have no heading
        titles.update(fold(part) for mark in context.harvest.titles for part in _TITLE_PARTS.split(mark.text))
    return any(
        len(text) < _MAX_NAME and (is_trade(text) or is_furniture(text) or dates.parse_date(text))
        for text in (other.text for other in around[max(0, place - 1) : place + 2] if other is not block)
    ) or bool(place and fold(around[place - 1].text) in titles)


def _is_name_line(block: Block) -> bool:
    """Tell whether a paragraph is a person's name and nothing else."""
    words = block.text.split()
    if is_joined(block.text):
        return block.tag in _PLAIN_TAGS and surname_first(block.text)
    is_plain = all(word.isalpha() and word[0].isupper() for word in words)
    return block.tag in _PLAIN_TAGS and len(words) in {2, 3} and is_plain and is_person(block.text)
