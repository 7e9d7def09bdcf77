"""Every kind of store, for the contract that all of them keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.store import Store


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/news.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of each kind."""
    url = "memory:" if request.param == "memory" else request.getfixturevalue(f"{request.param}_url")
    with open_store(url) as opened:
        yield opened
