"""robots.txt over several crawls; its faults in one crawl are in test_faults.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.store import open_store
from scraper.store.values import RobotsCopy
from tests.crawl.site import HOST, crawl, html, serving, site

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.system

ORIGIN = f"http://{HOST}"
RULES = f"User-agent: *\nDisallow: /private/\nSitemap: {ORIGIN}/sitemap.xml\n"
BROKEN = html("User-agent: *\nAllow: /\n", 500)
ONCE = {"RETRY_TIMES": 0, "LOG_LEVEL": "ERROR"}


def keep(store: Path, age: timedelta, rules: str = RULES) -> None:
    with open_store(f"sqlite:///{store}") as opened:
        copy = RobotsCopy(origin=ORIGIN, content=rules, fetched_at=datetime.now(UTC) - age)
        opened.save_robots(copy)


def test_the_last_copy_holds_for_a_day_while_robots_txt_is_down(tmp_path: Path) -> None:
    with serving(site(1)) as server:
        crawl(server.port, tmp_path / "a.db", settings=ONCE)
    with serving(site(1, 2, **{"/robots.txt": BROKEN})) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings=ONCE)
    assert (ended.counts["robots/copy"], ended.counts["stored"], ended.code) == (1, 1, 0)


def test_a_copy_forbids_as_the_rules_did(tmp_path: Path) -> None:
    keep(tmp_path / "a.db", timedelta(hours=23), "User-agent: *\nDisallow: /\n")
    with serving(site(1, **{"/robots.txt": BROKEN})) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings=ONCE)
        asked = {exchange.address.path for exchange in server.exchanges}
    assert asked == {"/robots.txt"}
    assert ended.counts == {"robots/copy": 1, "source/failed/robots": 2}


def test_a_copy_older_than_a_day_is_not_used(tmp_path: Path) -> None:
    keep(tmp_path / "a.db", timedelta(hours=25))
    with serving(site(1, **{"/robots.txt": BROKEN})) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings=ONCE)
    assert ended.counts == {"source/failed/robots_5xx": 2}


def test_a_robots_txt_that_is_gone_forgets_the_copy(tmp_path: Path) -> None:
    keep(tmp_path / "a.db", timedelta(hours=1), "User-agent: *\nDisallow: /\n")
    with serving(site(1, **{"/robots.txt": html("none", 404)})) as server:
        ended = crawl(server.port, tmp_path / "a.db", settings=ONCE)
    with open_store(f"sqlite:///{tmp_path / 'a.db'}") as opened:
        copy = opened.robots(ORIGIN)
    assert copy is not None
    assert (copy.content, ended.counts["stored"]) == ("", 1)


@pytest.mark.parametrize("agent", ["news-scraper", "News-Scraper/1.0", "news-scraper/0.1 (+mail)", "*"])
def test_rules_for_us_bind_us_with_a_version_behind_our_name_too(tmp_path: Path, agent: str) -> None:
    rules = html(f"User-agent: {agent}\nDisallow: /\n\nUser-agent: other/1.0\nDisallow:\n")
    with serving(site(1, **{"/robots.txt": rules})) as server:
        crawl(server.port, tmp_path / "a.db", settings=ONCE)
        assert {exchange.address.path for exchange in server.exchanges} == {"/robots.txt"}
