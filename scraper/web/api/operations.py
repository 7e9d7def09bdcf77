"""What programs can ask for: each operation with its parameters, and the function that answers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.export.formats import change_record, hit_record, similar_record, stored_record
from scraper.record import json_types, to_json
from scraper.store.copies.differences import known_article
from scraper.store.copies.stories import members
from scraper.store.queries import Sort
from scraper.web.article_query import asked_query
from scraper.web.asking import number_asked, one_of, text_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request

    from scraper.store.service.reader import Reader

BASE = "/api/v1"
LONGEST_PAGE = 200
USUAL_PAGE = 50
CHANGES_PAGE = 1000
MOST_DAYS = 366
_USUAL_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What an operation can be asked with."""

    name: str
    told: str
    example: str
    kind: str = "string"
    """Its JSON type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An address that programs can ask."""

    path: str
    name: str
    told: str
    answer: Callable[[Request, Reader], Any]
    """Returns JSON types; of lines, each a text."""
    parameters: Sequence[Parameter] = ()
    is_lines: bool = False
    """It is answered with JSON lines."""


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
        "next": _next(request, found.after),
    }
    return told | ({"facets": found.facets} if with_facets else {})


def one_article(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return the record of an article as it is now."""
    return stored_record(known_article(store, request.path_params["id"]))


def article_revisions(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return every text that an article had, the latest first."""
    one = known_article(store, request.path_params["id"])
    revisions = list(store.revisions(one.id))[-LONGEST_PAGE:]
    return {"items": [stored_record(each) | {"revision": each.revision} for each in reversed(revisions)]}


def similar_articles(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return other articles that share rare words and names with one."""
    one = known_article(store, request.path_params["id"])
    return {"items": [similar_record(each) for each in store.alike(one.id, asked_limit(request))]}


def story_members(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return who printed the story of an article, the first one first."""
    return {"items": members(store, known_article(store, request.path_params["id"]).id)[:LONGEST_PAGE]}


def known_sources(_request: Request, store: Reader) -> Mapping[str, Any]:
    """Return what is held of each site."""
    return {"items": [json_types(each) for each in store.site_counts()]}


def source_days(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return the coverage ledger of a site, a line a day."""
    days = min(number_asked(request, "days") or _USUAL_DAYS, MOST_DAYS)
    since = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
    found = store.coverage.days(site=request.path_params["site"], since=since)
    return {"items": [json_types(each) | {"fetched": each.fetched} for each in found]}


def latest_runs(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return runs, the latest first."""
    found = store.runs.find(
        job=text_asked(request, "job"), site=text_asked(request, "site"), limit=asked_limit(request)
    )
    return {"items": [json_types(run) for run in found]}


def open_alarms(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return the alarms that are open."""
    return {"items": [json_types(each) for each in store.alarms.find(site=text_asked(request, "site"))]}


def changed_articles(request: Request, store: Reader) -> Sequence[str]:
    """Return what became of articles after a cursor, each change once."""
    found = islice(store.changes.after(number_asked(request, "after") or 0), CHANGES_PAGE)
    return [to_json(change_record(change)) for change in found]


_LIMIT = Parameter(name="limit", told=f"At most so many, up to {LONGEST_PAGE}.", example="20", kind="integer")
_SITE = Parameter(name="site", told="Of this site.", example="harbour")
_SEARCH = (
    Parameter(name="q", told="In the query language of the docs.", example='"harbour bridge" -tram'),
    _SITE,
    Parameter(name="language", told="BCP 47; en also finds en-GB.", example="en"),
    Parameter(name="kind", told="article, live_blog or teaser.", example="article"),
    Parameter(name="since", told="Dated on this day, month or instant, or later.", example="2026-05-20"),
    Parameter(name="until", told="Dated on this day or month, or earlier.", example="2026-05"),
    Parameter(name="sort", told="relevance or newest.", example="newest"),
    Parameter(name="facets", told="true counts hits by site, language, month and agency.", example="true"),
    Parameter(
        name="after", told="Where the page before ended: `next` names it.", example="81", kind="integer"
    ),
    _LIMIT,
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
    Operation(
        path="/articles/{id}/revisions",
        name="revisions",
        told="Every text that an article had.",
        answer=article_revisions,
    ),
    Operation(
        path="/articles/{id}/similar",
        name="similar",
        told="Articles that share rare words with one.",
        answer=similar_articles,
        parameters=(_LIMIT,),
    ),
    Operation(
        path="/stories/{id}", name="story", told="Who printed the story of an article.", answer=story_members
    ),
    Operation(path="/sources", name="sources", told="What is held of each site.", answer=known_sources),
    Operation(
        path="/sources/{site}/days",
        name="days",
        told="What became of a site's pages, by day.",
        answer=source_days,
        parameters=(
            Parameter(
                name="days", told=f"Back to so many days ago, up to {MOST_DAYS}.", example="7", kind="integer"
            ),
        ),
    ),
    Operation(
        path="/runs",
        name="runs",
        told="Runs, the latest first.",
        answer=latest_runs,
        parameters=(Parameter(name="job", told="Of this job.", example="news"), _SITE, _LIMIT),
    ),
    Operation(
        path="/alarms", name="alarms", told="Alarms that are open.", answer=open_alarms, parameters=(_SITE,)
    ),
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


def asked_limit(request: Request) -> int:
    """Return how long a page may be."""
    return min(max(number_asked(request, "limit") or USUAL_PAGE, 1), LONGEST_PAGE)


def _next(request: Request, after: int | None) -> str | None:
    return None if after is None else str(request.url.include_query_params(after=after))
