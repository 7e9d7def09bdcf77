"""Page text dumps of three sites give their whole records."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

from scraper.crawl.sites import load_sites, site_of
from scraper.extraction.article import extract_article
from scraper.model import Article, Page

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("000_224801efeab45225", "003_a3f001ed8f0a3079", "004_3f78e5d2db163922")


@pytest.mark.parametrize("name", NAMES)
def test_a_dump_gives_every_key_of_its_record(shared: Path, name: str) -> None:
    lines = (shared / "samples" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    truth = next(record for record in map(json.loads, lines) if record.pop("id") == name)
    page = Page(url=None, content=(shared / "samples" / truth.pop("file")).read_bytes(), is_text=True)

    article = extract_article(page, site_of(page, load_sites(), None))

    assert isinstance(article, Article)
    found = dataclasses.asdict(article)
    found |= {"place": (found["dateline"] or {}).get("place")}
    found |= {"agencies": list((found["credit"] or {}).get("agencies", ()))}
    assert {key: _like(found[key], value) for key, value in truth.items()} == truth


def _like(found: Any, truth: Any) -> Any:
    if isinstance(truth, dict) and isinstance(found, dict):
        return {key: _like(found.get(key), value) for key, value in truth.items()}
    return list(found) if isinstance(found, tuple) else found
