"""The authors of a page: what its markup and its byline say, settled to people before organisations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extract import jsonld
from scraper.extract.agencies import AGENCIES
from scraper.extract.byline import is_organisation, is_person, names
from scraper.extract.evidence import is_in_picture
from scraper.extract.findings import Finding, finding, settle
from scraper.extract.notices import read_source_line
from scraper.extract.title import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.extract.blocks import Block
    from scraper.extract.evidence import Evidence
    from scraper.extract.harvest import Mark

# people in structured data, then in markup near the headline, then in the text; an organisation only where
# nobody else is named: on 121 news pages every fourth names its newsroom or an agency as its author
_DECLARED, _BYLINE, _PRINTED, _HINTED, _ORGANISATION = 0.95, 0.7, 0.6, 0.5, 0.4

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
_WRITTEN_BY = re.compile(
    r"written|verfasst|geschrieben|écrit|escrito|scritto|geschreven|napisan|skrev|yazan|автор|ditulis|av\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"comment|teaser|card|related|recommend|sidebar|footer|image|photo|foto|caption|media|credit|avatar|"
    r"picture|promo|"
    r"social|share|newsletter|widget|most|trending|popular|listing|bio(?:$|[^a-z])|description",
    re.IGNORECASE,
)
_BY = r"(?:[Bb]y|BY|[Vv]on|VON|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor|[Aa]v|[Aa]f)"
_WITHIN = re.compile(
    rf"(?:\A(?:(?:[Tt]ext|[Ss]tory|[Ww]ritten|[Ww]ords|[Pp]osted|[Pp]ublished) )?|[\s|·•,]){_BY}\s*:?\s+"
    r"(?P<names>[^\W\d_].{2,120}?)"
    r"(?=\s*(?:[|·•–—⋅]|\d|\s[Uu]pdated?|\s[Pp]ublished|\s[Pp]osted|\s[Ss]tand|\s[Aa]ktualisiert|\s[Ff]ollow"
    r"|\son\s|\s[^\W\d_]{3,9}\.?\s\d)|\Z)"
)
_FIGURES = re.compile(r"\s*[|·•⋅]|\s+(?=\d)")
_PLAIN_TAGS = frozenset({"p", "div", "span", "line", "strong"})
_SOON = 4
"""Lines after the body among which its author signs."""
_FAR = 400
"""Elements after the headline; a byline farther on belongs to something else."""


def find_authors(evidence: Evidence) -> tuple[Finding, ...]:
    """Return the candidates for the authors, each a tuple of names."""
    declared = list(_declared(evidence))
    found = [_judged(evidence, source, raws, score) for source, raws, score in declared]
    found += _bylines(evidence)
    found += _lines(evidence)
    return settle(
        [item for item in found if item and item.value], key=lambda value: frozenset(map(fold, value))
    )


def _judged(evidence: Evidence, source: str, raws: Sequence[str], score: float) -> Finding | None:
    """Return a finding with the people among the names, or with the organisation where there are none."""
    every = [name for raw in raws for name in names(raw, lambda name: is_known(evidence, name))]
    persons = _once(name for name in every if not is_organisation(name) and not is_known(evidence, name))
    if len(persons) < len(every):  # "example.org, Aville, Freeland" names no people
        persons = tuple(name for name in persons if " " in name or not name.isascii())
    raw = "; ".join(raws)
    if persons:
        return finding(source, raw, persons, score)
    whole = _once(every)
    return finding(source, raw, whole, _ORGANISATION * score, "no person is named") if whole else None


def is_known(evidence: Evidence, name: str) -> bool:
    """Tell whether a name is the site's or a wire agency's."""
    first = name.split(" ", maxsplit=1)[0]
    return (
        evidence.is_site(name)
        or name in AGENCIES
        or name in evidence.document.site.agencies
        or (first.isupper() and len(first) > 1 and evidence.is_site(first))  # "ARD Berlin" on ard.example
    )


def _once(found: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple({fold(name): name for name in reversed(list(found))}.values())[::-1]


def _declared(evidence: Evidence) -> Iterator[tuple[str, list[str], float]]:
    harvest = evidence.harvest
    for key in ("author", "creator"):
        if raws := [name for name in _names_of(evidence.node(key)) if _is_name(name)]:
            yield "json-ld", raws, _DECLARED
            break
    for name in _META:
        if raws := [value for value in harvest.meta.get(name, ()) if _is_name(value)]:
            yield f"meta:{name}", raws, _DECLARED - (0.05 if name == "author" else 0.06)
    for index in ("1", "2"):
        label, value = harvest.meta.get(f"twitter:label{index}"), harvest.meta.get(f"twitter:data{index}")
        if label and value and _WRITTEN_BY.search(label[0]):
            yield f"meta:twitter:data{index}", [value[0]], _DECLARED - 0.07
    marks = [mark for mark in harvest.items.get("author", ()) if not _is_elsewhere(mark)]
    if raws := [raw for raw in (_microdata(mark) for mark in marks) if raw]:
        yield "microdata", raws, _DECLARED - 0.08
    hints = evidence.document.page.hints
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
        if _ELSEWHERE.search(f"{element.get('class') or ''} {element.get('id') or ''}") or element.tag in {
            "figure",
            "figcaption",
            "aside",
            "footer",
        }:
            return True
        element = element.getparent()
    return False


def _bylines(evidence: Evidence) -> list[Finding]:
    """Return what the byline elements nearest to the headline name."""
    harvest = evidence.harvest
    start = harvest.headings[0].order if harvest.headings else 0
    found = []
    for kind, marks in (("rel", harvest.rels.get("author", ())), ("role", harvest.roles.get("byline", ()))):
        near = [
            mark
            for mark in marks
            if start - 40 < mark.order < start + _FAR and mark.text and not _is_elsewhere(mark)
        ]
        near.sort(key=lambda mark: (mark.order < start, mark.order))
        if item := _first_people(evidence, near, _BYLINE - (0.02 if kind == "role" else 0)):
            found.append(item)
    return found


def _first_people(evidence: Evidence, marks: list[Mark], score: float) -> Finding | None:
    for index, mark in enumerate(marks):
        people = _people(evidence, mark.text)
        if not people:
            continue
        for other in marks[index + 1 :]:  # a list of authors, each in an element of its own
            if other.selector != mark.selector or other.order > mark.order + 40:
                break
            people += _people(evidence, other.text)
        return finding(f"html:{mark.selector}", mark.text, _once(list(people)), score)
    return None


def _people(evidence: Evidence, text: str) -> tuple[str, ...]:
    """Return the people in the text of a byline: all of it names, or what follows "by" in it."""
    if len(text) > 300:  # noqa: PLR2004 - a biography
        return ()
    within = [match["names"] for match in _WITHIN.finditer(text)]
    for raw in (text, *within, *([] if within else _FIGURES.split(text, maxsplit=1)[:1])):
        found = names(raw, lambda name: is_known(evidence, name))
        people = tuple(name for name in found if is_person(name) and not is_known(evidence, name))
        rest = [
            name
            for name in found
            if name not in people and not is_known(evidence, name) and not is_organisation(name)
        ]
        if raw != text or _WITHIN.match(text):  # "by Ada Quill, Aville"
            rest = [name for name in rest if " " in name or found.index(name) == 0]
        if people and not rest:
            return people
    return ()


def _lines(evidence: Evidence) -> list[Finding]:
    """Return the people in lines about the body's start or after it that say "by" and little else."""
    for block in (*reversed(evidence.before), *evidence.early, *evidence.after[:_SOON]):
        match = _WITHIN.match(block.text) if len(block.text) < 150 else None  # noqa: PLR2004
        if match is None and block in evidence.before:
            match = next(_WITHIN.finditer(block.text[:150]), None)
        if match and not is_in_picture(block) and (people := _people(evidence, match["names"])):
            return [finding("text:byline", block.text, people, _PRINTED)]
    for block in (*evidence.after, *evidence.before):
        said = read_source_line(block.text)
        if said and said.byline and (people := _people(evidence, said.byline)):
            return [finding("text:source line", block.text, people, _PRINTED)]
    for block in evidence.before[-2:]:
        if _is_name_line(block) and not is_known(evidence, block.text):
            return [finding("text:name line", block.text, (block.text,), _ORGANISATION + 0.05)]
    return []


def _is_name_line(block: Block) -> bool:
    """Tell whether a paragraph is a person's name and nothing else."""
    words = block.text.split()
    is_plain = all(word.isalpha() and word[0].isupper() for word in words)
    return (
        block.tag in {"p", "div", "span", "line", "strong"}
        and len(words) in {2, 3}
        and is_plain
        and is_person(block.text)
    )
