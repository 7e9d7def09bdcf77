"""Spoiled pages through the workers: ./run bench fuzz [NUMBER] [FIRST SEED].

Each case has a seed of its own and is a fixture spoiled at random. It must have an outcome that can be kept:
no crash, no hang, nothing that is no text. What fails is told by its seed and saved in fuzz/.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import track

from scraper.crawl.pages.workers import ExtractionPool
from scraper.model import Article, Page, Site
from scraper.record import to_json, to_record
from tests.extract.mutations import mutated

if TYPE_CHECKING:
    from scraper.model import Rejection

ROOT = Path(__file__).parents[1]
NUMBER, FIRST = 10_000, 1
SITE = Site(name="fuzz")


def sources() -> list[bytes]:
    """Return the fixtures' pages."""
    return [path.read_bytes() for path in sorted(ROOT.glob("fixtures/*/*/page.html"))]


def page(seed: int, pages: list[bytes]) -> Page:
    """Return the page of a seed."""
    (content,) = mutated(pages, 1, seed=seed)
    return Page(url=f"https://example.com/{seed}", content=content)


def kind(outcome: Article | Rejection) -> str:
    """Return what an outcome counts as."""
    if isinstance(outcome, Article):
        return "degraded" if "degraded" in outcome.extractor else "article"
    return outcome.reason.value


def fault(outcome: Article | Rejection) -> str | None:
    """Return what is wrong with an outcome."""
    if not isinstance(outcome, Article):
        return outcome.detail if outcome.reason.is_quarantine else None
    try:
        to_json(to_record(outcome, content_hash="")).encode()
    except (ValueError, TypeError) as error:
        return f"cannot be stored: {error}"
    return None


def main() -> None:
    """Spoil, extract and count; exit with 1 where a case fails."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else NUMBER
    first = int(sys.argv[2]) if len(sys.argv) > 2 else FIRST  # noqa: PLR2004 - the second argument
    pages, seeds = sources(), range(first, first + number)
    counts: Counter[str] = Counter()
    failed = 0

    with ExtractionPool() as pool:
        outcomes = pool.extract_each((page(seed, pages), SITE) for seed in seeds)
        for seed, outcome in track(zip(seeds, outcomes, strict=True), "fuzz", number):
            counts[kind(outcome)] += 1
            if wrong := fault(outcome):
                failed += 1
                path = ROOT / "fuzz" / f"{seed}.html"
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(page(seed, pages).content)
                print(f"seed {seed}: {wrong}; saved as {path.relative_to(ROOT)}")
    print(f"{number} pages from seed {first}: {dict(counts.most_common())}")
    print(f"{failed} without an outcome that can be stored")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
