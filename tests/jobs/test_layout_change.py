"""A site changes its layout: from a real history of crawls to an alarm, and from its example to a fixture."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scraper.fixtures.cases import ReplyAddress, read_case
from scraper.fixtures.replies import FixtureReplies
from scraper.store import ArticleQuery, open_store
from tests.crawl.site import article, html, path, serving, text
from tests.waiting import PATIENCE, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.fixtures.cases import Reply

pytestmark = pytest.mark.system

HOST = "127.0.0.1"
BEFORE, AFTER = range(40), range(40, 70)
"""Articles: enough to know the site by, then enough to be the present of."""
SPIDER = """
from scraper.crawl.spider import NewsSpider
from scraper.model import Site

class Harbour(NewsSpider):
    site = Site(name="harbour", domains=("127.0.0.1",), home="http://127.0.0.1:PORT/")
    custom_settings = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}
"""
JOB = """
workers = 1
allowed_networks = ["127.0.0.0/8"]
[jobs.harbour]
every = "5s"
[alarms]
command = ["tee", "told.json"]
"""


def pages(articles: dict[str, Reply]) -> dict[ReplyAddress, Reply]:
    links = "".join(f"<p><a href='{where}'>News of quarter {where[-2:]}</a></p>" for where in articles)
    replies = {"/": html(f"<body>{links}</body>"), "/robots.txt": text(""), **articles}
    return {ReplyAddress(HOST, where): reply for where, reply in replies.items()}


def moved(number: int) -> Reply:
    """Return an article in a skeleton that the site had not before."""
    page = article(number).content.decode()
    return html(
        page.replace("<article>", "<div id='app'><section class='story-text'>").replace(
            "</article>", "</section></div>"
        )
    )


def set_up(folder: Path, port: int) -> None:
    """Write a spider of the server at the port, and its job."""
    (folder / "spiders").mkdir()
    (folder / "spiders" / "__init__.py").touch()
    (folder / "spiders" / "harbour.py").write_text(SPIDER.replace("PORT", str(port)))
    (folder / "scraper.toml").write_text(JOB)


def stored(folder: Path) -> int:
    with open_store(f"sqlite:///{folder / 'news.db'}") as store:
        return len(list(store.articles(ArticleQuery())))


def test_a_layout_change_raises_an_alarm_whose_example_becomes_a_fixture(tmp_path: Path) -> None:
    """Takes 20 s: a rhythm has to be learned from several crawls before it can change."""
    logged: list[str] = []

    def scraper(*arguments: str) -> str:
        command = [sys.executable, "-m", "scraper", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        logged.extend(done.stderr.splitlines())
        return done.stdout

    def holds(number: int) -> bool:
        """Run what is due; tell whether so many articles are stored."""
        scraper("run-due", "--log-json")
        return stored(tmp_path) >= number

    old = {path(number): article(number) for number in BEFORE}
    new = {path(number): moved(number) for number in AFTER}
    with serving(pages(old)) as server:
        set_up(tmp_path, server.port)
        wait_for(lambda: holds(len(BEFORE)))
        assert scraper("alarms", "--json") == ""
        server.recording = FixtureReplies(pages(new))
        wait_for(lambda: holds(len(BEFORE) + len(AFTER)))
    (alarm,) = [json.loads(line) for line in scraper("alarms", "--json").splitlines()]
    told = json.loads((tmp_path / "told.json").read_text())
    pruned = scraper("archive", "prune", "--older-than", "2100-01-01")
    scraper("record", "harbour", alarm["example"], "--from-archive", "--case", "moved")
    case = read_case(tmp_path / "fixtures" / "harbour" / "moved")

    assert not pruned.startswith("0 files removed")
    assert alarm["cause"] == "layout changed"
    assert "layout" in alarm["signs"]
    (opened,) = [line for line in logged if "alarm opened" in line]
    assert json.loads(opened)["run"] in {
        json.loads(line)["id"] for line in scraper("runs", "--json").splitlines()
    }
    assert (told["event"], told["site"], told["example"]) == ("opened", "harbour", alarm["example"])
    assert any(alarm["example"].endswith(where) for where in new)
    assert case.page.content in {reply.content for reply in new.values()}
    assert case.truth["body"].startswith("The ")
    assert scraper("fixtures", "check", "harbour") == "1 pages, 0 otherwise than true\n"
