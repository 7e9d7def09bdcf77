"""Takes the picture of the pages that README.md shows: `.venv/bin/python docs/make_picture.py`.

It makes the demo in a folder of its own, serves what that stored and asks a Chromium for the picture.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from scraper.crawl.rendering.chromium import require_browser

PICTURE = Path(__file__).with_name("pages.png")
PAGE = "articles?q=ferry"
SIZE = "1280,800"
MOST_BYTES = 150_000
_SCRAPER = (sys.executable, "-m", "scraper")
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--hide-scrollbars",
    "--blink-settings=preferredColorScheme=1",
)


def take_picture(folder: Path) -> None:
    """Write the picture from what the demo leaves in a folder."""
    browser = require_browser("the picture of the pages")
    subprocess.run([*_SCRAPER, "demo"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with subprocess.Popen(
        [*_SCRAPER, "web", "--port", "0"],
        cwd=folder / "demo",
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as pages:
        assert pages.stdout is not None
        address = pages.stdout.readline().split()[-1]
        asked = (f"--user-data-dir={folder}/profile", f"--window-size={SIZE}", f"--screenshot={PICTURE}")
        try:
            subprocess.run([browser, *_QUIET, *asked, f"{address}{PAGE}"], check=True, capture_output=True)
        finally:
            pages.terminate()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        take_picture(Path(made))
    size = PICTURE.stat().st_size
    print(f"{PICTURE}: {size:,} bytes")
    sys.exit(size > MOST_BYTES)
