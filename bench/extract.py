"""What extraction costs: ./run bench extract [CORPUS…].

CPU milliseconds a page of extract_article, of its parts, and of trafilatura's bare_extraction with metadata,
on the same pages in the same run, page by page in turn, and the ratio of the means. Needs ../shared/corpora
where no corpus is named.
"""

from __future__ import annotations

import sys
import time
from statistics import mean, median, quantiles
from typing import TYPE_CHECKING, TypeVar

import trafilatura

from bench.corpus import SITE, named_corpora, read_corpus
from scraper.extraction.article import extract_article
from scraper.extraction.body.decide import decide_blocks
from scraper.extraction.fields.metadata import resolve
from scraper.extraction.page.document import parse
from scraper.extraction.verdict.judge import judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.model import Page

T = TypeVar("T")
NAMES = ("fundus-dev", "portals-dev")
MAX_RATIO = 0.9
WARM = 10
"""Pages before the first that counts: both sides fill caches on their first pages."""


def timed(spent: dict[str, list[float]], name: str, call: Callable[[], T]) -> T:
    """Call, and note the CPU milliseconds under the name."""
    start = time.process_time()
    result = call()
    spent.setdefault(name, []).append((time.process_time() - start) * 1000)
    return result


def run_page(page: Page, text: str, spent: dict[str, list[float]]) -> None:
    """Extract one page by every part."""
    timed(spent, "extract_article", lambda: extract_article(page, SITE))
    timed(
        spent,
        "trafilatura",
        lambda: trafilatura.bare_extraction(
            text, with_metadata=True, include_comments=False, deduplicate=False
        ),
    )
    document = timed(spent, "  parse", lambda: parse(page, SITE))
    decisions = timed(spent, "  body", lambda: decide_blocks(document))
    metadata = timed(spent, "  metadata", lambda: resolve(document, decisions))
    if document.tree is not None:
        timed(spent, "  verdict", lambda: judge(document, decisions, metadata))


def main() -> int:
    """Print a row for each part; 1 where the ratio of the means is above the limit."""
    folders = named_corpora(sys.argv[1:], NAMES)
    pages = [sample.page for folder in folders for sample in read_corpus(folder)]
    texts = [parse(page, SITE).text for page in pages]
    for page, text in zip(pages[:WARM], texts[:WARM], strict=True):
        run_page(page, text, {})
    spent: dict[str, list[float]] = {}
    for page, text in zip(pages, texts, strict=True):
        run_page(page, text, spent)
    print(f"CPU ms a page, {len(pages)} pages  median    mean     p99")
    for name, values in spent.items():
        p99 = quantiles(values, n=100, method="inclusive")[-1]
        print(f"{name:30} {median(values):8.1f} {mean(values):7.1f} {p99:7.1f}")
    ratio = mean(spent["extract_article"]) / mean(spent["trafilatura"])
    print(f"ratio of means {ratio:.2f}, at most {MAX_RATIO}")
    return int(ratio > MAX_RATIO)


if __name__ == "__main__":
    sys.exit(main())
