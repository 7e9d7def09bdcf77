"""The page that a command is about: a file, standard input or an address, and the site it belongs to."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.manifest import parse_instant, read_page
from scraper.config import crawl_settings
from scraper.errors import ConfigError
from scraper.model import Page

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
        from scraper.crawl.fetch import fetch_page

        page = fetch_page(source, {**crawl_settings(config), "LOG_LEVEL": "ERROR", "STATS_DUMP": False})
    elif source == "-":
        content = sys.stdin.buffer.read()
        page = Page(url=url, content=content, fetched_at=_moment(fetched_at), is_text=text)
    elif _ID.fullmatch(source) and not Path(source).exists():
        raise ConfigError(f"{source}: the pages of stored articles are not archived: name a saved page")
    else:
        moment = _moment(fetched_at)
        page = read_page(Path(source), url=url, fetched_at=moment, is_text=True if text else None)
    return page, site_of(page, sites, site)


def _moment(value: str | None) -> datetime | None:
    try:
        return parse_instant(value) if value else None
    except ValueError as error:
        raise ConfigError(f"--fetched-at {value}: write it like 2014-05-20T08:00:00Z") from error
