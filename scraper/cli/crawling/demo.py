"""scraper demo: the whole road on this machine, from three invented sites to a database and its exports."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from scraper.cli.crawling.crawl import progress_table, watch_crawls
from scraper.cli.running.web import WEB_EXTRA, WEB_PORT, has_web
from scraper.export.formats import Format, write_file
from scraper.model import RelationKind
from scraper.shipped import shipped_folder
from scraper.store import ArticleQuery, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.crawl.run import Progress

FOLDER = Path("demo")
EDITED = {"phuket_gazette": "http://www.phuketgazette.net/news/phuket/storm-warning-phi-phi-ferries/"}
"""The site that edits an article after its crawl, and the article's address, which is asked for again."""


def demo() -> None:
    """Crawl three sites of invented news on this machine; store and export what they hold.

    One article is asked for again after its site has edited it, and kept as a revision. Everything lands in
    the folder demo. A second run finds all of it unchanged and stores nothing.

    Example: scraper demo
    """
    ended = rehearse(FOLDER)
    report(ended, FOLDER, Console())
    raise typer.Exit(max(each.exit_code for each in ended))


def rehearse(folder: Path) -> Sequence[Progress]:
    """Crawl the fixture sites into folder/news.db and export what it holds beside it; return how it went."""
    from scraper.crawl.download.loopback import loopback_settings
    from scraper.crawl.run import Crawl, run_crawls
    from scraper.fixtures.server import serve_fixtures

    fixtures = shipped_folder("fixtures")
    folder.mkdir(parents=True, exist_ok=True)
    database = f"sqlite:///{folder / 'news.db'}"
    crawls = [Crawl(target=site.name) for site in sorted(fixtures.iterdir())]
    with serve_fixtures(fixtures) as server, serve_fixtures(fixtures, later=True) as later:
        crawls += [
            Crawl(target=site, arguments={"urls": url}, settings=loopback_settings(later.port))
            for site, url in EDITED.items()
        ]
        settings = loopback_settings(server.port) | {
            "NEWS_STORE": database,
            "NEWS_CONTACT": "demo@localhost",
            "NEWS_ARCHIVE": str(folder / "archive"),
            "NEWS_ARCHIVE_LISTINGS": True,
            "NEWS_WORKERS": 1,  # pages are stored in the order of their fetches: the same copies each time
            "LOG_LEVEL": "ERROR",
            "STATS_DUMP": False,
        }
        ended = run_crawls(crawls, settings, watch=watch_crawls)
    with open_store(database) as store:
        write_file(store.articles(ArticleQuery()), Format.JSONL, folder / "articles.jsonl")
        write_file(store.articles(ArticleQuery()), Format.TXT, folder / "txt")
    return ended


def report(ended: Sequence[Progress], folder: Path, console: Console) -> None:
    """Print what came of the crawl, where it lies and what to try next."""
    console.print(progress_table(ended))
    if not any(each.counts.get(name) for each in ended for name in ("stored", "revision")):
        console.print("All of it was known, the edited article is unchanged: nothing was stored.")
    run = shipped_folder("fixtures").with_name("run")  # of a checkout
    is_checkout = run.is_file()
    program = f"./{os.path.relpath(run)} scraper" if is_checkout else "scraper"
    inside = f"{os.path.relpath(run, folder)} scraper" if is_checkout else "scraper"
    here = os.path.relpath(folder)
    scraper = f"{program} --store sqlite:///{here}/news.db"
    for line in (
        f"\nThe database is {here}/news.db; the exports are {here}/articles.jsonl and {here}/txt.",
        "\nTry next:",
        f"  {scraper} articles --search ferry",
        *(f"  {scraper} {command}" for command in _related(folder)),
        f"  {scraper} rejections",
        f"  {scraper} export --format csv",
        f"\nOr look at it in a browser, at http://127.0.0.1:{WEB_PORT}/, while this runs:",
        f"  cd {here} && {inside} web",
        *(() if has_web() else (f"({WEB_EXTRA})",)),
    ):
        console.print(line, highlight=False, soft_wrap=True)


def _related(folder: Path) -> Iterator[str]:
    """Yield the commands that show the first copy and the first revision."""
    commands = {RelationKind.SYNDICATED: "cluster", RelationKind.REVISION: "diff"}
    with open_store(f"sqlite:///{folder / 'news.db'}") as store:
        held = list(store.articles(ArticleQuery()))
    for kind, command in commands.items():
        related = (stored.id for stored in held if stored.relation and stored.relation.kind is kind)
        yield from (f"{command} {article_id}" for article_id in islice(related, 1))
