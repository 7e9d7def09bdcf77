"""What a known site costs, and whether its bodies are the same: ./run bench layouts.

On the invented sites of bench.layout_sites and on portals-dev: of each site and design ten pages are learned
from; on the others the whole of extract_article, with and without what was learned, and trafilatura with
metadata are timed page by page in turn (CPU). Bodies are compared with the full reading's and with the truth,
every other field with the full reading's.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any, NamedTuple

import trafilatura

from bench.corpus import SITE, read_corpus
from bench.layout_sites import DESIGNS, PAGES, site_pages
from scraper.extraction.article import extract_article, extract_part
from scraper.learned.layout import LEAST_PAGES, learn_layouts
from scraper.learned.template import EMPTY, SiteTemplate
from scraper.model import Article
from scraper.record import to_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scraper.model import Page, Rejection

PORTALS = Path(__file__).parents[2] / "shared" / "corpora" / "portals-dev"
MAX_RATIO, LEAST_EQUAL = 0.33, 0.97
_MADE = {"provenance", "extractor"}
ROUNDS = 3


class Known(NamedTuple):
    """Pages of one design, those that are learned from first, with their true bodies."""

    name: str
    pages: Sequence[tuple[Page, str]]


def known_sites() -> Iterator[Known]:
    """Yield the invented sites before and after they were built anew, and the sites of the portals."""
    for name in DESIGNS:
        printed = [(each.page, each.body) for each in site_pages(name)]
        yield Known(name, printed[:PAGES])
        yield Known(f"{name}, anew", printed[PAGES:])
    if not PORTALS.is_dir():
        print(f"{PORTALS}: not there, left out", file=sys.stderr)
        return
    by_site = defaultdict(list)
    for sample in read_corpus(PORTALS):
        by_site[sample.site].append(
            (sample.page, str(sample.truth.get("body") or sample.truth.get("text") or ""))
        )
    for site, pages in sorted(by_site.items()):
        yield Known(site, sorted(pages, key=lambda each: each[0].raw_sha256))


def learned(pages: Sequence[Page]) -> tuple[SiteTemplate, int]:
    """Return what is learned of the first pages that are read with confidence, and how many it took."""
    observed = []
    for number, page in enumerate(pages, start=1):
        if found := extract_part(page, SITE, observes=True).reading.observation:
            observed.append(found)
        if any(count >= LEAST_PAGES for count in Counter(each.place for each in observed).values()):
            return SiteTemplate(layouts=learn_layouts(observed)), number
    return EMPTY, len(pages)


def word_f1(body: str, truth: str) -> float:
    """Return the F1 of two texts by their words."""
    ours, theirs = Counter(body.split()), Counter(truth.split())
    return 2 * (ours & theirs).total() / max(ours.total() + theirs.total(), 1)


def fields_of(outcome: Article | Rejection) -> dict[str, Any]:
    """Return what a page gave beside the body and how it was made."""
    if not isinstance(outcome, Article):
        return {"rejected": outcome.reason, "detail": outcome.detail}
    record = to_record(outcome, content_hash="")
    return {name: value for name, value in record.items() if name not in _MADE | {"body"}}


def timed(call: Callable[[], object]) -> float:
    """Return the CPU milliseconds of a call."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


def _as_true(known: str, full: str, truth: str) -> bool:
    """Tell whether a body lacks no line of the truth that another one has, and adds none but of the truth."""
    ours, theirs = {*known.split("\n")}, {*full.split("\n")}
    return all(line in truth for line in ours - theirs) and not any(line in truth for line in theirs - ours)


class Figures:
    """What the pages of a site came to."""

    def __init__(self) -> None:
        self.same = 0
        """Pages whose bodies are equal, or differ only towards the truth."""
        self.spent: dict[str, list[float]] = defaultdict(list)
        self.by_layout = self.equal = self.pages = 0
        self.f1: dict[str, list[float]] = defaultdict(list)
        self.other_fields: Counter[str] = Counter()

    def add(self, page: Page, truth: str, template: SiteTemplate) -> None:
        """Read a page each way, and time it."""
        part, full = extract_part(page, SITE, template), extract_article(page, SITE)
        ours = part.outcome
        bodies = [outcome.body if isinstance(outcome, Article) else "" for outcome in (ours, full)]
        self.pages += 1
        self.by_layout += part.reading.layout is not None
        self.equal += bodies[0] == bodies[1]
        self.same += _as_true(bodies[0], bodies[1], truth)
        for name, body in zip(("known", "full"), bodies, strict=True):
            self.f1[name].append(word_f1(body, truth))
        before, after = fields_of(full), fields_of(ours)
        self.other_fields.update(name for name in before if before[name] != after.get(name))
        text = page.content.decode("utf-8", "replace")
        ways: dict[str, Callable[[], object]] = {
            "known": lambda: extract_article(page, SITE, template),
            "full": lambda: extract_article(page, SITE),
            "trafilatura": lambda: trafilatura.bare_extraction(
                text, with_metadata=True, include_comments=False, deduplicate=False
            ),
        }
        rounds = [{name: timed(way) for name, way in ways.items()} for _ in range(ROUNDS)]
        for name in ways:
            self.spent[name].append(median(each[name] for each in rounds))

    def take(self, other: Figures) -> None:
        """Add another site's."""
        for name, values in other.spent.items():
            self.spent[name] += values
        for name, values in other.f1.items():
            self.f1[name] += values
        self.pages, self.equal, self.same = (
            self.pages + other.pages,
            self.equal + other.equal,
            self.same + other.same,
        )
        self.by_layout += other.by_layout
        self.other_fields += other.other_fields

    @property
    def ratio(self) -> float:
        """Of the means."""
        return mean(self.spent["known"]) / mean(self.spent["trafilatura"])

    def row(self, name: str) -> str:
        """Return the figures as a line."""
        full = mean(self.spent["full"]) / mean(self.spent["trafilatura"])
        return (
            f"{name:26} {self.pages:5} {self.by_layout:9} {self.ratio:6.2f} {full:6.2f}"
            f" {self.equal / self.pages:6.3f} {self.same / self.pages:6.3f}"
            f" {mean(self.f1['known']):7.4f} {mean(self.f1['full']):7.4f}"
            f"  {dict(self.other_fields) or ''}"
        )


def main() -> int:
    """Print a row for each site; 1 where a figure of all misses its target."""
    totals = {"invented": Figures(), "portals": Figures()}
    print(f"{'':26} pages by layout  known   full  equal   same F1known  F1full  other fields that differ")
    for site in known_sites():
        pages = [page for page, _ in site.pages]
        template, taken = learned(pages)
        figures = Figures()
        for page, truth in site.pages[taken:]:
            figures.add(page, truth, template)
        if not figures.pages:
            print(f"{site.name:26} nothing learned from {taken} pages")
            continue
        print(figures.row(site.name))
        invented = site.name.partition(",")[0] in DESIGNS
        totals["invented" if invented else "portals"].take(figures)
    whole = Figures()
    for name, figures in totals.items():
        if figures.pages:
            print(figures.row(name))
            whole.take(figures)
    print(whole.row("all"))
    is_met = whole.ratio <= MAX_RATIO and whole.equal >= LEAST_EQUAL * whole.pages
    is_met &= mean(whole.f1["known"]) >= mean(whole.f1["full"]) and not whole.other_fields
    print(f"at most {MAX_RATIO}, bodies equal on at least {LEAST_EQUAL:.0%}: {'met' if is_met else 'missed'}")
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main())
