"""Addresses: one article, one address."""

from __future__ import annotations

from w3lib.url import canonicalize_url


def canonical_url(url: str) -> str:
    """Return the address that names the article, without what only tracks the reader."""
    return canonicalize_url(url)
