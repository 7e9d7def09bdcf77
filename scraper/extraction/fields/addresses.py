"""The address that names an article: the declared one where that can be, else the one that was fetched."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from scraper.extraction.fields.candidates import Finding, finding, settle
from scraper.link_header import links_of
from scraper.urls import absolute_url, canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extraction.fields.context import FieldContext
    from scraper.model import Page


def find_addresses(context: FieldContext) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the candidates for the address that names the article, and for a link to it.

    A declared one counts when it is on the page's own site and no home page; the address of another site only
    where the page says that its text comes from there.
    """
    url, declared = context.document.page.url, list(_declared(context))
    named = {address: canonical_url(address) for address in {url or "", *(each[2] for each in declared)}}
    found = [
        finding(source, value, named[absolute], 0.0 if why else score, why, binding=not why)
        for source, value, absolute, score, why in declared
    ]
    if url:
        found.append(finding("url", url, named[url], 0.6))
    implausible = [item for item in found if not item.score]
    links = [
        finding(source, value, absolute, score, binding=True)
        for source, value, absolute, score, why in declared
        if not why
    ]
    return (
        (*settle([item for item in found if item.score], key=str), *implausible),
        settle(links, key=named.__getitem__),
    )


def _declared(context: FieldContext) -> Iterator[tuple[str, str, str, float, str]]:
    """Yield the addresses that a page declares: source, as written, absolute, score, why it cannot be."""
    url, harvest = context.document.page.url, context.harvest
    declared = [
        ("html:link[rel=canonical]", harvest.links.get("canonical", ())),
        ("http:link[rel=canonical]", _in_headers(context.document.page)),
        ("meta:og:url", harvest.meta.get("og:url", ())),
    ]
    for score, (source, values) in zip((0.95, 0.9, 0.85), declared, strict=True):
        for value in values[:1]:
            absolute = absolute_url(url or "", value)
            if absolute is not None and absolute.startswith("http"):
                yield (
                    source,
                    value,
                    absolute,
                    score,
                    _implausible(absolute, url, is_original="canonical" in source),
                )


def _in_headers(page: Page) -> tuple[str, ...]:
    """Return the addresses that the Link headers of an answer call canonical (RFC 6596)."""
    rels = ((link.address, link.parameters.get("rel", "")) for link in links_of(page.headers))
    return tuple(address for address, rel in rels if "canonical" in rel.lower().split())


def _is_inside(host: str | None) -> bool:
    """Return whether a host means a machine of the publisher's own network."""
    name = (host or "").rstrip(".")
    try:
        return not ip_address(name).is_global
    except ValueError:
        return "." not in name or name.endswith((".local", ".localhost", ".internal", ".lan"))


def _implausible(declared: str, url: str | None, *, is_original: bool) -> str:
    """Return why an address cannot be that of the page, or ""."""
    if " " in declared.strip():
        return "not an address"
    try:
        parts, page = urlsplit(declared), urlsplit(url or "")
    except ValueError:
        return "not an address"
    is_home = parts.path in {"", "/"} and not parts.query
    if is_home and url and (page.path not in {"", "/"} or page.query):
        return "the home page"
    return _foreign(parts, page, is_original=is_original) if url else ""


def _foreign(declared: SplitResult, page: SplitResult, *, is_original: bool) -> str:
    """Return why an address on another host cannot be that of the page, or ""."""
    if declared.hostname != page.hostname and _is_inside(declared.hostname):
        return "a host that only the publisher reaches"
    if _site(declared.hostname) == _site(page.hostname):
        return ""
    if not is_original:
        return "it leads to another site"
    return "it leads to a section of another site" if len(declared.path.strip("/")) < 8 else ""  # noqa: PLR2004 - a section


def _site(host: str | None) -> str:
    """Return the last two labels of a host, three under a short second one: bbc.co.uk."""
    labels = (host or "").lower().split(".")
    return ".".join(labels[-3:] if len(labels) > 2 and len(labels[-2]) <= 3 else labels[-2:])  # noqa: PLR2004
