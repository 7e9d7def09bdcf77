"""The selector of the element that holds most of the body; read by extract.article as the body's provenance.

A new layout of a site changes it first: the crawl's alarms count how many articles have which.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from scraper.model import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.html import HtmlElement

    from scraper.extraction.page.blocks import Decision
    from scraper.model import Article

MOST = 0.8
"""Of the body's characters: a stray block elsewhere does not move the place."""
ORIGIN_STEPS = 4
"""Elements of the place that are named, the innermost last."""
_LAYOUT = "layout "
"""Before the version of the layout that gave a body."""
CLASSES = 2
"""Classes of an element that are named; later ones are often states and themes."""


def origin_of_body(decisions: Sequence[Decision], layout: str | None = None) -> Mapping[str, Provenance]:
    """Return the body's provenance: the innermost element that holds most of it, as a selector.

    Named as well is the version of the site's layout that gave it, where one did. Classes with
    digits are left out: they name a page, not a layout. Empty for a text without a tree.
    """
    held: Counter[HtmlElement] = Counter()
    for decision in decisions:
        element = decision.block.element
        if decision.kept and element is not None and (parent := element.getparent()) is not None:
            held[parent] += len(decision.block.text)
    weight: Counter[HtmlElement] = Counter()
    for parent, length in held.items():
        for element in _around(parent):
            weight[element] += length
    total = held.total()
    holders = [element for element, length in weight.items() if length >= MOST * total]
    if not holders:
        return {}
    place = max(holders, key=lambda element: sum(1 for _ in element.iterancestors()))
    path = [_step(str(each.tag), each.get("class") or "") for each in islice(_around(place), ORIGIN_STEPS)]
    raw = f"{_LAYOUT}{layout}" if layout else None
    return {"body": Provenance(source="html:" + " > ".join(reversed(path)), raw=raw)}


def layout_of(article: Article) -> str | None:
    """Return the version of the layout that gave the article's body; None where it was read in full."""
    origin = article.provenance.get("body")
    raw = (origin.raw if origin else None) or ""
    return raw.removeprefix(_LAYOUT) if raw.startswith(_LAYOUT) else None


def _around(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield an element and those that it stands in, the innermost first."""
    yield element
    yield from element.iterancestors()


@lru_cache(maxsize=2_000)
def _step(tag: str, names: str) -> str:
    classes = [name for name in names.split() if re.fullmatch(r"[A-Za-z_-]{1,40}", name)]
    return ".".join([tag, *classes[:CLASSES]])
