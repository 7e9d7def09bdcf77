"""How the browser is started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from scraper.crawl.rendering.chromium import find_browser

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(find_browser() is None, reason="no Chromium is installed"),
]

ROOT = Path(__file__).parents[3]
NOBODY = 65534
OPENS_A_PAGE = """
import asyncio, json, os, sys
from pathlib import Path
from scraper.crawl.rendering.chromium import Profile, browser_processes, find_browser, start_chromium

if len(sys.argv) > 1:  # once all is loaded: another user may not read where Python lies
    os.setgroups([])
    os.setgid(int(sys.argv[1]))
    os.setuid(int(sys.argv[1]))

async def main():
    profile = Profile()
    browser = await start_chromium(find_browser(), profile)
    await browser.send("Target.createTarget", url="about:blank")
    told = await browser.send("SystemInfo.getProcessInfo")
    pages = [each["id"] for each in told["processInfo"] if each["type"] == "renderer"]
    found = [dict(line.split(":\\t") for line in Path(f"/proc/{pid}/status").read_text().splitlines())["Seccomp"] for pid in pages]
    flags = Path(f"/proc/{browser.pid}/cmdline").read_text().split("\\0")
    await browser.end(3.0)
    profile.remove()
    print(json.dumps({"seccomp": found, "flags": flags}))

asyncio.run(main())
"""
FILTERED = "2"
"""What Linux says of a process that may make only some calls."""


def opened(folder: Path, user: int | None) -> dict[str, list[str]]:
    """Return what a page's processes may do, and the flags of the browser, as a user starts it."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", OPENS_A_PAGE, *([] if user is None else [str(user)])],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if user is not None and done.returncode:
        pytest.skip(f"another user cannot start it here: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
def test_a_page_is_in_chromiums_sandbox_unless_root_starts_it() -> None:
    is_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:  # what pytest makes is open to its own user alone
        if is_root:
            os.chown(folder, NOBODY, NOBODY)
        found = opened(Path(folder), NOBODY if is_root else None)

        assert "--no-sandbox" not in found["flags"]
        assert set(found["seccomp"]) == {FILTERED}
        if is_root:
            assert "--no-sandbox" in opened(Path(folder), None)["flags"]
