"""One version: what pyproject.toml names is what the program tells."""

from __future__ import annotations

import tomllib
from pathlib import Path

from scraper.version import program_version


def test_the_program_tells_the_version_of_pyproject_toml() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    assert program_version() == project["version"]
