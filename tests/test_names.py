"""A public name of the package means one thing."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "scraper"
MIGRATIONS = "a migration is a module that all others resemble, frozen when it is released"
COMMANDS = "the command shows the table of that name"
DUMPS = "the same field, of a page or of a dump of its text"
SHARED_NAMES = {
    **dict.fromkeys(("migrate", "TABLES", "STATEMENTS", "SQLITE", "POSTGRESQL"), MIGRATIONS),
    **dict.fromkeys(("alarms", "articles", "quarantine", "rejections", "runs"), COMMANDS),
    **dict.fromkeys(("find_kicker", "find_publisher", "find_rights", "find_section"), DUMPS),
    **dict.fromkeys(("find_standfirst", "find_tags", "find_title"), DUMPS),
    **dict.fromkeys(("log", "logger"), "each module's own"),
    "extract": "the command prints what the function returns",
    "main": "where Python begins",
    "T": "any type",
}
"""Public names of several modules, and why they are no two meanings."""


def public_names(path: Path) -> set[str]:
    """Return what a module defines at its top under a name without an underscore."""
    found: set[str] = set()
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {
                each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
            }
    return {name for name in found if not name.startswith("_")}


def test_no_public_name_has_two_meanings() -> None:
    places: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in public_names(path):
            places.setdefault(name, []).append(path.relative_to(PACKAGE).as_posix())
    shared = {name: found for name, found in places.items() if len(found) > 1}

    assert not {name: found for name, found in shared.items() if name not in SHARED_NAMES}, (
        "name it by what it is of"
    )
    assert set(SHARED_NAMES) <= set(shared), "no longer shared: take it out of the table"
