"""The page that a command is about: a file, standard input or an address, and the site it belongs to."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.completing import complete_spider
from scraper.cli.context import open_existing
from scraper.cli.log_lines import OUR_LOG
from scraper.cli.reading.manifest import parse_instant, read_page, written_at
from scraper.config import crawl_settings
from scraper.errors import ConfigError, InputError
from scraper.learned.template import EMPTY
from scraper.model import ArticleId, Page, Rejection
from scraper.record import instant

if TYPE_CHECKING:
    from scraper.archive.place import Place
    from scraper.config import Config
    from scraper.learned.template import SiteTemplate
    from scraper.model import Article, Site
    from scraper.store import Store

TextOption = Annotated[bool, typer.Option("--text", help="The file is a page's text without markup.")]
UrlOption = Annotated[str | None, typer.Option(help="The address that the page came from.")]
SpiderOption = Annotated[
    str | None,
    typer.Option(help="The spider whose site the page belongs to.", autocompletion=complete_spider),
]
FetchedOption = Annotated[
    str | None, typer.Option(help="When it was fetched, ISO 8601; else when it was saved.")
]

_ID = re.compile(r"[0-9a-f]{16}")


def page_and_site(
    source: str, config: Config, *, text: bool, url: str | None, site: str | None, fetched_at: str | None
) -> tuple[Page, Site]:
    """Return the page and its site. InputError if it cannot be had, ConfigError for a wrong argument.

    The spiders are loaded only where something of the page may belong to one of them.
    """
    from scraper.crawl.sites import load_sites, site_of

    sites = load_sites() if site is not None else {}
    if site is not None and site not in sites:
        raise ConfigError(f"--site {site}: there is no such spider; there are {', '.join(sorted(sites))}")
    if "://" in source:
        from scraper.crawl.download.one_page import fetch_page

        page = fetch_page(source, {**crawl_settings(config), **OUR_LOG})
    elif source == "-":
        content = sys.stdin.buffer.read()
        page = Page(url=url, content=content, fetched_at=_moment(fetched_at), is_text=text)
    elif _ID.fullmatch(source) and not Path(source).exists():
        from scraper.archive.place import Place

        with open_existing(config.store) as store:
            page, site = page_in_archive(store, Place(config.archive or "archive"), source)
    else:
        moment = _moment(fetched_at)
        page = read_page(Path(source), url=url, fetched_at=moment, is_text=True if text else None)
        page = page if moment else _as_saved(page, Path(source))
    if not sites and (site or page.url or page.is_text):
        sites = load_sites()
    return page, site_of(page, sites, site)


def page_in_archive(store: Store, place: Place, identity: str) -> tuple[Page, str | None]:
    """Return the page of a stored article or of a rejection, and its site. InputError if it is gone."""
    from scraper.archive.capture import to_page
    from scraper.archive.reader import capture_at
    from scraper.crawl.pages.corrections import with_correction
    from scraper.crawl.rework.reconsidering import refused_fetch
    from scraper.crawl.rework.reextracting import archived_fetch

    found: Article | Rejection
    stored = store.find_by_id(ArticleId(identity))
    if stored:
        found, fetch = stored.article, archived_fetch(store, stored)
    elif rejection := store.find_rejection(identity):
        found, fetch = rejection, refused_fetch(store, rejection)
    else:
        raise InputError(f"{identity}: the store has no such article and no such rejected page")
    if fetch is None:
        raise InputError(f"{identity}: its page is not archived: name a saved page")
    page = to_page(capture_at(place, fetch.archived[0]), fetch.archived[0])
    status = found.status if isinstance(found, Rejection) else page.status
    page = replace(page, fetched_at=found.fetched_at, status=status)
    return with_correction(page, store.corrections(found.site or "")), found.site


def template_for(page: Page, site: Site, config: Config) -> SiteTemplate:
    """Return what the store knows of the host of a page that lies in its archive, nothing of any other."""
    from scraper.crawl.pages.learned import template_of, without_layouts

    if page.archived is None:
        return EMPTY
    with open_existing(config.store) as store:
        template = template_of(page.url, store.templates(site.name))
    return template if config.layouts else without_layouts(template)


def _as_saved(page: Page, path: Path) -> Page:
    """Return a page with the moment at which it was saved: by its own word, or when its file was written."""
    said, moment = "it says that it was saved", page.fetched_at
    if moment is None:
        said, moment = "its file was written", written_at(path)
    typer.echo(
        f"{path}: taken as fetched at {instant(moment)}, when {said}; --fetched-at names another moment",
        err=True,
    )
    return replace(page, fetched_at=moment)


def _moment(value: str | None) -> datetime | None:
    try:
        return parse_instant(value) if value else None
    except ValueError as error:
        raise ConfigError(f"--fetched-at {value}: write it like 2014-05-20T08:00:00Z") from error
