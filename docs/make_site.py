"""Builds the documentation into a site: `./run docs`. What is wrong in a link or an anchor fails it.

The pages are those of this folder, the changelog and CONTRIBUTING.md; those of commands and library
are written from the code each time.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import griffe
import typer

import scraper
from scraper.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
BUILT = ROOT / ".site"
_ABOVE = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
"""Pages that stand above this folder, and what they are called in the site."""
_EXAMPLE = re.compile(r"^Example: (.+)$", re.MULTILINE)


def stage(folder: Path) -> None:
    """Write the pages of the site, and its configuration, into an empty folder."""
    pages = folder / "docs"
    for page in sorted((ROOT / "docs").rglob("*.md")):
        target = pages / page.relative_to(ROOT / "docs")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_inward(page.read_text()))
    for name, called in _ABOVE.items():
        (pages / called).write_text(_inward((ROOT / name).read_text()).replace("](docs/", "]("))
    (pages / "reference" / "commands.md").write_text("\n".join(command_page()))
    (pages / "reference" / "names.md").write_text("\n".join(library_page()))
    shutil.copy(ROOT / "docs" / "tables.css", pages)
    shutil.copy(ROOT / "docs" / "zensical.toml", folder)


def _inward(text: str) -> str:
    """Return a page with its links to the pages above the folder leading to their copies in it."""
    for name, called in _ABOVE.items():
        text = text.replace(f"](../../{name}", f"](../{called}").replace(f"](../{name}", f"]({called}")
    return text


def command_page() -> Iterator[str]:
    """Yield the lines of the page of all commands, as their help has them."""
    yield "# Commands\n"
    yield "Written from the program's own help. `scraper COMMAND --help` prints each on a terminal.\n"
    root = typer.main.get_command(app)
    yield from _options(root, "scraper", _unwrapped(root.help or ""))
    yield from _commands(root, "scraper")


def _commands(command: Any, called: str) -> Iterator[str]:  # noqa: ANN401 - of Typer's own, private Click
    for name, inner in getattr(command, "commands", {}).items():
        yield f"## {called} {name}\n"
        yield from _options(inner, f"{called} {name}", _EXAMPLE.sub(r"    \1", _unwrapped(inner.help or "")))
        yield from _commands(inner, f"{called} {name}")


def _unwrapped(text: str) -> str:
    """Return a help text without rich's marks for paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", text.replace("\b", "").replace("\f", "")).strip()


def _options(command: Any, called: str, text: str) -> Iterator[str]:  # noqa: ANN401 - likewise
    """Yield how a command is called, what it does, and a table of what it takes."""
    context = typer.Context(command, info_name=called)
    yield f"```text\n{called} {' '.join(command.collect_usage_pieces(context))}\n```\n"
    yield f"{text}\n"
    told = [record for each in command.params if (record := each.get_help_record(context))]
    if told:
        yield "| argument or option | what it is |\n| --- | --- |"
        yield from (f"| `{name}` | {_cell(said)} |" for name, said in told)
    yield ""


def library_page() -> Iterator[str]:
    """Yield the lines of the page of all public names, from their docstrings."""
    yield "# Names of the library\n"
    yield "`scraper.__all__`, from its docstrings; [the library](api.md) shows how it is used.\n"
    yield "What each field of an `Article` means, [the record](fields.md) says.\n"
    package = griffe.load("scraper", search_paths=[str(ROOT)], resolve_aliases=True)
    for name in scraper.__all__:
        found = package[name]
        found = found.final_target if found.is_alias else found
        yield f"## {name}\n"
        if found.is_function:
            yield f"```python\n{found.signature()}\n```\n"
        yield f"{found.docstring.value if found.docstring else ''}\n"
        yield from _members(found)


def _members(found: Any) -> Iterator[str]:  # noqa: ANN401 - a class or function of griffe
    """Yield a table of a class' own fields and methods that are public and said to be anything."""
    rows = []
    for name, member in found.members.items() if found.is_class else ():
        if name.startswith("_") or member.is_alias:
            continue
        said = member.docstring.value if member.docstring else ""
        written = f"{name}: {member.annotation}" if member.is_attribute and member.annotation else name
        written = member.signature() if member.is_function else written
        rows.append(f"| `{written}` | {_cell(said)} |")
    if rows:
        yield from ("| name | what it is |", "| --- | --- |", *rows, "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> int:
    """Build the site; return its exit code."""
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir()
    stage(BUILT)
    command = [
        sys.executable,
        "-m",
        "zensical",
        "build",
        "--strict",
        "--config-file",
        str(BUILT / "zensical.toml"),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    said = f"{done.stdout}{done.stderr}".partition("Traceback")[0]
    print(said if done.returncode else f"docs: {BUILT / 'site' / 'index.html'}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
