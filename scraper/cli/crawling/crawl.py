"""scraper crawl: one site or address, now, in this process."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.table import Column, Table

from scraper.cli.context import settings
from scraper.cli.printing import echo_json
from scraper.cli.running.logs import RUN, run_handler
from scraper.config import crawl_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scraper.crawl.run import Progress

_ROWS = {
    "announced": ("announced",),
    "known, not due": ("not_due",),
    "fetched": ("fetched",),
    "stored": ("stored",),
    "of them copies": ("near_duplicate", "syndicated"),
    "of them in doubt": ("in_doubt",),
    "revised": ("revision",),
    "unchanged": ("unchanged",),
}
"""What is counted, and the counters of each."""
_ALWAYS = frozenset({"announced", "fetched", "stored"})
"""Of these a 0 tells something, too."""
_CAUSES = {
    "rejected": "rejected/",
    "quarantined": "quarantined/",
    "failed": "failed/",
    "failed source": "source/failed/",
}
"""What is counted by cause, and how the counters begin."""


def crawl(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: typer.Context,
    target: Annotated[str, typer.Argument(metavar="SITE|URL", help="A spider's name, or any news site.")],
    since: Annotated[str, typer.Option(help="Published on this day (or instant) or later.")] = "",
    until: Annotated[str, typer.Option(help="Published on this day (or instant) or earlier.")] = "",
    limit: Annotated[str, typer.Option(metavar="PAGES", help="Ask for at most so many pages.")] = "",
    urls: Annotated[str, typer.Option(help="Only these pages, with commas between.")] = "",
    shard: Annotated[
        str, typer.Option(metavar="N/OF", help="Only this part, such as 2/4, at a quarter of the pace.")
    ] = "",
    store: Annotated[str, typer.Option(metavar="URL", help="Where articles go: sqlite:///FILE …")] = "",
    contact: Annotated[str, typer.Option(help="Where site operators can reach you.")] = "",
    replay: Annotated[
        str, typer.Option(metavar="PATH", help="Answer from WARC files or fixtures, never from the network.")
    ] = "",
    *,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every page.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Crawl a news site and store its articles.

    Ends with 0 when done, 1 when no article was found or kept, 2 for wrong usage, 3 when some sources failed,
    4 when another crawl is at the site.

    Example: scraper crawl https://paper.example --since 2031-05-02 --contact editor@home.example
    """
    from scraper.crawl.download.replay import replay_settings
    from scraper.crawl.run import Crawl, run_crawls

    arguments = {"since": since, "until": until, "limit": limit, "urls": urls, "shard": shard}
    config = settings(context)
    log_level = "DEBUG" if verbose else config.log_level
    is_shown = sys.stderr.isatty() and log_level != "DEBUG"
    given = {
        **crawl_settings(config),
        **({"NEWS_STORE": store} if store else {}),
        **({"NEWS_CONTACT": contact} if contact else {}),
        **(replay_settings(replay) if replay else {}),
        "LOG_LEVEL": "WARNING" if is_shown else log_level,
        "STATS_DUMP": False,
        "NEWS_RUN": os.environ.get(RUN, ""),
    }
    ended = run_crawls(
        [Crawl(target=target, arguments=arguments)],
        given,
        watch=watch_crawls if is_shown else None,
        handler=run_handler(os.environ),
    )
    _print(ended, as_json=as_json)
    raise typer.Exit(max(each.exit_code for each in ended))


def _print(ended: Sequence[Progress], *, as_json: bool) -> None:
    """Print what came of the crawls, and for people, of one without a new text, what that means."""
    if as_json:
        echo_json([_plain(each) for each in ended])
        return
    Console().print(progress_table(ended))
    for each in ended:
        if told := _told(each):
            Console(stderr=True).print(f"{each.site}: {told}", markup=False)


def _told(ended: Progress) -> str:
    """Return what a crawl without a new text came to, in a word; empty for any other."""
    from scraper.crawl.run import EXIT_INTERRUPTED

    if ended.exit_code == EXIT_INTERRUPTED:
        return "interrupted: what was asked for is stored, a later crawl goes on"
    is_quiet = ended.exit_code == 0 and not (ended.counts.get("stored") or ended.counts.get("revision"))
    return "nothing new" if is_quiet else ""


@contextmanager
def watch_crawls(look: Callable[[], Sequence[Progress]]) -> Iterator[None]:
    """Show on the terminal where the crawls stand, twice a second."""
    console = Console(stderr=True)
    with Live(
        get_renderable=lambda: progress_table(look()), console=console, refresh_per_second=2, transient=True
    ):
        yield


def progress_table(crawls: Sequence[Progress]) -> Table:
    """Return a column a crawl, a row a count: announced, fetched, stored, and why the rest was not."""
    counts = [Counter(crawl.counts) for crawl in crawls]
    names = (Column(name, justify="right") for name in _names(crawls))
    table = Table("", *names, box=SIMPLE_HEAD, pad_edge=False)
    for label, keys in _ROWS.items():
        numbers = [sum(each[key] for key in keys) for each in counts]
        if any(numbers) or label in _ALWAYS:
            table.add_row(label, *map(str, numbers))
    for label, prefix in _CAUSES.items():
        for key in sorted({key for each in counts for key in each if key.startswith(prefix)}):
            table.add_row(f"{label}: {key.removeprefix(prefix)}", *(str(each[key]) for each in counts))
    return table


def _names(crawls: Sequence[Progress]) -> Iterator[str]:
    """Yield the site of each crawl, and where there was one before, that this is a later one."""
    seen = set()
    for crawl in crawls:
        yield f"{crawl.site}, later" if crawl.site in seen else crawl.site
        seen.add(crawl.site)


def _plain(crawl: Progress) -> dict[str, str | int]:
    return {"site": crawl.site, "errors": crawl.errors, **crawl.counts}
