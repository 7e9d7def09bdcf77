"""What every test shares: no test reaches beyond this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = Path(__file__).parents[2] / "shared"
SCHEMA = f"news_test_{os.getpid()}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `./run test --all` run what `./run test` leaves out."""
    parser.addoption("--all", action="store_true", help="also run the tests that are marked as system")


def pytest_configure() -> None:
    """Let nothing in a run of tests go before the crawls of jobs, which are nice and would wait for ever."""
    os.nice(19)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Tests of the whole system wait more than they work: two of them share a processor."""
    return 2 * (os.cpu_count() or 1) if config.getoption("--all") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests of the whole system out, unless all are asked for, or some by their names."""
    for item in items:
        given = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if {"postgresql_url", "shared"} & {*getattr(item, "fixturenames", ())} or "postgresql" in map(
            str, given
        ):
            item.add_marker(pytest.mark.system)
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or config.option.markexpr:
        return
    if config.getoption("--all"):
        return
    left = [item for item in items if item.get_closest_marker("system")]
    items[:] = [item for item in items if not item.get_closest_marker("system")]
    config.hook.pytest_deselected(items=left)


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """A command run in this process logs to that test's output, which is closed after it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test had to be hidden, the next one may print."""
    monkeypatch.setattr("scraper.masking._HIDDEN", set())


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but loopback or a local socket fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_loopback(address[0]):
            pytest.fail(f"a test tried to reach {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture
def shared() -> Path:
    """The folder of corpora and samples that stands beside the project, where it is there."""
    if not SHARED.is_dir():
        pytest.skip(
            "no ../shared folder: its corpora and samples are measured where it stands beside the project"
        )
    return SHARED


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
