"""The pages of stories: those of a day, and one with all who printed it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from scraper.store.copies.differences import known_article
from scraper.store.copies.stories import members
from scraper.store.listing_date import parse_iso
from scraper.web.asking import reader_for, text_asked
from scraper.web.charts import places_in_time
from scraper.web.paging import one_page
from scraper.web.rendering import render, with_query

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from scraper.store.service.reader import Reader
    from scraper.store.service.stories import DayStory

PAGE_OF_STORIES = 30
MOST_PRINTED = 200
"""Articles of a story that are shown: with more, the page says so."""
_BAD = 400
_PLACE = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,18})")


def list_stories(request: Request) -> Response:
    """Answer with the stories of a day, the last one that has articles where none is named."""
    after = asked_place(request)
    with reader_for(request) as store:
        day = shown_day(request, store)
        found = store.stories.of_day(day, limit=PAGE_OF_STORIES + 1, after=after)
        before, following = store.stories.last_day(day), store.stories.first_day(day)
    shown, last = one_page(found, PAGE_OF_STORIES)
    return render(
        request,
        "stories.html",
        day=day,
        stories=shown,
        before=before,
        following=following,
        is_first=after is None,
        next_page=with_query("/stories", {"day": day}, after=told_place(last)) if last else None,
    )


def show_story(request: Request) -> Response:
    """Answer with who printed the story of an article, when, and what each cut or added."""
    with reader_for(request) as store:
        one = known_article(store, request.path_params["id"])
        rows = members(store, one.id, most=MOST_PRINTED)
    fullest = max(rows, key=lambda row: (row["kept"], -row["own"], row["words"]))
    moments = [parsed.timestamp() for row in rows if (parsed := parse_iso(row["first"]))]
    return render(
        request,
        "story.html",
        one=one,
        rows=rows,
        fullest=fullest,
        sites=len({row["site"] for row in rows}),
        places=places_in_time(moments),
        is_cut=len(rows) >= MOST_PRINTED,
    )


def shown_day(request: Request, store: Reader) -> date:
    """Return the day that is asked for; none: the last one up to today that has articles, or today."""
    text, today = text_asked(request, "day"), datetime.now(UTC).date()
    try:
        asked = date.fromisoformat(text) if text else None
    except ValueError:
        raise HTTPException(_BAD, f"day = {text!r}: write a day as 2026-05-20") from None
    return asked or store.stories.last_day(today + timedelta(days=1)) or today


def asked_place(request: Request) -> tuple[int, int, int] | None:
    """Return the place among the stories of a day after which a page begins."""
    text = text_asked(request, "after")
    if text is None:
        return None
    parts = _PLACE.fullmatch(text)
    if parts is None:
        raise HTTPException(_BAD, f"after = {text!r} is no place among the stories of a day")
    sites, articles, story = map(int, parts.groups())
    return sites, articles, story


def told_place(story: DayStory) -> str:
    """Return the place of a story as addresses have it."""
    return ".".join(map(str, story.place))
