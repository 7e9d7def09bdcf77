"""Figures of the body on a corpus that took no part in making the model, trafilatura's beside them."""

from __future__ import annotations

import re
from collections import Counter
from statistics import mean
from typing import TYPE_CHECKING, Any

from bench.labels import words
from bench.quality import f1, shingles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_QUOTES = str.maketrans(
    "\u2018\u2019\u201a\u201b`´\u201c\u201d\u201e\u201f«»\u2010\u2011\u2012\u2013\u2014\u2015",
    "''''''" + '""""""' + "------",
)
"""Signs that are told apart by no reader."""


def figures(pages: Iterable[tuple[Mapping[str, Any], str]]) -> dict[str, float]:
    """Return the figures of pages, given what is true of each and the body that was found.

    Word F1 is a mean over pages; shingle F1 is that of mean precision and mean recall; the figures of
    snippets count all snippets of all pages.
    """
    pages = list(pages)
    found = _bodies([(words(truth["body"] or ""), words(body)) for truth, body in pages if "body" in truth])
    return found | _snippets([(truth, body) for truth, body in pages if "body" not in truth])


def _bodies(pages: Sequence[tuple[list[str], list[str]]]) -> dict[str, float]:
    if not pages:
        return {}
    precision, recall = [], []
    for true, body in pages:
        of_true, of_body = shingles(true), shingles(body)
        common = (of_true & of_body).total() if true and body else 0
        both_empty = float(not true and not body)
        precision.append(common / of_body.total() if body and true else both_empty)
        recall.append(common / of_true.total() if body and true else both_empty)
    low, high = mean(precision), mean(recall)
    return {
        "word_f1": mean(f1(Counter(body), Counter(true)) for true, body in pages),
        "shingle_f1": 2 * low * high / max(low + high, 1e-9),
    }


def _snippets(pages: Sequence[tuple[Mapping[str, Any], str]]) -> dict[str, float]:
    within = [_share(body, truth["with"]) for truth, body in pages if truth.get("with")]
    if not within:
        return {}
    shares = {"with": mean(found / asked for found, asked in within)}
    without = [_share(body, truth["without"]) for truth, body in pages if truth.get("without")]
    if without:
        right = sum(found for found, _ in within)
        wrong = sum(found for found, _ in without)
        recall, precision = right / sum(asked for _, asked in within), right / max(right + wrong, 1)
        shares |= {
            "snippet_recall": recall,
            "snippet_f1": 2 * precision * recall / max(precision + recall, 1e-9),
        }
    return shares


def _share(body: str, snippets: Sequence[str]) -> tuple[int, int]:
    flat = _flat(body)
    return sum(_flat(snippet) in flat for snippet in snippets), len(snippets)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().translate(_QUOTES)).strip(" .")
