from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.crawl.site import HOME, html, path, serving, site
from tests.waiting import PATIENCE

pytestmark = pytest.mark.system

RUN = """
import json, sys
from scraper.crawl.download.one_page import fetch_page
from scraper.crawl.download.loopback import loopback_settings
from scraper.errors import ScraperError

if __name__ == "__main__":
    try:
        page = fetch_page(sys.argv[2], {**loopback_settings(int(sys.argv[1])), "RETRY_TIMES": 0, "LOG_LEVEL": "ERROR"})
    except ScraperError as error:
        print(json.dumps({"error": str(error)}))
    else:
        print(json.dumps({"url": page.url, "status": page.status, "content": page.content.decode()}))
"""


def fetch(where: str) -> dict[str, str]:
    pages = site(1, **{"/gone": html("<p>no such page</p>", status=404), "/private/1": html("<p>ours</p>")})
    with serving(pages) as server:
        command = [sys.executable, "-c", RUN, str(server.port), HOME.rstrip("/") + where]
        done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=PATIENCE)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_a_page_is_fetched_with_its_status() -> None:
    assert "bridge of quarter 1" in fetch(path(1))["content"]
    assert int(fetch("/gone")["status"]) == 404


def test_what_robots_txt_forbids_is_not_fetched() -> None:
    assert fetch("/private/1")["error"].startswith(
        f"{HOME}private/1 could not be fetched: robots: the site's robots.txt"
    )
