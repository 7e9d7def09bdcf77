from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

from scraper.archive.capture import Capture

NOON = datetime(2031, 5, 2, 12, 0, 0, 250000, tzinfo=UTC)


def capture(number: int = 1, **fields: Any) -> Capture:
    given: dict[str, Any] = {
        "url": f"https://harbour.example/{number}?a=b",
        "fetched_at": NOON + timedelta(minutes=number),
        "status": 200,
        "headers": (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Encoding", "gzip"),
            ("X-Twice", "1"),
            ("X-Twice", "2"),
        ),
        "payload": gzip.compress(f"<h1>Ferry {number}</h1>".encode() * 50, mtime=0),
        "request_headers": (("Host", "harbour.example"), ("User-Agent", "news-scraper")),
    }
    return Capture(**given | fields)
