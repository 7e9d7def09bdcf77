"""Every kind of store, for the contract that all of them keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.store import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.store import Store


@pytest.fixture(params=["memory"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of each kind."""
    with MemoryStore() as opened:
        yield opened
