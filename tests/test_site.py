"""The documentation as a site: every link leads somewhere, every command and public name has its place."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import scraper
from tests.cli.test_examples import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], int]:
    """Build the site into a folder of the test; gives the exit code."""
    names: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "make_site.py"))
    build: Callable[[], int] = names["main"]
    monkeypatch.setitem(build.__globals__, "BUILT", tmp_path / "site")
    return build


def test_the_site_builds_strictly_with_all_commands_and_names(
    made: Callable[[], int], tmp_path: Path
) -> None:
    """Zensical ends with 1 for a link or an anchor that leads nowhere."""
    assert made() == 0
    built = tmp_path / "site" / "site"
    commands = (built / "reference" / "commands" / "index.html").read_text()
    names = (built / "reference" / "names" / "index.html").read_text()

    assert not [name for name in COMMANDS if f'id="scraper-{name.replace(" ", "-")}"' not in commands]
    assert not [name for name in scraper.__all__ if f'id="{name.lower()}"' not in names]
    pages = {page.relative_to(ROOT / "docs").with_suffix("") for page in (ROOT / "docs").rglob("*.md")}
    assert not [page for page in pages - {Path("index")} if not (built / page / "index.html").is_file()]


def test_a_link_that_leads_nowhere_fails_the_build(
    made: Callable[[], int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stage = made.__globals__["stage"]

    def broken(folder: Path) -> None:
        stage(folder)
        page = folder / "docs" / "index.md"
        page.write_text(page.read_text().replace("tutorial/first-crawl.md", "tutorial/first-crawls.md"))

    monkeypatch.setitem(made.__globals__, "stage", broken)
    assert made() != 0
    assert "page does not exist" in capsys.readouterr().out


def test_every_page_stands_in_the_navigation() -> None:
    named = set(re.findall(r'"([\w/-]+\.md)"', (ROOT / "docs" / "zensical.toml").read_text()))
    made = {"reference/commands.md", "reference/names.md", "changelog.md", "contributing.md"}
    pages = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
    assert named == pages | made
