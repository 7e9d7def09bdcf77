"""The page of articles: a search, its facets, and hits with the places that answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.errors import QueryError
from scraper.model import Kind
from scraper.store.queries import SearchPage, Sort
from scraper.web.article_query import ASKED_TEXTS, asked_query
from scraper.web.asking import number_asked, one_of, reader_for, text_asked
from scraper.web.rendering import render, with_query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

PAGE_OF_ARTICLES = 30
FACET_VALUES = 12
"""Of each facet, those with most hits."""
_PATH = "/articles"
_NOTHING = SearchPage(hits=(), count=0)
_WRONG = 400
FACET_NAMES = {"site": "Site", "language": "Language", "month": "Month", "agency": "Agency"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetChoice:
    """A value of a facet, and where choosing or leaving it leads."""

    value: str
    number: int
    address: str
    is_chosen: bool = False


def list_articles(request: Request) -> Response:
    """Answer a search, or list the newest articles."""
    asked = {name: text_asked(request, name) for name in ASKED_TEXTS}
    kind, sort = one_of(request, "kind", Kind), one_of(request, "sort", Sort) or Sort.RELEVANCE
    after, wrong, found = number_asked(request, "after"), "", _NOTHING
    given = {**asked, "kind": kind, "sort": sort if sort is not Sort.RELEVANCE else None}
    narrowed = any(given.values())
    try:
        query = asked_query(request, PAGE_OF_ARTICLES)
        with reader_for(request) as store:
            found = store.search(query, sort=sort, after=after, facets=narrowed and after is None)
    except QueryError as error:
        wrong = str(error)
    return render(
        request,
        "articles.html",
        _WRONG if wrong else 200,
        found=found,
        given=given,
        wrong=wrong,
        narrowed=narrowed,
        facets=[
            (FACET_NAMES[name], _choices(name, values, given))
            for name, values in found.facets.items()
            if values
        ],
        kinds=[kind for kind in Kind if kind.is_stored],
        next_page=with_query(_PATH, given, after=found.after) if found.after is not None else None,
        feed=with_query("/feeds/articles.atom", {**given, "sort": None}),
        first_page=with_query(_PATH, given) if after is not None else None,
    )


def _choices(name: str, values: Mapping[str, int], given: Mapping[str, str | None]) -> list[FacetChoice]:
    shown = [(value, number) for value, number in values.items() if value][:FACET_VALUES]
    return [_choice(name, value, number, given) for value, number in shown]


def _choice(name: str, value: str, number: int, given: Mapping[str, str | None]) -> FacetChoice:
    """Return where a value leads: to the same search with it, or without it where it is chosen."""
    if name == "month":
        chosen = given["since"] == given["until"] == value
        address = with_query(
            _PATH, {**given, "since": None if chosen else value, "until": None if chosen else value}
        )
    elif name == "agency":
        term = f'agency:"{value.replace(chr(34), " ")}"'
        chosen = term in (given["q"] or "")
        words = (given["q"] or "").replace(term, "") if chosen else f"{given['q'] or ''} {term}"
        address = with_query(_PATH, {**given, "q": words.strip()})
    else:
        chosen = given[name] == value
        address = with_query(_PATH, {**given, name: None if chosen else value})
    return FacetChoice(value=value, number=number, address=address, is_chosen=chosen)
