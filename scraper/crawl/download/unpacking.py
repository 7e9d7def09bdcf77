"""What a body holds, unpacked once for all who read it; asked by archiving and whole_body."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scraper.archive.coding import undo_coding

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from scraper.archive.coding import Decoded

_UNPACKED = "news_unpacked"
"""The key of Request.meta of a body as sent and what it holds."""
LITTLE = 200_000
"""Bytes that are unpacked or read at once, in 2 ms: handing them to a thread costs as much."""


async def decode_aside(request: Request, response: Response, limit: int) -> Decoded:
    """Return what an answer's body holds, and let the request remember it until it was asked for."""
    if len(response.body) <= LITTLE:
        return decoded_body(request, response, limit, keep=True)
    return await asyncio.to_thread(decoded_body, request, response, limit, keep=True)


def decoded_body(request: Request, response: Response, limit: int, *, keep: bool = False) -> Decoded:
    """Return the same at once; what the request remembers of this body is not unpacked again."""
    limit = request.meta.get("download_maxsize", limit) or limit
    kept: tuple[bytes, Decoded] | None = request.meta.pop(_UNPACKED, None)
    if kept is not None and kept[0] is response.body:
        found = kept[1]
    else:
        packed = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        found = undo_coding(response.body, packed, limit=limit)
    if keep:
        request.meta[_UNPACKED] = response.body, found
    return found
