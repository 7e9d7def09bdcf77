"""scraper init: a project of one's own, in which every command finds its spiders and settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scraper.errors import InputError
from scraper.masking import printable

FILES = {
    "scrapy.cfg": """\
[settings]
default = settings
""",
    "settings.py": '''\
"""Scrapy's settings: those of the news scraper, with this project's own after them.

https://docs.scrapy.org/en/latest/topics/settings.html has all of them. What has a default in scraper.settings
is better left alone: politeness and safety are there.
"""

from scraper.settings import *  # noqa: F403

SPIDER_MODULES = ["spiders"]
''',
    "scraper.toml": """\
# What is in force, and where it came from: scraper config

store = "sqlite:///news.db"

# The sites that are crawled must be able to reach you; without it no crawl leaves this machine.
# contact = "you@example.com"

# What is crawled again and again, by scraper serve or, from cron, by scraper run-due:
# [jobs.example_times]
# every = "30m"
""",
    "spiders/__init__.py": '"""A module a site: scraper new-site writes one."""\n',
    "fixtures/README.md": """\
# Fixtures

A folder a site, below it a folder a page: `page.html` as it was served, `meta.json`, and in `article.json`
what is true of it. `scraper new-site` and `scraper record` write them; `pytest` and `scraper fixtures check`
hold them against the program.
""",
    "tests/test_spiders.py": '''\
"""Every spider can be imported. Every field of what is in fixtures/ is a test too: pytest.ini says so."""

from importlib import import_module
from pathlib import Path

import pytest

SPIDERS = Path(__file__).parents[1] / "spiders"


@pytest.mark.parametrize("name", sorted(file.stem for file in SPIDERS.glob("*.py")))
def test_the_spider_can_be_imported(name):
    assert import_module(f"spiders.{name}")
''',
    "pytest.ini": """\
[pytest]
addopts = --news-fixtures fixtures
testpaths = tests
pythonpath = .
""",
    ".gitignore": """\
__pycache__/
.pytest_cache/
archive/
logs/
news.db*
""",
}
"""The files of a project, by their names in it."""


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Made where it is not there.")] = Path(),
) -> None:
    """Make a project: settings, and folders for spiders, fixtures and tests.

    In it every command uses its spiders and settings. A file that is there already stays as it is.

    Example: scraper init news
    """
    if (folder / "scrapy.cfg").exists():
        raise InputError(
            f"{folder / 'scrapy.cfg'}: there is a project already; new-site writes spiders into it, and one "
            'line of its settings has their pages extracted: ADDONS = {"scraper.crawl.addon.NewsAddon": 500}'
        )
    for name, content in FILES.items():
        file = folder / name
        if file.exists():
            typer.echo(printable(f"left as it is: {file}"))
            continue
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        except OSError as error:
            raise InputError(f"{file} cannot be written: {error.strerror}") from error
        typer.echo(printable(f"written: {file}"))
    there = [] if folder.resolve() == Path.cwd() else [f"cd {folder}"]
    steps = ("scraper.toml: set contact", "scraper new-site https://www.example.com", "pytest")
    typer.echo("\nnext:")
    for number, step in enumerate((*there, *steps), start=1):
        typer.echo(printable(f"  {number}. {step}"))
