"""scraper judge: an editor's decision about a page, which stands above what the program finds."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.archive.place import Place
from scraper.cli.completing import complete_page
from scraper.cli.context import opened_store, settings
from scraper.errors import ConfigError
from scraper.masking import printable
from scraper.model import Correction, Rejection
from scraper.store.listing_date import parse_iso

if TYPE_CHECKING:
    from scraper.model import StoredArticle


class What(StrEnum):
    """What a page can be judged to be."""

    ARTICLE = "article"
    LIST = "list"


def judge_page(
    context: typer.Context,
    identity: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Of a stored article or a rejected page.", autocompletion=complete_page
        ),
    ],
    what: Annotated[What, typer.Argument(metavar="article|list", help="What the page is.")],
    *,
    title: Annotated[str | None, typer.Option(help="The headline, as printed.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="Who wrote it; once for each.")] = None,
    published: Annotated[str | None, typer.Option(help="A day or an instant, ISO 8601.")] = None,
) -> None:
    """Say what a page is, and its title, authors or date where they were read wrong.

    The decision is kept with the page's address: every later fetch, import and re-extraction follows it.
    A rejected page is stored from the archive; an article that is none becomes a rejected page.
    What was corrected before stays; an empty text takes it back, for extractions to come.
    scraper record --from-archive makes a fixture of it.

    Example: scraper judge 4f0c6c0a3b1d2e5f article --title "Harbour bridge closes" --author "Ana Lima"
    """
    from scraper.crawl.pages.workers import ExtractionPool
    from scraper.crawl.rework.judging import Judge
    from scraper.crawl.sites import load_refinements, load_sites

    if what is What.LIST and (title or author or published):
        raise ConfigError("a list has no title, authors or date of its own: give them with article")
    if published and parse_iso(published) is None:
        raise ConfigError(
            f"--published {published}: write a day as 2026-05-20, or an instant as 2026-05-20T08:00:00Z"
        )
    location = settings(context).archive
    with opened_store(context) as store, ExtractionPool(1) as pool:
        editor = Judge(
            store=store,
            place=Place(location) if location else None,
            pool=pool,
            sites=load_sites(),
            refinements=load_refinements(),
        )
        found = editor.find(identity)
        before = editor.known(found) if what is What.ARTICLE else None
        correction = Correction(
            is_article=what is What.ARTICLE,
            title=_newer(title, before.title if before else None),
            authors=_authors(author, before),
            published=_newer(published, before.published if before else None),
            raw_sha256=_sha256(found),
            at=datetime.now(UTC),
        )
        told = editor.carry_out(found, correction).told
    typer.echo(printable(f"{identity}: {told}"), err=True)


def _newer(given: str | None, before: str | None) -> str | None:
    return before if given is None else given.strip() or None


def _authors(given: list[str] | None, before: Correction | None) -> tuple[str, ...]:
    if not given:
        return before.authors if before else ()
    return tuple(name.strip() for name in given if name.strip())


def _sha256(found: StoredArticle | Rejection) -> str:
    return (found if isinstance(found, Rejection) else found.article).raw_sha256
