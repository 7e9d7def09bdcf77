"""./run bench store: how long a batch takes, and how many bytes an article takes."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scraper.dedup.decide import decide
from scraper.model import Article
from scraper.store import ArticleQuery, Fetch, Outcome, Store, open_store
from scraper.urls import canonical_url

BATCH = 50
START = datetime(2026, 1, 1, tzinfo=UTC)


def invented(number: int, words: int = 550) -> Article:
    """Return an article of Zipf-like invented words, another for every number."""
    chosen = random.Random(number)  # noqa: S311 - no secret
    text = [f"w{int(chosen.paretovariate(0.7)) % 50_000:04x}" for _ in range(words)]
    body = "\n".join(" ".join(text[start : start + 50]) for start in range(0, words, 50))
    url = f"https://news.example/2026/{number}/story"
    return Article(
        url=url,
        canonical_url=canonical_url(url),
        site=f"site{number % 20}",
        title=" ".join(text[:9]),
        body=body,
        published="2026-01-01",
        language="en",
        raw_sha256="0" * 64,
        fetched_at=START + timedelta(seconds=number),
        extractor="bench",
    )


def store_batch(store: Store, articles: list[Article]) -> None:
    """Judge and save articles as a crawl does, in one transaction."""
    with store.transaction():
        for article in articles:
            store.save(decide(article, stored=store.find(article.canonical_url or ""), index=store.dedup))
            fetch = Fetch(url=article.url or "", site="bench", fetched_at=START, outcome=Outcome.STORED)
            store.record_fetch(fetch)


def main() -> None:
    """Store articles in a new SQLite file and print the figures."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "news.db"
        seconds = []
        with open_store(f"sqlite:///{file}") as store:
            for first in range(0, total, BATCH):
                batch = [invented(number) for number in range(first, first + BATCH)]
                began = time.process_time()
                store_batch(store, batch)
                seconds.append(time.process_time() - began)
            began = time.process_time()
            text = sum(len(stored.article.body.encode()) for stored in store.articles(ArticleQuery()))
            reading = time.process_time() - began
        seconds.sort()
        print(f"articles             {total}, {text / total:.0f} bytes of text each")
        print(f"batch of {BATCH}          {seconds[len(seconds) // 2] * 1000:.0f} ms CPU (median)")
        print(f"stored               {total / sum(seconds):.0f} articles a CPU second")
        print(f"read                 {total / reading:.0f} articles a CPU second")
        print(f"database             {file.stat().st_size / total:.0f} bytes an article")


if __name__ == "__main__":
    main()
