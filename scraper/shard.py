"""Parts of a site that processes of their own crawl, and how arguments name them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from scraper.errors import ConfigError

_IDS = 16**16
"""Of an id of 16 hexadecimal digits, so many there may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A part of a site that a process of its own crawls; the default is the whole site."""

    number: int = 1
    of: int = 1

    @property
    def is_whole(self) -> bool:
        """True where the site is not split."""
        return self.of == 1

    @property
    def is_first(self) -> bool:
        """True for the part that reads what is not split: feeds, home page, sections, revisits."""
        return self.number == 1

    def __str__(self) -> str:
        """Return the part as arguments and runs name it, for read_shard(); the whole site has no name."""
        return "" if self.is_whole else f"{self.number}/{self.of}"

    def owns(self, address: str) -> bool:
        """Return whether an address is this part's; of all parts it is just one's, on every machine."""
        digest = hashlib.sha256(address.encode(errors="replace")).digest()
        return int.from_bytes(digest[:8]) % self.of == self.number - 1

    @property
    def ids(self) -> tuple[str, str]:
        """The range of articles' ids that is this part's: the first, and the first that is not.

        >>> Shard(number=2, of=4).ids
        ('4000000000000000', '8000000000000000')
        """
        first, end = (f"{_IDS * number // self.of:016x}" for number in (self.number - 1, self.number))
        return first, "g" if self.number == self.of else end


WHOLE = Shard()


def read_shard(text: str | None) -> Shard:
    """Return the part that an argument names. ConfigError for one that cannot be read.

    >>> read_shard("2/4")
    Shard(number=2, of=4)
    """
    if not text:
        return WHOLE
    found = re.fullmatch(r"(\d{1,3})/(\d{1,3})", text)
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of:
        raise ConfigError(f"shard={text} is no part of a site: write 2/4 for the second of four")
    return Shard(number=number, of=of)
