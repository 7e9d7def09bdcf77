"""A small invented news site on loopback, and a real crawl of it in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scraper.archive.fixtures import Address, Reply
from scraper.archive.server import FixtureServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "harbour.test"
HOME = f"http://{HOST}/"
RUN = """
import json, sys
from scraper.crawl.loopback import loopback_settings
from scraper.crawl.run import Crawl, run_crawls
from scraper.errors import ScraperError

if __name__ == "__main__":
    port, target, arguments, settings = json.loads(sys.argv[1])
    try:
        (ended,) = run_crawls(
            [Crawl(target=target, arguments=arguments)],
            {**loopback_settings(port), "STATS_DUMP": False, "NEWS_WORKERS": 1, **settings},
        )
    except ScraperError as error:
        print(json.dumps({"error": str(error)}))
    else:
        print(json.dumps({"code": ended.exit_code, "reason": ended.reason, "counts": dict(ended.counts)}))
"""
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


def site(*numbers: int, **more: Reply) -> dict[Address, Reply]:
    """Return a site whose robots.txt names a sitemap of these articles; `more` are further replies by path."""
    replies = {
        "/": html("<a href='/world/'>World</a>"),
        "/robots.txt": text(f"User-agent: *\nDisallow: /private/\nSitemap: http://{HOST}/sitemap.xml\n"),
        "/sitemap.xml": sitemap(*numbers),
        **{path(number): article(number) for number in numbers},
        **more,
    }
    return {Address(HOST, where): reply for where, reply in replies.items()}


@contextmanager
def serving(replies: dict[Address, Reply]) -> Iterator[FixtureServer]:
    with FixtureServer(replies) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def command(
    port: int, store: Path, target: str = HOME, settings: dict[str, Any] | None = None, **arguments: str
) -> list[str]:
    more = {"NEWS_STORE": f"sqlite:///{store}", **(settings or {})}
    return [sys.executable, "-c", RUN, json.dumps([port, target, arguments, more])]


def crawl(
    port: int, store: Path, target: str = HOME, settings: dict[str, Any] | None = None, **arguments: str
) -> dict[str, Any]:
    """Return how a crawl ended: its exit code, its counts, or the error that kept it from beginning."""
    done = subprocess.run(
        command(port, store, target, settings, **arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**result, "log": done.stderr}
