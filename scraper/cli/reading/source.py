"""The page that a command is about: a file, standard input or an address, and the site it belongs to."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.context import open_existing
from scraper.cli.reading.manifest import parse_instant, read_page
from scraper.config import crawl_settings
from scraper.errors import ConfigError, InputError
from scraper.model import ArticleId, Page

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.config import Config
    from scraper.model import Site

TextOption = Annotated[bool, typer.Option("--text", help="The file is a page's text without markup.")]
UrlOption = Annotated[str | None, typer.Option(help="The address that the page came from.")]
SiteOption = Annotated[str | None, typer.Option(help="The spider whose site the page belongs to.")]
FetchedOption = Annotated[str | None, typer.Option(help="When it was fetched, ISO 8601.")]

_ID = re.compile(r"[0-9a-f]{16}")


def page_and_site(
    source: str, config: Config, *, text: bool, url: str | None, site: str | None, fetched_at: str | None
) -> tuple[Page, Site]:
    """Return the page and its site. InputError if it cannot be had, ConfigError for a wrong argument."""
    from scraper.crawl.sites import load_sites, site_of

    sites = load_sites()
    if site is not None and site not in sites:
        raise ConfigError(f"--site {site}: there is no such spider; there are {', '.join(sorted(sites))}")
    if "://" in source:
        from scraper.crawl.download.one_page import fetch_page

        page = fetch_page(source, {**crawl_settings(config), "LOG_LEVEL": "ERROR", "STATS_DUMP": False})
    elif source == "-":
        content = sys.stdin.buffer.read()
        page = Page(url=url, content=content, fetched_at=_moment(fetched_at), is_text=text)
    elif _ID.fullmatch(source) and not Path(source).exists():
        page, site = _archived(source, config)
    else:
        moment = _moment(fetched_at)
        page = read_page(Path(source), url=url, fetched_at=moment, is_text=True if text else None)
    return page, site_of(page, sites, site)


def _archived(article_id: str, config: Config) -> tuple[Page, str | None]:
    """Return the page that a stored article was made of, and the article's site. InputError if it is gone."""
    from scraper.archive.capture import to_page
    from scraper.archive.place import Place
    from scraper.archive.reader import capture_at
    from scraper.crawl.rework.reextracting import archived_fetch

    with open_existing(config.store) as store:
        stored = store.find_by_id(ArticleId(article_id))
        fetch = archived_fetch(store, stored) if stored else None
    if stored is None or fetch is None:
        what = "its page is not archived: name a saved page" if stored else "the store has no such article"
        raise InputError(f"{article_id}: {what}")
    page = to_page(capture_at(Place(config.archive or "archive"), fetch.archived[0]))
    return replace(page, fetched_at=stored.article.fetched_at), stored.article.site


def _moment(value: str | None) -> datetime | None:
    try:
        return parse_instant(value) if value else None
    except ValueError as error:
        raise ConfigError(f"--fetched-at {value}: write it like 2014-05-20T08:00:00Z") from error
