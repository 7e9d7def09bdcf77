"""A site that declares nothing is given a browser once its pages show that they need one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from scraper.crawl.browser_need import is_checked
from scraper.crawl.rendering.chromium import find_browser
from scraper.fixtures.server import FixtureServer
from scraper.store import ArticleQuery, open_store
from tests.crawl.rendering.scripted import DAY, SETTINGS, scripted, shell, shown
from tests.crawl.site import HOST, article, crawl, serving, site

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.fixtures.cases import Reply
    from scraper.fixtures.replies import Recording
    from scraper.store.values import RenderNeed

pytestmark = pytest.mark.system

GIVEN = {**SETTINGS, "NEWS_RENDER": False, "NEWS_RENDER_QUIET": 0.1, "NEWS_RENDER_SECONDS": 60}
CHECKED = [
    f"{DAY}/checked-{number}" for number in range(99) if is_checked(f"http://{HOST}{DAY}/checked-{number}")
]


def empty(first: int, last: int) -> dict[str, Reply]:
    return {f"{DAY}/empty-{number:02}": shell(number, shown(number)) for number in range(first, last)}


def waiting(folder: Path) -> type[FixtureServer]:
    """Return a server that answers with the fifth page once the need is remembered."""

    class Held:
        def __init__(self, recording: Recording) -> None:
            self.recording = recording

        def find(self, url: str, /) -> Reply | None:
            while url.endswith("empty-05") and not ((need := remembered(folder)) and need.is_rendered):
                time.sleep(0.05)
            return self.recording.find(url)

    class Waiting(FixtureServer):
        def __init__(self, recording: Recording) -> None:
            super().__init__(Held(recording))

    return Waiting


def remembered(folder: Path) -> RenderNeed | None:
    with open_store(f"sqlite:///{folder}/a.db") as store:
        return store.render_need(HOST)


def rendered(folder: Path) -> int:
    with open_store(f"sqlite:///{folder}/a.db") as store:
        return sum("page" in each.article.provenance for each in store.articles(ArticleQuery()))


@pytest.mark.skipif(find_browser() is None, reason="no Chromium is installed")
def test_three_empty_pages_start_a_browser_that_later_crawls_keep_until_pages_have_their_text(
    tmp_path: Path,
) -> None:
    with serving(site(**scripted(**empty(1, 9))), waiting(tmp_path)) as server:
        first = crawl(server.port, tmp_path / "a.db", f"http://{HOST}/", GIVEN).counts
    begun = remembered(tmp_path)

    assert first["rejected/empty"] >= 3
    assert first["stored"] == first["rendered"] == rendered(tmp_path) == 8 - first["rejected/empty"]
    assert first["render/needed"] == 1
    assert begun is not None
    assert begun.is_rendered

    plain = {where: article(number) for number, where in enumerate(CHECKED[:3], start=50)}
    with serving(site(**scripted(**empty(9, 11), **plain))) as server:
        second = crawl(server.port, tmp_path / "a.db", f"http://{HOST}/", GIVEN).counts
    ended = remembered(tmp_path)

    assert second["stored"] == 5
    assert "rejected/empty" not in second
    assert ended is not None
    assert not ended.is_rendered
    assert ended.since == begun.since


def test_without_a_browser_it_is_told_once_and_pages_are_taken_as_they_come(tmp_path: Path) -> None:
    given = {**GIVEN, "ENVIRON": {"PATH": str(tmp_path), "HOME": str(tmp_path)}}
    with serving(site(**scripted(**empty(1, 9))), waiting(tmp_path)) as server:
        ended = crawl(server.port, tmp_path / "a.db", f"http://{HOST}/", given)
    need = remembered(tmp_path)

    assert ended.counts["rejected/empty"] == 8
    assert ended.counts["render/needed"] == ended.counts["render/lacking"] == 1
    assert "rendered" not in ended.counts
    assert need is not None
    assert need.is_rendered
