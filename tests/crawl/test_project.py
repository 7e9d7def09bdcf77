"""A project around the working directory, each in a process of its own: modules are imported once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ["france24", "news", "nizkor", "phuket_gazette"]
SHOW = """
import json, logging, sys
logging.basicConfig(format="%(message)s")
from scraper.crawl.project import ProjectSpiders, project_settings, spider_folder
from scraper.errors import ScraperError
try:
    settings = project_settings()
    spiders = ProjectSpiders(settings)
    print(json.dumps({
        "spiders": spiders.list(), "broken": spiders.broken,
        "modules": {name: spiders.load(name).__module__ for name in spiders.list()},
        "settings": {name: settings[name] for name in sys.argv[1:]},
        "components": {name: dict(settings[name]) for name in ("ADDONS", "DOWNLOADER_MIDDLEWARES")},
    }))
except ScraperError as error:
    print(json.dumps({"error": str(error)}))
"""
SPIDER = """
from scraper.crawl.spider import NewsSpider
from scraper.model import Site

class {name}Spider(NewsSpider):
    site = Site(name="{name}", domains=("{name}.example",), home="https://{name}.example/")
"""


def shown(folder: Path, *names: str) -> dict[str, Any]:
    """Return what a process in a folder sees of its project."""
    command = [sys.executable, "-c", SHOW, *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return {**json.loads(done.stdout), "log": done.stderr}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


FOLDER = {"spiders/__init__.py": ""}
CFG = "[settings]\ndefault = paper.settings\n"
PACKAGE = {"scrapy.cfg": CFG, "paper/__init__.py": "", "paper/news/__init__.py": ""}


def test_anywhere_the_shipped_spiders_are_there(tmp_path: Path) -> None:
    assert shown(tmp_path)["spiders"] == SHIPPED


def test_a_folder_of_spiders_is_enough(tmp_path: Path) -> None:
    write(tmp_path, {**FOLDER, "spiders/gazette.py": SPIDER.format(name="gazette")})

    assert shown(tmp_path)["spiders"] == sorted([*SHIPPED, "gazette"])


def test_scrapy_finds_a_projects_spiders_before_others_of_their_name(tmp_path: Path) -> None:
    project = {**FOLDER, "scrapy.cfg": "[settings]\ndefault = scraper.settings\n", "docs/a.md": ""}
    write(tmp_path / "mine", {**project, "spiders/gazette.py": SPIDER.format(name="gazette")})
    write(tmp_path / "other", {**FOLDER, "spiders/daily.py": SPIDER.format(name="daily")})
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=tmp_path / "mine" / "docs", env={**os.environ, "PYTHONPATH": str(tmp_path / "other")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.split() == sorted([*SHIPPED, "gazette"])


@pytest.mark.parametrize("below", ["", "paper/news"])
def test_a_projects_settings_and_spiders_stand_above_ours(tmp_path: Path, below: str) -> None:
    settings = 'SPIDER_MODULES = ["paper.news"]\nBOT_NAME = "paper"\nDOWNLOAD_DELAY = 3\n'
    spiders = {
        "paper/news/a.py": SPIDER.format(name="gazette"),
        "paper/news/b.py": SPIDER.format(name="nizkor"),
    }
    write(tmp_path, {**PACKAGE, "paper/settings.py": settings, **spiders})
    found = shown(tmp_path / below, "BOT_NAME", "DOWNLOAD_DELAY", "ROBOTSTXT_OBEY")

    assert found["spiders"] == sorted([*SHIPPED, "gazette"])
    assert found["modules"]["nizkor"] == "paper.news.b"
    assert found["settings"] == {"BOT_NAME": "paper", "DOWNLOAD_DELAY": 3, "ROBOTSTXT_OBEY": True}


@pytest.mark.parametrize("begin", ["", "from scraper.settings import *\n"])
def test_components_of_a_project_are_added_to_ours_and_none_takes_one_away(
    tmp_path: Path, begin: str
) -> None:
    names = "{'paper.Mine': 543, 'scraper.crawl.discovery.traps.Traps': None}"
    write(
        tmp_path,
        {
            **PACKAGE,
            "paper/settings.py": f"{begin}DOWNLOADER_MIDDLEWARES = {names}\nADDONS = {{'paper.Add': 1}}\n",
        },
    )
    found = shown(tmp_path)["components"]

    assert found["DOWNLOADER_MIDDLEWARES"]["paper.Mine"] == 543
    assert found["DOWNLOADER_MIDDLEWARES"]["scraper.crawl.discovery.traps.Traps"] is None
    assert found["DOWNLOADER_MIDDLEWARES"]["scraper.crawl.courtesy.robots.Robots"] == 100
    assert found["ADDONS"] == {"scraper.crawl.addon.NewsAddon": 500, "paper.Add": 1}


@pytest.mark.parametrize(
    "fault", ["import nothing_of_that_name", "1 / 0", "def", "from paper.settings import NONE"]
)
def test_a_spider_that_cannot_be_imported_costs_itself(tmp_path: Path, fault: str) -> None:
    spiders = {"spiders/bad.py": fault, "spiders/gazette.py": SPIDER.format(name="gazette")}
    write(tmp_path, {**FOLDER, "scrapy.cfg": "[settings]\n", **spiders})
    found = shown(tmp_path)

    assert found["spiders"] == sorted([*SHIPPED, "gazette"])
    assert list(found["broken"]) == ["spiders.bad"]
    assert "the spiders of spiders.bad are left out" in found["log"]


@pytest.mark.parametrize("settings", [None, "1 / 0", "from nowhere import settings"])
def test_settings_that_cannot_be_imported_are_named(tmp_path: Path, settings: str | None) -> None:
    write(tmp_path, {**PACKAGE, **({"paper/settings.py": settings} if settings else {})})

    assert "scrapy.cfg: the settings paper.settings cannot be imported" in shown(tmp_path)["error"]


def test_a_project_may_call_its_modules_as_another_package_does(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"scrapy.cfg": "[settings]\ndefault = json\n", "spiders/nizkor.py": SPIDER.format(name="nizkor")},
    )

    assert shown(tmp_path)["modules"]["nizkor"] == "spiders.nizkor"
