"""Why a page became what it is: every block, the verdict and every field, each with its reasons."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from scraper.cli.context import settings
from scraper.cli.manifest import read_page
from scraper.config import crawl_settings
from scraper.errors import ConfigError, InputError
from scraper.extract.explain import printable
from scraper.model import Page

if TYPE_CHECKING:
    from scraper.config import Config
    from scraper.model import Site

_ID = re.compile(r"[0-9a-f]{16}")
_REASONS = 6
"""Reasons shown of a block on a terminal; --html and --json have all."""


def explain(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|URL|-", help="A saved page (.gz allowed), an address, or standard input."
        ),
    ],
    *,
    text: Annotated[bool, typer.Option("--text", help="The file is a page's text without markup.")] = False,
    url: Annotated[str | None, typer.Option(help="The address that the page came from.")] = None,
    site: Annotated[str | None, typer.Option(help="The spider whose site the page belongs to.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page to this file.")] = None,
) -> None:
    """Show what became of each block of a page, and why; nothing is stored.

    Example: scraper explain page.html --url https://example.com/news/1 --html why.html

    Example: scraper explain https://example.com/news/1
    """
    # heavy modules are loaded here, for the other commands to start fast
    from scraper.extract.article import examine
    from scraper.extract.explain import explain as tell
    from scraper.extract.explain_html import to_html

    page = _page(source, text=text, url=url, config=settings(context))
    explanation = tell(examine(page, _site(site, page), reasons=True))
    if html is not None:
        try:
            html.write_text(to_html(explanation), encoding="utf-8")
        except OSError as error:
            raise InputError(f"{html}: cannot be written: {error.strerror}") from error
    if as_json:
        typer.echo(json.dumps(explanation, ensure_ascii=False))
    elif html is None:
        _show(explanation, Console(highlight=False))


def _page(source: str, *, text: bool, url: str | None, config: Config) -> Page:
    if source == "-":
        return Page(url=url, content=sys.stdin.buffer.read(), is_text=text)
    if "://" in source:
        from scraper.crawl.fetch import fetch_page

        return fetch_page(source, {**crawl_settings(config), "LOG_LEVEL": "ERROR", "STATS_DUMP": False})
    path = Path(source)
    if not path.exists() and _ID.fullmatch(source):
        raise ConfigError(f"{source}: the pages of stored articles are not archived: name a saved page")
    return read_page(path, url=url, is_text=True if text else None)


def _site(name: str | None, page: Page) -> Site:
    from scraper.crawl.sites import load_sites, site_of_address

    sites = load_sites()
    if name is not None and name not in sites:
        raise ConfigError(f"--site {name}: there is no such spider; there are {', '.join(sorted(sites))}")
    return sites[name] if name else site_of_address(page.url, sites)


def _show(explanation: dict[str, Any], console: Console) -> None:
    """Print an explanation: in colour on a terminal, plain in a pipe."""
    for line in (*_verdict(explanation), Text(), *_fields(explanation), Text(), *_blocks(explanation)):
        console.print(line, soft_wrap=True)


def _verdict(explanation: dict[str, Any]) -> list[Text]:
    judgement = explanation["judgement"]
    colour = "bold red" if judgement["reason"] else "bold green"
    name = judgement["reason"] or judgement["kind"]
    lines = [
        Text(name, style=colour).append(
            f"  confidence {judgement['confidence']:.2f}", style="not bold default"
        )
    ]
    if explanation["url"]:
        lines.append(Text(printable(explanation["url"]), style="dim"))
    if not judgement["signals"]:
        lines.append(Text(f"  {printable(judgement['evidence'])}"))
    return lines + [_weighed(signal["weight"], signal["says"]) for signal in judgement["signals"]]


def _weighed(weight: float, says: str) -> Text:
    return Text(f"  {weight:+.2f} ", style="green" if weight > 0 else "red").append(
        printable(says), style="default"
    )


def _fields(explanation: dict[str, Any]) -> list[Text]:
    lines = []
    for field in explanation["fields"]:
        value = field["value"]
        if value in (None, [], ""):
            continue
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        line = Text(f"{field['name']}: ", style="bold").append(printable(shown), style="not bold")
        if field["source"]:
            line.append(f"  [{printable(field['source'])} {field['confidence']:.2f}]", style="not bold dim")
        lines.append(line)
        for candidate in field["candidates"]:
            mark = "*" if candidate["won"] else " "
            told = f"{candidate['source']}: {candidate['raw']} ({candidate['why']})"
            lines.append(Text(f"  {mark} {candidate['score']:.2f} {printable(told)}", style="dim"))
    return lines


def _blocks(explanation: dict[str, Any]) -> list[Text]:
    blocks = explanation["blocks"]
    lines = [Text(f"{explanation['kept']} of {len(blocks)} blocks kept", style="bold")]
    for block in blocks:
        kept = block["kept"]
        mark = f"{'+' if kept else '-'} {block['score']:.2f} {printable(block['tag']):<10} "
        lines.append(
            Text(mark, style="green" if kept else "red").append(
                printable(block["text"]), style="default" if kept else "dim default"
            )
        )
        told = "  ".join(f"{r['weight']:+.2f} {printable(r['name'])}" for r in block["reasons"][:_REASONS])
        if told:
            lines.append(Text(f"                  {told}", style="dim"))
    return lines
