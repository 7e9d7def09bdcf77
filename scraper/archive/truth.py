"""What is true of a fixture's page, against what the extractor makes of it, field by field."""

from __future__ import annotations

import dataclasses
import difflib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scraper.model import Article, Rejection
from scraper.record import to_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.archive.fixtures import Case

NOT_OF_THE_PAGE = {
    *("schema_version", "id", "url", "site", "provenance", "relation", "content_hash", "raw_sha256"),
    *("fetched_at", "extractor"),
}
"""Fields of a record that the page does not decide."""
INSTANTS = {"published", "modified", "created", "source_date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that the extractor gets otherwise than it is."""

    field: str
    truth: Any
    found: Any

    def lines(self) -> Iterator[str]:
        """Yield what differs, as a diff: - what is true, + what was found."""
        if self.field != "body":
            yield f"{self.field}:"
            yield f"  - {self.truth!r}"
            yield f"  + {self.found!r}"
            return
        yield "body:"
        old, new = (str(text or "").split("\n") for text in (self.truth, self.found))
        for line in list(difflib.unified_diff(old, new, lineterm="", n=0))[2:]:
            if not line.startswith("@@"):
                yield f"  {line[0]} {line[1:]}"


def truth_of(outcome: Article | Rejection) -> dict[str, Any]:
    """Return the fields that the page decides, as article.json holds them."""
    if isinstance(outcome, Rejection):
        return {"kind": outcome.kind, "reason": outcome.reason.value}
    record = to_record(outcome, content_hash="")
    return {name: value for name, value in record.items() if name not in NOT_OF_THE_PAGE}


def differences(truth: Mapping[str, Any], found: Mapping[str, Any]) -> list[Difference]:
    """Return each field of the truth that was found to be something else."""
    return [
        Difference(field=name, truth=value, found=found.get(name))
        for name, value in truth.items()
        if not is_same(name, value, found.get(name))
    ]


def untrue(case: Case, found: Mapping[str, Any]) -> list[Difference]:
    """Return what the extractor gets wrong of a case, but for what is known to be wrong today."""
    return [each for each in differences(case.truth, found) if each.field not in case.wrong_today]


def is_same(field: str, truth: Any, found: Any) -> bool:  # noqa: ANN401 - JSON has no narrower type
    """Return whether a field was found as it is."""
    return bool(_comparable(field, found, like=truth) == _comparable(field, truth, like=truth))


def _comparable(field: str, value: Any, *, like: Any) -> Any:  # noqa: ANN401
    """Return a value as it is compared: instants in any zone, and of an object the parts that are named."""
    if field in INSTANTS and isinstance(value, str) and "T" in value:
        return datetime.fromisoformat(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if isinstance(like, dict) and isinstance(value, dict):
        return {part: _comparable(part, value.get(part), like=like[part]) for part in like}
    return list(value) if isinstance(value, tuple) else value
