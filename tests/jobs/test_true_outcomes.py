"""Crawls that look well and are not: real supervised ones of a loopback site, each told by its true state."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from scraper.fixtures.cases import ReplyAddress
from scraper.fixtures.server import FixtureServer
from tests.crawl.site import article, html, path, serving, text
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.fixtures.cases import Reply

pytestmark = pytest.mark.system

PAGES = 12
SPIDERS = """
from scraper.crawl.spider import NewsSpider
from scraper.model import Site

def at(name, host):
    return Site(name=name, domains=(host,), home=f"http://{host}:PORT/")

class Hurried(NewsSpider):
    custom_settings = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}

class Well(Hurried):
    site = at("well", "127.0.0.2")

class Raising(Hurried):
    site = at("raising", "127.0.0.3")
    def parse_page(self, response, target):
        raise LookupError("the layout is another")
        yield

class Unstarted(Hurried):
    site = at("unstarted", "127.0.0.4")
    async def start(self):
        raise LookupError("no listing is called so")
        yield

class Unasking(Hurried):
    site = at("unasking", "127.0.0.5")
    async def start(self):
        async for request in super().start():
            if not request:
                yield request

class Walled(Hurried):
    site = at("walled", "127.0.0.6")

class Gone(Hurried):
    site = at("gone", "127.0.0.7")

class Forbidden(Hurried):
    site = at("forbidden", "127.0.0.8")
"""
WALL = html(
    "<html><head><title>Just a moment...</title></head>"
    "<body><p>Enable JavaScript and cookies to continue</p></body></html>",
)
EXPECTED = {
    "well": ("succeeded", 0, False, "12 new articles"),
    "raising": ("failed", 1, False, "all 12 pages that were asked for failed, most by spider"),
    "unstarted": ("failed", 1, False, "1 errors in the crawl's own code and no page"),
    "unasking": ("failed", 1, False, "12 pages were announced and none was fetched"),
    "walled": ("failed", 0, False, "11 of 12 pages were unusable, most as bot_wall"),
    "gone": ("failed", 1, False, "all 12 pages that were asked for failed, most by 404"),
    "forbidden": ("failed", 1, False, "all 12 pages that were asked for failed, most by robots"),
}
"""Spider → state, exit code, whether it is tried again before its turn, reason."""


class Everywhere(FixtureServer):
    """Answers at every loopback address: each is a site."""

    def server_bind(self) -> None:
        self.server_address = ("", 0)
        super().server_bind()


def replies() -> dict[ReplyAddress, Reply]:
    """Return the pages of seven sites, which announce the same articles."""
    links = "".join(
        f"<p><a href='{path(number)}'>News of quarter {number}</a></p>" for number in range(PAGES)
    )
    articles = {path(number): article(number) for number in range(PAGES)}
    own = {
        "127.0.0.6": dict.fromkeys(list(articles)[1:], WALL),
        "127.0.0.7": dict.fromkeys(articles, html("no more", 404)),
        "127.0.0.8": {"/robots.txt": text("User-agent: *\nDisallow: /2031/\n")},
    }
    return {
        ReplyAddress(host, where): reply
        for host in (f"127.0.0.{number}" for number in range(2, 9))
        for where, reply in {
            "/": html(f"<body>{links}</body>"),
            "/robots.txt": text(""),
            **articles,
            **own.get(host, {}),
        }.items()
    }


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Mapping[str, Mapping[str, Any]]]:
    """The exit code of one `scraper run-due` of all spiders, and their runs as `scraper runs` shows them; takes 15 s."""
    folder = tmp_path_factory.mktemp("news")

    def scraper(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "scraper", *arguments]
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    with serving(replies(), Everywhere) as server:
        (folder / "spiders").mkdir()
        (folder / "spiders" / "__init__.py").touch()
        (folder / "spiders" / "own.py").write_text(SPIDERS.replace("PORT", str(server.port)))
        (folder / "scraper.toml").write_text(
            'workers = 1\narchive = ""\nallowed_networks = ["127.0.0.0/8"]\n'
            f'[jobs.all]\nsites = {list(EXPECTED)}\nevery = "1d"\n'
        )
        done = scraper("run-due", "--slots", "2", "--log-json")
    runs = [json.loads(line) for line in scraper("runs", "--json").stdout.splitlines()]
    assert len(runs) == len(EXPECTED), done.stderr
    return done.returncode, {run["site"]: run for run in runs}


@pytest.mark.parametrize("site", EXPECTED)
def test_a_run_ends_in_the_state_that_its_crawl_earned(
    ended: tuple[int, Mapping[str, Mapping[str, Any]]], site: str
) -> None:
    run = ended[1][site]
    state, exit_code, may_pass, reason = EXPECTED[site]
    assert (run["state"], run["exit_code"], run["may_pass"]) == (state, exit_code, may_pass), run
    assert reason in run["reason"]


def test_one_failed_run_is_told_by_the_exit_code(
    ended: tuple[int, Mapping[str, Mapping[str, Any]]],
) -> None:
    assert ended[0] == 1
