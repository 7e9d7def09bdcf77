"""Folders of pages with their true articles: manifest.jsonl, truth.jsonl and the pages, gzipped or not."""

from __future__ import annotations

import gzip
import json
import re
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.model import Page, Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SITE = Site(name="bench")
CORPORA = Path(__file__).parents[2] / "shared" / "corpora"
_FETCHED = datetime(2026, 11, 1, tzinfo=UTC)
"""After every page of the corpora: a date after this moment is none that a page can have."""
_DAY = re.compile(r"_(?:19|20)\d\d_\d\d_\d\d.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One page of a corpus and what is true of it."""

    corpus: str
    id: str
    page: Page = field(repr=False)
    truth: dict[str, Any] = field(repr=False)

    @property
    def site(self) -> str:
        """Whose page it is: pages of one site stand in one fold."""
        if "site" in self.truth:
            return str(self.truth["site"])
        if "country" in self.truth:  # of the corpora with a country, the id names publisher and day
            return _DAY.sub("", self.id)
        return urlsplit(self.page.url or "").netloc.removeprefix("www.") or self.id


def named_corpora(names: Sequence[str], usual: Sequence[str]) -> list[Path]:
    """Return the folders that are named, else the usual ones. Ends the program with 2 where one is none."""
    folders = [Path(name) for name in names] or [CORPORA / name for name in usual]
    if missing := [str(folder) for folder in folders if not folder.is_dir()]:
        print(f"no such corpus: {', '.join(missing)}", file=sys.stderr)
        sys.exit(2)
    return folders


def read_corpus(folder: Path) -> Iterator[Sample]:
    """Yield the pages of a corpus in the order of its manifest."""
    truths = {truth["id"]: truth for truth in _read_lines(folder / "truth.jsonl")}
    for entry in _read_lines(folder / "manifest.jsonl"):
        path = folder / entry["file"]
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        page = Page(url=entry.get("url"), content=content, fetched_at=_FETCHED)
        yield Sample(corpus=folder.name, id=entry["id"], page=page, truth=truths[entry["id"]])


def _read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
