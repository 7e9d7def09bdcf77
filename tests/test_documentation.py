from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_architecture_names_files_by_their_whole_path() -> None:
    text = (ROOT / "docs" / "explanation" / "architecture.md").read_text()
    named_files = set(re.findall(r"`([\w/]+\.(?:py|json))`", text))
    above_packages = {path.name for path in (ROOT / "scraper").glob("*.py")}

    assert named_files
    assert not [name for name in named_files if not (ROOT / name).is_file() and name not in above_packages]
    assert above_packages - {"__init__.py", "__main__.py", "pytest_plugin.py"} <= named_files


def test_the_architecture_says_what_each_package_stands_on() -> None:
    text = (ROOT / "docs" / "explanation" / "architecture.md").read_text()
    told = {
        package: set(re.findall(r"\w+", stands_on)) - {"none"}
        for package, stands_on in re.findall(r"^\| `scraper/(\w+)` \|.*\| (.*) \|$", text, re.MULTILINE)
    }
    found = {
        package: {
            name for path in (ROOT / "scraper" / package).rglob("*.py") for name in imported_rooms(path)
        }
        for package in told
    }

    assert {package: rooms & set(told) - {package} for package, rooms in found.items()} == told


def imported_rooms(path: Path) -> set[str]:
    """Return the names right below `scraper` that a module imports from, for types too."""
    nodes = [*ast.walk(ast.parse(path.read_bytes()))]
    names = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("scraper.")}
