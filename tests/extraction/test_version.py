from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from scraper.extraction.version import DECIDING, DECLARED, TELLING, extractor
from scraper.model import Site

EXTRACTION = Path(__file__).parents[2] / "scraper" / "extraction"
TELLS_WHO = {"name", "text_markers"}
"""Of a site: whose page it is, not what is made of it."""


def test_the_extractor_is_a_version_and_a_digest_of_the_rules() -> None:
    named = extractor(Site(name="gazette"))

    assert re.fullmatch(r"news-scraper [\d.]+\+rules\.[0-9a-f]{8}, trafilatura [\d.]+", named)
    assert named == extractor(Site(name="other"))


def test_every_module_that_extraction_imports_is_a_rule() -> None:
    imported = {
        name.split(".")[0]
        for file in EXTRACTION.rglob("*.py")
        if not file.relative_to(EXTRACTION).as_posix().startswith(TELLING)
        for name in re.findall(r"^(?:from|import) scraper\.([\w.]+)", file.read_text(), re.MULTILINE)
    }

    assert imported - {"version"} == {part.removesuffix(".py") for part in DECIDING}


def test_what_a_site_declares_is_a_rule() -> None:
    plain = Site(name="gazette")
    declared: dict[str, Any] = {
        "publisher": "The Gazette",
        "language": "en",
        "timezone": "Europe/Oslo",
        "encoding": "cp1252",
        "agencies": {"GW": "Gazette Wire"},
        "articles": (r"/news/",),
        "not_articles": (r"/tags/",),
        "least_confidence": 0.4,
    }
    named = {extractor(replace(plain, **{name: value})) for name, value in declared.items()}

    assert declared.keys() == set(DECLARED)
    assert len(named | {extractor(plain)}) == len(DECLARED) + 1


def test_every_field_of_a_site_that_extraction_reads_is_a_rule() -> None:
    read = {
        name
        for file in EXTRACTION.rglob("*.py")
        for name in re.findall(r"\bsite\.([a-z_]+)", file.read_text())
    }

    by_claims = {"articles", "not_articles"} if "claims" in read else set()
    assert read & set(Site.__dataclass_fields__) | by_claims == {*DECLARED, *TELLS_WHO}
