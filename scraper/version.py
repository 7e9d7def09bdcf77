"""The program's version, as pyproject.toml names it; told by commands, records, archives and requests."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version


@cache
def program_version() -> str:
    """Return the version of the package that is installed, such as 1.2.0."""
    return version("news-scraper")
