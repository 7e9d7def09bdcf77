"""A store with invented articles, and a client that asks its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from scraper.store import open_store
from scraper.store.service.front_desk import FrontDesk
from scraper.web.application import WebParts, make_application
from scraper.web.readers import Readers
from tests.store.values import article, full_article, revision_of, verdict
from tests.web.working import JOBS, work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scraper.store.service.values import Run

ADDRESS = "http://127.0.0.1"


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """The address of a store with sixty articles, one of them revised."""
    url = f"sqlite:///{tmp_path}/news.db"
    with open_store(url) as store:
        store.save(verdict(full_article()))
        for number in range(2, 61):
            store.save(verdict(article(number)))
        store.save(revision_of(article(2, body="The ferry number 2 came in at noon.\nNobody was hurt."), 1))
    return url


@pytest.fixture
def readers(store_url: str) -> Iterator[Readers]:
    opened = Readers(store_url)
    yield opened
    opened.close()


@pytest.fixture
def desk(store_url: str) -> Iterator[FrontDesk]:
    with FrontDesk(store_url) as opened:
        yield opened


@pytest.fixture
def worked(store_url: str, tmp_path: Path) -> Mapping[str, Run]:
    """Runs in the store, by what became of them; see tests.web.working."""
    return work(store_url, tmp_path)


@pytest.fixture
def client(readers: Readers, desk: FrontDesk) -> TestClient:
    """Ask the pages as a browser on this machine does."""
    app = make_application(WebParts(readers=readers, desk=desk, jobs=JOBS))
    return TestClient(app, base_url=ADDRESS, follow_redirects=False)
