"""What the store holds: articles, one of them, rejected pages, sites."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scraper.cli.completing import complete_article
from scraper.cli.context import opened_store
from scraper.cli.printing import Linked, Worded, echo_json, print_rows
from scraper.cli.stored.filters import (
    DoubtOption,
    FacetsOption,
    JsonOption,
    KindOption,
    LanguageOption,
    LikeOption,
    LimitOption,
    SearchOption,
    SinceOption,
    SiteOption,
    SortOption,
    UntilOption,
    since_moment,
    until_moment,
)
from scraper.cli.stored.hits import show_facets, show_hits, show_similar
from scraper.errors import ConfigError, InputError
from scraper.export.formats import html_of, markdown_of, stored_record
from scraper.in_words import reason_in_words
from scraper.masking import printable
from scraper.model import ArticleId, Reason, RelationKind
from scraper.record import instant, json_types
from scraper.store.queries import ArticleQuery, RejectionQuery, Sort
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.model import Rejection, StoredArticle
    from scraper.store.protocol import SiteCounts, Store

ROWS_SHOWN = 50
"""Rows of a list that was not limited."""
_NONE = "no article was found: scraper sites tells what there is, scraper crawl SITE fetches more"
_MARKS = {
    RelationKind.REVISION: " (revised)",
    RelationKind.NEAR_DUPLICATE: " (copy)",
    RelationKind.SYNDICATED: " (copy)",
    RelationKind.UNCHANGED: "",
    RelationKind.CONTAINS: "",
}


def articles(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    site: SiteOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    kind: KindOption = None,
    in_doubt: DoubtOption = None,
    language: LanguageOption = None,
    search: SearchOption = None,
    sort: SortOption = Sort.RELEVANCE,
    facets: FacetsOption = False,
    like: LikeOption = None,
    limit: LimitOption = ROWS_SHOWN,
    as_json: JsonOption = False,
) -> None:
    """List stored articles, the newest first: id, date, site, relation, title, address.

    A search also shows where each one answers. On a terminal a title leads to its address, and scraper
    show ID prints that with all the rest.

    Example: scraper articles --site france24 --since 2026-05 --search '"harbour strike" -tram'

    Example: scraper articles --like 06fd3db9a9e0b5a1
    """
    query = ArticleQuery(
        site=site,
        since=since_moment(since),
        until=until_moment(until),
        kind=kind,
        in_doubt=in_doubt,
        language=language,
        search=search,
        newest_first=True,
        limit=limit,
    )
    if like is not None and query != ArticleQuery(newest_first=True, limit=limit):
        raise ConfigError("--like looks through the whole store: give it --limit or --json alone")
    with opened_store(context) as store:
        if like is not None:
            show_similar(store, like, limit or ROWS_SHOWN, _date, as_json=as_json)
        elif facets:
            show_facets(store, query, as_json=as_json)
        elif search is not None:
            show_hits(store, query, sort, _row, as_json=as_json)
        else:
            _show_listed(store.articles(query), as_json=as_json)


def _show_listed(found: Iterator[StoredArticle], *, as_json: bool) -> None:
    if as_json:
        for stored in found:
            echo_json(stored_record(stored))
    elif sys.stdout.isatty():
        print_rows(("id", "date", "site", "title"), map(_line, found), empty=_NONE, cut=("site", "title"))
    else:
        print_rows(("id", "date", "site", "relation", "title", "address"), map(_row, found), empty=_NONE)


def _row(stored: StoredArticle) -> tuple[str | None, ...]:
    article = stored.article
    relation = (stored.relation.kind if stored.relation else "new") + (", gone" if stored.gone else "")
    return stored.id, _date(stored), article.site, relation, article.title, article.canonical_url


def _line(stored: StoredArticle) -> tuple[object, ...]:
    """Return the cells of a row on a terminal: a title is marked as what it is, and leads to its page."""
    article = stored.article
    what = _MARKS[stored.relation.kind] if stored.relation else ""
    marks = f"{what} (gone)" if stored.gone else what
    title = Linked(f"{article.title or ''}{marks}", article.canonical_url or "")
    return stored.id, _date(stored)[:10], article.site, title


def _date(stored: StoredArticle) -> str:
    return stored.article.published or instant(stored.first_seen.replace(microsecond=0))


class PageForm(StrEnum):
    """What a single article is printed as."""

    MD = "md"
    HTML = "html"


_PAGES = {PageForm.MD: markdown_of, PageForm.HTML: html_of}


def show(
    context: typer.Context,
    article: Annotated[
        str,
        typer.Argument(metavar="ID|URL", help="An article's id or address.", autocompletion=complete_article),
    ],
    *,
    as_json: JsonOption = False,
    form: Annotated[
        PageForm | None, typer.Option("--format", help="Print it as a page: its text with its structure.")
    ] = None,
) -> None:
    """Show one stored article: its record, then its text.

    Example: scraper show 06fd3db9a9e0b5a1

    Example: scraper show 06fd3db9a9e0b5a1 --format md
    """
    with opened_store(context) as store:
        stored = _find(store, article)
        revisions = store.revisions(stored.id)
    if as_json:
        echo_json(stored_record(stored))
        return
    if form is not None:
        typer.echo(printable(_PAGES[form](stored), keep_lines=True), nl=False)
        return
    for name, value in _fields(stored, len(revisions)):
        typer.echo(f"{name:<14} {printable(value)}")
    typer.echo("")
    typer.echo(printable(stored.article.body, keep_lines=True))


def _find(store: Store, named: str) -> StoredArticle:
    found = store.find(canonical_url(named)) or store.find(named) if "://" in named else None
    found = found or store.find_by_id(ArticleId(named))
    if found is None:
        raise InputError(f"{named}: the store has no such article; scraper articles lists them")
    return found


def _fields(stored: StoredArticle, revisions: int) -> Iterator[tuple[str, str]]:
    fields = stored_record(stored)
    origins = fields["provenance"]
    for name, value in fields.items():
        if name in {"body", "blocks", "provenance", "relation"} or value in (None, [], {}):
            continue
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        origin = origins.get(name)
        yield name, f"{text}   ({origin['source']})" if origin else text
    if stored.relation:
        yield "relation", f"{stored.relation.kind} of {stored.relation.to}, score {stored.relation.score:.2f}"
    yield "revision", f"{stored.revision} of {revisions}"
    yield "first_seen", instant(stored.first_seen)


def rejections(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    site: SiteOption = None,
    reason: Annotated[
        Reason | None, typer.Option(help="Only for this reason.", show_choices=False, metavar="REASON")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Fetched on this day or later.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Fetched on this day or earlier.")] = None,
    limit: LimitOption = ROWS_SHOWN,
    as_json: JsonOption = False,
) -> None:
    """List fetched pages that are no articles, the latest first: id, time, site, reason, address, evidence.

    `scraper explain ID` tells more of one, from its archived page.

    Example: scraper rejections --site france24 --reason consent
    """
    query = RejectionQuery(
        site=site, reason=reason, since=since_moment(since), until=until_moment(until), limit=limit
    )
    with opened_store(context) as store:
        if as_json:
            for rejection in store.rejections(query):
                echo_json(_rejection(rejection))
            return
        print_rows(
            ("id", "fetched", "site", "reason", "address", "evidence"),
            (
                (
                    row["id"],
                    row["fetched_at"],
                    row["site"],
                    Worded(row["reason"], reason_in_words(row["reason"])),
                    row["url"],
                    row["detail"],
                )
                for row in map(_rejection, store.rejections(query))
            ),
            empty="no such page was rejected",
        )


def _rejection(rejection: Rejection) -> dict[str, Any]:
    return {"id": rejection.id, **json_types(rejection)}


def sites(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Count what is stored of each site.

    Example: scraper sites
    """
    with opened_store(context) as store:
        counts = store.site_counts()
    if as_json:
        for of_site in counts:
            echo_json(json_types(of_site))
        return
    header = (
        "site",
        "articles",
        "revisions",
        "near-duplicates",
        "syndicated",
        "rejected",
        "quarantined",
        "latest",
    )
    print_rows(header, map(_counts, counts), empty="nothing is stored yet: scraper crawl SITE fetches pages")


def _counts(counts: SiteCounts) -> tuple[object, ...]:
    return (
        counts.site,
        counts.articles,
        counts.revisions,
        counts.near_duplicates,
        counts.syndicated,
        *(
            ", ".join(f"{pages} {reason}" for reason, pages in reasons.items()) or "0"
            for reasons in (counts.rejected, counts.quarantined)
        ),
        instant(counts.latest) if counts.latest else "",
    )
