"""The wheel, installed elsewhere without a network: a project from nothing to a scheduled run."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from scraper.version import program_version
from tests.cli.crawling.test_new_site import example
from tests.crawl.site import serving
from tests.waiting import PATIENCE

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[1]
HURRIED = "\nDOWNLOAD_DELAY = 0\nAUTOTHROTTLE_ENABLED = False\n"


@dataclass(frozen=True)
class Installed:
    """An environment that has the wheel; what it depends on is that of the tests."""

    wheel: Path
    bin: Path

    def run(self, folder: Path, program: str, *arguments: str) -> str:
        """Run a program of the environment in a folder; return what it printed."""
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "SCRAPER_ALLOWED_NETWORKS": "127.0.0.0/8",
            "SCRAPER_WORKERS": "1",
        }
        command = [str(self.bin / "python"), "-m", program, *arguments]
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{program} {arguments}: {done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("elsewhere")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    own = folder / "venv" / "bin"
    packages = Path(
        subprocess.run(
            [own / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()
    )  # fmt: skip
    with ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return Installed(wheel, own)


def test_without_a_compiler_the_wheel_is_one_for_any_machine_and_says_what_that_costs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(
        build, cwd=ROOT, env={**os.environ, "CC": "no-compiler"}, capture_output=True, text=True, check=True
    )
    (wheel,) = tmp_path.glob("*.whl")

    assert wheel.name.endswith("-py3-none-any.whl")
    assert "without a compiled kernel copies are found more slowly" in done.stderr
    with ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if name.endswith((".so", ".pyd", ".c"))]


def test_the_wheel_has_nothing_outside_its_own_name(installed: Installed) -> None:
    with ZipFile(installed.wheel) as archive:
        names = archive.namelist()

    assert {name.split("/")[0] for name in names} == {
        "scraper",
        f"news_scraper-{program_version()}.dist-info",
    }
    assert "scraper/py.typed" in names
    assert {"scraper/web/templates/base.html", "scraper/web/static/style.css"} <= set(names)
    assert not [name for name in names if "__pycache__" in name]


def test_outside_of_a_project_the_demo_crawls_with_the_shipped_spiders(
    installed: Installed, tmp_path: Path
) -> None:
    assert "scraper --store sqlite:///demo/news.db cluster" in installed.run(tmp_path, "scraper", "demo")


def test_a_project_from_nothing_to_a_scheduled_run(installed: Installed, tmp_path: Path) -> None:
    """Takes 20 s: each command is a process of its own."""
    installed.run(tmp_path, "scraper", "init", "paper")
    project = tmp_path / "paper"
    with (project / "settings.py").open("a") as settings:
        settings.write(HURRIED)
    with serving({}) as server:
        home = f"http://127.0.0.1:{server.port}"
        server.recording.replies.update(example(server.port))  # type: ignore[attr-defined]
        told = installed.run(project, "scraper", "new-site", home, "--name", "example_times")
        assert "paper/spiders/example_times.py" in told
        crawled = installed.run(project, "scraper", "crawl", "example_times", "--limit", "3")
        with (project / "scraper.toml").open("a") as config:
            config.write('\n[jobs.example_times]\nevery = "1d"\n')
        installed.run(project, "scraper", "run-due")
        runs = installed.run(project, "scraper", "runs")
        installed.run(project, "scrapy", "crawl", "example_times", "-s", "LOG_FILE=scrapy.log")
    spiders = installed.run(project, "scrapy", "list").split()
    articles = installed.run(project, "scraper", "articles", "--site", "example_times")
    tested = installed.run(project, "pytest", "-q", "-n", "0", "-p", "no:cacheprovider")

    assert "stored" in crawled
    assert "ERROR" not in (project / "scrapy.log").read_text()
    assert {"example_times", "nizkor"} <= set(spiders)
    assert "succeeded" in runs
    assert len(articles.splitlines()) == 5
    assert "failed" not in tested
    assert int(tested.split(" passed")[0].split()[-1]) > 10, "each field of a fixture is a test"
