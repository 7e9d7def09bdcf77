"""Every kind of store, for the contract that all of them keep."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from scraper.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.store import Store

SCHEMA = f"news_test_{os.getpid()}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/news.db"


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """An address with an empty schema of its own, dropped afterwards."""
    url = os.environ.get("NEWS_TEST_POSTGRESQL")
    if not url:
        pytest.skip("NEWS_TEST_POSTGRESQL names no PostgreSQL server")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
    yield f"{url}?options=-csearch_path%3D{SCHEMA}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {SCHEMA} CASCADE")


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
