"""Everything that the fields of one page are judged from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.extract import jsonld
from scraper.extract.harvest import Harvest, harvest
from scraper.extract.title import fold, site_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scraper.boilerplate.template import SiteTemplate
    from scraper.extract.blocks import Block, Decision
    from scraper.extract.document import Document
    from scraper.extract.jsonld import Node

_NEAR = 8
"""Blocks before the body, and after it, in which a byline or a credit is looked for."""
_LONG = 100
"""Characters; a block of the body that is shorter may be a byline or a credit that was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One page, its markup's statements and the text around its body."""

    document: Document
    template: SiteTemplate
    harvest: Harvest
    by_id: Mapping[str, Node] = field(repr=False)
    """The objects of JSON-LD by their @id."""
    names: frozenset[str]
    """What the site calls itself, folded without spaces."""
    publisher: str | None
    """As the markup names it."""
    before: tuple[Block, ...]
    """Up to eight blocks before the body, and short ones at its start, in order."""
    opening: Block | None
    """The first long block of the body."""
    after: tuple[Block, ...]
    """Short blocks at the end of the body and up to eight after it, in order."""
    closing: Block | None
    """The last long block of the body."""

    def node(self, key: str) -> object:
        """Return a property of the page's article in JSON-LD, references followed."""
        return jsonld.follow(self.harvest.article.get(key), self.by_id)

    def is_site(self, name: str) -> bool:
        """Tell whether a name is the site's own."""
        folded = fold(name)
        return (
            folded.replace(" ", "") in self.names
            or folded.removeprefix("the ").replace(" ", "") in self.names
        )


def gather(document: Document, decisions: Sequence[Decision], template: SiteTemplate) -> Evidence:
    """Return the evidence of a page."""
    tree, url = document.tree, document.page.url
    found = harvest(tree, url) if tree is not None else Harvest()
    by_id = jsonld.resolver(list(found.graph))
    publisher = _publisher(found, by_id)
    declared = [name for name in (document.site.publisher, document.site.name, publisher) if name]
    for name in (
        "og:site_name",
        "application-name",
        "apple-mobile-web-app-title",
        "publisher",
        "twitter:site",
    ):
        declared += [value.lstrip("@") for value in found.meta.get(name, ())]
    for node in found.graph:
        if any("Organization" in kind or kind == "WebSite" for kind in jsonld.types(node)):
            declared += jsonld.texts(node.get("name"))[:1] + jsonld.texts(node.get("alternateName"))[:2]
    before, opening, closing, after = _surroundings(decisions)
    return Evidence(
        document=document,
        template=template,
        harvest=found,
        by_id=by_id,
        names=site_names(urlsplit(url or "").hostname, declared),
        publisher=publisher,
        before=before,
        opening=opening,
        after=after,
        closing=closing,
    )


def _publisher(found: Harvest, by_id: Mapping[str, Node]) -> str | None:
    for node in (found.article, *found.graph):
        if name := jsonld.text(jsonld.follow(node.get("publisher"), by_id)):
            return name if not name.startswith(("http", "#", "/")) else None
    return None


def _surroundings(
    decisions: Sequence[Decision],
) -> tuple[tuple[Block, ...], Block | None, Block | None, tuple[Block, ...]]:
    kept = [index for index, decision in enumerate(decisions) if decision.kept]
    if not kept:
        return tuple(decision.block for decision in decisions[:_NEAR]), None, None, ()
    long = [index for index in kept if len(decisions[index].block.text) >= _LONG] or kept
    first, last = long[0], long[-1]
    begin = max(0, min(kept[0], first) - _NEAR)
    end = max(kept[-1], last) + 1 + _NEAR
    return (
        tuple(decision.block for decision in decisions[begin:first]),
        decisions[first].block,
        decisions[last].block,
        tuple(decision.block for decision in decisions[last + 1 : end]),
    )
