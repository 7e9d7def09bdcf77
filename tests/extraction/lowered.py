"""Limits of extraction lowered to about a hundredth: small, harmless pages go beyond them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.crawl.pages import workers
from scraper.extraction.page import degraded, jsonld, script_data
from scraper.extraction.verdict import judge

if TYPE_CHECKING:
    import pytest

LOWERED = (
    (degraded, "MOST_TEXT", 100_000),
    (degraded, "MOST_TAGS", 600),
    (degraded, "MOST_DEPTH", 25),
    (degraded, "MOST_ATTRIBUTES", 50),
    (degraded, "MOST_DECLARATION", 100),
    (jsonld, "MAX_BLOCK", 10_000),
    (script_data, "MOST_SCRIPT", 10_000),
    (judge, "MOST_PAGE_BYTES", 500_000),
)


def lower(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the limits for one test, in this process and in the workers that it starts."""
    for module, name, limit in LOWERED:
        monkeypatch.setattr(module, name, limit)
    monkeypatch.setattr(workers, "_prepare_worker", prepare_lowered)


def prepare_lowered() -> None:
    """Prepare a worker, which is no copy of this process: it loads the modules itself."""
    for module, name, limit in LOWERED:
        setattr(module, name, limit)
    workers._prepare_worker()
