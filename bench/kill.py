"""kill -9 of a crawl at random moments: ./run bench kill [KILLS] [SEED].

A loopback site of 400 articles is crawled, killed and resumed until the kills are spent, then to its end.
Fails if an article is lost, doubled or revised, if its text differs from that of an undisturbed crawl, or if
a page that the database names cannot be read from the archive.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.progress import track

from scraper.archive.place import Place
from scraper.archive.reader import capture_at
from scraper.store import ArticleQuery, RejectionQuery, open_store
from tests.crawl.site import crawl, serving, site, start

if TYPE_CHECKING:
    from scraper.fixtures.cases import Reply, ReplyAddress
    from scraper.fixtures.server import FixtureServer

ARTICLES, KILLS, SEED = 400, 100, 20310502
LONGEST = 4.0
"""Seconds at most from a crawl's first request to its kill: before, in and after its first batches."""
PACE = 0.1
"""Seconds that the site takes for an answer: the articles last until the last kills."""
QUIET = {"LOG_LEVEL": "WARNING"}


class SlowReplies(dict["ReplyAddress", "Reply"]):
    """Replies that can be made to take a while."""

    pace = 0.0

    def get(self, address: ReplyAddress, default: Any = None) -> Any:  # noqa: ANN401 - as in dict
        """Return the reply, after the pace."""
        time.sleep(self.pace)
        return super().get(address, default)


def texts(database: Path) -> dict[str, tuple[object, ...]]:
    """Return what is stored at each address, revisions and identity aside."""
    with open_store(f"sqlite:///{database}") as store:
        found = [each.article for each in store.articles(ArticleQuery())]
    return {article.url or "": (article.title, article.published, article.body) for article in found}


def count(database: Path) -> int:
    """Return how many articles are stored."""
    return len(texts(database)) if database.exists() else 0


def main() -> None:
    """Kill, resume, then judge."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else SEED)  # noqa: S311, PLR2004 - reproducible
    replies = SlowReplies(site(*range(ARTICLES)))
    with tempfile.TemporaryDirectory() as name, serving(replies) as server:
        folder = Path(name)
        crawl(server.port, folder / "undisturbed.db", settings=dict(QUIET))
        database, settings = folder / "killed.db", QUIET | {"NEWS_ARCHIVE": str(folder / "archive")}
        replies.pace = PACE
        at_work = 0
        for _ in track(range(kills), "kill"):
            at_work += kill_one(server, database, settings, chance.uniform(0, LONGEST))
        print(f"{kills} kills, {at_work} of them with articles missing; stored by then: {count(database)}")
        replies.pace = 0.0
        judge(folder, crawl(server.port, database, settings=settings).code)


def kill_one(server: FixtureServer, database: Path, settings: dict[str, str], seconds: float) -> bool:
    """Start a crawl and kill it so long after its first request; return whether it still had work."""
    asked = len(server.exchanges)
    process = start(server.port, database, settings=settings).process
    while process.is_alive() and len(server.exchanges) == asked:
        time.sleep(0.02)
    process.join(seconds)
    had_work = process.is_alive() and count(database) < ARTICLES
    process.kill()
    process.join()
    return had_work


def judge(folder: Path, code: int) -> None:
    """Compare with the undisturbed crawl; exit with 1 where anything differs."""
    expected, found = texts(folder / "undisturbed.db"), texts(folder / "killed.db")
    place = Place(str(folder / "archive"))
    with open_store(f"sqlite:///{folder}/killed.db") as store:
        stored = list(store.articles(ArticleQuery()))
        rejected = len(list(store.rejections(RejectionQuery())))
        for fetch in store.archived():
            for pointer in fetch.archived:
                capture_at(place, pointer)
    doubled = len(stored) - len(found)
    revised = sum(each.revision > 1 for each in stored)
    differing = sum(found[url] != text for url, text in expected.items() if url in found)
    print(f"stored {len(found)} of {ARTICLES}, lost {len(expected.keys() - found.keys())}, doubled {doubled}")
    print(f"revised {revised}, rejected {rejected}, texts that differ {differing}; exit code {code}")
    is_good = found == expected and len(found) == ARTICLES and not (doubled or revised or rejected or code)
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
