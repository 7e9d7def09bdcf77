from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from scraper.crawl.download.loopback import loopback_settings
from scraper.store import ArticleQuery, open_store
from tests.crawl.site import HOST, path, serving, site
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

SPIDER = """
import scrapy
from scraper.crawl.responses import page_of

class Paper(scrapy.Spider):
    name = "paper"

    async def start(self):
        yield {"from": "another pipeline"}
        for url in URLS:
            yield scrapy.Request(url)

    def parse(self, response):
        yield page_of(response)
"""


def project(folder: Path, port: int, urls: list[str]) -> None:
    """Write a Scrapy project that knows nothing of ours but the add-on."""
    settings = {
        **loopback_settings(port),
        "ADDONS": {"scraper.crawl.addon.NewsAddon": 500},
        "NEWS_WORKERS": 1,
        "SPIDER_MODULES": ["paper"],
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = paper_settings\n")
    (folder / "paper_settings.py").write_text(
        "".join(f"{name} = {value!r}\n" for name, value in settings.items())
    )
    (folder / "paper.py").write_text(f"URLS = {urls!r}\n{SPIDER}")


def test_another_project_gets_its_pages_extracted_stored_and_exported(tmp_path: Path) -> None:
    with serving(site(1, 2)) as server:
        project(tmp_path, server.port, [f"http://{HOST}{path(1)}", f"http://{HOST}/"])
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", "paper", "-O", "out.jsonl"],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip

    assert done.returncode == 0, done.stderr
    other, record = sorted(
        (json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()), key=len
    )
    assert other == {"from": "another pipeline"}
    assert record["url"] == f"http://{HOST}{path(1)}"
    assert record["site"] == "paper"
    with open_store(f"sqlite:///{tmp_path}/news.db") as store:
        assert [each.id for each in store.articles(ArticleQuery())] == [record["id"]]


def test_what_scraper_toml_allows_holds_for_scrapys_own_commands(tmp_path: Path) -> None:
    with serving({}) as server:
        (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = scraper.settings\n")
        (tmp_path / "scraper.toml").write_text('allowed_networks = ["127.0.0.0/8"]\n')
        (tmp_path / "paper.py").write_text(f"URLS = ['http://127.0.0.1:{server.port}/']\n{SPIDER}")
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "runspider", "paper.py", "-s", "ROBOTSTXT_OBEY=0"],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip

    assert "response_status_count/404" in done.stderr, done.stderr
