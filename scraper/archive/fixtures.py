"""Fixture folders: pages as they were served, each beside what is true of it.

``fixtures/<site>/<case>/`` holds page.html, meta.json and article.json; ``fixtures/<site>/_site/`` holds the
files that a crawl meets beside the pages, under the path at which the host serves them (index.* is served at
its folder's); ``_later`` holds those that differ on a later crawl.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from scraper.errors import InputError
from scraper.model import Page
from scraper.record import instant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TYPES = {
    ".txt": "text/plain",
    ".html": "text/html",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One page of a site and what is true of it."""

    site: str
    name: str
    page: Page
    fetched_at: datetime
    headers: Mapping[str, str]
    truth: Mapping[str, Any]
    """The fields of the record that the page decides; of a rejected page, its kind and reason."""
    wrong_today: tuple[str, ...] = ()
    """Fields that the extractor is known to get wrong: each an error to mend, whose name goes with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered at one address."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    """As sent: still packed where the headers name a Content-Encoding."""
    fetched_at: datetime | None = None
    """When it was recorded, where that is known."""


class Address(NamedTuple):
    """Where a host serves something."""

    host: str
    path: str
    """With the query."""

    @classmethod
    def of(cls, url: str) -> Address:
        """Return the address that a URL names.

        >>> Address.of("http://news.example/a?b=1")
        Address(host='news.example', path='/a?b=1')
        """
        parts = urlsplit(url)
        return cls(parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def read_case(folder: Path) -> Case:
    """Return the case that a folder holds; raise InputError where a part of it is missing or unreadable."""
    try:
        meta = json.loads((folder / "meta.json").read_bytes())
        truth = json.loads((folder / "article.json").read_bytes())
        fetched_at = datetime.fromisoformat(meta["fetched_at"])
        page = Page(
            url=meta["url"],
            content=(folder / "page.html").read_bytes(),
            content_type=meta["headers"].get("Content-Type"),
            status=meta["status"],
            fetched_at=fetched_at,
        )
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{folder} is no fixture ({error}): it needs page.html, meta.json and article.json"
        ) from error
    return Case(
        site=folder.parent.name,
        name=folder.name,
        page=page,
        fetched_at=fetched_at,
        headers=meta["headers"],
        truth=truth,
        wrong_today=tuple(meta.get("wrong_today", ())),
    )


def write_case(root: Path, case: Case) -> Path:
    """Write a case into the folder of its site, over what is there; return its own."""
    folder = root / case.site / case.name
    meta = {
        "url": case.page.url,
        "status": case.page.status,
        "headers": dict(case.headers),
        "fetched_at": instant(case.fetched_at),
        **({"wrong_today": list(case.wrong_today)} if case.wrong_today else {}),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "page.html").write_bytes(case.page.content)
        for name, value in (("meta.json", meta), ("article.json", case.truth)):
            text = json.dumps(value, ensure_ascii=False, indent=2)
            (folder / name).write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder}: the fixture cannot be written: {error.strerror}") from error
    return folder


def read_cases(root: Path) -> list[Case]:
    """Return every case of every site below the folder, ordered by site and name."""
    return [
        read_case(folder)
        for site in _folders(root)
        for folder in _folders(site)
        if not folder.name.startswith("_")
    ]


def read_replies(root: Path, *, later: bool = False) -> dict[Address, Reply]:
    """Return what the sites below the folder answer, by address.

    Where several cases have one address, the page fetched first is served, or the last one when ``later``.
    """
    replies: dict[Address, Reply] = {}
    for site, cases in groupby(read_cases(root), key=lambda case: case.site):
        ordered = sorted(cases, key=lambda case: case.fetched_at, reverse=not later)
        for case in ordered:
            replies[Address.of(case.page.url or "")] = Reply(
                status=case.page.status,
                headers=case.headers,
                content=case.page.content,
                fetched_at=case.fetched_at,
            )
        hosts = {Address.of(case.page.url or "").host for case in ordered}
        for folder in ("_site", "_later") if later else ("_site",):
            for path, reply in _read_files(root / site / folder).items():
                replies.update({Address(host, path): reply for host in hosts})
    return replies


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        raise InputError(f"{root} is no folder of fixtures: it holds one folder a site")
    return sorted(path for path in root.iterdir() if path.is_dir())


def _read_files(root: Path) -> dict[str, Reply]:
    replies = {}
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        headers = {"Content-Type": _TYPES.get(file.suffix, _TYPES[".xml"])}
        name = file.relative_to(root).as_posix()
        path = name.removesuffix(file.name) if file.stem == "index" else name
        replies[f"/{path}"] = Reply(status=200, headers=headers, content=file.read_bytes())
    return replies
