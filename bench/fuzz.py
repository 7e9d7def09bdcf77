"""Spoiled pages through the workers: ./run bench fuzz [listings] [NUMBER] [FIRST SEED].

Each case has a seed of its own and is a fixture spoiled at random. It must have an outcome that can be kept:
no crash, no hang, nothing that is no text. Of listings (feeds, sitemaps, home pages) each must be read or
refused. What fails is told by its seed and saved in fuzz/.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import track

from scraper.crawl.discovery.discover import freshness
from scraper.crawl.listings.reading import read_listing
from scraper.crawl.pages.workers import ExtractionPool
from scraper.errors import InputError
from scraper.model import Article, Page, Site
from scraper.record import to_json, to_record
from tests.extraction.mutations import mutated

if TYPE_CHECKING:
    from scraper.model import Rejection

ROOT = Path(__file__).parents[1]
NUMBER, FIRST = 10_000, 1
SITE = Site(name="fuzz", domains=("example.com",))
MOST_SECONDS = 10.0
"""What a worker has for a page."""
LISTINGS = """\
<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>
<item><title>A &amp; B</title><link>https://example.com/a-boat</link><dc:creator>Ada</dc:creator>
<pubDate>Fri, 02 May 2031 08:00:00 GMT</pubDate><guid isPermaLink='false'>7</guid></item></channel></rss>

<!DOCTYPE feed [<!ENTITY q 'Quay'>]><feed xmlns='http://www.w3.org/2005/Atom' xml:base='/b/'><entry>
<title>&q;</title><link href='boat'/><updated>2031-05-02T08:00:00Z</updated></entry></feed>

<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://example.com/a?b=1&amp;c</loc>
<lastmod>2031-05-02T08:00:00+02:00</lastmod></url></urlset>

<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2031-05-02</lastmod></sitemap></sitemapindex>

{"items": [{"url": "/a", "title": "A", "date_published": "2031-05-02"}]}

# boats
https://example.com/a
https://example.com/b

<html><head><link rel='alternate' type='text/xml' href='/f'></head><body><a href='/a-b-c'>x</a></body>
"""
"""Listings of every kind, an empty line between."""


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


def listings() -> list[bytes]:
    """Return the fixtures' feeds, sitemaps and home pages, and listings of every kind."""
    served = [path for path in sorted(ROOT.glob("fixtures/*/_site/**/*")) if path.is_file()]
    kept = [path.read_bytes() for path in served if path.name != "robots.txt"]
    return kept + [listing.strip().encode() for listing in LISTINGS.split("\n\n")]


def fault_of_listing(content: bytes) -> str | None:
    """Return what is wrong with how a listing is read."""
    begun = time.process_time()
    try:
        found = read_listing(Page(url="https://example.com/list", content=content), SITE)
        kept = [page.url for page in (*found.pages, *found.listings)]
        "".join(kept).encode()
        sorted(freshness(page) for page in (*found.pages, *found.listings))
    except InputError:
        pass
    except Exception as error:  # noqa: BLE001 - what this looks for
        return f"raised {error!r}"
    seconds = time.process_time() - begun
    return f"took {seconds:.1f} s" if seconds > MOST_SECONDS else None


def fuzz_listings(number: int, first: int) -> int:
    """Spoil and read listings; return how many fail."""
    whole, failed = listings(), 0
    for seed in track(range(first, first + number), "fuzz listings"):
        (content,) = mutated(whole, 1, seed=seed)
        if wrong := fault_of_listing(content):
            failed += 1
            path = ROOT / "fuzz" / f"{seed}.list"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            print(f"seed {seed}: {wrong}; saved as {path.relative_to(ROOT)}")
    print(f"{number} listings from seed {first}: {failed} end a crawl")
    return failed


def main() -> None:
    """Spoil, extract and count; exit with 1 where a case fails."""
    if sys.argv[1:2] == ["listings"]:
        number, first = (*map(int, sys.argv[2:4]), *(NUMBER, FIRST)[len(sys.argv[2:4]) :])
        sys.exit(fuzz_listings(number, first) > 0)
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
