"""The page of one article: its text, and each of its fields with where it came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.export.formats import stored_record
from scraper.export.outline import article_blocks
from scraper.store.copies.differences import known_article
from scraper.store.copies.stories import printings
from scraper.web.asking import reader_for
from scraper.web.rendering import render, structured_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request
    from starlette.responses import Response


_APART = frozenset({"schema_version", "body", "blocks", "provenance", "relation", "images", "verdict"})
"""Fields of the record that have a place of their own in the page."""

MOST_COPIES = 20
"""Articles of the same story that are named beside an article."""
MOST_MARKS = 100
"""Revisions that are named, the latest."""
ALIKE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """A field of an article, and where its value came from."""

    name: str
    value: str
    source: str | None = None
    raw: str | None = None
    confidence: float | None = None


def show_article(request: Request) -> Response:
    """Answer with an article."""
    with reader_for(request) as store:
        stored = known_article(store, request.path_params["id"])
        printed = printings(store, stored.id, most=MOST_COPIES)
        marks = store.stories.revisions(stored.id, limit=MOST_MARKS) if stored.revision > 1 else ()
    return render(
        request,
        "article.html",
        stored=stored,
        article=stored.article,
        text=structured_text(article_blocks(stored.article)),
        fields=list(_fields(stored_record(stored))),
        printed=printed,
        marks=marks,
    )


def list_similar(request: Request) -> Response:
    """Answer with the articles that share rare words and names with one."""
    with reader_for(request) as store:
        stored = known_article(store, request.path_params["id"])
        alike = store.alike(stored.id, ALIKE)
    return render(request, "similar.html", stored=stored, alike=alike)


def _fields(record: Mapping[str, Any]) -> Iterator[ShownField]:
    for name, value in record.items():
        if name in _APART or value in (None, [], {}, ""):
            continue
        origin = record["provenance"].get(name) or {}
        yield ShownField(
            name=name,
            value=_in_words(value),
            source=origin.get("source"),
            raw=origin.get("raw"),
            confidence=origin.get("confidence"),
        )


def _in_words(value: object) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    if isinstance(value, dict):
        told = {name: each for name, each in value.items() if each}
        return "; ".join(f"{name.replace('_', ' ')}: {_in_words(each)}" for name, each in told.items())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
