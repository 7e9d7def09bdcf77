"""What several pages of one host have in common, learned without knowing what is true of them."""

from __future__ import annotations

import re
from collections import defaultdict
from math import fsum
from typing import TYPE_CHECKING

from scraper.learned.template import EMPTY, SiteTemplate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MIN_PAGES = 3
"""Pages below which an accident may look like a habit."""
_MARGIN = 0.25
"""How much more often than the next source the preferred one must agree with the others."""
_LETTERS = re.compile(r"[^\w]+")


def learn(pages: Sequence[Mapping[str, str]]) -> SiteTemplate:
    """Return the template of a host from the headlines of its pages, each by source without the site's name.

    The preferred source is the one that on most pages says what the other sources say: a host that writes its
    headline for search engines into one of them does so on every page.

    >>> page = {"json-ld": "Aville flood 2024: what to know", "html:h1": "Flood", "meta:og:title": "Flood"}
    >>> learn([page, page, page])
    SiteTemplate(title_source='html:h1', layouts=())
    """
    if len(pages) < MIN_PAGES:
        return EMPTY
    agreement: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        folded = {source: _LETTERS.sub(" ", title.casefold()).strip() for source, title in page.items()}
        for source, title in folded.items():
            others = [other for name, other in folded.items() if name != source]
            agreement[source].append(sum(title == other for other in others) / max(1, len(others)))
    means = {
        source: fsum(shares) / len(shares)
        for source, shares in agreement.items()
        if len(shares) == len(pages)
    }
    if not means:
        return EMPTY
    best = max(means, key=lambda source: (means[source], source == "json-ld", source == "html:h1"))
    declared = means.get("json-ld")  # what is preferred of a host of which nothing is known
    if declared is None or means[best] - declared < _MARGIN:
        return EMPTY
    return SiteTemplate(title_source=best)
