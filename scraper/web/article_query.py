"""Which articles a request asks for; pages, feeds and programs ask alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import QueryError
from scraper.model import Kind
from scraper.store.listing_date import end_iso, parse_iso
from scraper.store.queries import ArticleQuery
from scraper.web.asking import one_of, text_asked

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

ASKED_TEXTS = ("q", "site", "language", "since", "until")
"""The parameters that are texts; `kind` is one of the kinds that are stored."""


def asked_query(request: Request, limit: int) -> ArticleQuery:
    """Return the query of a request. Raises QueryError for a day that is none."""
    asked = {name: text_asked(request, name) for name in ASKED_TEXTS}
    since, until = asked["since"], asked["until"]
    return ArticleQuery(
        site=asked["site"],
        language=asked["language"],
        since=_day("since", since, parse_iso(since) if since else None),
        until=_day("until", until, end_iso(until) if until else None),
        kind=one_of(request, "kind", Kind),
        search=asked["q"],
        limit=limit,
    )


def _day(name: str, text: str | None, moment: datetime | None) -> datetime | None:
    if text and moment is None:
        raise QueryError(f"{name} {text}: write a day as 2026-05-20, a month as 2026-05", at=0)
    return moment
