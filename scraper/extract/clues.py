"""What a page says of its article beside the text: titles, descriptions, the body in its JSON-LD."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

_ARTICLE_BODY = re.compile(r'"articleBody"\s*:\s*("(?:[^"\\]|\\.)*")', re.DOTALL)
_MARKUP = re.compile(r"<[^<>]*>")
_LARGEST_SCRIPT = 1_000_000
"""Characters of a JSON-LD block that are read; real pages have 61,000 at most."""
_TITLES = frozenset(("og:title", "twitter:title"))
_DESCRIPTIONS = frozenset(("og:description", "description", "twitter:description"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """Texts that tell which blocks are the body, or are not."""

    kept: Sequence[str]
    """The lines that trafilatura kept."""
    titles: Sequence[str]
    descriptions: Sequence[str]
    article_body: str
    """Of its JSON-LD; empty where there is none."""


def find_clues(tree: HtmlElement, kept: Sequence[str]) -> Clues:
    """Return the clues of a page."""
    titles = [" ".join(heading.text_content().split()) for heading in tree.iter("title", "h1")][:4]
    descriptions = []
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if name in _TITLES:
            titles.append(meta.get("content", ""))
        elif name in _DESCRIPTIONS:
            descriptions.append(meta.get("content", ""))
    return Clues(
        kept=kept,
        titles=[title for title in titles if title],
        descriptions=[description for description in descriptions if description],
        article_body=_article_body(tree),
    )


def _article_body(tree: HtmlElement) -> str:
    """Return the longest articleBody, found even in JSON that is broken elsewhere."""
    best = ""
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json" or not script.text:
            continue
        for match in _ARTICLE_BODY.finditer(script.text[:_LARGEST_SCRIPT]):
            try:
                text = json.loads(match[1], strict=False)
            except ValueError:
                continue
            best = max(best, text, key=len)
    return _MARKUP.sub(" ", best.replace("&lt;", "<").replace("&gt;", ">"))
