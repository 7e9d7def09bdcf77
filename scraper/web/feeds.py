"""Feeds of a search and of a story, for readers of feeds; `site=` in a search is the feed of a source."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from scraper.errors import QueryError
from scraper.export.feeds import Feed, FeedFormat, write_feed
from scraper.model import ArticleId
from scraper.store.copies.stories import members
from scraper.store.queries import Sort
from scraper.web.article_query import ASKED_TEXTS, asked_query
from scraper.web.asking import number_asked, reader_for, text_asked
from scraper.web.pages.article import known_article
from scraper.web.rendering import with_query

if TYPE_CHECKING:
    from starlette.requests import Request

PAGE_OF_FEED = 50
MOST_OF_STORY = 100
"""Copies of a story that its feed holds, the latest."""
_NOT_FOUND, _BAD, _SAME = 404, 400, 304


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
    return _answer(
        request,
        form,
        Feed(
            title=f"Articles: {named}" if named else "Articles",
            address=str(request.url),
            page=_absolute(request, with_query("/articles", given)),
            articles=[hit.article for hit in found.hits],
            following=_absolute(request, following) if following else None,
        ),
    )


def story_feed(request: Request) -> Response:
    """Answer with who printed the story of an article, the latest first."""
    form = _format(request)
    with reader_for(request) as store:
        one = known_article(store, request.path_params["id"])
        rows = members(store, one.id)[-MOST_OF_STORY:]
        copies = [found for row in reversed(rows) if (found := store.find_by_id(ArticleId(row["id"])))]
    return _answer(
        request,
        form,
        Feed(
            title=f"Story: {one.article.title or one.id}",
            address=str(request.url),
            page=_absolute(request, f"/articles/{one.id}"),
            articles=copies,
        ),
    )


def _format(request: Request) -> FeedFormat:
    try:
        return FeedFormat(request.path_params["form"])
    except ValueError:
        raise HTTPException(_NOT_FOUND) from None


def _absolute(request: Request, address: str) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{address}"


def _answer(request: Request, form: FeedFormat, feed: Feed) -> Response:
    """Return the feed, or only that it is still the one that the reader has."""
    content = write_feed(feed, form)
    headers = {"etag": f'"{hashlib.sha256(content).hexdigest()[:32]}"', "cache-control": "no-cache"}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=_SAME, headers=headers)
    return Response(content, media_type=form.media_type, headers=headers)
