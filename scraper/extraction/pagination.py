"""Articles split over several pages: the address of the next page, and one Article joined from all.

Read by article and by the crawl, which asks for the next page.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from scraper.learned.layout import IN_FULL, Reading
from scraper.text_blocks import body_of, continue_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from urllib.parse import SplitResult

    from lxml.html import HtmlElement

    from scraper.extraction.page.document import Document
    from scraper.model import Article, Rejection

MOST_PAGES = 20
"""Pages of one article that are joined."""
_PAGE_KEYS = frozenset(
    {"page", "p", "pg", "seite", "pagina", "pagenum", "page_num", "pageno", "pn", "part", "paged", "s"}
)
_LAST_STEP = re.compile(
    r"(?P<stem>.*?)(?:(?P<slash>/)(?:(?:page|seite|pagina|teil|part)[-/]?)?(?P<number>[1-9]\d?)"
    r"|(?P<mark>[-_,](?:page|seite|pagina|teil|part|p|s)?[-_]?)(?P<tail>[1-9]\d?))(?P<end>/|\.\w{3,5})?$",
    re.IGNORECASE,
)
_END = re.compile(r"(?:/|\.\w{3,5})$")
_SLUG = re.compile(r"(?:[^/\d][^/]*|\d{5,})$")
"""The last step of an address before its page number: days and months of a date are none."""
_LIST_STEP = re.compile(
    r"/(?:category|categor[iy]a|kategorie|rubrique|tags?|topics?|thema|authors?|autor|search|suche|archives?|archiv|page)(?:/|$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one page is, and where its article goes on."""

    outcome: Article | Rejection
    following: str | None = None
    """The address of the article's next page."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Its headline by source, without the site's name: what a host's preference is learned from."""
    reading: Reading = IN_FULL
    """How its body was found."""
    awaits_scripts: bool = False
    """The page is empty, and a script would have brought its text."""


def next_page(document: Document) -> str | None:
    """Return the absolute address of the article's following page, None where it has none.

    Only an address that differs from the page's own in its page number, and is one higher, follows: never the
    next article, never the following page of a list.
    """
    base, tree = document.page.url, document.tree
    if not base or tree is None:
        return None
    here = _place(urlsplit(base))
    if here is None or _LIST_STEP.search(urlsplit(base).path):
        return None
    # joining every address of a page costs more than the rest: a first page's next one has a 2 in it
    targets = list(_targets(tree, base, having="2" if here.number == 1 else ""))
    if here.number > 1 and not any(
        dataclasses.replace(here, number=1) in _places(target) for target in targets
    ):
        return None  # a number that no first page stands beside is the article's own: /posts/12
    following = dataclasses.replace(here, number=here.number + 1)
    return next((target.geturl() for target in targets if following in _places(target)), None)


def join_pages(parts: Sequence[Article]) -> Article:
    """Return one article of the parts' texts, in order; everything else is the first part's.

    A paragraph that an earlier part already held (a repeated summary, a box) appears once.
    """
    first, *others = parts
    blocks = first.blocks
    for part in others:
        blocks = continue_blocks(blocks, part.blocks)
    images = tuple(dict.fromkeys(image for part in parts for image in part.images))
    return dataclasses.replace(first, body=body_of(blocks), blocks=blocks, images=images)


def _targets(tree: HtmlElement, base: str, *, having: str) -> Iterator[SplitResult]:
    """Yield the addresses that the page calls the next one, then every other; only those having a text."""
    named = tree.xpath("//*[self::link or self::a][contains(concat(' ', @rel, ' '), ' next ')]/@href")
    for address in map(str, (*named, *tree.xpath("//a/@href"))):
        if having not in address:
            continue
        try:
            target = urlsplit(urljoin(base, address.strip()))
        except ValueError:
            continue
        if target.scheme in {"http", "https"}:
            yield target._replace(fragment="")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a page of an article stands."""

    host: str
    path: str
    """Without its number."""
    query: frozenset[tuple[str, str]]
    """Without its number."""
    number: int
    """From 1: a page without a number is the first."""


def _place(address: SplitResult) -> _Place | None:
    places = _places(address)
    return places[0] if places else None


def _places(address: SplitResult) -> list[_Place]:
    """Return every reading of an address, the one with a page number first."""
    host, path = (address.hostname or "").removeprefix("www."), address.path
    if path in {"", "/"}:
        return []
    pairs = parse_qsl(address.query)
    plain = frozenset(pairs)
    found = [
        _Place(host=host, path=_END.sub("", path), query=plain - {(key, value)}, number=int(value))
        for key, value in pairs
        if key.lower() in _PAGE_KEYS and value.isdecimal() and 1 <= int(value) <= MOST_PAGES
    ]
    match = _LAST_STEP.match(path)
    if (
        match
        and (number := int(match["number"] or match["tail"])) <= MOST_PAGES
        and _SLUG.search(match["stem"])
    ):
        found.append(_Place(host=host, path=_END.sub("", match["stem"]), query=plain, number=number))
    return [*found, _Place(host=host, path=_END.sub("", path), query=plain, number=1)]
