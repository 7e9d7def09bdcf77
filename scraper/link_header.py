"""The Link header (RFC 8288): what an answer points to beside its body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LINK = re.compile(r"<([^<>]{0,2083})>([^<]{0,1000})")
_PARAMETER = re.compile(r""";\s*([\w*-]{1,30})\s*=\s*(?:"([^"]*)"|([^\s;,"]*))""")


class Link(NamedTuple):
    """One link of a header."""

    address: str
    """As written: absolute, or relative to the page."""
    parameters: Mapping[str, str]
    """By name, in small letters: rel, type …"""


def links_of(headers: Sequence[tuple[str, str]]) -> Iterator[Link]:
    """Yield the links of the Link headers among some headers.

    >>> list(links_of([("Link", '</a>; rel="canonical", </feed>; rel=alternate')]))[1]
    Link(address='/feed', parameters={'rel': 'alternate'})
    """
    for name, value in headers:
        if name.lower() == "link":
            for match in _LINK.finditer(value):
                found = _PARAMETER.findall(match[2])
                yield Link(match[1].strip(), {key.lower(): quoted or bare for key, quoted, bare in found})
