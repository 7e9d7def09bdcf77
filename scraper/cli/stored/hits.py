"""What a search found, shown: hits with their snippets, counts by facet, articles like one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from scraper.cli.printing import Linked, echo_json, print_rows
from scraper.errors import InputError
from scraper.export.formats import hit_record, similar_record
from scraper.masking import printable
from scraper.model import ArticleId
from scraper.store.queries import Sort

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.text import Text

    from scraper.model import StoredArticle
    from scraper.store import Store
    from scraper.store.queries import ArticleQuery, Hit, Marked, SearchPage

_NOTHING = "no article answers: other words, fewer of them, or the beginning of one with * find more"
_REINDEX = "{} articles of an earlier version are not searched yet: scraper reindex adds them"


def show_hits(
    store: Store,
    query: ArticleQuery,
    sort: Sort,
    row: Callable[[StoredArticle], tuple[str | None, ...]],
    *,
    as_json: bool,
) -> None:
    """Print a page of hits, and on standard error how many there are."""
    found = store.search(query, sort=sort)
    if as_json:
        for hit in found.hits:
            echo_json(hit_record(hit))
    elif sys.stdout.isatty():
        _print_hits(found.hits, row)
    else:
        header = ("id", "date", "site", "relation", "title", "address", "snippet")
        print_rows(header, [(*row(hit.article), hit.snippet.text) for hit in found.hits], empty=_NOTHING)
    _tell(found)


def show_facets(store: Store, query: ArticleQuery, *, as_json: bool) -> None:
    """Print how many hits each site, language, month and agency has."""
    found = store.search(query, sort=Sort.NEWEST, facets=True)
    if as_json:
        echo_json({"count": found.count, **found.facets})
    else:
        rows = [
            (name, value, number) for name, values in found.facets.items() for value, number in values.items()
        ]
        print_rows(("facet", "value", "articles"), rows, empty=_NOTHING)
    _tell(found)


def show_similar(
    store: Store, named: str, limit: int, date: Callable[[StoredArticle], str], *, as_json: bool
) -> None:
    """Print the articles that share most rare words with one, and which words these are."""
    if store.find_by_id(ArticleId(named)) is None:
        raise InputError(f"{named}: the store has no such article; scraper articles lists them")
    found = store.alike(ArticleId(named), limit)
    if as_json:
        for each in found:
            echo_json(similar_record(each))
        return
    rows = [
        (
            each.article.id,
            date(each.article)[:10],
            each.article.article.site,
            Linked(each.article.article.title or "", each.article.article.canonical_url or ""),
            ", ".join(each.words),
        )
        for each in found
    ]
    empty = "no other article shares rare words with it"
    print_rows(("id", "date", "site", "title", "words"), rows, empty=empty)


def _tell(found: SearchPage) -> None:
    shown = f", {len(found.hits)} shown" if found.after is not None else ""
    typer.echo(f"{found.count} article{'' if found.count == 1 else 's'}{shown}", err=True)
    if found.unindexed:
        typer.echo(_REINDEX.format(found.unindexed), err=True)


def _print_hits(hits: Sequence[Hit], row: Callable[[StoredArticle], tuple[str | None, ...]]) -> None:
    """Print two lines or more a hit: what the article is, and where it answers."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False, markup=False)
    if not hits:
        console.print(_NOTHING)
    for hit in hits:
        identity, date, site, *_ = row(hit.article)
        head = Text(printable(f"{identity}  {(date or '')[:10]}  {site or ''}  "))
        console.print(head + _bold(hit.title))
        console.print(Padding(_bold(hit.snippet), (0, 0, 0, 4)))


def _bold(found: Marked) -> Text:
    """Return a text for a terminal, with what answers in bold."""
    from rich.text import Text

    text, at = Text(), 0
    for start, end in found.marks:
        text.append(printable(found.text[at:start])).append(printable(found.text[start:end]), style="bold")
        at = end
    return text.append(printable(found.text[at:]))
