from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from scraper.fixtures.cases import ReplyAddress
from scraper.fixtures.server import serve_fixtures
from tests.waiting import PATIENCE

FIXTURES = Path(__file__).parents[3] / "fixtures"
FETCH = """
import json, sys
import scrapy
from scrapy.crawler import CrawlerProcess
from scraper.crawl.download.loopback import loopback_settings

class Asking(scrapy.Spider):
    name = "asking"
    handle_httpstatus_list = [404]

    async def start(self):
        for url in sys.argv[2:]:
            yield scrapy.Request(url, meta={"dont_retry": True})

    def parse(self, response):
        print(json.dumps([response.url, response.status, len(response.body), "download_latency" in response.meta]))

process = CrawlerProcess({**loopback_settings(int(sys.argv[1])), "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
process.crawl(Asking)
process.start()
"""


def fetch(port: int, *urls: str) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-c", FETCH, str(port), *urls],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return sorted(json.loads(line) for line in done.stdout.splitlines())


def test_every_scheme_and_host_is_answered_on_this_machine_under_its_own_address() -> None:
    robots = (FIXTURES / "france24" / "_site" / "robots.txt").read_bytes()
    with serve_fixtures(FIXTURES) as server:
        answers = fetch(server.port, "https://www.france24.com/robots.txt", "http://nowhere.example/?a=b")
        asked = {exchange.address for exchange in server.exchanges}

    assert [answer[:2] for answer in answers] == [
        ["http://nowhere.example/?a=b", 404],
        ["https://www.france24.com/robots.txt", 200],
    ]
    assert answers[1][2:] == [len(robots), True]
    assert asked == {
        ReplyAddress("www.france24.com", "/robots.txt"),
        ReplyAddress("nowhere.example", "/?a=b"),
    }
