"""Why a page became what it is: every block, the verdict and every field, each with its reasons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from scraper.cli.completing import complete_page
from scraper.cli.context import settings
from scraper.cli.printing import echo_json
from scraper.cli.reading.source import (
    FetchedOption,
    SpiderOption,
    TextOption,
    UrlOption,
    page_and_site,
    template_for,
)
from scraper.errors import InputError
from scraper.extraction.explain.explanation import legible, reading, weighed

_REASONS = 6
"""Reasons shown of a block on a terminal; --html has more, --json all."""


def explain(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|URL|ID|-",
            help="A saved page (.gz allowed), an address, the id of an article or a rejected page, or -.",
            autocompletion=complete_page,
        ),
    ],
    *,
    text: TextOption = False,
    url: UrlOption = None,
    site: SpiderOption = None,
    fetched_at: FetchedOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page to this file.")] = None,
) -> None:
    """Show what became of each block of a page, and why; nothing is stored.

    Example: scraper explain page.html --url https://example.com/news/1 --html why.html

    Example: scraper explain https://example.com/news/1
    """
    # heavy modules are loaded here, for the other commands to start fast
    from scraper.extraction.article import examine
    from scraper.extraction.explain.explanation import explanation_of
    from scraper.extraction.explain.html import to_html

    config = settings(context)
    page, declared = page_and_site(source, config, text=text, url=url, site=site, fetched_at=fetched_at)
    template = template_for(page, declared, config)
    explanation = explanation_of(examine(page, declared, template, reasons=True))
    if html is not None:
        try:
            html.write_text(to_html(explanation), encoding="utf-8")
        except OSError as error:
            raise InputError(f"{html}: cannot be written: {error.strerror}") from error
    if as_json:
        echo_json(explanation)
    elif html is None:
        show_explanation(explanation, Console(highlight=False))


def show_explanation(explanation: dict[str, Any], console: Console) -> None:
    """Print an explanation: in colour on a terminal, plain in a pipe."""
    for line in (*_verdict(explanation), Text(), *_fields(explanation), Text(), *_blocks(explanation)):
        console.print(line, soft_wrap=True)


def _verdict(explanation: dict[str, Any]) -> list[Text]:
    judgement = explanation["judgement"]
    name, _, rest = judgement["said"].partition(", ")
    lines = [
        Text(name, style="bold red" if judgement["reason"] else "bold green").append(
            f", {rest}", style="not bold default"
        )
    ]
    if explanation["url"]:
        lines.append(Text(legible(explanation["url"]), style="dim"))
    if explanation["layout"]:
        lines.append(Text(f"body read by the layout {explanation['layout']} of its site", style="dim"))
    if not judgement["signals"]:
        lines.append(Text(f"  {legible(judgement['evidence'])}"))
    else:
        lines.append(Text(f"  {weighed(judgement)}:", style="dim"))
    return lines + [_weighed(signal["weight"], signal["says"]) for signal in judgement["signals"]]


def _weighed(weight: float, says: str) -> Text:
    return Text(f"  {weight:+.2f} ", style="green" if weight > 0 else "red").append(
        legible(says), style="default"
    )


def _fields(explanation: dict[str, Any]) -> list[Text]:
    lines = []
    for field in explanation["fields"]:
        value = field["value"]
        if value in (None, [], ""):
            continue
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        line = Text(f"{field['name']}: ", style="bold").append(legible(shown), style="not bold")
        lines.append(line)
        for candidate in field["candidates"]:
            mark = "*" if candidate["won"] else " "
            told = f"{candidate['source']}: {reading(candidate)} ({candidate['why']})"
            lines.append(Text(f"  {mark} {candidate['score']:.2f} {legible(told)}", style="dim"))
    absent = [field["name"] for field in explanation["fields"] if field["source"] == "absent"]
    return [*lines, Text(f"none found: {', '.join(absent)}", style="dim")] if absent else lines


def _blocks(explanation: dict[str, Any]) -> list[Text]:
    blocks = explanation["blocks"]
    lines = [Text(f"{explanation['kept']} of {len(blocks)} blocks kept", style="bold")]
    for block in blocks:
        kept = block["kept"]
        mark = f"{'+' if kept else '-'} {block['score']:.2f} {legible(block['tag']):<10} "
        lines.append(
            Text(mark, style="green" if kept else "red").append(
                legible(block["text"]), style="default" if kept else "dim default"
            )
        )
        told = "  ".join(f"{r['weight']:+.2f} {legible(r['name'])}" for r in block["reasons"][:_REASONS])
        if told:
            lines.append(Text(f"                  {told}", style="dim"))
    return lines
