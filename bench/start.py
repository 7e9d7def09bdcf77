"""What the command line costs before it does anything: ./run bench start [BUILD].

CPU seconds of `scraper --version`, `--help`, the completion of a command's name, and `extract` of a small
page, each the median of several processes, from the checkout and from the wheel that it builds, in turn; with
BUILD, a checkout of another commit, in turn with that too, and the ratio of the dearer of the two to it.
The build that issues compare with is 65baab7: git worktree add --detach ../before 65baab7.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from zipfile import ZipFile

ROOT = Path(__file__).parents[1]
TIMES = 7
PAGE = "<title>Rain at the harbour</title><h1>Rain at the harbour</h1>" + "".join(
    f"<p>On pier {number} the crew of a boat with {7 * number} nets waited for the tide, said the harbour"
    f" master, who had closed the lock at {number} o'clock and seen {13 * number} storms in his life.</p>"
    for number in range(1, 13)
)
COMPLETE = {"_SCRAPER_COMPLETE": "complete_bash", "COMP_WORDS": "scraper ex", "COMP_CWORD": "1"}
MOST = {"--version": 0.25, "extract page.html": 0.3}
"""Ratio to the build before."""


def spent(root: Path, arguments: list[str], folder: str, **environment: str) -> float:
    """Return the CPU seconds of one process of a build's command line."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    script = "import sys; sys.argv[0] = 'scraper'; from scraper.cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
        stdout=subprocess.DEVNULL,
        check=not environment,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def unpacked_wheel(folder: Path) -> Path:
    """Build the wheel; return the folder of what it installs."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "wheel")
    return folder / "wheel"


def main() -> int:
    """Print a row for each call; 1 where a ratio is above its limit."""
    others = [Path(name).resolve() for name in sys.argv[1:2]]
    if missing := [str(build) for build in others if not (build / "scraper").is_dir()]:
        print(f"no checkout of the project: {', '.join(missing)}", file=sys.stderr)
        return 2
    calls: list[tuple[str, list[str], dict[str, str]]] = [
        ("--version", ["--version"], {}),
        ("--help", ["--help"], {}),
        ("completion", [], COMPLETE),
        ("extract page.html", ["extract", "page.html"], {}),
    ]
    is_within = True
    print(f"CPU seconds{'':12} here   wheel{'  before   ratio' if others else ''}")
    with tempfile.TemporaryDirectory() as folder:
        builds = [ROOT, unpacked_wheel(Path(folder)), *others]
        Path(folder, "page.html").write_text(PAGE, encoding="utf-8")
        for name, arguments, environment in calls:
            rounds = [
                [spent(build, arguments, folder, **environment) for build in builds] for _ in range(TIMES)
            ]
            here, wheel, *before = (median(times) for times in zip(*rounds, strict=True))
            ratio = max(here, wheel) / before[0] if before else 0.0
            told = f" {before[0]:7.3f} {ratio:7.2f}" if before else ""
            print(f"{name:20} {here:7.3f} {wheel:7.3f}{told}")
            is_within = is_within and ratio <= MOST.get(name, 1.0)
    return int(not is_within)


if __name__ == "__main__":
    sys.exit(main())
