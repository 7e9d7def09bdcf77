"""What stands ready for containers and systemd, as far as it can be tried without either."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scraper.config import SETTINGS
from tests.cli.test_examples import parsed

ROOT = Path(__file__).parents[1]
UNITS = sorted((ROOT / "deploy").iterdir())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()


@pytest.mark.parametrize(
    "unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name
)
def test_a_unit_calls_a_command_with_what_it_takes(unit: Path) -> None:
    read = configparser.ConfigParser(interpolation=None)
    read.read(unit)
    program, *arguments = read["Service"]["ExecStart"].split()

    assert program == "/srv/news/.venv/bin/scraper"
    assert parsed(arguments)
    assert read["Service"]["User"] == "news"
    assert read["Service"].get("Restart") == "always" or read["Service"]["Type"] == "oneshot"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_a_unit(unit: Path, tmp_path: Path) -> None:
    for each in UNITS:  # with a program that is there
        text = each.read_text().replace("/srv/news/.venv/bin/scraper", "/bin/true")
        (tmp_path / each.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if unit.name in line]

    assert not said


def test_the_image_starts_a_command_and_asks_for_its_health() -> None:
    (entry,) = re.findall(r"^ENTRYPOINT (.+)$", DOCKERFILE, re.MULTILINE)
    (command,) = re.findall(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)
    (health,) = re.findall(r"^    CMD (.+)$", DOCKERFILE, re.MULTILINE)
    python, flag, code = json.loads(health)

    assert json.loads(entry) == ["scraper"]
    assert parsed(json.loads(command)) == "serve"
    assert (python, flag) == ("python", "-c")
    assert compile(code, "health", "exec")
    assert "/healthz" in code
    assert re.search(r"^USER news$", DOCKERFILE, re.MULTILINE), "not as root"


def test_the_image_has_the_versions_of_the_lock_file() -> None:
    (expression,) = re.findall(r"sed (.+) requirements\.lock", DOCKERFILE)
    done = subprocess.run(
        ["sh", "-c", f"sed {expression} requirements.lock"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    pinned = [Requirement(line) for line in done.stdout.splitlines() if line.strip()]
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)

    assert [each.name for each in pinned] == locked
    assert "hatchling" in locked


def test_the_image_installs_extras_that_there_are() -> None:
    (extras,) = re.findall(r"\$\{wheel\}\[(.+?)\]", DOCKERFILE)
    told = (ROOT / "pyproject.toml").read_text()

    assert all(re.search(rf"^{extra} = \[", told, re.MULTILINE) for extra in extras.split(","))


def test_compose_sets_what_the_program_reads() -> None:
    variables = re.findall(r"^ +SCRAPER_(\w+):", COMPOSE, re.MULTILINE)

    assert variables
    assert {name.lower() for name in variables} <= set(SETTINGS)
    assert "- 127.0.0.1:9464:9464" in COMPOSE, "for this machine alone"
