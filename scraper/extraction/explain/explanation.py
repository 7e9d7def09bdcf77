"""An Examination as JSON types: what became of each block and field, and why; read by scraper explain."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from scraper.extraction.fields.candidates import winner
from scraper.extraction.verdict.weights import load_weights
from scraper.in_words import reason_in_words
from scraper.record import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extraction.article import Examination
    from scraper.extraction.fields.candidates import Finding
    from scraper.extraction.fields.metadata import Metadata
    from scraper.extraction.page.blocks import Decision
    from scraper.extraction.verdict.judge import Judgement

_WEIGHED = '+ speaks for "{}", - against it'
_OVERRULED = "a rule of this field decided for another"
_LEAST_WEIGHT = 0.005
"""A reason that shows as 0.00 says nothing."""
# controls move a terminal's cursor and change its colours; marks of direction reorder what is read
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]")


def explanation_of(examination: Examination) -> dict[str, Any]:
    """Return everything that was found out about a page as JSON types; texts are shown, never interpreted."""
    page, judgement = examination.document.page, examination.judgement
    blocks = [_block(decision) for decision in examination.decisions]
    return {
        "url": page.url,
        "site": examination.document.site.name,
        "status": page.status,
        "encoding": examination.document.encoding,
        "fetched_at": instant(page.fetched_at) if page.fetched_at else None,
        "raw_sha256": page.raw_sha256,
        "layout": examination.reading.layout,
        "judgement": {
            "kind": judgement.kind.value,
            "reason": judgement.reason.value if judgement.reason else None,
            "confidence": judgement.confidence,
            "evidence": judgement.evidence,
            "in_doubt": judgement.in_doubt,
            "said": _said(judgement, examination.document.site.least_confidence),
            "signals": [{"says": says, "weight": weight} for says, weight in judgement.signals],
        },
        "kept": sum(block["kept"] for block in blocks),
        "blocks": blocks,
        "fields": _fields(examination.metadata),
    }


def _said(judgement: Judgement, least: float | None) -> str:
    """Return the verdict as a sentence says it, with the bounds that the likelihood of an article met.

    A site's own bound, `least`, stands for that of refusing.
    """
    sure = f"confidence {judgement.confidence:.2f}"
    if judgement.reason:
        return f"refused: {judgement.reason.value}, {sure}: {reason_in_words(judgement.reason)}"
    if not judgement.in_doubt:
        return f"{judgement.kind.value}, {sure}"
    weights = load_weights()
    refuse = weights.refuse if least is None else least
    return (
        f"{judgement.kind.value} kept in doubt, {sure}: doubted below {weights.doubt:.2f}, "
        f"refused below {refuse:.2f} unless a feed, a news sitemap or the site's own pattern announces it"
    )


def weighed(judgement: dict[str, Any]) -> str:
    """Return what the signs of the weights of a told judgement mean."""
    return _WEIGHED.format((judgement["reason"] or judgement["kind"]).replace("_", " "))


def legible(text: str) -> str:
    r"""Return the text without anything that a terminal or a reader would obey instead of see.

    >>> legible("a\x1b[31mb")
    'a�[31mb'
    """
    return _UNSAFE.sub("\ufffd", text.replace("\n", " ").replace("\t", " "))


def reading(candidate: dict[str, Any]) -> str:
    """Return what stood there and, where that is something else, what it was read as.

    >>> reading({"raw": "By Ada Quill, 20 May 2014", "value": ["Ada Quill"]})
    'By Ada Quill, 20 May 2014 → Ada Quill'
    """
    raw, value = candidate["raw"], candidate["value"]
    read = "; ".join(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else value
    is_told = isinstance(read, str) and read not in {raw, raw.replace(", ", "; ")}
    return f"{raw} → {read}" if is_told else raw


def _block(decision: Decision) -> dict[str, Any]:
    reasons = sorted(decision.reasons, key=lambda reason: -abs(reason.weight))
    return {
        "index": decision.block.index,
        "tag": decision.block.tag,
        "kept": decision.kept,
        "score": round(float(decision.score), 3),
        "text": decision.block.text,
        "reasons": [
            {"name": reason.name, "weight": round(float(reason.weight), 3)}
            for reason in reasons
            if abs(reason.weight) >= _LEAST_WEIGHT
        ],
    }


def _fields(metadata: Metadata) -> list[dict[str, Any]]:
    names = [field.name for field in dataclasses.fields(metadata)]
    return [
        {
            "name": name,
            "value": _plain(getattr(metadata, name)),
            "source": source.source if (source := metadata.provenance.get(name)) else None,
            "raw": source.raw if source else None,
            "confidence": source.confidence if source else None,
            "candidates": _candidates(metadata.candidates.get(name, ())),
        }
        for name in names
        if name not in {"provenance", "candidates"}
    ]


def _candidates(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the winner, then the others from the surest on, each with why it is one or the other."""
    won = winner(found)
    ordered = sorted(found, key=lambda candidate: (not candidate.won, -candidate.score))
    return [_candidate(candidate, won) for candidate in ordered]


def _candidate(candidate: Finding, won: Finding | None) -> dict[str, Any]:
    names = ("source", "raw", "value", "score", "won")
    why = candidate.why or (_OVERRULED if won else "")
    return {name: _plain(getattr(candidate, name)) for name in names} | {"why": why}


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON has no narrower type
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain(dataclasses.asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
