import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from scraper.cli.app import Commands, app

PAGE = "<title>Rain</title><h1>Rain at the harbour</h1>" + "<p>The harbour master closed the locks.</p>" * 20
HEAVY = ("scrapy", "twisted", "sqlalchemy", "numpy", "lxml", "trafilatura")


def loaded(*arguments: str, folder: Path, **environment: str) -> tuple[int, str, set[str]]:
    """Return exit code, output and imported top-level packages of a command line in a process of its own."""
    script = (
        "import sys\n"
        "try:\n"
        "    from scraper.cli import main\n"
        "    main()\n"
        "finally:\n"
        "    print(*sorted({name.partition('.')[0] for name in sys.modules}), file=open('modules', 'w'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, set((folder / "modules").read_text().split())


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ()])
def test_what_the_root_answers_by_itself_imports_no_command(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    _, output, modules = loaded(*arguments, folder=tmp_path)

    assert "scraper" in output
    assert not modules.intersection(HEAVY)


def test_completing_a_commands_name_imports_no_command(tmp_path: Path) -> None:
    completing = {"_PYTHON__C_COMPLETE": "complete_bash", "_SCRAPER_COMPLETE": "complete_bash"}
    _, output, modules = loaded(folder=tmp_path, COMP_WORDS="scraper ex", COMP_CWORD="1", **completing)

    assert {"export", "extract", "explain"} <= set(output.split())
    assert not modules.intersection(HEAVY)


def test_extracting_a_file_imports_neither_scrapy_nor_a_store(tmp_path: Path) -> None:
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    code, output, modules = loaded("extract", "page.html.gz", folder=tmp_path)

    assert (code, '"title": "Rain at the harbour"' in output) == (0, True), output
    assert not modules.intersection({"scrapy", "twisted", "sqlalchemy", "spiders"})


@pytest.mark.parametrize("name", Commands.named)
def test_a_command_is_listed_by_the_first_line_of_its_help(name: str) -> None:
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]

    assert Commands.named[name].summary == " ".join(command.help.split("\n\n")[0].split())
    assert command.name == name
