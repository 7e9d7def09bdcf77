"""A page of a list: what was looked up with one more, which tells whether another page follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

_Item = TypeVar("_Item")


def one_page(found: Sequence[_Item], limit: int) -> tuple[Sequence[_Item], _Item | None]:
    """Return at most so many, and the last of them where there is more: the next page begins after it."""
    shown = found[:limit]
    return shown, shown[-1] if len(found) > limit else None
