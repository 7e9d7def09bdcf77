"""The API against its own description: ./run bench api [SECONDS] (pip install schemathesis).

Schemathesis asks every operation of a filled store for what the description allows and for what not, and
checks each answer. Left out is that all is accepted that the description allows, and nothing else: the query
language, moments and the places of pages have rules that JSON Schema does not say, and what is sent empty
counts as not sent.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.web import fill, program, served

ARTICLES = 300
USUAL_SECONDS = 120


def main() -> int:
    """Return what Schemathesis ends with: 0 where each answer is as described."""
    tester = shutil.which(program("schemathesis")) or shutil.which("schemathesis")
    if tester is None:
        sys.exit("bench api needs schemathesis: .venv/bin/pip install schemathesis")
    seconds = sys.argv[1] if len(sys.argv) > 1 else str(USUAL_SECONDS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "scraper.toml").write_text(
            f'store = "sqlite:///{folder}/news.db"\n'
            '[jobs.hourly]\nsites = ["https://site1.example/"]\nevery = "1h"\n'
        )
        fill(f"sqlite:///{folder}/news.db", ARTICLES)
        pages = [program("scraper"), "web", "--port", "0"]
        with served(pages, folder, "the pages are at ") as (_, address):
            asked = [tester, "run", f"{address}api/v1/openapi.json", "--max-time", seconds]
            asked += [
                "--exclude-checks",
                "positive_data_acceptance,negative_data_rejection",
                "--warnings",
                "off",
            ]
            return subprocess.run(asked, cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
