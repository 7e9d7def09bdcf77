"""What programs can ask for: each operation with its parameters, and the function that answers it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.export.formats import change_record, hit_record, stored_record
from scraper.model import Kind
from scraper.record import to_json
from scraper.store.copies.differences import known_article
from scraper.store.queries import Sort
from scraper.web.api.operation import (
    LIMIT,
    SITE,
    Operation,
    Parameter,
    address_of_next,
    asked_limit,
    page_place,
)
from scraper.web.api.run_operations import RUN_OPERATIONS
from scraper.web.api.source_operations import SOURCE_OPERATIONS
from scraper.web.api.story_operations import STORY_OPERATIONS
from scraper.web.article_query import asked_query
from scraper.web.asking import number_asked, one_of, text_asked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from scraper.store.service.reader import Reader

BASE = "/api/v1"
CHANGES_PAGE = 1000


def found_articles(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return a page of what a search finds, and the address of the next one."""
    sort = one_of(request, "sort", Sort) or Sort.RELEVANCE
    after = number_asked(request, "after")
    with_facets = text_asked(request, "facets") == "true"
    query = asked_query(request, asked_limit(request))
    found = store.search(query, sort=sort, after=after, facets=with_facets)
    told = {
        "count": found.count,
        "unindexed": found.unindexed,
        "items": [hit_record(hit) for hit in found.hits],
        "next": address_of_next(request, after=found.after),
    }
    return told | ({"facets": found.facets} if with_facets else {})


def one_article(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return the record of an article as it is now."""
    return stored_record(known_article(store, request.path_params["id"]))


def changed_articles(request: Request, store: Reader) -> Sequence[str]:
    """Return what became of articles after a cursor, each change once."""
    found = islice(store.changes.after(number_asked(request, "after") or 0), CHANGES_PAGE)
    return [to_json(change_record(change)) for change in found]


_SEARCH = (
    Parameter(name="q", told="In the query language of the docs.", example='"harbour bridge" -tram'),
    SITE,
    Parameter(name="language", told="BCP 47; en also finds en-GB.", example="en"),
    Parameter(name="kind", told="article, live_blog or teaser.", example="article", among=Kind),
    Parameter(name="since", told="Dated on this day, month or instant, or later.", example="2026-05-20"),
    Parameter(name="until", told="Dated on this day or month, or earlier.", example="2026-05"),
    Parameter(name="sort", told="relevance or newest.", example="newest", among=Sort),
    Parameter(name="facets", told="true counts hits by site, language, month and agency.", example="true"),
    page_place("81", kind="integer"),
    LIMIT,
)
OPERATIONS = (
    Operation(
        path="/articles",
        name="articles",
        told="Search articles, or list the newest.",
        answer=found_articles,
        parameters=_SEARCH,
    ),
    Operation(path="/articles/{id}", name="article", told="The record of an article.", answer=one_article),
    *STORY_OPERATIONS,
    *SOURCE_OPERATIONS,
    *RUN_OPERATIONS,
    Operation(
        path="/changes",
        name="changes",
        is_lines=True,
        answer=changed_articles,
        told="What became of articles (new, revised, merged, gone) after a cursor, "
        f"{CHANGES_PAGE} lines at most: go on after the cursor of the last one.",
        parameters=(
            Parameter(
                name="after", told="The cursor; 0 or none: from the beginning.", example="0", kind="integer"
            ),
        ),
    ),
)
"""Every operation: a new one is a row here."""
