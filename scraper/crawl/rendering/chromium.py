"""The Chromium of this machine: where it is, how it is started, and what it takes."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.crawl.rendering.devtools import DevTools
from scraper.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

_PREFIX = "news-scraper-browser-"
_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
_PLAYWRIGHT = ".cache/ms-playwright/chromium-*/chrome-linux*/chrome"
"""Where Playwright keeps its own, below the home folder."""
NO_BROWSER = "no Chromium is on the PATH: install one (apt-get install chromium)"
_FLAGS = (
    "--headless",
    "--no-startup-window",
    "--remote-debugging-pipe",
    # no network: all that a page asks for is answered through DevTools, and what gets past that ends here
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    "--dns-prefetch-disable",
    # nothing that a page of text needs, and as few processes as there can be
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--in-process-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-site-isolation-trials",
    "--disable-features="
    + ",".join(
        (
            *("IsolateOrigins", "SitePerProcess", "SpareRendererForSitePerProcess", "BackForwardCache"),
            *("Translate", "MediaRouter", "OptimizationHints", "AudioServiceOutOfProcess"),
            *("PreloadTopChromeWebUI", "InitialWebUI", "WebUIReloadButton", "WebUIToolbarWebView"),
        )
    ),
    "--enable-features=NetworkServiceInProcess2",
    "--disable-popup-blocking",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--blink-settings=imagesEnabled=false",
    "--mute-audio",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    "--use-mock-keychain",
)


def find_browser() -> str | None:
    """Return the program that makes pages: on the PATH, else Playwright's own; None without one."""
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    own = sorted(Path.home().glob(_PLAYWRIGHT))
    return str(own[-1]) if own else None


def require_browser(who: str) -> str:
    """Return the browser. ConfigError, which says who needs it and what to do, where there is none."""
    found = find_browser()
    if found is None:
        raise ConfigError(f"{who} needs a browser, and {NO_BROWSER}")
    return found


class Profile:
    """An empty folder for what a browser keeps while it runs; those of killed crawls are removed."""

    def __init__(self) -> None:
        """Make the folder."""
        _remove_left()
        self.path = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)


def _remove_left() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not Path("/proc", owner).exists() and Path("/proc").exists():
            shutil.rmtree(folder, ignore_errors=True)


async def start_chromium(program: str, profile: Profile) -> DevTools:
    """Start a browser without a window and without a network. OSError where it cannot be started."""
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()  # Chromium has no sandbox for root
    return await DevTools.start([program, *_FLAGS, *as_root, f"--user-data-dir={profile.path}"])


async def browser_processes(browser: DevTools) -> dict[int, float]:
    """Return the processes of a browser, and the seconds of CPU that each has taken."""
    told = await browser.send("SystemInfo.getProcessInfo")
    return {each["id"]: each["cpuTime"] for each in told["processInfo"]}


def megabytes(pids: Iterable[int]) -> float:
    """Return the memory of processes, what they share counted once; 0 where no /proc tells it."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1000
