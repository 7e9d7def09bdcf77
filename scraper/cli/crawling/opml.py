"""scraper opml: the project's feeds as a list that feed readers know, and such a list as spiders."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.context import settings
from scraper.errors import InputError
from scraper.export.whole_files import whole_file
from scraper.masking import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scraper.crawl.listings.opml import ListedFeed
    from scraper.model import Site

opml = typer.Typer(
    no_args_is_help=True, help="Write the project's feeds as OPML, or spiders for a list of them."
)
_STDOUT = Path("-")


@opml.command("write")
def write_feeds(
    context: typer.Context,
    *,
    out: Annotated[Path, typer.Option(help="The file; - for standard output.")] = _STDOUT,
) -> None:
    """Write the feeds that spiders declare and that crawls have found, by site, as an OPML document.

    Example: scraper opml write --out feeds.opml
    """
    from scraper.crawl.listings.opml import write_opml
    from scraper.crawl.sites import load_sites

    feeds = list(_feeds(load_sites(), _found(settings(context).store)))
    if not feeds:
        raise InputError("no spider declares a feed, and no crawl has found one: there is nothing to write")
    content = write_opml("News scraper", feeds)
    if out == _STDOUT:
        typer.echo(content.decode(), nl=False)
        return
    with whole_file(out) as part:
        part.write_bytes(content)
    typer.echo(f"{len(feeds)} feeds in {out}", err=True)


@opml.command("read")
def read_feeds(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML document of a feed reader.")],
) -> None:
    """Write a spider for each site whose feeds are listed and that no spider knows yet; nothing is fetched.

    Feeds of a site that a spider knows are told, to be added there by whoever keeps it.

    Example: scraper opml read subscriptions.opml
    """
    from scraper.crawl.listings.opml import read_opml
    from scraper.crawl.project import spider_folder
    from scraper.crawl.sites import load_sites

    try:
        listed = read_opml(file.read_bytes())
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from error
    except InputError as error:
        raise InputError(f"{file}: {error}") from error
    folder, known = spider_folder(), load_sites()
    for line in _written(listed, folder, known):
        typer.echo(printable(line))


def _found(store: str) -> Iterator[tuple[str, str]]:
    """Yield the site and address of each feed that crawls found and could read."""
    from scraper.cli.context import open_existing

    try:
        opened = open_existing(store)
    except InputError:  # nothing was crawled yet
        return
    with opened:
        for source in opened.sources():
            if source.kind == "feed" and source.result in {"read", "not modified"}:
                yield source.site, source.url


def _feeds(sites: Mapping[str, Site], found: Iterable[tuple[str, str]]) -> Iterator[ListedFeed]:
    """Yield the feeds of each site, by its name; those that it declares come first."""
    from scraper.crawl.listings.opml import ListedFeed
    from scraper.model import Site

    of_site: dict[str, dict[str, None]] = defaultdict(dict)
    for name, site in sites.items():
        of_site[name].update(dict.fromkeys(site.feeds))
    for name, url in found:
        of_site[name].setdefault(url)
    for name in sorted(of_site):
        declared = sites.get(name, Site(name=name))
        title, home = declared.publisher or name, declared.home or ""
        yield from (ListedFeed(url=url, title=title, home=home) for url in of_site[name])


def _written(listed: Sequence[ListedFeed], folder: Path, known: Mapping[str, Site]) -> Iterator[str]:
    """Write the spiders that are missing; yield what was done with each site."""
    from scraper.crawl.addresses import site_name
    from scraper.crawl.discovery.site_guesses import guess_name, spider_source
    from scraper.crawl.sites import site_of
    from scraper.model import Page, Site

    of_host: dict[str, list[ListedFeed]] = defaultdict(list)
    for feed in listed:
        of_host[site_name(feed.home) or site_name(feed.url)].append(feed)
    taken = set(known)
    for host, feeds in of_host.items():
        home = next((feed.home for feed in feeds if site_name(feed.home)), f"https://{host}/")
        site = site_of(Page(url=home, content=b""), known)
        missing = [feed.url for feed in feeds if feed.url not in site.feeds]
        if site.name in known:
            yield f"{site.name} knows {host}" + (f"; not its feeds {', '.join(missing)}" if missing else "")
            continue
        name = _free(guess_name(host), taken, folder)
        made = Site(name=name, domains=(host,), home=home, feeds=tuple(missing))
        title = next((feed.title for feed in feeds if feed.title), host)
        file = folder / f"{name}.py"
        file.write_text(spider_source(made, title), encoding="utf-8")
        yield f"written: {file}, {len(missing)} feeds of {host}"


def _free(name: str, taken: set[str], folder: Path) -> str:
    """Return a name that no spider and no file has yet, and take it."""
    number, free = 1, name
    while free in taken or (folder / f"{free}.py").exists():
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free
