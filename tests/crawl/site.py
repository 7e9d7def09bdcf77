"""A small invented news site on loopback, and a real crawl of it in a process of its own."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import resource
import signal
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.crawl.download.loopback import loopback_settings
from scraper.crawl.run import Crawl, Progress, run_crawls
from scraper.errors import ScraperError
from scraper.fixtures.cases import Reply, ReplyAddress
from scraper.fixtures.replies import FixtureReplies
from scraper.fixtures.server import FixtureServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

HOST = "harbour.test"
HOME = f"http://{HOST}/"
SUBJECTS = (
    "ferry",
    "bridge",
    "harvest",
    "library",
    "museum",
    "tunnel",
    "market",
    "school",
    "orchard",
    "lighthouse",
)


def html(content: str, status: int = 200, **headers: str) -> Reply:
    return Reply(
        status=status,
        headers={"Content-Type": "text/html; charset=utf-8", **headers},
        content=content.encode(),
    )


def xml(content: str) -> Reply:
    return Reply(status=200, headers={"Content-Type": "application/xml"}, content=content.encode())


def text(content: str) -> Reply:
    return Reply(status=200, headers={"Content-Type": "text/plain"}, content=content.encode())


def article(number: int, *, day: str = "2031-05-02") -> Reply:
    """Return a page with a text of its own: every sentence holds the number's words."""
    subject = f"{SUBJECTS[number % 10]} of quarter {number}"
    sentences = [
        f"The {subject} {verb} {place} on {weekday}, said the council of ward {number * 7 + at}."
        for at, (verb, place, weekday) in enumerate(
            [
                ("opened beside", "the old mill", "Monday"),
                ("was repaired near", "the northern gate", "Tuesday"),
                ("drew many visitors from", "the river villages", "Wednesday"),
                ("will be discussed again in", "the town hall", "Thursday"),
                ("cost less than", "the new tram line", "Friday"),
            ]
        )
    ]
    paragraphs = "".join(
        f"<p>{sentence} {sentence.replace('The', 'That the', 1)}</p>" for sentence in sentences
    )
    return html(
        f"<!DOCTYPE html><html lang='en'><head><title>The {subject}</title>"
        f"<meta property='article:published_time' content='{day}T08:00:00Z'></head>"
        f"<body><article><h1>The {subject}</h1>{paragraphs}</article></body></html>"
    )


def path(number: int) -> str:
    return f"/2031/05/02/the-{SUBJECTS[number % 10]}-of-quarter-{number}"


def sitemap(*numbers: int, more: str = "") -> Reply:
    urls = "".join(f"<url><loc>http://{HOST}{path(number)}</loc></url>" for number in numbers)
    return xml(f"<urlset>{urls}{more}</urlset>")


def site(*numbers: int, **more: Reply) -> dict[ReplyAddress, Reply]:
    """Return a site whose robots.txt names a sitemap of these articles; `more` are further replies by path."""
    replies = {
        "/": html("<a href='/world/'>World</a>"),
        "/robots.txt": text(f"User-agent: *\nDisallow: /private/\nSitemap: http://{HOST}/sitemap.xml\n"),
        "/sitemap.xml": sitemap(*numbers),
        **{path(number): article(number) for number in numbers},
        **more,
    }
    return {ReplyAddress(HOST, where): reply for where, reply in replies.items()}


@contextmanager
def serving(
    replies: dict[ReplyAddress, Reply], kind: type[FixtureServer] = FixtureServer
) -> Iterator[FixtureServer]:
    with kind(FixtureReplies(replies)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def start(
    port: int, store: Path, target: str = HOME, settings: dict[str, Any] | None = None, **arguments: str
) -> Started:
    """Start a crawl in a process of its own, forked from one that has loaded everything.

    Settings that are none of Scrapy's: ENVIRON, variables of the process; CONSTANTS, values of the program's
    own by "module:NAME"; LARGEST_FILE, bytes beyond which no file of the process grows.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scraper.crawl.run", "scraper.crawl.addon", "tests.crawl.site"])
    receiver, sender = context.Pipe(duplex=False)
    given = {
        "NEWS_STORE": f"sqlite:///{store}",
        "NEWS_ARCHIVE": "",
        "NEWS_WORKERS": 1,
        "STATS_DUMP": False,
        **(settings or {}),
    }
    process = context.Process(
        target=_crawl, args=(sender, port, Crawl(target=target, arguments=arguments), given)
    )
    process.start()
    sender.close()
    return Started(process, receiver)


def crawl(
    port: int, store: Path, target: str = HOME, settings: dict[str, Any] | None = None, **arguments: str
) -> Ended:
    """Return how a crawl ended; raises what kept it from beginning."""
    started = start(port, store, target, settings, **arguments)
    ended = started.receiver.recv()
    started.process.join()
    if isinstance(ended, Exception):
        raise ended
    assert isinstance(ended, Progress)
    return Ended(ended.exit_code, dict(ended.counts))


def crawl_all(port: int, store: Path, targets: list[str], settings: dict[str, Any]) -> list[Progress]:
    """Return how crawls of several sites ended, one after the other in one process."""
    started = start(port, store, ",".join(targets), settings)
    ended = started.receiver.recv()
    started.process.join()
    assert isinstance(ended, list), ended
    return ended


class Started(NamedTuple):
    process: ForkServerProcess
    receiver: Connection


class Ended(NamedTuple):
    code: int
    counts: dict[str, int]


def _crawl(sender: Connection, port: int, wanted: Crawl, settings: dict[str, Any]) -> None:
    os.environ.update(settings.pop("ENVIRON", {}))
    if most := settings.pop("LARGEST_FILE", 0):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    for name, value in settings.pop("CONSTANTS", {}).items():
        module, _, constant = name.partition(":")
        setattr(importlib.import_module(module), constant, value)
    try:
        crawls = [replace(wanted, target=target) for target in wanted.target.split(",")]
        ended = list(run_crawls(crawls, {**loopback_settings(port), **settings}))
    except ScraperError as error:
        sender.send(error)
    else:
        sender.send(ended if len(ended) > 1 else ended[0])
