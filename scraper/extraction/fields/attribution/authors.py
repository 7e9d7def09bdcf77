"""The authors of a page: what its markup and its byline say, settled to people before organisations."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.byline_people import (
    MAX_NAME,
    is_agency,
    is_known,
    is_writer,
    unique_names,
)
from scraper.extraction.fields.attribution.marked_authors import (
    TOGETHER,
    find_far,
    find_marked,
    is_byline_elsewhere,
)
from scraper.extraction.fields.attribution.names import (
    is_description,
    is_organisation,
    is_person,
    is_trade,
    names,
)
from scraper.extraction.fields.attribution.printed_authors import find_lines
from scraper.extraction.fields.attribution.printed_organisations import find_organisations
from scraper.extraction.fields.candidates import Finding, finding, settle
from scraper.extraction.page import jsonld
from scraper.extraction.words import bylines, crew
from scraper.extraction.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scraper.extraction.fields.context import FieldContext
    from scraper.extraction.page.markup import Mark

# people in structured data, then in markup near the headline, then in the text; an organisation only where
# nobody else is named: on 121 news pages every fourth names its newsroom or an agency as its author
_DECLARED, _HINTED, _ORGANISATION = 0.95, 0.5, 0.4
_COMPLETE = 0.96
_SURE = 0.85
"""From this score of a declared person on, bare names are not looked for."""
_NAMESAKE = 0.58
"""A person after whom the site is named, or an organisation that is called like a person."""
_NOBODY_NAMED = "no person is named"
_LOGIN = 0.6
"""Of one word, as people sign in: a printed name is the better one."""

_HOST_BESIDE = re.compile(r"[(\[](?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/?[)\]]", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*")

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
        "og:author",
        "og:article:author",
        "article.author",
    ),
)


def find_authors(context: FieldContext, opened: re.Match[str] | None) -> tuple[Finding, ...]:
    """Return the candidates for the authors, each a tuple of names, given the dateline of the text."""
    declared = list(_declared(context))
    found = [_judged(context, source, raws, score) for source, raws, score in declared]
    found += find_marked(context)
    is_declared = any(item is not None and item.score >= _SURE for item in found)
    found += find_lines(context, opened, only_labelled=is_declared)
    if not any(item and item.value and item.why != _NOBODY_NAMED for item in found):
        found += find_far(context) or [
            finding(item.source, item.raw, item.value, _ORGANISATION * item.score, _NOBODY_NAMED)
            for item in find_organisations(context)
        ]
    every = _completed(_unled([item for item in found if item and item.value]))
    people = [item for item in every if not item.why.startswith(_NOBODY_NAMED)]
    rest = [
        item
        for item in every
        if item.why.startswith(_NOBODY_NAMED) and not all(_is_reported(context, name) for name in item.value)
    ]
    if not people:
        return settle(rest, key=_folded)
    return (*settle(people, key=_folded), *rest)


def _is_reported(context: FieldContext, name: str) -> bool:
    """Tell whether a byline says "by" before an agency's name: that is the credit, and no author."""
    if not is_agency(context, name):
        return False
    lines = [fold(block.text).partition(" ") for block in context.before if len(block.text) < MAX_NAME]
    return any(bylines.is_by(first) and rest == fold(name) for first, _, rest in lines)


def _folded(value: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, value))


def _unled(found: list[Finding]) -> list[Finding]:
    """Take the "by" off a name where another source has the name without it: "Von Tilda"."""
    plain = {fold(name) for item in found for name in item.value}

    def without_by(name: str) -> str:
        first, _, rest = name.partition(" ")
        return rest if bylines.is_by(first) and fold(rest) in plain else name

    return [dataclasses.replace(item, value=tuple(map(without_by, item.value))) for item in found]


def _completed(found: list[Finding]) -> list[Finding]:
    """Let a printed list win that holds the declared people and more."""
    declared = max((item for item in found if _is_declared(item)), key=lambda item: item.score, default=None)
    if declared is None or declared.why:  # an organisation
        return found
    told = set(map(fold, declared.value))
    return [
        dataclasses.replace(item, score=_COMPLETE, why="the printed list names more", binding=True)
        if told < set(map(fold, item.value)) and _is_plain_list(item)
        else item
        for item in found
    ]


def _is_plain_list(item: Finding) -> bool:
    """Tell whether a finding is a printed list of full names, all in one text that names no trade."""
    is_list = all(" " in name and name in item.raw for name in item.value)
    is_all = not is_trade(item.raw) and not crew.others_named(item.raw)
    return is_list and is_all and not _is_declared(item)


def _is_declared(item: Finding) -> bool:
    return item.source.startswith(("json-ld", "meta:", "microdata"))


def _judged(context: FieldContext, source: str, raws: Sequence[str], score: float) -> Finding | None:
    """Return a finding with the people among the names, or with the organisation where there are none."""
    plain = [bylines.without_local_by(raw, context.harvest.language) for raw in raws]
    every = [name for raw in plain for name in names(raw, lambda name: is_known(context, name))]
    persons = unique_names(
        name for name in every if not is_organisation(name) and not is_known(context, name)
    )
    if len(raws) == 1 and len(persons) == 2 and " " in persons[0]:  # noqa: PLR2004  # "Ada Quill, Courier"
        persons = tuple(name for name in persons if " " in name or not name.isascii())
    if len(persons) < len(every):  # "example.org, Aville, Freeland" names no people
        persons = tuple(name for name in persons if " " in name or not name.isascii())
    raw = "; ".join(raws)
    if persons and _HOST_BESIDE.search(raw):  # "Ufer Welle (www.uferwelle.example)" is no person
        return finding(source, raw, persons, _ORGANISATION * score, _NOBODY_NAMED)
    if persons:
        is_login = all(" " not in name and name.isascii() for name in persons)
        return finding(source, raw, persons, score * (_LOGIN if is_login else 1))
    whole = unique_names(every)
    is_namesake = all(" " in name and is_person(name) for name in whole)
    if is_namesake:
        return finding(source, raw, whole, _NAMESAKE * score, "a namesake of the site")
    return finding(source, raw, whole, _ORGANISATION * score, _NOBODY_NAMED) if whole else None


def _declared(context: FieldContext) -> Iterator[tuple[str, list[str], float]]:
    harvest = context.harvest
    for key in ("author", "creator"):
        if raws := [name for name in _names_of(context.node(key)) if _is_name(name)]:
            yield "json-ld", raws, _DECLARED
            break
    yield from _in_meta(harvest.meta)
    marks = [mark for mark in harvest.items.get("author", ()) if not is_byline_elsewhere(mark)]
    marks = [mark for mark in marks if mark.order <= marks[0].order + TOGETHER]
    if raws := [raw for raw in (_microdata(mark) for mark in marks) if raw and is_writer(raw)]:
        yield "microdata", raws, _DECLARED - 0.08
    hints = context.document.page.hints
    if hints and hints.authors:
        yield hints.source, list(hints.authors), _HINTED


def _in_meta(meta: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, list[str], float]]:
    for name in _META:
        if raws := [value for value in meta.get(name, ()) if _is_name(value)]:
            yield f"meta:{name}", raws, _DECLARED - (0.05 if name == "author" else 0.06)
    for index in ("1", "2"):
        label, value = meta.get(f"twitter:label{index}"), meta.get(f"twitter:data{index}")
        if label and value and bylines.says_written().search(label[0]):
            yield f"meta:twitter:data{index}", [value[0]], _DECLARED - 0.07
    for name, values in meta.items():
        if name.startswith("twitter:misc:") and bylines.says_written().search(name[len("twitter:misc:") :]):
            yield f"meta:{name}", [values[0]], _DECLARED - 0.07


def _names_of(value: object) -> list[str]:
    """Return the names in an author of any shape; organisations only where no person stands beside them."""
    found: list[str] = []
    nodes = list(_people_of(value))
    people = [node for node in nodes if not any("Organization" in kind for kind in jsonld.types(node))]
    for node in people or nodes:
        if not jsonld.text(node.get("name")) and (
            inner := node.get("author") or node.get("creator")
        ):  # a Role
            found += _names_of(inner)
        elif not jsonld.text(node.get("name")):
            parts = [jsonld.text(node.get(key)) for key in ("givenName", "familyName")]
            found += [" ".join(part for part in parts if part)]
        else:
            found += [_undescribed(name) for name in jsonld.texts(node.get("name"))]
    return [name for name in found if name] or jsonld.texts(value)


def _people_of(value: object) -> Iterator[jsonld.Node]:
    """Yield the nodes of an author, those of lists within it one by one."""
    for node in jsonld.objects(value):
        inner = node.get("itemListElement") or node.get("@list")
        listed = node.get("item") if "ListItem" in jsonld.types(node) else None
        if inner or listed:
            yield from _people_of(inner or listed)
        else:
            yield node


def _undescribed(name: str) -> str:
    """Return one person's name without what follows its trade: "Ada Quill, dziennikarka działu, Kurier"."""
    first, *rest = _COMMA.split(name)
    is_one = not bylines.conjunction().search(name)
    is_described = " " in first and is_one and rest and is_description(rest[0])
    return first if is_described else name


def _is_name(raw: str) -> bool:
    return bool(raw) and not raw.startswith(("http://", "https://", "/", "@", "www.")) and len(raw) < 1000  # noqa: PLR2004


def _microdata(mark: Mark) -> str | None:
    if mark.element.tag == "meta":
        return mark.value if mark.value and _is_name(mark.value) else None
    inner = mark.element.xpath(".//*[@itemprop='name']")
    if inner:
        text = inner[0].get("content") or " ".join(inner[0].itertext())
        return " ".join(text.split()) or None
    return mark.text if 0 < len(mark.text) < 100 else None  # noqa: PLR2004
