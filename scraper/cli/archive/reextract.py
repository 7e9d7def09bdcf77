"""scraper reextract: what today's rules would change of what is stored."""

from __future__ import annotations

import heapq
import html as markup
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from scraper.cli.archive.upkeep import place_of
from scraper.cli.context import opened_store, settings
from scraper.cli.printing import echo_json, print_rows
from scraper.cli.progress import tracked
from scraper.cli.running.parts import (
    PartOption,
    QueueOption,
    part_of_run,
    processes,
    run_parts,
    workers_of,
)
from scraper.cli.stored.filters import (
    JsonOption,
    KindOption,
    LanguageOption,
    SinceOption,
    SiteOption,
    UntilOption,
    since_moment,
    until_moment,
)
from scraper.crawl.rework.reconsidering import reconsider, store_reconsidered
from scraper.crawl.rework.reextracting import Reextraction, Reextractor, accept_all
from scraper.dedup.diff import changes_of
from scraper.errors import ConfigError
from scraper.export.whole_files import whole_file
from scraper.jobs.batch import BatchPart
from scraper.masking import printable
from scraper.model import Article
from scraper.shard import Shard, read_shard
from scraper.store.queries import ArticleQuery, RejectionQuery

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scraper.dedup.diff import Change
    from scraper.model import ArticleId, Rejection

_Found = TypeVar("_Found")
CHANGES_SHOWN = 10
"""Changes shown in full: the biggest ones."""
ARTICLES_A_PART = 500
"""Articles of a part of --queue, a minute's work …"""
MOST_PARTS = 128
"""… unless there would be more parts."""
REVISIONS_AT_ONCE = 50
"""Pages a transaction."""


@dataclass(slots=True, kw_only=True)
class Report:
    """What was found, and the biggest changes of it."""

    counts: Counter[str] = field(default_factory=Counter)
    by_site: Counter[tuple[str, str]] = field(default_factory=Counter)
    biggest: list[tuple[int, int, Reextraction]] = field(default_factory=list)
    reconsidered: int = 0
    """Refused pages that were read again."""
    articles_today: list[tuple[Rejection, Article]] = field(default_factory=list)
    """Those of them that are articles today."""
    stored: int = 0
    """And those of these that were stored."""

    @property
    def numbers(self) -> Counter[str]:
        """What was counted, in words."""
        return self.counts + Counter({"refused pages": self.reconsidered, "stored": self.stored})

    def add(self, found: Reextraction, shown: int) -> None:
        """Count one article; keep it if its change is among the biggest."""
        self.counts["pages"] += 1
        for name in _told_as(found):
            self.counts[name] += 1
            self.by_site[found.stored.article.site or "", name] += 1
        if found.fields:
            entry = (_size(found), self.counts["pages"], found)
            push = heapq.heappush if len(self.biggest) < shown else heapq.heappushpop
            push(self.biggest, entry)


def reextract(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    site: SiteOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    kind: KindOption = None,
    language: LanguageOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    accepted: Annotated[bool, typer.Option("--accept", help="Write what changes as revisions.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the changes as a page to look through.")] = None,
    queue: QueueOption = False,
    shard: PartOption = "",
    as_json: JsonOption = False,
) -> None:
    """Extract stored articles and refused pages again from the archive and say what changes.

    Nothing is written without --accept, which writes changes as revisions and stores refused pages that are
    articles today. What today's rules made is skipped, so an interrupted --accept goes on with the rest.
    --kind and --language ask for articles alone. With --queue and --accept the workers of all machines do it,
    a range of articles each.

    Example: scraper reextract --site france24 --html changes.html
    """
    if dry_run and accepted:
        raise ConfigError("--dry-run and --accept: give one of them")
    if queue and (html or not accepted):
        raise ConfigError("--queue writes what changes: give it with --accept, and without --html")
    query = ArticleQuery(
        site=site,
        since=since_moment(since),
        until=until_moment(until),
        kind=kind,
        language=language,
        part=read_shard(shard),
    )
    if queue:
        given = {"site": site, "since": since, "until": until, "kind": kind, "language": language}
        told = _queued(context, [f"--{name}={value}" for name, value in given.items() if value])
    else:
        report = _reextracted(
            context, query, shown=CHANGES_SHOWN if html is None else 1000, accepted=accepted
        )
        told = report.numbers
    if as_json:
        echo_json(told)
    elif queue:
        print_rows(("what", "number"), sorted(told.items()), empty="nothing was left to extract again")
    else:
        _print(report, accepted=accepted)
    if html is not None:
        with whole_file(html) as part:
            part.write_text("".join(_page(report)), encoding="utf-8")


def _queued(context: typer.Context, options: Sequence[str]) -> Counter[str]:
    """Let the workers write what changes, each a range of articles; return what they counted."""
    with workers_of(settings(context)) as ledger, opened_store(context) as store:
        number = sum(counted.articles + sum(counted.rejected.values()) for counted in store.site_counts())
        of = max(1, min(MOST_PARTS, number // ARTICLES_A_PART))
        command = ("reextract", "--accept", *options)
        shards = [Shard(number=each + 1, of=of) for each in range(of)]
        parts = [BatchPart(name=" ".join(command), shard=str(each), command=command) for each in shards]
        return run_parts(ledger, parts, "reextract")


def _reextracted(context: typer.Context, query: ArticleQuery, *, shown: int, accepted: bool) -> Report:
    """Extract articles and refused pages again, and write what changes where that is accepted."""
    from scraper.crawl.pages.workers import ExtractionPool
    from scraper.crawl.sites import load_refinements, load_sites

    report, config = Report(), settings(context)
    with (
        opened_store(context) as store,
        ExtractionPool(processes(config)) as pool,
        part_of_run(config, store) as is_asked_to_end,
    ):
        reextractor = Reextractor(
            store=store,
            place=place_of(context),
            pool=pool,
            sites=load_sites(),
            refinements=load_refinements(),
            layouts=config.layouts,
        )
        changed: list[ArticleId] = []
        for batch in _batches(tracked(reextractor.run(query), "reextract", None)):
            for each in batch:
                report.add(each, shown)
            if accepted:
                changed += accept_all(store, batch)
            if is_asked_to_end():
                break
        if left := reextractor.accept_again(changed):
            report.counts["(another revision since)"] = left
        if query.kind is None and query.language is None and not is_asked_to_end():
            _reconsider(reextractor, query, report, accepted=accepted)
    return report


def _reconsider(tools: Reextractor, query: ArticleQuery, report: Report, *, accepted: bool) -> None:
    """Count the refused pages that are articles today, and store them where that is accepted."""
    refused = RejectionQuery(site=query.site, since=query.since, until=query.until)
    for batch in _batches(tracked(reconsider(tools, refused, query.part), "refused pages", None)):
        found = [(each, each.outcome) for each in batch if isinstance(each.outcome, Article)]
        report.reconsidered += len(batch)
        report.articles_today += [(each.rejection, article) for each, article in found]
        if accepted:
            with tools.store.transaction():
                report.stored += sum(store_reconsidered(tools.store, each) for each, _ in found)


def _batches(found: Iterable[_Found]) -> Iterator[list[_Found]]:
    """Yield what was found, as many at a time as a transaction writes."""
    left = iter(found)
    while batch := list(islice(left, REVISIONS_AT_ONCE)):
        yield batch


def _told_as(found: Reextraction) -> Iterator[str]:
    """Yield what an article counts as: each field that differs, or why none does."""
    if found.missing is not None:
        yield "(page missing)"
    elif isinstance(found.outcome, Article):
        for name in found.fields:
            yield f"kind → {found.outcome.kind}" if name == "kind" else name
        if not found.fields:
            yield "(unchanged)"
        if found.elsewhere:
            yield "(address stays)"
    elif found.outcome is not None:
        yield f"(rejected today: {found.outcome.reason})"


def _size(found: Reextraction) -> int:
    """Return how many characters changed."""
    return sum(
        len(change.before) + len(change.after)
        for paragraph in _changes(found)
        for change in paragraph
        if not change.is_equal
    ) + len(found.fields)


def _changes(found: Reextraction) -> Sequence[Sequence[Change]]:
    assert isinstance(found.outcome, Article)
    return changes_of(found.stored.article.body, found.outcome.body)


def _print(report: Report, *, accepted: bool) -> None:
    for line in _summary(report):
        typer.echo(printable(line))
    for _, _, found in sorted(report.biggest, reverse=True)[:CHANGES_SHOWN]:
        typer.echo("")
        for line in _told(found):
            typer.echo(printable(line))
    for line in _told_of_refused(report):
        typer.echo(printable(line))
    if accepted:
        typer.echo(
            f"the changes are written as revisions, {report.stored} refused pages are stored as articles; "
            "what is rejected today was left as it is"
        )


def _told_of_refused(report: Report) -> Iterator[str]:
    if report.reconsidered:
        yield ""
        yield f"{report.reconsidered} refused pages: {len(report.articles_today)} are articles today"
    for rejection, article in report.articles_today:
        verdict = article.verdict
        sure = f"{verdict.confidence:.2f}{', in doubt' if verdict.in_doubt else ''}" if verdict else ""
        yield f"{rejection.id} {rejection.url}: {rejection.reason} → {article.kind} ({sure}): {article.title}"


def _summary(report: Report) -> Iterator[str]:
    changes = ", ".join(
        f"{number} {name}" for name, number in report.counts.most_common() if name != "pages" and number
    )
    yield f"{report.counts['pages']} pages: {changes or 'nothing to extract again'}"
    sites = sorted({name for name, _ in report.by_site})
    for of_site in sites:
        told = ", ".join(
            f"{number} {name}"
            for (name_of, name), number in report.by_site.most_common()
            if name_of == of_site
        )
        yield f"  {of_site}: {told}"


def _told(found: Reextraction) -> Iterator[str]:
    before, after = found.stored.article, found.outcome
    assert isinstance(after, Article)
    yield f"{found.stored.id} {before.url}"
    for name in found.fields:
        if name != "body":
            yield f"  {name}: {getattr(before, name, None)!s} → {getattr(after, name, None)!s}"
    for paragraph in _changes(found):
        if any(not change.is_equal for change in paragraph):
            yield "  " + " ".join(
                change.after if change.is_equal else f"[-{change.before}-]{{+{change.after}+}}"
                for change in paragraph
            )


def _page(report: Report) -> Iterator[str]:
    """Yield one self-contained page; texts are shown, never interpreted."""
    yield "<!DOCTYPE html><html lang='en'><meta charset='utf-8'><title>What would change</title>"
    yield "<style>body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto}del{background:#fcc}"
    yield "ins{background:#cfc}article{border-top:1px solid #999}</style><h1>What would change</h1>"
    yield "".join(f"<p>{markup.escape(line)}</p>" for line in _summary(report))
    for _, _, found in sorted(report.biggest, reverse=True):
        assert isinstance(found.outcome, Article)
        yield f"<article><h2>{markup.escape(found.outcome.title or found.stored.id)}</h2>"
        yield f"<p>{markup.escape(found.stored.article.url or '')}: {', '.join(found.fields)}</p>"
        for name in found.fields:
            if name != "body":
                values = (getattr(each, name, None) for each in (found.stored.article, found.outcome))
                old, new = (markup.escape(str(value)) for value in values)
                yield f"<p>{name}: <del>{old}</del> <ins>{new}</ins></p>"
        for paragraph in _changes(found):
            yield "<p>"
            for change in paragraph:
                old, new = markup.escape(change.before), markup.escape(change.after)
                yield f"{new} " if change.is_equal else f"<del>{old}</del> <ins>{new}</ins> "
            yield "</p>"
        yield "</article>"
