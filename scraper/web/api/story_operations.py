"""What programs can ask about articles that come from each other: revisions, copies, stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.export.formats import similar_record, stored_record
from scraper.record import json_types
from scraper.store.copies.differences import difference_record, known_article
from scraper.store.copies.stories import members
from scraper.web.api.operation import (
    LIMIT,
    LONGEST_PAGE,
    Operation,
    Parameter,
    address_of_next,
    asked_limit,
    page_place,
)
from scraper.web.pages.differences import MOST_COMPARED, asked_difference
from scraper.web.pages.stories import asked_place, shown_day, told_place
from scraper.web.paging import one_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from scraper.store.service.reader import Reader


def article_revisions(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return every text that an article had, the latest first."""
    one = known_article(store, request.path_params["id"])
    revisions = list(store.revisions(one.id))[-LONGEST_PAGE:]
    return {"items": [stored_record(each) | {"revision": each.revision} for each in reversed(revisions)]}


def article_difference(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return word by word what a revision changed, or what another article has otherwise."""
    found = asked_difference(request, store)
    return {**difference_record(found), "is_cut": found.is_cut}


def similar_articles(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return other articles that share rare words and names with one."""
    one = known_article(store, request.path_params["id"])
    return {"items": [similar_record(each) for each in store.alike(one.id, asked_limit(request))]}


def stories_of_day(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return the stories of a day, those on most sites first."""
    day, limit = shown_day(request, store), asked_limit(request)
    found = store.stories.of_day(day, limit=limit + 1, after=asked_place(request))
    shown, last = one_page(found, limit)
    more = {"day": day, "after": told_place(last)} if last else {}
    return {
        "day": day.isoformat(),
        "items": [json_types(story) for story in shown],
        "next": address_of_next(request, **more),
    }


def story_members(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return who printed the story of an article, the first one first."""
    one = known_article(store, request.path_params["id"])
    return {"items": members(store, one.id, most=LONGEST_PAGE)}


_CHANGED = ["The ferry came in at", {"before": "dawn.", "after": "noon."}]
_PRINTED = {
    "id": "06fd3db9a9e0b5a1",
    "site": "harbour",
    "title": "Ferry reaches the harbour",
    "language": "en",
    "dated": "2026-05-20T08:00:00Z",
    "first_seen": "2026-05-20T08:04:00Z",
}
STORY_OPERATIONS = (
    Operation(
        path="/articles/{id}/revisions",
        name="revisions",
        told="Every text that an article had.",
        answer=article_revisions,
    ),
    Operation(
        path="/articles/{id}/difference",
        name="difference",
        told="What a revision changed, or what another article has otherwise, word by word: what stayed as "
        f"texts, changes with what was and what is. Of a body the first {MOST_COMPARED:,} characters.",
        answer=article_difference,
        parameters=(
            Parameter(
                name="revision",
                told="This one and the one before; none: the last.",
                example="2",
                kind="integer",
            ),
            Parameter(
                name="against", told="The id of an article to compare it with.", example="06fd3db9a9e0b5a1"
            ),
        ),
        example={
            "id": "06fd3db9a9e0b5a1",
            "from": "06fd3db9a9e0b5a1/1",
            "to": "06fd3db9a9e0b5a1/2",
            "silent_edit": True,
            "title": [["Ferry reaches the harbour"]],
            "body": [_CHANGED],
            "is_cut": False,
        },
    ),
    Operation(
        path="/articles/{id}/similar",
        name="similar",
        told="Articles that share rare words with one.",
        answer=similar_articles,
        parameters=(LIMIT,),
    ),
    Operation(
        path="/stories",
        name="stories",
        told="The stories of a day, those on most sites first.",
        answer=stories_of_day,
        parameters=(
            Parameter(
                name="day",
                told="In UTC; none: the last one that has articles.",
                example="2026-05-20",
                form="date",
            ),
            page_place("2.3.81"),
            LIMIT,
        ),
        example={
            "day": "2026-05-20",
            "items": [{"sites": 2, "articles": 3, "story": 81, "printed": [_PRINTED]}],
            "next": None,
        },
    ),
    Operation(
        path="/stories/{id}", name="story", told="Who printed the story of an article.", answer=story_members
    ),
)
