from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from scraper.cli.app import app
from scraper.store import open_store
from tests.store.values import article, copy_of, full_article, rejection, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _spiders_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The spiders and settings of a test's own project are not those of the next test."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield
    for name, module in list(sys.modules.items()):
        is_project = name.partition(".")[0] in {"spiders", "settings"}
        if is_project and not (getattr(module, "__file__", None) or "").startswith(str(ROOT)):
            del sys.modules[name]


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A working directory with a news.db of three articles and two rejected pages; gives the first one's id."""
    monkeypatch.chdir(tmp_path)
    for name in ("SCRAPER_STORE", "SCRAPER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    with open_store("sqlite:///news.db") as store, store.transaction():
        first = store.save(verdict(full_article()))
        store.save(
            verdict(article(2, title="Bridge \x1b[31mopens\x1b]0;x\x07 [bold]now[/bold]", language="pt"))
        )
        store.save(verdict(article(3, site="gazette"), relation=copy_of(first)))
        store.reject(rejection(1))
        store.reject(rejection(2, site="gazette", detail="\x1b[2Jevil"))
    return first


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run the command line with arguments; an error that the user would see is raised."""

    def invoke(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=given, catch_exceptions=False)

    return invoke
