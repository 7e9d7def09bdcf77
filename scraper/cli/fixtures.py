"""scraper record and scraper fixtures: pages kept with what is true of them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from scraper.cli.archive.upkeep import place_of
from scraper.cli.completing import complete_spider
from scraper.cli.context import opened_store, settings
from scraper.cli.log_lines import OUR_LOG
from scraper.cli.printing import echo_json
from scraper.cli.reading.explain import show_explanation
from scraper.config import crawl_settings
from scraper.errors import ConfigError, InputError
from scraper.fixtures.cases import read_cases, write_case
from scraper.fixtures.truth import untrue
from scraper.masking import printable
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scraper.archive.capture import Capture
    from scraper.crawl.rework.fixture_cases import Spiders
    from scraper.fixtures.cases import Case
    from scraper.fixtures.truth import Difference
    from scraper.model import Correction

fixtures = typer.Typer(
    no_args_is_help=True, help="Hold the kept pages against what the extractor makes of them."
)

RootOption = Annotated[Path, typer.Option("--fixtures", metavar="DIR", help="The folder of the fixtures.")]
CasesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[SITE[/CASE]]…", help="Only these; all without.")
]
FIXTURES_FOLDER = Path("fixtures")


def record(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    site: Annotated[
        str,
        typer.Argument(help="The spider whose site the page belongs to.", autocompletion=complete_spider),
    ],
    url: Annotated[str, typer.Argument(help="The page's address.")],
    *,
    case: Annotated[str | None, typer.Option(help="The folder's name; else words of the address.")] = None,
    from_archive: Annotated[bool, typer.Option(help="Take the page from the archive.")] = False,
    redact: Annotated[
        bool, typer.Option(help="Replace the words by invented ones, to be published.")
    ] = False,
    root: RootOption = FIXTURES_FOLDER,
) -> None:
    """Keep a page as a fixture, with what the extractor makes of it now: read it, and mend what is wrong.

    What an editor judged of a page from the archive is its truth.
    --redact keeps the markup and gives every word another of its length and shape: the text is nobody's then,
    and the extractor makes the same of it.

    Example: scraper record france24 https://www.france24.com/en/20310502-harbour-bridge --redact
    """
    from scraper.crawl.rework.fixture_cases import Spiders
    from scraper.crawl.rework.record_case import case_name, to_case

    spiders = Spiders.load()
    if site not in spiders.sites:
        raise ConfigError(f"no spider is called {site}: there are {', '.join(sorted(spiders.sites))}")
    capture, correction = _capture(context, url, site, from_archive=from_archive)
    made = to_case(capture, spiders, site, case or case_name(capture.url), correction)
    if (root / site / made.name).exists():
        raise InputError(f"{root / site / made.name} is there already: name another with --case")
    if redact:
        made = redacted(made, spiders)
    folder = write_case(root, made)
    print_case(made, spiders)
    typer.echo(f"\nwritten to {folder}; read the page and mend {folder / 'article.json'} where it is wrong")


def _capture(
    context: typer.Context, url: str, site: str, *, from_archive: bool
) -> tuple[Capture, Correction | None]:
    """Return the page, and from the store that knows it what an editor decided about it."""
    from scraper.crawl.rework.record_case import archived, fetched

    if not from_archive:
        options = {**crawl_settings(settings(context)), **OUR_LOG}
        return fetched(url, options), None
    with opened_store(context) as store:
        return archived(url, store, place_of(context)), store.corrections(site).get(canonical_url(url))


def redacted(case: Case, spiders: Spiders) -> Case:
    """Return the case with invented words; say which of its own had to stay."""
    from scraper.crawl.rework.record_case import with_page
    from scraper.fixtures.likeness import redact

    site = spiders.sites[case.site]
    found = redact(case.page, site, lambda page: spiders.extract(page, case.site))
    if found.kept:
        typer.echo(f"words that had to stay: {printable(', '.join(found.kept))}", err=True)
    return with_page(case, found.page, spiders)


def print_case(case: Case, spiders: Spiders) -> None:
    """Print what is made of a case's page, and why."""
    from scraper.extraction.article import examine
    from scraper.extraction.explain.explanation import explanation_of

    echo_json(case.truth, indent=2)
    typer.echo()
    examination = examine(case.page, spiders.sites[case.site], reasons=True)
    show_explanation(explanation_of(examination), Console(highlight=False))


@fixtures.command("check")
def check_fixtures(cases: CasesArgument = None, *, root: RootOption = FIXTURES_FOLDER) -> None:
    """Extract every kept page and show, field by field, what is otherwise than true.

    Ends with 1 where something is. What wrong_today in a meta.json names is passed over.

    Example: scraper fixtures check france24
    """
    checked = list(_checked(root, cases))
    for case, _, found in checked:
        _show(case, found)
    wrong = sum(bool(found) for *_, found in checked)
    typer.echo(f"{len(checked)} pages, {wrong} otherwise than true")
    if wrong:
        raise typer.Exit(1)


@fixtures.command("accept")
def accept_found(
    cases: CasesArgument = None,
    *,
    root: RootOption = FIXTURES_FOLDER,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Show what is otherwise than true, and take it as the truth.

    Example: scraper fixtures accept france24/wire-story
    """
    changed = [each for each in _checked(root, cases) if each[2]]
    for case, _, wrong in changed:
        _show(case, wrong)
    if not changed:
        typer.echo("nothing is otherwise than true")
        return
    if not yes:
        if not sys.stdin.isatty():
            raise ConfigError("nobody can be asked here: give --yes to take this as the truth")
        typer.confirm(f"take this as the truth of {len(changed)} pages?", abort=True)
    for case, found, wrong in changed:
        write_case(root, accepted(case, found, wrong))
    typer.echo(f"{len(changed)} pages have a new truth")


def accepted(case: Case, found: Mapping[str, object], wrong: Sequence[Difference]) -> Case:
    """Return the case with what was found in the fields that differ; of another kind of page, with all."""
    fields = {each.field for each in wrong}
    if fields & {"kind", "reason"}:
        return replace(case, truth=found, wrong_today=())
    truth = {**case.truth, **{name: found.get(name) for name in case.truth if name in fields}}
    return replace(case, truth=truth)


def _checked(
    root: Path, cases: Sequence[str] | None
) -> Iterator[tuple[Case, Mapping[str, object], list[Difference]]]:
    """Yield each case that is asked for, what is found in its page, and what of that is untrue."""
    from scraper.crawl.rework.fixture_cases import Spiders

    every = read_cases(root)
    wanted = {name.strip("/") for name in cases or ()}
    if unknown := wanted - {case.site for case in every} - {f"{case.site}/{case.name}" for case in every}:
        raise InputError(f"{root} has no fixture {', '.join(sorted(unknown))}")
    spiders = Spiders.load()
    for case in every:
        if not wanted or wanted & {case.site, f"{case.site}/{case.name}"}:
            found = spiders.found(case)
            yield case, found, untrue(case, found)


def _show(case: Case, wrong: Sequence[Difference]) -> None:
    if wrong:
        typer.echo(f"{case.site}/{case.name}: - what is true, + what was found")
    for each in wrong:
        for line in each.lines():
            typer.echo(f"  {printable(line)}")
