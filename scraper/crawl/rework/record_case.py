"""A page to be kept as a fixture: fetched as in a crawl, or taken from the archive."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from scraper.archive.capture import Capture, to_page
from scraper.archive.place import Place
from scraper.archive.reader import capture_at
from scraper.crawl.download.one_page import fetch_page
from scraper.errors import InputError
from scraper.fixtures.cases import Case
from scraper.fixtures.replies import to_reply
from scraper.fixtures.truth import is_same, truth_of
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.crawl.rework.fixture_cases import Spiders
    from scraper.model import Correction, Page
    from scraper.store.protocol import Store

_NOT_KEPT = {
    *("content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"),
    *("set-cookie", "set-cookie2"),
}
"""Headers that say how the bytes were packed, or who asked."""
_NAME = re.compile(r"[^\W_]+")
_LONGEST_NAME = 40


def fetched(url: str, settings: Mapping[str, Any]) -> Capture:
    """Return the answer at an address, asked for as in a crawl. InputError where there is none.

    Only once a process, as fetch_page.
    """
    with TemporaryDirectory() as folder:
        page = fetch_page(url, settings, archive=folder)
        if page.archived:
            return capture_at(Place(folder), page.archived)
    return Capture(  # an error page: no archive keeps it
        url=page.url or url,
        fetched_at=page.fetched_at or datetime.now(UTC),
        status=page.status,
        headers=(("Content-Type", page.content_type),) if page.content_type else (),
        payload=page.content,
    )


def archived(url: str, store: Store, place: Place) -> Capture:
    """Return the last answer at an address that is archived. InputError where none is."""
    fetches = [fetch for fetch in store.fetches(canonical_url(url)) if fetch.archived]
    if not fetches:
        raise InputError(f"{url}: the archive has no page of this address; record it without --from-archive")
    return capture_at(place, fetches[-1].archived[0])


def to_case(
    capture: Capture, spiders: Spiders, site: str, name: str, correction: Correction | None = None
) -> Case:
    """Return a capture as a case, with what the extractor makes of it now for its truth.

    What an editor decided is true, and where the extractor makes something else of the page, wrong today.
    """
    page = replace(to_page(capture), hints=None)  # what announced it is not kept
    headers = to_reply(capture).headers
    case = with_page(
        Case(
            site=site,
            name=name,
            page=page,
            fetched_at=capture.fetched_at,
            headers={key: value for key, value in headers.items() if key.lower() not in _NOT_KEPT},
            truth={},
        ),
        page,
        spiders,
    )
    if correction is None:
        return case
    truth = truth_of(spiders.extract(replace(page, correction=correction), site))
    wrong = tuple(name for name, value in truth.items() if not is_same(name, value, case.truth.get(name)))
    return replace(case, truth=truth, wrong_today=wrong)


def with_page(case: Case, page: Page, spiders: Spiders) -> Case:
    """Return the case with this page and what the extractor makes of it."""
    return replace(case, page=page, truth=truth_of(spiders.extract(page, case.site)))


def case_name(url: str) -> str:
    """Return a folder's name for a page: the words of the end of its address.

    >>> case_name("https://news.example/2031/05/02/20310502-harbour-bridge-closes.html?a=b")
    'harbour-bridge-closes'
    """
    steps = [step for step in unquote(urlsplit(url).path).split("/") if step]
    last = re.sub(r"\.\w{2,5}$", "", steps[-1]) if steps else ""
    words = _NAME.findall(last.lower())
    told = [word for word in words if not word.isdigit()] or words or ["page"]
    name = "-".join(told)
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME + 1].rpartition("-")[0]
