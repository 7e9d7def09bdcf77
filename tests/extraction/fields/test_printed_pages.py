"""Small pages of thirty languages, written for this table, and what their bylines, dates and datelines say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scraper.extraction.article import extract_article
from scraper.model import Article, Page, Site
from scraper.record import to_record

TABLE = json.loads(Path(__file__).with_name("printed_pages.json").read_text(encoding="utf-8"))
DAY = len("2024-05-20")


def record(page: dict[str, Any]) -> dict[str, Any]:
    """Return the record of a page that prints its lines and declares nothing."""
    title, first, second = TABLE["texts"][page["lang"].partition("-")[0]]
    above, end = ("".join(_paragraph(line) for line in page[where]) for where in ("above", "end"))
    html = (
        f'<html lang="{page["lang"]}"><head><title>{title}</title></head><body>'
        f'<header><a href="/">River News</a></header><main><h1>{title}</h1>{above}'
        f"<p>{page['lead']}{first}</p><p>{second}</p><p>{first[: len(first) // 2]}{second}</p>{end}</main>"
        "<footer><p>© River News</p></footer></body></html>"
    )
    address = "https://river.example/a/both-bridges"
    found = extract_article(Page(url=address, content=html.encode()), Site(name="river"))
    assert isinstance(found, Article)
    return to_record(found, content_hash="")


def _paragraph(line: str) -> str:
    return line if line.startswith("<p") else f"<p>{line}</p>"


@pytest.mark.parametrize(
    "page", TABLE["pages"], ids=[f"{number}-{page['lang']}" for number, page in enumerate(TABLE["pages"])]
)
def test_a_page_says_who_wrote_it_when_and_where_from(page: dict[str, Any]) -> None:
    told = record(page)

    for path, right in page["is"].items():
        field, _, part = path.partition(".")
        value = told[field].get(part) if part and told[field] else told[field]
        is_day = field in {"published", "modified"} and right is not None and len(right) == DAY
        assert ((value or "")[:DAY] if is_day else value or None) == right, path
