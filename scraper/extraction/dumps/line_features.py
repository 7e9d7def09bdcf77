"""The lines of a text dump and their numeric features, a row a line; read by dumps.decide."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scraper.extraction.words.lexicon import lexicon
from scraper.extraction.words.phrases import count_words, plain
from scraper.writing import UNSPACED_LETTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_BULLET = re.compile(r"(?:[*•·‣▪◦●○■□►▸+o–—-]|\d{1,2}[.)])(?:\s+|$)")
_WORD = re.compile(r"\w+")
_SIGNING = "—–"
"""Dashes that stay in the text: a signature begins with one, and dialogue in many languages."""
_PARTICLES = frozenset("のはをにがでともし、。的了在是和有，这這一不")
"""What function words are in scripts without spaces."""
_ENDS = re.compile(r"[.!?。！？।؟…](?:\s?[\"'”’»)」』\]]){0,2}$")
_STOPS = re.compile(r"[.!?。！？।؟](?:\s|[\"'”’»)」』]|$)|[。！？]")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{1,2}月\d{1,2}日")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
_ADDRESS = re.compile(r"https?://|www\.|@\w|\w@\w")
_OPENERS = "\"'“„«‘¿¡—–-(「『"
_SHIFTED = (
    "words",
    "prose",
    "ends",
    "function share",
    "indent",
    "bullet",
    "phrases",
    "overlap",
    "inside",
    "capitals",
)
_PROSE_WORDS = 12
_PROSE_FUNCTION = 0.12
"""The share of function words above which a line is language: a first guess for the model."""
_MOST_COPIES = 5
_FAR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a dump that is not blank."""

    text: str
    """White space folded, the bullet taken off."""
    indent: int
    bullet: bool
    gap: int
    """Blank lines before it."""
    wide_gaps: int
    """Runs of three spaces and more inside: columns of a table."""


def read_lines(text: str) -> list[Line]:
    """Return the lines that are not blank, in order."""
    lines: list[Line] = []
    gap = 0
    for raw in text.replace("\xa0", " ").splitlines():
        stripped = raw.strip()
        if not stripped:
            gap += 1
            continue
        mark = _BULLET.match(stripped)
        is_sign = not stripped[0].isdigit() and stripped[0] not in _SIGNING
        content = stripped[mark.end() :].strip() if mark and is_sign else stripped
        if content:
            lines.append(
                Line(
                    text=" ".join(content.split()),
                    indent=len(raw) - len(raw.lstrip()),
                    bullet=mark is not None,
                    gap=gap,
                    wide_gaps=content.count("   "),
                )
            )
            gap = 0
    return lines


def describe_lines(lines: Sequence[Line]) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Return a row for each line, and the names of the columns."""
    columns = _own(lines)
    start, end = find_core(columns)
    _relate(columns, lines, start, end)
    _surround(columns)
    return np.column_stack(list(columns.values())).astype(np.float32), tuple(columns)


def find_core(columns: dict[str, NDArray[np.float64]]) -> tuple[int, int]:
    """Return the span of lines with the most prose for its interruptions, as start and end."""
    gain = np.where(columns["prose"] > 0, np.minimum(columns["words"], 80), 0)
    cost = np.where(columns["prose"] > 0, 0, np.where(columns["ends"] > 0, 2, 7))
    best = (0.0, 0, 0)
    total, start = 0.0, 0
    for at, value in enumerate((gain - cost).tolist()):
        if total <= 0:
            total, start = 0.0, at
        total += value
        if total > best[0]:
            best = (total, start, at + 1)
    return best[1], best[2]


def _own(lines: Sequence[Line]) -> dict[str, NDArray[np.float64]]:
    rows = [_describe(line) for line in lines]
    columns = {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}
    prose = columns["prose"] > 0
    usual = np.median(columns["indent"][prose]) if prose.any() else 0.0
    columns["indent"] = np.clip(columns["indent"] - usual, -20, 20)
    return columns


def _describe(line: Line) -> dict[str, float]:
    text = line.text
    folded = plain(text)
    words = count_words(text)
    letters = sum(map(str.isalpha, text)) or 1
    cased = text.lower() != text.upper()
    function = _function_share(text, folded)
    stops = len(_STOPS.findall(text))
    ends = ends_sentence(text)
    prose = words >= _PROSE_WORDS and stops > 0 and (function > _PROSE_FUNCTION or ends)
    named = {
        f"phrase {kind}": float(any(phrase in folded for phrase in phrases))
        for kind, phrases in lexicon().phrases.items()
    }
    return {
        "words": float(min(words, 200)),
        "prose": float(prose),
        "stops": float(min(stops, 12)),
        "ends": float(ends),
        "commas": min(text.count(",") + text.count("，") + text.count("、") + text.count("،"), 20)
        / max(words, 1),
        "function share": function,
        "capitals": sum(map(str.isupper, text)) / letters,
        # a script without case cannot tell a headline by its capitals: not ending as a sentence stands for it
        "titled": sum(word[:1].isupper() for word in text.split()) / max(len(text.split()), 1)
        if cased
        else (0.15 if ends else 0.6),
        **_signs(line),
        **named,
        "phrases": sum(named.values()),
    }


def _signs(line: Line) -> dict[str, float]:
    """Return what single characters and the line's place on the paper tell."""
    text = line.text
    return {
        "digits": sum(map(str.isdigit, text)) / len(text),
        "begins lower": float(text[0].islower()),
        "begins quoted": float(text[0] in _OPENERS),
        "colon": float(text.endswith((":", "："))),
        "question": float(text.endswith(("?", "？", "؟"))),
        "broken off": float(text.endswith(("…", "...", "[…]"))),
        "bars": float(min(sum(map(text.count, "|›»>/·•")), 6)),
        "date": float(bool(_DATE.search(text))),
        "clock": float(bool(_CLOCK.search(text))),
        "address": float(bool(_ADDRESS.search(text))),
        "bullet": float(line.bullet),
        "indent": float(line.indent),
        "gap": float(min(line.gap, 4)),
        "table": float(min(line.wide_gaps, 4)),
    }


def _function_share(text: str, folded: str) -> float:
    if len(UNSPACED_LETTER.findall(text)) > len(text) / 3:
        return 1.5 * sum(letter in _PARTICLES for letter in text) / len(text)
    tokens = _WORD.findall(folded)
    return sum(token in lexicon().function_words for token in tokens) / max(len(tokens), 1)


def ends_sentence(text: str) -> bool:
    """Return whether the text ends as a sentence does, in a quotation or not."""
    return bool(_ENDS.search(text))


def _relate(columns: dict[str, NDArray[np.float64]], lines: Sequence[Line], start: int, end: int) -> None:
    """Add how each line stands to the others and to the core."""
    count = len(lines)
    place = np.arange(count)
    columns["inside"] = ((place >= start) & (place < end)).astype(float)
    columns["before core"] = np.clip(start - place, -_FAR, _FAR).astype(float)
    columns["after core"] = np.clip(place - end + 1, -_FAR, _FAR).astype(float)
    columns["place"] = place / count
    prose_words = columns["words"] * columns["prose"]
    total = max(float(prose_words.sum()), 1.0)
    columns["prose before"] = (np.cumsum(prose_words) - prose_words) / total
    columns["core share"] = np.full(count, float(prose_words[start:end].sum()) / total)
    columns["core words"] = np.full(count, min(float(prose_words[start:end].sum()), 3000.0))
    texts = [plain(line.text) for line in lines]
    copies = Counter(texts)
    columns["copies"] = np.array([min(copies[text], _MOST_COPIES) for text in texts], dtype=float)
    sets = [content_words(text) for text in texts]
    core = Counter(word for held in sets[start:end] for word in held)
    columns["overlap"] = np.array(
        [
            sum(core[word] > (start <= at < end) for word in held) / max(len(held), 1)
            for at, held in enumerate(sets)
        ]
    )
    columns["said by next"] = np.array(
        [_shared(held, sets[at + 1]) if at + 1 < count else 0.0 for at, held in enumerate(sets)]
    )
    columns["lines"] = np.full(count, float(min(count, 2000)))
    columns["prose share"] = np.full(count, float((columns["prose"] > 0).mean()))


def content_words(text: str) -> frozenset[str]:
    """Return the words that carry meaning; pairs of characters where no spaces stand."""
    folded = plain(text)
    words = {word for word in _WORD.findall(folded) if len(word) > 2 and word not in lexicon().function_words}  # noqa: PLR2004
    if UNSPACED_LETTER.search(folded):
        words |= {folded[at : at + 2] for at in range(len(folded) - 1)}
    return frozenset(words)


def _shared(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / len(words) if words else 0.0


def _surround(columns: dict[str, NDArray[np.float64]]) -> None:
    """Add what stands near each line."""
    prose_words = columns["words"] * columns["prose"]
    for reach in (2, 5, 12):
        kernel = np.ones(2 * reach + 1)
        columns[f"prose within {reach}"] = np.convolve(prose_words, kernel)[reach:-reach]
        columns[f"phrases within {reach}"] = np.convolve(columns["phrases"], kernel)[reach:-reach]
        columns[f"lines short within {reach}"] = np.convolve(columns["prose"] == 0, kernel)[reach:-reach]
    for name in _SHIFTED:
        for step in (-3, -2, -1, 1, 2, 3):
            columns[f"{name} {step:+}"] = _shift(columns[name], step)
    columns["gap +1"] = _shift(columns["gap"], 1)
    for name, ahead in (("since prose", False), ("until prose", True)):
        columns[name] = _distance(columns["prose"], ahead=ahead)


def _shift(column: NDArray[np.float64], step: int) -> NDArray[np.float64]:
    shifted = np.full_like(column, -1.0)
    if step > 0:
        shifted[:-step] = column[step:]
    else:
        shifted[-step:] = column[:step]
    return shifted


def _distance(marked: NDArray[np.float64], *, ahead: bool) -> NDArray[np.float64]:
    found = np.empty_like(marked)
    far = float(_FAR)
    order = range(len(marked) - 1, -1, -1) if ahead else range(len(marked))
    for at in order:
        found[at] = far
        far = 1.0 if marked[at] else min(far + 1, float(_FAR))
    return found
