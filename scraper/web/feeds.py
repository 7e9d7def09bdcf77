"""Feeds of a search and of a story, for readers of feeds; `site=` in a search is the feed of a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from scraper.errors import QueryError
from scraper.export.feeds import Feed, FeedFormat, write_feed
from scraper.model import ArticleId
from scraper.store.copies.differences import known_article
from scraper.store.copies.stories import members
from scraper.store.queries import Sort
from scraper.web.article_query import ASKED_TEXTS, asked_query
from scraper.web.asking import number_asked, reader_for, text_asked
from scraper.web.conditional import conditional
from scraper.web.rendering import with_query

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PAGE_OF_FEED = 50
MOST_OF_STORY = 100
"""Copies of a story that its feed holds, the latest."""
_NOT_FOUND, _BAD = 404, 400


def articles_feed(request: Request) -> Response:
    """Answer with the newest articles that a search finds."""
    form = _format(request)
    given = {name: text_asked(request, name) for name in (*ASKED_TEXTS, "kind")}
    try:
        query = asked_query(request, PAGE_OF_FEED)
        with reader_for(request) as store:
            found = store.search(query, sort=Sort.NEWEST, after=number_asked(request, "after"))
    except QueryError as error:
        raise HTTPException(_BAD, str(error)) from None
    path = request.url.path
    following = with_query(path, given, after=found.after) if found.after is not None else None
    named = ", ".join(value for value in given.values() if value)
    feed = Feed(
        title=f"Articles: {named}" if named else "Articles",
        address=str(request.url),
        page=_absolute(request, with_query("/articles", given)),
        articles=[hit.article for hit in found.hits],
        following=_absolute(request, following) if following else None,
    )
    return conditional(request, write_feed(feed, form), form.media_type)


def story_feed(request: Request) -> Response:
    """Answer with who printed the story of an article, the latest first."""
    form = _format(request)
    with reader_for(request) as store:
        one = known_article(store, request.path_params["id"])
        rows = members(store, one.id)[-MOST_OF_STORY:]
        copies = [found for row in reversed(rows) if (found := store.find_by_id(ArticleId(row["id"])))]
    feed = Feed(
        title=f"Story: {one.article.title or one.id}",
        address=str(request.url),
        page=_absolute(request, f"/articles/{one.id}"),
        articles=copies,
    )
    return conditional(request, write_feed(feed, form), form.media_type)


def _format(request: Request) -> FeedFormat:
    try:
        return FeedFormat(request.path_params["form"])
    except ValueError:
        raise HTTPException(_NOT_FOUND) from None


def _absolute(request: Request, address: str) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{address}"
