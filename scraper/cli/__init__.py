"""The command line: one module a command group."""

from __future__ import annotations

from scraper.cli.app import main

__all__ = ["main"]
