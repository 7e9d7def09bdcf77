"""Pages spoiled at random, from a seed: the same seed gives the same bytes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PIECES = (
    b"<", b">", b"</div>", b"<div>", b"<!--", b"-->", b"<script>", b"</script>", b"\x00", b"\xff", b"\xc3", b"&",
    b"&#0;", b'"', b"'", b"<table>", b"<p>", b"<a href='", b"{", b"]", b"\\", b"<svg>", b"\xe2\x80\xae", b"<title>",
)  # fmt: skip


def mutated(sources: Sequence[bytes], number: int, *, seed: int) -> list[bytes]:
    """Return so many spoiled copies of the sources."""
    chance = random.Random(seed)
    return [_mutate(chance.choice(sources), sources, chance) for _ in range(number)]


def _mutate(content: bytes, sources: Sequence[bytes], chance: random.Random) -> bytes:
    spoiled = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(spoiled) + 1)
        span = min(chance.choice((1, 10, 100, 1_000, 5_000)), len(spoiled) - at)
        match chance.randrange(6):
            case 0:
                del spoiled[at : at + span]
            case 1:
                spoiled[at:at] = chance.choice(_PIECES) * chance.choice((1, 1, 3, 200))
            case 2:
                spoiled[at : at + span] = chance.randbytes(span)
            case 3:
                spoiled[at:at] = spoiled[at : at + span] * chance.choice((1, 5))
            case 4:
                other = chance.choice(sources)
                start = chance.randrange(len(other))
                spoiled[at:at] = other[start : start + span]
            case _ if chance.random() < 0.2:
                del spoiled[at:]
            case _:
                spoiled.reverse() if chance.random() < 0.05 else spoiled.extend(spoiled[:span])
    return bytes(spoiled)
