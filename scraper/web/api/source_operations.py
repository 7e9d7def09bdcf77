"""What programs can ask about sources: what came of their pages, how late, and what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.model import Reason
from scraper.record import json_types
from scraper.store.listing_date import first_instant
from scraper.web.api.operation import LIMIT, Operation, Parameter, address_of_next, asked_limit, page_place
from scraper.web.asking import number_asked, one_of, text_asked
from scraper.web.pages.sources import (
    MOST_LEDGER_DAYS,
    USUAL_DAYS,
    asked_days,
    known_source,
    last_days,
    source_lines,
)
from scraper.web.paging import one_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from starlette.requests import Request

    from scraper.store.service.coverage import Day
    from scraper.store.service.reader import Reader
    from scraper.web.pages.sources import SiteLine


def known_sources(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return what is held of sites by name, and what came of their pages."""
    limit = asked_limit(request)
    found = store.sites.names(limit=limit + 1, after=text_asked(request, "after") or "")
    names, last = one_page(found, limit)
    lines = source_lines(store, names, asked_days(request))
    return {"items": [_told(line) for line in lines], "next": address_of_next(request, after=last)}


def one_source(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return what is held of a site, and what came of its pages."""
    site = known_source(store, request.path_params["site"])
    (line,) = source_lines(store, [site], asked_days(request))
    return _told(line)


def source_days(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return the coverage ledger of a site, a line a day."""
    return {"items": _days(store.coverage.days(site=request.path_params["site"], since=_since(request)))}


def all_days(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return the coverage ledger of all sites together, a line a day."""
    return {"items": _days(store.coverage.volume(_since(request)))}


def refused_pages(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return rejected pages of a site, the last one first."""
    site, limit = known_source(store, request.path_params["site"]), asked_limit(request)
    found = store.sites.refused(
        site,
        limit=limit + 1,
        before=number_asked(request, "before"),
        reason=one_of(request, "reason", Reason),
    )
    shown, last = one_page(found, limit)
    return {
        "items": [{"id": page.rejection.id, **json_types(page.rejection)} for page in shown],
        "next": address_of_next(request, before=last.row if last else None),
    }


def waiting_pages(request: Request, store: Reader) -> Mapping[str, Any]:
    """Return pages of a site whose extraction came to no end."""
    site, limit = known_source(store, request.path_params["site"]), asked_limit(request)
    found = store.sites.quarantined(site, limit=limit + 1, after=text_asked(request, "after") or "")
    shown, last = one_page(found, limit)
    return {
        "items": [{"asked": page.url, **json_types(page.rejection)} for _, page in shown],
        "next": address_of_next(request, after=last[0] if last else None),
    }


def _told(line: SiteLine) -> dict[str, Any]:
    counts: dict[str, Any] = json_types(line.counts)
    return counts | {
        "outcomes": dict(line.outcomes),
        "lag_seconds": line.lag.total_seconds() if line.lag else None,
        "is_paused": line.is_paused,
        "last_run": json_types(line.run) if line.run else None,
        "alarm": json_types(line.alarm) if line.alarm else None,
    }


def _days(lines: Sequence[Day]) -> list[dict[str, Any]]:
    return [json_types(line) | {"fetched": line.fetched} for line in lines]


def _since(request: Request) -> datetime:
    first, _ = last_days(asked_days(request))
    return first_instant(first)


_DAYS = Parameter(
    name="days",
    told=f"So many days, today the last; up to {MOST_LEDGER_DAYS}, else {USUAL_DAYS}.",
    example="7",
    kind="integer",
)
_SOURCE = {
    "site": "harbour",
    "articles": 60,
    "revisions": 1,
    "near_duplicates": 0,
    "syndicated": 2,
    "rejected": {"list": 3},
    "quarantined": {},
    "latest": "2026-05-20T08:04:00Z",
    "outcomes": {"stored": 9, "revised": 1, "unchanged": 4, "refused": 3, "failed": 0},
    "lag_seconds": 240.0,
    "is_paused": False,
    "last_run": None,
    "alarm": None,
}
_DAY = {
    "site": "harbour",
    "day": "2026-05-20",
    "announced": {"feed": 12},
    "stored": 9,
    "revised": 1,
    "unchanged": 4,
    "rejected": {"list": 3},
    "quarantined": {},
    "failed": {},
    "fetched": 17,
}
_REFUSED = {
    "id": "b5b10dd0429e69ac",
    "url": "https://www.example.com/tag/ferries",
    "site": "harbour",
    "reason": "list",
    "detail": "41 links, no paragraph",
    "confidence": 0.97,
    "raw_sha256": "ab…",
    "fetched_at": "2026-05-20T08:04:00Z",
    "status": 200,
}
SOURCE_OPERATIONS = (
    Operation(
        path="/sources",
        name="sources",
        told="What is held of each site, and what came of its pages, by name.",
        answer=known_sources,
        parameters=(
            page_place("gazette"),
            _DAYS,
            LIMIT,
        ),
        example={"items": [_SOURCE], "next": None},
    ),
    Operation(
        path="/sources/{site}",
        name="source",
        told="What is held of a site, and what came of its pages.",
        answer=one_source,
        parameters=(_DAYS,),
        example=_SOURCE,
    ),
    Operation(
        path="/sources/{site}/days",
        name="days",
        told="What became of a site's pages, by day.",
        answer=source_days,
        parameters=(_DAYS,),
        example={"items": [_DAY]},
    ),
    Operation(
        path="/sources/{site}/rejected",
        name="rejected",
        told="Pages of a site that are no articles, the last one first.",
        answer=refused_pages,
        parameters=(
            Parameter(name="reason", told="list, consent, error …", example="list", among=Reason),
            page_place("81", name="before", kind="integer"),
            LIMIT,
        ),
        example={"items": [_REFUSED], "next": None},
    ),
    Operation(
        path="/sources/{site}/quarantined",
        name="quarantined",
        told="Pages of a site whose extraction came to no end.",
        answer=waiting_pages,
        parameters=(page_place("b5b10dd0429e69ac"), LIMIT),
        example={
            "items": [
                {"asked": _REFUSED["url"], **{name: each for name, each in _REFUSED.items() if name != "id"}}
            ],
            "next": None,
        },
    ),
    Operation(
        path="/coverage",
        name="coverage",
        told="What became of the pages of all sites together, by day; `site` is empty.",
        answer=all_days,
        parameters=(_DAYS,),
        example={"items": [_DAY | {"site": ""}]},
    ),
)
