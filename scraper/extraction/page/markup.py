"""The Harvest of a page: metas, links, JSON-LD, marked elements; read by fields and verdict."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from scraper.extraction.page import jsonld
from scraper.extraction.page.composition import EQUIPMENT, Equipment
from scraper.extraction.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.html import HtmlElement

    from scraper.extraction.page.jsonld import Node
    from scraper.extraction.page.reading import Attributes

_MAX_FOUND = 100
"""Of one kind; real pages had at most 10 author tags, hostile ones thousands."""
_MAX_TEXT = 2_000
"""Characters of one element's text that are read."""

# what a class, an id or a test id of an element says that it holds; first match wins
_ROLES = {
    "byline": re.compile(
        r"(?:^|[^a-z])(?:author(?!i[sz]|[-_]*(?:button|location|place|city))|autor|auteur|byline|by-line|writer|journalist|signature)",
        re.IGNORECASE,
    ),
    "breadcrumb": re.compile(r"breadcrumb", re.IGNORECASE),
    "date": re.compile(
        r"date(?!ail|-?picker)|publish|timestamp|(?:^|[^a-z])(?:time|datum|fecha|tarih|dato)(?:$|[^a-z])",
        re.IGNORECASE,
    ),
    "kicker": re.compile(
        r"kicker|overline|eyebrow|antetitulo|spitzmarke|dachzeile|volanta|occhiello|surtitre", re.IGNORECASE
    ),
    "subtitle": re.compile(
        r"standfirst|sottotitolo|sub-?title|sub-?head(?!er)|(?:^|[^a-z])(?:dek|lede|bajada|chapo|chapeau)(?:$|[^a-z])",
        re.IGNORECASE,
    ),
    "credit": re.compile(r"(?:^|[^a-z])(?:credits?|source|agency|agentur|agence)(?:$|[^a-z])", re.IGNORECASE),
    "section": re.compile(
        r"section[-_]*(?:label|name|link|tag)|(?:^|[^a-z])(?:rubrik|rubrique|rubric)(?:$|[^a-z])",
        re.IGNORECASE,
    ),
}
_ROLE_WORDS = (
    *(
        "author",
        "autor",
        "auteur",
        "byline",
        "by-line",
        "writer",
        "journalist",
        "signature",
        "breadcrumb",
        "date",
    ),
    *(
        "publish",
        *("time", "datum", "fecha", "tarih", "dato"),
        "kicker",
        "overline",
        "eyebrow",
        "antetitulo",
        "spitzmarke",
        *("dachzeile", "volanta", "occhiello", "surtitre", "sottotitolo"),
        "standfirst",
        "sub",
        "dek",
        "lede",
    ),
    *("bajada", "chapo", "chapeau", "credit", "source", "agen", "section", "rubri"),
)
"""One of them is in every class that has a role: looking for them first saves nine tenths of the time."""
_PREFIX = re.compile(r"\A.*[:/]")
_RELS = frozenset({"author", "tag", "license", "next"})
_STATEMENTS = frozenset({"meta", "link", "title", "base", "head"})
"""Nothing of them is seen."""
_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "object"})
"""What is in them is no part of the page that a reader sees."""
_TAGS = frozenset({"h1", "time", "title", "relative-time", "time-ago", "local-time"})
_TIMES = dict.fromkeys(("relative-time", "time-ago", "local-time"), "time")
"""Elements that scripts define for what `time` is."""
_TELLING_TAGS = _TAGS | _STATEMENTS | EQUIPMENT
_MOMENTS = (
    "data-datetime",
    "data-timestamp",
    "data-date",
    "data-time",
    "data-published",
    "data-epoch",
    "data-utime",
    "data-unix",
)
"""Attributes in which scripts find the moment that an element prints."""
_TELLING = frozenset({"itemprop", "property", "itemtype", "rel"})
"""Attributes that say what is in an element."""
_NOT_ROLES = frozenset(
    {"body", "html", "form", "input", "button", "svg", "iframe", "img", "picture", "section"}
)


# a page has dozens, and a frozen one takes three times as long to make; none is changed all the same
@dataclass(kw_only=True)
class Mark:
    """An element that was picked for what it may say."""

    selector: str
    """Why it was picked: its tag, and the class or attribute."""
    value: str | None = None
    """Its attribute for machines: datetime, content or href."""
    order: int = 0
    """Its place among the elements of the page."""
    element: HtmlElement = field(repr=False, compare=False)

    @cached_property
    def text(self) -> str:
        """Its text, white space folded, at most 2,000 characters."""
        return text_of(self.element)

    def headline(self, told: Iterable[str]) -> str:
        """Return its text without a kicker in an element at its start, unless others tell it too."""
        first = next(iter(self.element), None)
        if first is None or first.tag == "br" or (self.element.text or "").strip():
            return self.text
        role, whole = _role(first.get("class") or ""), fold(self.text)
        rest = self.text.removeprefix(text_of(first)).lstrip(" :|–—-")
        is_kicker = role is not None and role[0] == "kicker" and not any(whole in fold(text) for text in told)
        return rest if is_kicker and rest else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """Everything that the markup says about the article."""

    graph: tuple[Node, ...] = ()
    """The objects of JSON-LD."""
    article: Node = field(default_factory=dict)
    """The page's own article among them."""
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Contents by name or property in lower case."""
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Addresses of link elements by rel in lower case."""
    items: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    """Microdata and RDFa by property in lower case, without its vocabulary."""
    rels: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    """Anchors by rel in lower case."""
    roles: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    """Elements by what their class says: byline, breadcrumb, date, kicker, subtitle, credit, section."""
    titles: tuple[Mark, ...] = ()
    headings: tuple[Mark, ...] = ()
    """First-level ones."""
    times: tuple[Mark, ...] = ()
    language: str | None = None
    """Of the html element."""
    article_body: str = ""
    """The longest text that JSON-LD gives for the body."""
    equipment: Equipment = field(default_factory=Equipment)

    def first(self, *names: str) -> tuple[str, str] | None:
        """Return the first name that a meta element has, and its content."""
        return next(((name, self.meta[name][0]) for name in names if name in self.meta), None)


class Basket:
    """Collects what the elements of a page say, told of each in order."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, list[Mark]]] = {
            kind: defaultdict(list) for kind in ("item", "rel", "role", "tag")
        }
        self.meta: dict[str, list[str]] = defaultdict(list)
        self.links: dict[str, list[str]] = defaultdict(list)
        self.blocks: list[str] = []
        """Of JSON-LD."""
        self.equipment = Equipment()
        self._order = 0

    def harvest(self, tree: HtmlElement, url: str | None) -> Harvest:
        """Return what the markup of a page says, when all was taken."""
        graph, found = jsonld.nodes(self.blocks), self.found
        addresses = frozenset(
            address.split("#")[0].rstrip("/")
            for address in (url, *self.links.get("canonical", ()), *self.meta.get("og:url", ()))
            if address
        )
        _unfold(self.meta)
        names = [mark.text for mark in found["tag"]["h1"][:4]] + self.meta.get("og:title", [])
        titles = frozenset(map(fold, filter(None, names))) if len(graph) > 1 else frozenset()
        return Harvest(
            graph=tuple(graph),
            article=jsonld.main_article(graph, addresses, titles),
            meta={name: tuple(values) for name, values in self.meta.items()},
            links={rel: tuple(values) for rel, values in self.links.items()},
            items=_frozen(found["item"]),
            rels=_frozen(found["rel"]),
            roles=_frozen(found["role"]),
            titles=tuple(found["tag"]["title"]),
            headings=tuple(found["tag"]["h1"]),
            times=tuple(found["tag"]["time"]),
            language=_language(tree),
            article_body=jsonld.article_body(self.blocks),
            equipment=self.equipment,
        )

    def take(self, element: HtmlElement, tag: str, attributes: Attributes) -> None:
        """Keep an element for each thing that its tag, attributes or classes say it is."""
        self._order += 1
        marks = self.equipment.marks
        if tag in _TELLING_TAGS:
            if tag in _TAGS:
                self._mark("tag", _TIMES.get(tag, tag), element, tag)
            if tag in _STATEMENTS:
                self._state(element, tag)
                return
            if tag in EQUIPMENT:
                self.equipment.note(element, tag)
        for name, value in attributes:
            if name == "class":
                marks[value] = None
                if tag not in _NOT_ROLES and (role := _role(value)):
                    self._mark("role", role[0], element, f"{tag}.{role[1]}")
            elif name == "id":
                marks[value] = None
            elif name in _TELLING:
                self._take_attribute(element, name, value)

    def take_unseen(self, element: HtmlElement, tag: str) -> None:
        """Keep what elements without text of the page say: the head, forms, scripts, frames."""
        if tag in _HIDDEN:
            self.take_hidden(element, tag)
            return
        walk = etree.iterwalk(element, events=("start",))
        for _, inner in walk:
            name = inner.tag
            if name in _HIDDEN:
                walk.skip_subtree()
                self.take_hidden(inner, name)
            else:
                self.take(inner, name, inner.items())

    def take_hidden(self, element: HtmlElement, tag: str) -> None:
        """Keep JSON-LD, and what tells of scripts."""
        if tag == "script" and (element.get("type") or "").lower().startswith("application/ld+json"):
            self.blocks.append(element.text or "")
        else:
            self.equipment.note_hidden(element, tag)

    def _take_attribute(self, element: HtmlElement, name: str, value: str) -> None:
        if name == "itemtype":
            self.equipment.note_type(value)
        elif name == "rel":
            for rel in _RELS.intersection(value.lower().split()):
                self._mark("rel", rel, element, f"{element.tag}[rel={rel}]")
        else:
            for item in value.lower().split():
                self._mark("item", _PREFIX.sub("", item), element, f"[{name}={item}]")
            self.equipment.price |= value == "price"

    def _state(self, element: HtmlElement, tag: str) -> None:
        if tag == "meta":
            _meta(element, self.meta)
        elif tag == "link":
            for rel in (element.get("rel") or "").lower().split():
                _add(self.links[rel], (element.get("href") or "").strip())
        if name := element.get("itemprop"):
            self._mark("item", name.lower().split(":")[-1], element, f"[itemprop={name}]")
            self.equipment.price |= name == "price"

    def _mark(self, kind: str, name: str, element: HtmlElement, selector: str) -> None:
        marks = self.found[kind][name]
        if len(marks) < _MAX_FOUND:
            get = element.get
            value = get("datetime") or get("content") or get("href") or get("src") or get("title")
            if kind in {"role", "tag"} and name in {"date", "time"} and not get("datetime"):
                value = next(filter(None, map(get, _MOMENTS)), value)
            marks.append(Mark(selector=selector[:80], value=value, order=self._order, element=element))


def _meta(element: HtmlElement, meta: dict[str, list[str]]) -> None:
    # some pages name the content of a meta element "value"
    content = jsonld.without_markup(element.get("content") or element.get("value") or "")
    if not content:
        return
    for attribute in ("name", "property", "http-equiv", "itemprop"):
        if name := (element.get(attribute) or "").strip().lower():
            _add(meta[name], content)


def _unfold(meta: dict[str, list[str]]) -> None:
    """Name what parsely-page holds as JSON as Parsely's other elements do."""
    for content in meta.get("parsely-page", ())[:1]:
        try:
            said = json.loads(content)
        except (ValueError, RecursionError):
            return
        for key, value in said.items() if isinstance(said, dict) else ():
            for text in jsonld.texts(value):
                _add(meta["parsely-" + str(key).replace("_", "-")], text)


@lru_cache(maxsize=20_000)
def _role(names: str) -> tuple[str, str] | None:
    """Return the role that an element's classes give it, and the class that says so."""
    folded = names.lower()
    for word in _ROLE_WORDS:
        if word in folded:
            break
    else:
        return None
    for role, pattern in _ROLES.items():
        if match := pattern.search(folded):
            word = match[0].strip(" -_")
            return role, next((name for name in names.split() if word in name.lower()), word)
    return None


def text_of(element: HtmlElement) -> str:
    """Return the first 2,000 characters of the element's text, white space folded, its parts kept apart."""
    parts: list[str] = []
    size = 0
    for part in element.itertext():
        parts.append(part)
        size += len(part)
        if size > _MAX_TEXT:
            break
    return " ".join(" ".join(parts).split())


def _add(values: list[str], value: str) -> None:
    if value and value not in values and len(values) < _MAX_FOUND:
        values.append(value)


def _frozen(marks: Mapping[str, list[Mark]]) -> dict[str, tuple[Mark, ...]]:
    return {name: tuple(found) for name, found in marks.items()}


def _language(tree: HtmlElement) -> str | None:
    declared = (
        tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang")
    )
    return declared or None
