"""What a page costs that a browser makes: ./run bench browser [PAGES] [COMMIT].

Crawls a loopback site of invented articles, each a page of 100 KB whose script fetches data and adds to it,
once with a browser and once plainly, and measures the CPU and the memory of all processes of both. Then
crawls it plainly with this code and with that of an earlier commit, in turn, and compares the CPU and the
modules that were loaded; without git, or where the commit is not known, that is left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from bench.memory import FILLER
from scraper.crawl.rendering.chromium import find_browser, megabytes
from scraper.fixtures.cases import Reply
from tests.crawl.site import HOST, article, path, serving, site

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = 200
"""Of fewer the growth of the browser is not judged: its first context, of 50 pages, fills for long."""
BEFORE = "a53de16"
"""The last commit without a browser."""
MAX_MEGABYTES, MAX_GROWTH, MAX_RATIO = 400, 40, 1.03
ROUNDS = 5
FEW = 100
"""Pages of a crawl that is compared with an earlier version."""
_TICKS = os.sysconf("SC_CLK_TCK")
_SCRIPT = (
    b"<script>fetch('/data.json').then(each => each.json()).then(each => {"
    b" const line = document.createElement('p'); line.textContent = each;"
    b" document.querySelector('article').append(line) })</script></body>"
)
PROGRAM = Path(__file__).with_name("browser_crawl.py")
"""Runs by whatever version stands in the working directory."""


def main() -> None:
    """Measure all, print it, and end with 1 where a figure misses its target."""
    if find_browser() is None:
        sys.exit("bench browser needs Chromium (apt-get install chromium)")
    given = sys.argv[1:]
    pages = next((int(each) for each in given if each.isdecimal()), PAGES)
    commit = next((each for each in given if not each.isdecimal()), BEFORE)
    missed = against_plain(pages) + against_before(commit)
    print("; ".join(missed) or "every figure meets its target")
    sys.exit(bool(missed))


def replies(pages: int) -> dict[Any, Reply]:
    """Return a site of so many pages."""
    numbers = range(1, pages + 1)
    made = {
        path(number): Reply(
            status=200,
            headers={"Content-Type": "text/html; charset=utf-8"},
            content=article(number).content.replace(b"</body>", _SCRIPT).replace(b"</body>", FILLER),
        )
        for number in numbers
    }
    data = Reply(status=200, headers={"Content-Type": "application/json"}, content=b'"It rained, too."')
    return site(*numbers, **{**made, "/data.json": data})


def against_plain(pages: int) -> list[str]:
    """Print what pages cost with and without a browser; return what misses its target."""
    with serving(replies(pages)) as server:
        rendered, plain = (Watched(server.server_port, how) for how in ("render", "plain"))
    made = rendered.counts["stored"]
    print(f"{made} pages by a browser, {plain.counts['stored']} plainly")
    for name, one in (("by a browser", rendered), ("plainly", plain)):
        cpu, seconds = 1000 * one.cpu / pages, one.seconds / pages
        print(
            f"  a page {name}: {cpu:.0f} ms of CPU, {seconds:.2f} s, {one.crawler:.0f} MB without the browser"
        )
    first, last = rendered.held(0.25, 0.5), rendered.held(0.75, 1)
    print(f"  the browser: {max(rendered.browser):.0f} MB at most (limit {MAX_MEGABYTES})")
    print(f"  mean in its second quarter {first:.0f} MB, in its last {last:.0f} MB")
    checks = (
        (made != pages or plain.counts["stored"] != pages, "pages are missing"),
        (max(rendered.browser) > MAX_MEGABYTES, f"the browser holds over {MAX_MEGABYTES} MB"),
        (pages >= PAGES and last - first > MAX_GROWTH, f"it grew by more than {MAX_GROWTH} MB"),
    )
    return [told for is_missed, told in checks if is_missed]


class Watched:
    """A crawl in processes of its own, looked at while it runs."""

    def __init__(self, port: int, how: str) -> None:
        self.browser: list[float] = []
        """Megabytes of the browser's processes, twice a second, what they share counted once."""
        self.crawler = 0.0
        """The most that the others had."""
        self._cpu: dict[int, float] = {}
        begun = time.monotonic()
        process = start(Path.cwd(), port, how)
        end = threading.Event()
        look = threading.Thread(target=self._look, args=(process.pid, end))
        look.start()
        output = process.communicate()[0]
        end.set()
        look.join()
        self.seconds = time.monotonic() - begun
        self.counts: dict[str, int] = json.loads(output.splitlines()[-1])["counts"]

    @property
    def cpu(self) -> float:
        """Seconds that all processes took, up to the last look at each."""
        return sum(self._cpu.values())

    def held(self, begin: float, end: float) -> float:
        """Return the browser's mean memory in a part of its time, from 0 to 1."""
        count = len(self.browser)
        return mean(self.browser[int(begin * count) : int(end * count)])

    def _look(self, root: int, end: threading.Event) -> None:
        rounds = 0
        while not end.wait(0.1):
            found = processes(root)
            self._cpu |= {pid: cpu for pid, (_, cpu) in found.items()}
            rounds += 1
            if rounds % 5 == 0:
                of_browser = {pid for pid, (name, _) in found.items() if "chrom" in name}
                if of_browser:
                    self.browser.append(megabytes(of_browser))
                self.crawler = max(self.crawler, megabytes(found.keys() - of_browser))


def processes(root: int) -> dict[int, tuple[str, float]]:
    """Return the name and the CPU seconds of a process and of all that it started."""
    known: dict[int, tuple[int, str, float]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        told = rest.split()
        spent = (int(told[11]) + int(told[12])) / _TICKS
        known[int(stat.parent.name)] = int(told[1]), name.partition("(")[2], spent
    found = {root} & known.keys()
    while more := {pid for pid, (parent, *_) in known.items() if parent in found} - found:
        found |= more
    return {pid: known[pid][1:] for pid in found}


def start(folder: Path, port: int, how: str) -> subprocess.Popen[str]:
    """Start a crawl with the code in a folder."""
    command = [sys.executable, str(PROGRAM), str(port), f"http://{HOST}/", how]
    environ = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder, env=environ)


def against_before(commit: str) -> list[str]:
    """Print what a crawl without a browser costs and loads against an earlier version."""
    with checked_out(commit) as before:
        if before is None:
            print(f"{commit} is not there: a crawl without a browser is compared with nothing")
            return []
        with serving(replies(FEW)) as server:
            pairs = [
                [ended(start(folder, server.server_port, "plain")) for folder in (Path.cwd(), before)]
                for _ in range(ROUNDS)
            ]
    ratio = median(now["cpu"] / then["cpu"] for now, then in pairs)
    now, then = (set(each["modules"]) for each in pairs[0])
    ours = sorted(name for name in now - then if name.split(".")[0] == "scraper")
    others = sorted(now - then - set(ours))
    print(f"a crawl without a browser: {ratio:.3f} of the CPU at {commit} (limit {MAX_RATIO})")
    print(f"  of this program it loads more: {', '.join(ours) or 'nothing'}")
    print(f"  of others: {', '.join(others) or 'nothing'}")
    return [f"it costs over {MAX_RATIO}"] if ratio > MAX_RATIO else []


def ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return what a crawl printed as it ended."""
    output = process.communicate()[0]
    if process.returncode:
        sys.exit("a crawl could not be run")
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


@contextmanager
def checked_out(commit: str) -> Iterator[Path | None]:
    """Give a folder with an earlier version while it is needed, None where there is none."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "before"
        git = ["git", "worktree"]
        done = subprocess.run([*git, "add", "--detach", folder, commit], check=False, capture_output=True)
        try:
            yield None if done.returncode else folder
        finally:
            if not done.returncode:
                subprocess.run([*git, "remove", "--force", folder], check=True, capture_output=True)


if __name__ == "__main__":
    main()
