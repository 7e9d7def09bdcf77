"""docs/how-to/adding-a-site.md, followed step by step against a site on loopback."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.fixtures.cases import Reply, ReplyAddress, read_cases
from tests.crawl.site import html, serving, text, xml
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[3]
COPIED = ("scraper", "spiders", "tests", "fixtures", "docs", "scrapy.cfg", "pyproject.toml")
SLUGS = {
    "harbour-bridge-closes": "The harbour bridge closes for a year",
    "library-keeps-its-roof": "The library keeps its copper roof",
    "tram-to-the-airport": "A tram to the airport by the spring",
    "school-grows-tomatoes": "A school grows tomatoes on its roof",
    "market-moves-indoors": "The fish market moves indoors",
}


CATEGORY = """<script type="application/ld+json">{"@type": "CollectionPage"}</script>
<body class="archive category"><nav>"""


def story(slug: str) -> Reply:
    title = SLUGS[slug]
    paragraphs = "".join(
        f"<p>{title}, {verb} the mayor of Aville on {day}. The council had voted for it in March, "
        f"against the advice of {who}, and the work will cost more than was planned at first.</p>"
        for verb, day, who in (
            ("announced", "Monday", "its engineers"),
            ("repeated", "Tuesday", "the shopkeepers"),
            ("wrote", "Wednesday", "two of its members"),
            ("told reporters", "Thursday", "the port"),
        )
    )
    return html(
        f"<!DOCTYPE html><html lang='en-GB'><head><title>{title} - The Example Times</title>"
        "<meta property='og:site_name' content='The Example Times'>"
        "<meta property='article:published_time' content='2031-05-02T08:00:00+01:00'></head>"
        f"<body><nav><a href='/world/'>World</a></nav><article><h1>{title}</h1><p>By Ada Quill</p>{paragraphs}</article></body></html>"
    )


def example(port: int) -> dict[ReplyAddress, Reply]:
    home = f"http://127.0.0.1:{port}"
    path = "/2031/05/02/{}/".format
    links = "".join(
        f"<li><a href='{path(slug)}'>{title}</a><p>Read on: {title}</p></li>" for slug, title in SLUGS.items()
    )
    items = "".join(
        f"<item><link>{home}{path(slug)}</link><title>{title}</title></item>" for slug, title in SLUGS.items()
    )
    front = (
        "<html lang='en-GB'><title>The Example Times</title><link rel='alternate' type='application/rss+xml' href='/feed/'>"
        f"<nav><a href='/world/'>World</a> <a href='/sport/'>Sport</a></nav><ul>{links}</ul>"
    )
    pages = {
        "/": html(front),
        "/world/": html(front.replace("<title>", "<title>World - ").replace("<nav>", CATEGORY)),
        "/robots.txt": text(f"User-agent: *\nDisallow:\nSitemap: {home}/sitemap.xml\n"),
        "/sitemap.xml": xml(
            "<urlset>" + "".join(f"<url><loc>{home}{path(slug)}</loc></url>" for slug in SLUGS) + "</urlset>"
        ),
        "/feed/": xml(f"<rss><channel>{items}</channel></rss>"),
        **{path(slug): story(slug) for slug in SLUGS},
    }
    return {ReplyAddress("127.0.0.1", where): reply for where, reply in pages.items()}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project, without the waiting that real hosts deserve."""
    for name in COPIED:
        source, target = ROOT / name, tmp_path / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    hurried = "\nDOWNLOAD_DELAY = 0\nAUTOTHROTTLE_ENABLED = False\n"
    settings = tmp_path / "scraper" / "settings.py"
    settings.write_text(settings.read_text() + hurried)
    return tmp_path


def commands(document: str) -> Iterator[list[str]]:
    """Yield the commands of a document, as they are run in a copy of the project."""
    tools = {
        "scraper": ["-m", "scraper"],
        "test": ["-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider"],
    }
    for line in re.findall(r"^    \./run (.+)$", document, re.MULTILINE):
        tool, *arguments = shlex.split(line)
        if arguments[:1] == ["opml"]:
            continue  # another way in, from a list that is not here: tests/cli/test_documented.py runs it
        yield [sys.executable, *tools[tool], *arguments]


def test_the_document_is_true_step_by_step(checkout: Path) -> None:
    """Takes 45 s: each command of the guide is run as a process of its own."""
    document = (checkout / "docs" / "how-to" / "adding-a-site.md").read_text()
    environment = {
        **os.environ,
        "PYTHONPATH": str(checkout),
        "SCRAPER_ALLOWED_NETWORKS": "127.0.0.0/8",
        "SCRAPER_WORKERS": "1",
    }
    printed: dict[str, str] = {}
    with serving({}) as server:
        home = f"http://127.0.0.1:{server.port}"
        server.recording.replies.update(example(server.port))  # type: ignore[attr-defined]
        for command in commands(document.replace("https://www.example.com", home)):
            found = re.search(r"^([0-9a-f]{16})\t", printed.get("articles", ""), re.MULTILINE)
            given = [found[1] if found and part == "ID" else part for part in command]
            done = subprocess.run(
                given,
                cwd=checkout,
                env=environment,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            assert done.returncode == 0, f"{given}: {done.stdout}{done.stderr}"
            printed[command[3]] = done.stdout
    spider = (checkout / "spiders" / "example_times.py").read_text()
    (block,) = re.findall(r"```python\n(.+?)```", document, re.DOTALL)
    cases = read_cases(checkout / "fixtures")
    kinds = [case.truth["kind"] for case in cases if case.site == "example_times"]

    assert block.replace("https://www.example.com", home).replace("example.com", "127.0.0.1") in spider
    assert "articles: /\\d{4}/\\d{2}/\\d{2}/[^/]*-[^/]*/$ matches 5 of 5 addresses" in printed["new-site"]
    assert "The harbour bridge closes for a year" in printed["new-site"] + printed["articles"]
    assert sorted(kinds) == ["article"] * 4 + ["list"]
    assert "5 pages, 0 otherwise than true" in printed["fixtures"]
    assert len(document.split("\n")) < 100, "one page"


def test_a_spider_that_is_there_is_not_written_over(checkout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scraper", "new-site", "http://paper.test/", "--name", "france24"],
        cwd=checkout, env={**os.environ, "PYTHONPATH": str(checkout)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert "france24.py is there already: give another --name" in done.stderr
