from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from scraper.store import ArticleQuery, RejectionQuery, open_store
from tests.crawl.site import HOST, crawl, path, serving, site, start

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.fixtures.server import Exchange

pytestmark = pytest.mark.system

NUMBERS = range(40)
KILLS = 5


def kill_during_a_crawl(port: int, store: Path, asked: list[Exchange], after: int) -> None:
    """Start a crawl and kill it as soon as the server has answered so many more requests."""
    enough = len(asked) + after
    process = start(port, store).process
    while process.is_alive() and len(asked) < enough:
        time.sleep(0.002)
    process.kill()
    process.join()


def test_a_crawl_killed_five_times_stores_every_article_once(tmp_path: Path) -> None:
    """Takes 8 s: five crawls are killed and one ends."""
    points = random.Random(20310502)
    store = tmp_path / "news.db"
    with serving(site(*NUMBERS)) as server:
        for _ in range(KILLS):
            kill_during_a_crawl(server.port, store, server.exchanges, points.randint(1, 30))
        ended = crawl(server.port, store)

    with open_store(f"sqlite:///{store}") as opened:
        articles = list(opened.articles(ArticleQuery()))
        rejections = list(opened.rejections(RejectionQuery()))
    assert sorted(each.article.url or "" for each in articles) == sorted(
        f"http://{HOST}{path(number)}" for number in NUMBERS
    )
    assert {each.revision for each in articles} == {1}
    assert not rejections
    assert ended.code == 0
