"""The Traits of a page: counts, shares and folded strings; read by verdict.signals and verdict.witnesses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.extraction.page import jsonld
from scraper.extraction.page.composition import survey
from scraper.extraction.page.markup import Mark
from scraper.extraction.verdict.markup_patterns import OTHERWISE_TYPES
from scraper.extraction.words.phrases import (
    AMOUNT,
    BOT_WALL,
    CART,
    CONSENT,
    ERROR,
    count_words,
    plain,
    plain_lines,
)
from scraper.extraction.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from scraper.extraction.fields.metadata import Metadata
    from scraper.extraction.page.blocks import Decision, Segments
    from scraper.extraction.page.composition import Equipment
    from scraper.extraction.page.document import Document
    from scraper.extraction.page.jsonld import Node
    from scraper.extraction.page.markup import Harvest

_ARTICLE_TYPES = frozenset(
    {
        "article",
        "newsarticle",
        "blogposting",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "opinionnewsarticle",
    }
    | {
        "reviewnewsarticle",
        "backgroundnewsarticle",
        "askpublicnewsarticle",
        "advertisercontentarticle",
        "report",
    }
    | {"satiricalarticle", "techarticle", "scholarlyarticle", "medicalscholarlyarticle", "liveblogposting"}
    | {"socialmediaposting"}
)
_MOST_ARTICLES = 3
"""Article objects that one article's page has; a list may have one for each of its entries."""
_BLOCKS_READ = 120
"""Blocks searched for the phrases of walls and errors: pages that are one have fewer."""
_BLOCK_CHARACTERS = 600
_LONG = 400
"""Words of prose from which a page is read for consent alone: the longest other wall has fewer."""
_NUMBER_LINE = 12
"""Words of a line in which 404 is no house, flight or street."""
_PROSE_READ = 6
"""Paragraphs of a long page whose beginnings are read: a wall speaks of nothing else."""
_PARAGRAPH = 150
"""Characters of a block that is a paragraph, not a line of a table or a list."""
_LINE = 60
"""Characters of a block that may be a price with its label; a sentence that names one is longer."""
_FIGURE = re.compile(r"\d")
_SELECTOR = re.compile(r"\.([\w-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """One page in figures and folded strings."""

    status: int
    host: str
    path: str
    """With the query."""
    title: str
    heading: str
    """The first h1, or the first h2 where there is none."""
    headline: str
    """As it was found for the record."""
    dated: str
    """Where a time of publication was found: "declared", "printed" or nowhere."""
    is_signed: bool
    """An author or an agency was found."""
    types: frozenset[str]
    """JSON-LD and microdata types of the page itself, not of what it lists."""
    named_types: frozenset[str]
    """Of those JSON-LD objects of OTHERWISE_TYPES that bear the page's own headline or heading."""
    is_article: bool
    """The page calls itself one article, in JSON-LD or microdata."""
    page_type: str
    """og:type, or "article" where the page has an article's publication time."""
    free: bool | None
    """isAccessibleForFree; None where the page does not say."""
    stated_words: int
    """The length of the text as the page itself states it; 0 where it does not."""
    gated_words: int | None
    """Words in the part that the page names as behind the paywall; None where it names none."""
    marks: str
    """Class and id names, between spaces."""
    outer_marks: str
    scripts: str
    hidden: str
    """What readers without JavaScript are told."""
    text: str
    """The folded beginning of what is seen, a block a line."""
    words: int
    prose: int
    """Words in paragraphs that are no teasers and do not speak of walls and errors."""
    teasers: int
    teaser_words: int
    headlines: int
    headline_words: int
    consent_share: float
    """Of the words read, those in blocks that speak of consent."""
    wall_lines: int
    """Short blocks that speak of a challenge."""
    error_lines: int
    cart_lines: int
    ending: str
    """The last block of the body, folded."""
    kept_words: int
    kept_prose: float
    """Share of the body's characters that stand in paragraphs and in no link."""
    kept_linked: float
    """Share of the body's characters that stand in links."""
    passwords: int
    inputs: int
    articles: int
    times: int
    buttons: str
    price: bool
    price_lines: int
    """Short blocks that hold an amount of money."""
    has_next: bool


def observe(document: Document, decisions: Sequence[Decision], metadata: Metadata) -> Traits:
    """Return the traits of a page that has a tree."""
    tree, harvest = document.tree, document.harvest
    assert tree is not None
    address = urlsplit(document.page.url or "")
    titles = (mark.text[:300] for mark in harvest.titles)
    headings = (mark.text[:300] for mark in chain(harvest.headings, _second_headings(tree)))
    kinds = [_types(node) for node in harvest.graph]
    heading = plain(next(filter(None, headings), ""))
    types = frozenset(kind for found in kinds for kind in found) | frozenset(
        kind for kind, times in harvest.equipment.itemtypes.items() if times == 1
    )
    described = sum(1 for found in kinds if _ARTICLE_TYPES.intersection(found))
    body = [decision.block for decision in decisions if decision.kept]
    return Traits(
        status=document.page.status,
        host=(address.hostname or "").lower(),
        path=(address.path + ("?" + address.query if address.query else "")).lower(),
        title=plain(next(filter(None, titles), "")),
        heading=heading,
        headline=metadata.title or "",
        dated=_dated(metadata),
        is_signed=bool(metadata.authors or metadata.credit),
        types=types,
        named_types=_named_types(
            zip(harvest.graph, kinds, strict=True), {fold(metadata.title or ""), fold(heading)} - {""}
        ),
        is_article=bool(types & _ARTICLE_TYPES) and described <= _MOST_ARTICLES,
        page_type="article" if harvest.first("article:published_time") else _page_type(harvest),
        free=_free(harvest.graph),
        stated_words=max(map(_stated_words, harvest.graph), default=0),
        gated_words=_gated_words(tree, harvest.graph),
        ending=plain(body[-1].text) if body else "",
        kept_words=sum(document.segments.words[block.index] for block in body),
        **_kept_shares(document.segments, decisions),
        has_next="next" in harvest.links or "next" in harvest.rels,
        **_equipment(harvest.equipment),
        **_measures(document.segments, harvest.equipment.buttons),
    )


def _dated(metadata: Metadata) -> str:
    if metadata.published is None:
        return ""
    origin = metadata.provenance.get("published")
    is_declared = origin is not None and origin.source.startswith(("json-ld", "meta", "microdata"))
    return "declared" if is_declared else "printed"


def _kept_shares(segments: Segments, decisions: Sequence[Decision]) -> dict[str, Any]:
    lengths = [
        (len(decision.block.text), segments.spans[decision.block.index].linked)
        for decision in decisions
        if decision.kept
    ]
    whole = max(sum(length for length, _ in lengths), 1)
    prose = sum(length - linked for length, linked in lengths if length >= _PARAGRAPH and linked * 2 < length)
    return {"kept_prose": prose / whole, "kept_linked": sum(linked for _, linked in lengths) / whole}


def _second_headings(tree: HtmlElement) -> Iterator[Mark]:
    for element in tree.iter("h2"):  # which looks for the first as soon as it is called
        yield Mark(selector="h2", element=element)


def _page_type(harvest: Harvest) -> str:
    found = harvest.first("og:type")
    return found[1].lower() if found else ""


def _equipment(found: Equipment) -> dict[str, Any]:
    names = dict.fromkeys(" ".join(found.marks).lower().split())
    return {
        "marks": f" {' '.join(names)} ",
        "outer_marks": found.outer_marks.lower(),
        "scripts": "\n".join(found.scripts),
        "hidden": plain(" ".join(found.noscript)),
        "passwords": found.passwords,
        "inputs": found.inputs,
        "articles": found.tags["article"],
        "times": found.tags["time"],
        "price": found.price,
    }


def _measures(segments: Segments, buttons: Sequence[str]) -> dict[str, Any]:
    found, blocks = survey(segments), segments.blocks
    words, prose = found.words, found.prose
    long = sum(words[at] for at in prose) >= _LONG
    seen = plain_lines([block.text[:_BLOCK_CHARACTERS] for block in blocks[:_BLOCKS_READ]])
    read = {at: plain(blocks[at].text[:300]) for at in prose[:_PROSE_READ]} if long else dict(enumerate(seen))
    consent = {at for at, text in read.items() if CONSENT.search(text)}
    short = {} if long else {at: text for at, text in read.items() if words[at] <= 60}  # noqa: PLR2004 - a notice
    walls = {at for at, text in short.items() if BOT_WALL.search(text)}
    errors = {at for at, text in short.items() if _tells_of_error(text, words[at])}
    spoken = consent | walls | errors
    pressed = [*buttons, *(block.text for block in blocks if block.tag == "button")]
    return {
        "text": "\n".join(seen),
        "words": sum(words),
        "prose": sum(words[at] for at in prose if at not in spoken),
        "teasers": len(found.teasers),
        "teaser_words": sum(words[at] for at in found.teasers),
        "headlines": len(found.headlines),
        "headline_words": sum(words[at] for at in found.headlines),
        "consent_share": sum(words[at] for at in consent) / max(sum(words[at] for at in read), 1),
        "wall_lines": len(walls),
        "error_lines": len(errors),
        "buttons": plain(" | ".join(pressed))[:2000],
        "price_lines": _count_amounts([block.text for block in blocks if len(block.text) <= _LINE]),
        "cart_lines": sum(1 for at, text in short.items() if words[at] <= 12 and CART.search(text)),  # noqa: PLR2004
    }


def _count_amounts(lines: Sequence[str]) -> int:
    """Return how many of the lines hold an amount of money."""
    return sum(1 for line in filter(_FIGURE.search, lines) if AMOUNT.search(line))


def _tells_of_error(text: str, words: int) -> bool:
    """Tell whether a line says that something went wrong; a number says so in a short one alone."""
    return any(words <= _NUMBER_LINE or not found[0].isdigit() for found in ERROR.finditer(text))


def _types(node: Node) -> list[str]:
    return [name.lower() for name in jsonld.types(node)]


def _named_types(nodes: Iterable[tuple[Node, Sequence[str]]], headlines: set[str]) -> frozenset[str]:
    told = ((node, found) for node, found in nodes if OTHERWISE_TYPES.intersection(found))
    named = (found for node, found in told if any(fold(name) in headlines for name in _names(node)))
    return frozenset(chain.from_iterable(named))


def _names(node: Node) -> list[str]:
    """Return the names of an object; a job's advert has a title, a page about a person that of the person."""
    return [name for key in ("name", "title", "mainEntity") for name in jsonld.texts(node.get(key))]


def _free(nodes: Sequence[Node]) -> bool | None:
    said = {str(node["isAccessibleForFree"]).lower() for node in nodes if "isAccessibleForFree" in node}
    if said & {"false", "0", "no"}:
        return False
    return True if said & {"true", "1", "yes"} else None


def _stated_words(node: Node) -> int:
    if not _ARTICLE_TYPES.intersection(_types(node)):
        return 0
    body, stated = node.get("articleBody"), node.get("wordCount")
    written = count_words(body) if isinstance(body, str) else 0
    counted = int(stated) if isinstance(stated, (int, str)) and str(stated).isdecimal() else 0
    return max(written, min(counted, 100_000))


def _gated_words(tree: HtmlElement, nodes: Sequence[Node]) -> int | None:
    names = []
    for node in nodes:
        parts = node.get("hasPart")
        for part in parts if isinstance(parts, list) else [parts]:
            if isinstance(part, dict) and str(part.get("isAccessibleForFree")).lower() in {"false", "0"}:
                selector = part.get("cssSelector")
                names += _SELECTOR.findall(selector if isinstance(selector, str) else "")
    if not names:
        return None
    path = "//*[contains(concat(' ', normalize-space(@class), ' '), concat(' ', $name, ' '))]"
    return max(
        (
            count_words(" ".join(element.xpath(".//text()[not(ancestor::script or ancestor::style)]")))
            for name in names[:3]
            for element in tree.xpath(path, name=name)[:5]
        ),
        default=0,
    )
