"""Figures of what was found on pages and of what is true of them; read by bench.quality and train_body.

A page is a pair: the truth of a corpus, and what was found, with the keys of a record and `reason` where the
page was refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import datetime
from statistics import mean
from typing import TYPE_CHECKING, Any

from bench.labels import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Pair = tuple[Mapping[str, Any], Mapping[str, Any]]

_NO_ARTICLES = {"listing", "collection", "product"}
"""Types of pages that hold no article."""
_SHINGLE = 4
_SAME_INSTANT = 60
_QUOTES = str.maketrans(
    "\u2018\u2019\u201a\u201b`´\u201c\u201d\u201e\u201f«»\u2010\u2011\u2012\u2013\u2014\u2015",
    "''''''" + '""""""' + "------",
)
"""Signs that are told apart by no reader."""


def holds_article(truth: Mapping[str, Any]) -> bool | None:
    """Tell whether a page holds an article, by its truth; None where nobody knows."""
    if (kind := truth.get("type")) is not None:
        return False if kind in _NO_ARTICLES else None
    return True if truth.get("body", "?") != "" else None


def f1(found: Counter[Any], true: Counter[Any]) -> float:
    """Return the harmonic mean of precision and recall of two bags."""
    common = (found & true).total()
    return 2 * common / (found.total() + true.total()) if common else float(not found and not true)


def shingles(text: list[str]) -> Counter[tuple[str, ...]]:
    """Return the runs of four words; of a shorter text, the one that it is."""
    return Counter(tuple(text[at : at + _SHINGLE]) for at in range(max(len(text) - _SHINGLE + 1, 1)))


def figures(pages: Iterable[Pair]) -> dict[str, float]:
    """Return every figure that the truths allow, from 0 to 1.

    Word F1 is a mean over pages; shingle F1 is that of mean precision and mean recall; the figures of
    snippets count all snippets of all pages; the others are shares of the pages whose truth tells.
    """
    pages = list(pages)
    return verdict_figures(pages) | body_figures(pages) | snippet_figures(pages) | field_figures(pages)


def verdict_figures(pages: Sequence[Pair]) -> dict[str, float]:
    """Return the share of articles that were not refused, and of other pages the share that was."""
    articles = [found for truth, found in pages if holds_article(truth)]
    others = [found for truth, found in pages if holds_article(truth) is False]
    shares = {"not_rejected": [not each.get("reason") for each in articles]}
    shares["rejected"] = [bool(each.get("reason")) for each in others]
    return {name: mean(each) for name, each in shares.items() if each}


def body_figures(pages: Sequence[Pair]) -> dict[str, float]:
    """Return word F1 and shingle F1 over the pages whose truth tells their body."""
    texts = [
        (words(truth["body"] or ""), words(found.get("body") or ""))
        for truth, found in pages
        if "body" in truth
    ]
    if not texts:
        return {}
    precision, recall = [], []
    for true, body in texts:
        of_true, of_body = shingles(true), shingles(body)
        common = (of_true & of_body).total() if true and body else 0
        both_empty = float(not true and not body)
        precision.append(common / of_body.total() if body and true else both_empty)
        recall.append(common / of_true.total() if body and true else both_empty)
    return {
        "word_f1": mean(f1(Counter(body), Counter(true)) for true, body in texts),
        "shingle_f1": _harmonic(mean(precision), mean(recall)),
    }


def snippet_figures(pages: Sequence[Pair]) -> dict[str, float]:
    """Return what share of the sentences that belong to texts is in them, and F1 with those that do not."""
    told = [(truth, found.get("body") or "") for truth, found in pages if "body" not in truth]
    within = [_share(body, truth["with"]) for truth, body in told if truth.get("with")]
    if not within:
        return {}
    shares = {"with": mean(found / asked for found, asked in within)}
    without = [_share(body, truth["without"]) for truth, body in told if truth.get("without")]
    if without:
        right = sum(found for found, _ in within)
        wrong = sum(found for found, _ in without)
        recall, precision = right / sum(asked for _, asked in within), right / max(right + wrong, 1)
        shares |= {"snippet_recall": recall, "snippet_f1": _harmonic(precision, recall)}
    return shares


def field_figures(pages: Sequence[Pair]) -> dict[str, float]:
    """Return the shares of pages whose title, authors, day and instant of publication are right."""
    right: dict[str, list[bool]] = {}
    for truth, found in pages:
        for name, is_right in _right_fields(truth, found):
            right.setdefault(name, []).append(is_right)
    return {name: mean(each) for name, each in right.items()}


def _right_fields(truth: Mapping[str, Any], found: Mapping[str, Any]) -> Iterable[tuple[str, bool]]:
    if truth.get("title"):
        yield "title", flat(truth["title"]) == flat(found.get("title") or "")
    if truth.get("authors") is not None:
        true = {flat(name) for name in truth["authors"]}
        yield "authors" if true else "no_author", true == {flat(name) for name in found.get("authors") or ()}
    if truth.get("published"):
        true, told = truth["published"], found.get("published") or ""
        apart = _seconds_apart(true, told)
        is_same = apart is not None and apart <= _SAME_INSTANT
        yield "day", told[:10] == true[:10] or is_same
        if (moment := _instant(true)) and moment.tzinfo:
            yield "instant", is_same


def _seconds_apart(one: str, other: str) -> float | None:
    """Return the seconds between two instants; None where one has no zone."""
    first, second = _instant(one), _instant(other)
    if not (first and second and first.tzinfo and second.tzinfo):
        return None
    return abs((first - second).total_seconds())


def _instant(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if len(value) > 10 else None  # noqa: PLR2004 - more than a day
    except ValueError:
        return None


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / max(one + other, 1e-9)


def _share(body: str, snippets: Sequence[str]) -> tuple[int, int]:
    text = flat(body)
    return sum(flat(snippet) in text for snippet in snippets), len(snippets)


def flat(text: str) -> str:
    """Return the text without what no reader tells apart: case, kinds of quotes and dashes, white space."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_QUOTES)
    return re.sub(r"\s+", " ", folded).strip(" .")
