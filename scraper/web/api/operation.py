"""What an operation of the API is, and how long its pages may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.web.asking import number_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from enum import StrEnum

    from starlette.requests import Request

    from scraper.store.service.reader import Reader

LONGEST_PAGE = 200
USUAL_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What an operation can be asked with."""

    name: str
    told: str
    example: str
    kind: str = "string"
    """Its JSON type."""
    among: type[StrEnum] | None = None
    """What it may be, where that is known beforehand."""
    form: str | None = None
    """Its format, as JSON Schema calls it."""

    @property
    def schema(self) -> Mapping[str, Any]:
        """What it may be, as JSON Schema says it; numbers here begin with 0."""
        return {
            "type": self.kind,
            **({"minimum": 0} if self.kind == "integer" else {}),
            **({"enum": [each.value for each in self.among]} if self.among else {}),
            **({"format": self.form} if self.form else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An address that programs can ask."""

    path: str
    name: str
    told: str
    answer: Callable[[Request, Reader], Any] | None = None
    """Returns JSON types; of lines, each a text."""
    change: Callable[[Request], Any] | None = None
    """The same of what is sent by POST, as a JSON object of the parameters: it begins something."""
    parameters: Sequence[Parameter] = ()
    is_lines: bool = False
    """It is answered with JSON lines."""
    example: Mapping[str, Any] | None = None
    """An answer, shortened."""

    @property
    def method(self) -> str:
        """How it is asked."""
        return "GET" if self.change is None else "POST"


LIMIT = Parameter(name="limit", told=f"At most so many, up to {LONGEST_PAGE}.", example="20", kind="integer")
SITE = Parameter(name="site", told="Of this site.", example="harbour")


def page_place(example: str, *, name: str = "after", kind: str = "string") -> Parameter:
    """Return the parameter that says where a page begins."""
    told = "Where the page before ended: `next` names it."
    return Parameter(name=name, told=told, example=example, kind=kind)


def asked_limit(request: Request) -> int:
    """Return how long a page may be."""
    return min(max(number_asked(request, "limit") or USUAL_PAGE, 1), LONGEST_PAGE)


def address_of_next(request: Request, **place: object) -> str | None:
    """Return the address of the page that begins at a place; None where there is none."""
    given = {name: value for name, value in place.items() if value is not None}
    return str(request.url.include_query_params(**given)) if given else None
