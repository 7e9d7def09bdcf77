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

from scraper.cli.completing import complete_spider
from scraper.cli.context import settings
from scraper.cli.log_lines import plain_handler
from scraper.cli.printing import echo_json, print_rows
from scraper.cli.running.logs import RUN, run_handler
from scraper.config import crawl_settings
from scraper.in_words import cause_in_words, reason_in_words
from scraper.masking import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scraper.crawl.run import Progress

_ROWS = {
    "announced": ("announced",),
    "known, not due": ("not_due",),
    "fetched": ("fetched",),
    "of them rendered": ("rendered",),
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
_LINE = "%(asctime)s %(levelname)s %(message)s"
_NOTHING_NAMED = (
    "no feed, sitemap or page names an article: the lines above say what each gave; name others in the spider"
    " (scraper new-site writes one), or give --urls"
)


TargetArgument = Annotated[
    str,
    typer.Argument(
        metavar="SITE|URL", help="A spider's name, or any news site.", autocompletion=complete_spider
    ),
]


def crawl(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: typer.Context,
    target: TargetArgument,
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
    render: Annotated[bool, typer.Option("--render", help="Let a browser make the pages.")] = False,
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
    options = {"NEWS_STORE": store, "NEWS_CONTACT": contact, "NEWS_RENDER": render}
    given = {
        **crawl_settings(config),
        **{name: value for name, value in options.items() if value},
        **(replay_settings(replay) if replay else {}),
        "STATS_DUMP": False,
        "NEWS_RUN": os.environ.get(RUN, ""),
    }
    _check_file(store or config.store)
    level = "WARNING" if is_shown and log_level == "INFO" else log_level
    ended = run_crawls(
        [Crawl(target=target, arguments=arguments)],
        given,
        watch=watch_crawls if is_shown else None,
        handler=run_handler(os.environ, level) or plain_handler(level, _LINE),
    )
    _print(ended, as_json=as_json)
    raise typer.Exit(max(each.exit_code for each in ended))


def _check_file(url: str) -> None:
    """Raise StoreError for a file that cannot be a store, before a crawl begins that could not go on."""
    if url.startswith("sqlite:"):
        from scraper.store import open_store

        with open_store(url):
            pass


def _print(ended: Sequence[Progress], *, as_json: bool) -> None:
    """Print what came of the crawls, and to people what that means."""
    if as_json:
        echo_json([_plain(each) for each in ended])
        return
    if sys.stdout.isatty():
        Console().print(progress_table(ended))
    else:
        names = list(_names(ended))
        print_rows(("", *names), [("site", *names), *_counted(ended)], empty="")
    for each in ended:
        for told in _told(each):
            typer.echo(printable(f"{each.site}: {told}"), err=True)


def _told(ended: Progress) -> Iterator[str]:
    """Yield a sentence on each count that is a failure, and on a crawl without a new text."""
    from scraper.crawl.run import EXIT_INTERRUPTED

    for label, prefix in _CAUSES.items():
        words = reason_in_words if label in {"rejected", "quarantined"} else cause_in_words
        for key in sorted(key for key in ended.counts if key.startswith(prefix)):
            cause = key.removeprefix(prefix)
            yield f"{label}: {cause} ({ended.counts[key]}): {words(cause)}"
    if ended.exit_code == EXIT_INTERRUPTED:
        yield "interrupted: what was asked for is stored, a later crawl goes on"
    elif ended.exit_code == 0 and not (ended.counts.get("stored") or ended.counts.get("revision")):
        yield "nothing new"
    elif not ended.counts.get("announced"):
        yield _NOTHING_NAMED


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
    names = (Column(name, justify="right") for name in _names(crawls))
    table = Table("", *names, box=SIMPLE_HEAD, pad_edge=False)
    for row in _counted(crawls):
        table.add_row(*row)
    return table


def _counted(crawls: Sequence[Progress]) -> Iterator[tuple[str, ...]]:
    counts = [Counter(crawl.counts) for crawl in crawls]
    for label, keys in _ROWS.items():
        numbers = [sum(each[key] for key in keys) for each in counts]
        if any(numbers) or label in _ALWAYS:
            yield label, *map(str, numbers)
    for label, prefix in _CAUSES.items():
        for key in sorted({key for each in counts for key in each if key.startswith(prefix)}):
            yield f"{label}: {key.removeprefix(prefix)}", *(str(each[key]) for each in counts)


def _names(crawls: Sequence[Progress]) -> Iterator[str]:
    """Yield the site of each crawl, and where there was one before, that this is a later one."""
    seen = set()
    for crawl in crawls:
        yield f"{crawl.site}, later" if crawl.site in seen else crawl.site
        seen.add(crawl.site)


def _plain(crawl: Progress) -> dict[str, str | int]:
    return {"site": crawl.site, "errors": crawl.errors, **crawl.counts}
