"""scraper config: what is in force, and where each value came from."""

from __future__ import annotations

import json

import typer

from scraper.cli.context import settings
from scraper.cli.printing import echo_json, print_rows
from scraper.cli.stored.filters import JsonOption
from scraper.config import SETTINGS, shown


def config(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Show the settings in force and where each came from; passwords are masked.

    Example: SCRAPER_WORKERS=4 scraper --config news.toml config
    """
    current = settings(context)
    values = {name: shown(current, name) for name in SETTINGS}
    if as_json:
        rows = {name: {"value": value, "origin": current.origin(name)} for name, value in values.items()}
        echo_json(rows)
        return
    print_rows(
        ("setting", "value", "from"),
        ((name, _text(value), current.origin(name)) for name, value in values.items()),
        empty="",
    )


def _text(value: object) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if not isinstance(value, tuple):
        return str(value)
    return ", ".join(part if isinstance(part, str) else f"{part:g}" for part in value)
