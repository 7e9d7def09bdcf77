"""scraper new-site: from the address of a news site to its spider and first fixtures."""

from __future__ import annotations

import importlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.archive.place import Place
from scraper.archive.reader import capture_at
from scraper.cli.context import settings
from scraper.cli.fixtures import FIXTURES_FOLDER, RootOption
from scraper.cli.log_lines import OUR_LOG
from scraper.config import crawl_settings
from scraper.errors import ConfigError, InputError
from scraper.fixtures.cases import write_case
from scraper.masking import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.archive.capture import Capture
    from scraper.crawl.discovery.first_look import Scouted
    from scraper.crawl.download.side_requests import Web
    from scraper.fixtures.cases import Case
    from scraper.model import Site


def new_site(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The site's home page.")],
    *,
    name: Annotated[str | None, typer.Option(help="The spider's name; else the host's.")] = None,
    redact: Annotated[bool, typer.Option(help="Record the fixtures with invented words.")] = False,
    root: RootOption = FIXTURES_FOLDER,
) -> None:
    """Look at a site, write its spider, keep three of its articles as fixtures, and say what to check.

    Example: scraper new-site https://www.example.com --name example_times
    """
    from urllib.parse import urlsplit

    from scraper.crawl.discovery.site_guesses import guess_name, spider_source
    from scraper.crawl.project import spider_folder

    chosen = name or guess_name(urlsplit(url).hostname or "")
    if not chosen.isidentifier():
        raise ConfigError(f"--name {chosen}: a spider's name is a word of letters, digits and _")
    file = spider_folder() / f"{chosen}.py"
    if file.exists():
        raise InputError(f"{file} is there already: give another --name")
    with TemporaryDirectory() as folder:
        scouted, captures = _scout(context, url, chosen, folder)
        file.write_text(spider_source(scouted.site, scouted.title), encoding="utf-8")
        cases = list(_cases(captures, chosen, redact=redact))
    for case in cases:
        write_case(root, case)
    for line in _told(scouted, file, cases, root):
        typer.echo(printable(line))


def _scout(context: typer.Context, url: str, name: str, folder: str) -> tuple[Scouted, list[Capture]]:
    """Return what was found out, and the articles as they were sent, which are archived in the folder."""
    from scraper.crawl.discovery.first_look import Scout
    from scraper.crawl.download.one_page import ask

    async def work(web: Web) -> Scouted:
        return await Scout(web, name, url).scout()

    given = {**crawl_settings(settings(context)), **OUR_LOG}
    scouted = ask(url, work, {**given, "NEWS_ARCHIVE_LISTINGS": False}, archive=folder)
    pointers = [page.archived for page, _ in scouted.articles if page.archived]
    return scouted, [capture_at(Place(folder), pointer) for pointer in pointers]


def _cases(captures: Sequence[Capture], site: str, *, redact: bool) -> Iterator[Case]:
    """Yield a case for each article, as the new spider would store it."""
    from scraper.cli.fixtures import redacted
    from scraper.crawl.rework.fixture_cases import Spiders
    from scraper.crawl.rework.record_case import case_name, to_case

    importlib.invalidate_caches()  # the spider was written a moment ago
    spiders = Spiders.load()
    names: set[str] = set()
    for capture in captures:
        name = case_name(capture.url)
        while name in names:
            name += "-2"
        names.add(name)
        case = to_case(capture, spiders, site, name)
        yield redacted(case, spiders) if redact else case


def _told(scouted: Scouted, file: Path, cases: Sequence[Case], root: Path) -> Iterator[str]:
    """Yield what was found, what was guessed, and what a person has to look at."""
    site = scouted.site
    yield f"{site.home}: {len(scouted.feeds)} feeds, {len(scouted.sitemaps)} sitemaps"
    yield from (f"  {found}" for found in (*scouted.feeds, *scouted.sitemaps))
    yield ""
    yield f"written: {file}"
    yield from (f"  {line}" for line in _guesses(site, scouted))
    yield f"recorded: {len(cases)} pages in {root / site.name}"
    for case in cases:
        yield f"  {case.name}: {case.truth['kind']}, {case.truth.get('published')}, {case.truth.get('title')}"
    yield ""
    yield "check:"
    yield f"  1. {file}: is every guess right? Give what is missing."
    yield f"  2. {root / site.name}/*/article.json: read each page, and mend what is not true of it."
    yield f"  3. scraper record {site.name} URL: a section page too, and an article unlike these."
    yield f"  4. scraper crawl {site.name} --limit 20; then scraper articles and scraper rejections"


def _guesses(site: Site, scouted: Scouted) -> Iterator[str]:
    for name, value in (
        ("publisher", site.publisher),
        ("language", site.language),
        ("timezone", site.timezone),
    ):
        yield f"{name}: {value or 'not found: give it where pages do not say it themselves'}"
    if site.articles:
        rules = " and ".join(site.articles)
        yield f"articles: {rules} matches {scouted.matching} of {scouted.announced} addresses that were seen"
    else:
        yield f"articles: no expression was found in {scouted.announced} addresses: their looks decide"
