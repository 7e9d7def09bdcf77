"""A page of a known site is read where the bodies of its site stand; any other, and a sample, in full."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from bench.layout_sites import DESIGNS, PAGES, Printed, site_pages
from scraper.extraction.article import extract_part
from scraper.extraction.body.layout import layout_of
from scraper.learned.layout import is_sample, learn_layouts
from scraper.learned.template import EMPTY, SiteTemplate
from scraper.model import Article, Site

if TYPE_CHECKING:
    from scraper.extraction.pagination import Part

SITE = Site(name="known")
LEARNED = 16


@cache
def printed(name: str) -> list[Printed]:
    return site_pages(name)


@cache
def in_full(name: str, number: int) -> Part:
    return extract_part(printed(name)[number].page, SITE, observes=True)


@cache
def template(name: str) -> SiteTemplate:
    observed = [in_full(name, number).reading.observation for number in range(LEARNED)]
    return SiteTemplate(layouts=learn_layouts(found for found in observed if found))


def read(name: str, number: int) -> Part:
    return extract_part(printed(name)[number].page, SITE, template(name))


def body(part: Part) -> str:
    assert isinstance(part.outcome, Article)
    return part.outcome.body


@pytest.mark.parametrize("name", DESIGNS)
def test_a_page_of_a_known_layout_has_the_body_of_a_full_reading_or_a_truer_one(name: str) -> None:
    read_by_layout = 0
    for number in range(LEARNED, PAGES):
        known, truth = read(name, number), set(printed(name)[number].body.split("\n"))
        if known.reading.layout is None:
            continue
        read_by_layout += 1
        lost = set(body(in_full(name, number)).split("\n")) - set(body(known).split("\n"))
        assert not lost & truth

    assert read_by_layout >= (PAGES - LEARNED) * 3 // 4


def test_what_stands_on_most_pages_goes_though_a_single_page_does_not_tell() -> None:
    number = next(each for each in range(LEARNED, PAGES) if read("blog", each).reading.layout)

    assert "free newsletter" in body(in_full("blog", number))
    assert "free newsletter" not in body(read("blog", number))


def test_every_other_field_is_that_of_a_full_reading() -> None:
    for number in range(LEARNED, PAGES):
        known, full = read("agency", number), in_full("agency", number)
        if known.reading.layout is not None and body(known) == body(full):
            assert isinstance(known.outcome, Article)
            assert isinstance(full.outcome, Article)
            origin = known.outcome.provenance["body"]
            assert layout_of(known.outcome) == known.reading.layout
            same = {**full.outcome.provenance, "body": origin}
            assert known.outcome == replace(full.outcome, provenance=same)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_page_that_is_built_anew_is_read_in_full(name: str) -> None:
    for number in range(PAGES, PAGES + 6):
        part = read(name, number)
        if part.reading.layout is None:
            assert body(part) == body(in_full(name, number))
        else:  # the old names, and nothing on the page that they do not know
            truth = printed(name)[number].body.split("\n")
            assert {*truth} <= {*body(part).split("\n")}


def test_one_page_in_twenty_is_read_in_full_to_check_the_layout() -> None:
    pages = [number for number in range(PAGES) if is_sample(printed("daily")[number].page.raw_sha256)]
    pages += [number for number in range(PAGES) if is_sample(printed("portal")[number].page.raw_sha256)]

    assert pages
    for name in ("daily", "portal"):
        for number in range(PAGES):
            if is_sample(printed(name)[number].page.raw_sha256):
                part = read(name, number)
                assert part.reading.layout is None
                assert part.reading.fitted


def test_a_sample_whose_body_stands_elsewhere_contradicts_the_layout() -> None:
    known = template("broadcaster")
    name = "broadcaster"
    number = next(n for n in range(LEARNED, PAGES) if is_sample(printed(name)[n].page.raw_sha256))
    wrong = replace(
        known, layouts=tuple(replace(each, rules=_with_too_little(each.rules)) for each in known.layouts)
    )

    part = extract_part(printed(name)[number].page, SITE, wrong)

    assert part.reading.contradicted == wrong.layouts[0].version
    assert part.reading.layout is None
    assert body(part) == body(in_full(name, number))


def test_a_doubted_layout_reads_nothing() -> None:
    doubted = replace(
        template("blog"), layouts=tuple(replace(each, doubted="") for each in template("blog").layouts)
    )

    for number in range(LEARNED, LEARNED + 4):
        part = extract_part(printed("blog")[number].page, SITE, doubted)
        assert part.outcome == in_full("blog", number).outcome


def test_a_page_of_another_site_is_read_in_full() -> None:
    part = extract_part(printed("daily")[0].page, SITE, template("agency"))

    assert part.reading.layout is None
    assert part.outcome == extract_part(printed("daily")[0].page, SITE, EMPTY).outcome


def _with_too_little(rules: str) -> str:
    """Return the rules of a layout that takes the paragraphs in blocks for something else."""
    import json

    found = json.loads(rules)
    moved = [path for path in found["text"] if path.endswith(">p")]
    found["text"] = [path for path in found["text"] if path not in moved]
    found["other"] += moved
    found["least"] = 0
    return json.dumps(found)
