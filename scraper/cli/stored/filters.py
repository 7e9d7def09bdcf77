"""The options by which commands choose articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.completing import complete_article, complete_stored_site
from scraper.errors import ConfigError
from scraper.model import Kind
from scraper.store.listing_date import end_iso, parse_iso
from scraper.store.queries import Sort

if TYPE_CHECKING:
    from datetime import datetime

SiteOption = Annotated[
    str | None,
    typer.Option("--site", help="Only of this site.", autocompletion=complete_stored_site),
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Published on this day (month, instant …) or later."),
]
UntilOption = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="Published on this day (month, instant …) or earlier."),
]
KindOption = Annotated[
    Kind | None,
    typer.Option("--kind", help="article, live_blog or teaser.", show_choices=False, metavar="KIND"),
]
DoubtOption = Annotated[
    bool | None,
    typer.Option(
        "--in-doubt/--no-doubt", help="Only what may be no article, or all but that.", show_default=False
    ),
]
LanguageOption = Annotated[
    str | None, typer.Option("--language", metavar="TAG", help="Only in this language: en also finds en-GB.")
]
SearchOption = Annotated[
    str | None,
    typer.Option(
        "--search", metavar="QUERY", help='Words, "phrases", -not, OR, prefix*, title:, author:, after: …'
    ),
]
SortOption = Annotated[Sort, typer.Option("--sort", help="Of a search: the newest first, or title hits too.")]
FacetsOption = Annotated[
    bool, typer.Option("--facets", help="Count them by site, language, month and agency instead.")
]
LikeOption = Annotated[
    str | None,
    typer.Option(
        "--like",
        metavar="ID",
        help="Those that share rare words with it.",
        autocompletion=complete_article,
    ),
]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]


def since_moment(text: str | None) -> datetime | None:
    """Return the first instant of the --since option. Raises ConfigError."""
    return _moment("--since", text, parse_iso(text) if text else None)


def until_moment(text: str | None) -> datetime | None:
    """Return the first instant after the --until option. Raises ConfigError."""
    return _moment("--until", text, end_iso(text) if text else None)


def _moment(option: str, text: str | None, moment: datetime | None) -> datetime | None:
    if text and moment is None:
        raise ConfigError(
            f"{option} {text}: write a day as 2026-05-20, or an instant as 2026-05-20T08:00:00Z"
        )
    return moment
