"""What a request asks for: its parameters, read and bounded; what is none is refused with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from enum import StrEnum

    from starlette.requests import Request

    from scraper.store.service.front_desk import FrontDesk
    from scraper.store.service.reader import Reader

_BAD, _NOT_HERE = 400, 403
LONGEST = 500
"""Characters of a parameter."""
_DIGITS, _MOST = 20, 2**63 - 1
_Value = TypeVar("_Value", bound="StrEnum")


def reader_for(request: Request) -> AbstractContextManager[Reader]:
    """Give the store to one request; see web.readers."""
    return cast("AbstractContextManager[Reader]", request.app.state.web.readers.reading())


def desk_for(request: Request) -> FrontDesk:
    """Return where a request's wishes are written. Refused where nothing can be written."""
    desk = cast("FrontDesk | None", request.app.state.web.desk)
    if desk is None:
        raise HTTPException(_NOT_HERE, "these pages are read only")
    return desk


def text_asked(request: Request, name: str) -> str | None:
    """Return a parameter without the space around it; None where it is absent or empty."""
    value = request.query_params.get(name, "").strip()
    if len(value) > LONGEST:
        raise HTTPException(_BAD, f"{name}: at most {LONGEST} characters can be asked for")
    return value or None


def number_asked(request: Request, name: str) -> int | None:
    """Return a whole number, where one is asked for."""
    value = text_asked(request, name)
    if value is None:
        return None
    number = whole_number(value)
    if number is None:
        raise HTTPException(_BAD, f"{name} = {value!r} is no whole number from 0")
    return number


def whole_number(text: str) -> int | None:
    """Return a whole number that databases can hold, None for another text."""
    is_number = text.isascii() and text.isdigit() and len(text) < _DIGITS
    return int(text) if is_number and int(text) < _MOST else None


def one_of(request: Request, name: str, kind: type[_Value]) -> _Value | None:
    """Return one of some values, where one is asked for."""
    value = text_asked(request, name)
    try:
        return None if value is None else kind(value)
    except ValueError:
        choices = ", ".join(cast("Any", kind))
        raise HTTPException(_BAD, f"{name} = {value!r} is none of {choices}") from None
