"""Figures that describe each block of a page: what the model decides by."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from scraper.extract.lexicon import lexicon
from scraper.extract.places import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scraper.extract.blocks import Container, Segments
    from scraper.extract.clues import Clues

_NOT_WORD = re.compile(r"[\W_]+")
_TOKEN = re.compile(r"\w+")
_ENDS = re.compile(r"[.!?。！？।؟…](?=[\s\"'”’»)」』]|$)|[。！？]")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./:-]\d{1,2}\b")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_OPENERS = "\"'“„«‘¿¡—–-(「『"
_TAGS = ("p", "h1", "h2", "h3", "h4", "li", "div", "td", "figcaption", "blockquote", "section")
_NEAR = ("chars", "link_share", "tag p", "group kept share")
"""Columns that are told of two blocks before and after, too."""
_NEXT = ("ends", "tag li", "strong_share", "phrase related", "own link density", "is title", "capitals")
"""Columns that are told of the block before and the block after, too."""
_OPENING = frozenset(("related", "caption", "byline"))
"""Kinds of phrases that tell more where a block begins with one."""
_KEPT = 0.5
"""Share of a block in trafilatura's text above which it counts as kept."""
_LONG = 60
"""Letters of a block that is more than a line."""
_SHORTEST_BODY = 400
"""Letters: a shorter articleBody in JSON-LD is a summary."""
_LONG_WORD = 4
_SHORTEST_PART = 20
"""Letters of a block that may be part of a title."""
_PIECE = 24
"""Characters of a block that are looked for at once among the characters of a text."""


def plain_name(column: str) -> str:
    """Return what a column is about: several columns tell the same of a block and of what stands around it.

    >>> plain_name("branch class related"), plain_name("link_share +1")
    ('class related', 'link_share of neighbours')
    """
    name = re.sub(r"^(?:own|near|branch|any|parent|above) ", "", column)
    return re.sub(r" [+-][12]$", " of neighbours", name)


def fold(text: str) -> str:
    """Return only the letters and digits, in lower case.

    >>> fold("It’s 5 o'clock.")
    'its5oclock'
    """
    return _NOT_WORD.sub("", text.lower())


class _Text:
    """The folded text that another source holds, and how much of a block is in it."""

    def __init__(self, lines: Sequence[str]) -> None:
        folded = [fold(line) for line in lines]
        self.lines = frozenset(folded)
        self.all = "\n".join(folded)
        self.size = sum(map(len, folded))

    def share(self, folded: str) -> float:
        """Return the share of the block's characters that stand here too, from 0 to 1."""
        if not self.size or not folded:
            return 0.0
        if folded in self.lines:
            return 1.0
        if len(folded) < _PIECE:
            return 0.5 if len(folded) > _PIECE // 2 and folded in self.all else 0.0
        if folded in self.all:
            return 1.0
        pieces = [folded[start : start + _PIECE] for start in range(0, len(folded) - _PIECE + 1, _PIECE)]
        return sum(piece in self.all for piece in pieces) / len(pieces)


def describe(segments: Segments, clues: Clues) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Return a row for each block and the names of the columns; what is unknown is -1."""
    columns = _Table(segments, clues).columns()
    rows = np.column_stack(list(columns.values())).astype(np.float32)
    return np.nan_to_num(rows, nan=-1.0), tuple(columns)


class _Table:
    def __init__(self, segments: Segments, clues: Clues) -> None:
        self.segments = segments
        self.clues = clues
        self.texts = [block.text for block in segments.blocks]
        self.folded = [fold(text) for text in self.texts]
        self.chars = np.array([len(text) for text in self.folded], dtype=float)
        kept = _Text(clues.kept)
        self.kept = np.array([kept.share(folded) for folded in self.folded])
        self.kept_chars = self.kept * self.chars
        self.container = np.array([span.container for span in segments.spans])

    def columns(self) -> dict[str, NDArray[np.float64]]:
        """Return every column."""
        columns: dict[str, NDArray[np.float64]] = {}
        columns |= self._own()
        columns |= self._phrases()
        columns |= self._sources()
        columns |= self._tree()
        columns |= self._groups()
        columns |= self._place()
        columns |= self._neighbours(columns)
        return columns

    def _own(self) -> dict[str, NDArray[np.float64]]:
        rows = [_text_figures(text) for text in self.texts]
        columns = {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}
        spans = self.segments.spans
        size = np.array([max(len(text), 1) for text in self.texts], dtype=float)
        columns["link_share"] = np.array([span.linked for span in spans]) / size
        columns["links"] = np.array([span.links for span in spans], dtype=float)
        columns["strong_share"] = np.array([span.strong for span in spans]) / size
        repeats = Counter(self.folded)
        columns["repeats"] = np.array([repeats[folded] for folded in self.folded], dtype=float)
        for tag in _TAGS:
            columns[f"tag {tag}"] = np.array(
                [block.tag == tag for block in self.segments.blocks], dtype=float
            )
        return columns

    def _phrases(self) -> dict[str, NDArray[np.float64]]:
        lower = [text[:300].lower() for text in self.texts]
        starts = np.cumsum([0, *(len(text) + 1 for text in lower)]).tolist()
        page = "\n".join(lower)
        size = len(self.texts)
        columns = {}
        for kind, phrases in lexicon().phrases.items():
            column = np.zeros(size)
            begins = np.zeros(size)
            for phrase in phrases:
                at = page.find(phrase)
                while at >= 0:
                    row = bisect_right(starts, at) - 1
                    if at == starts[row]:
                        begins[row] = 1
                        column[row] += 1
                    elif not page[at - 1].isalpha() or not phrase.isascii():
                        column[row] += 1
                    at = page.find(phrase, at + len(phrase))
            columns[f"phrase {kind}"] = column
            if kind in _OPENING:
                columns[f"begins {kind}"] = begins
        return columns

    def _sources(self) -> dict[str, NDArray[np.float64]]:
        columns = {"kept": self.kept}
        body = _Text([self.clues.article_body] if self.clues.article_body else [])
        if body.size > _SHORTEST_BODY:
            columns["in articleBody"] = np.array([body.share(folded) for folded in self.folded])
        else:
            columns["in articleBody"] = np.full(len(self.folded), np.nan)
        titles = [fold(title) for title in self.clues.titles if title]
        columns["is title"] = np.array(
            [
                any(
                    folded and (folded == title or (len(folded) > _SHORTEST_PART and folded in title))
                    for title in titles
                )
                for folded in self.folded
            ],
            dtype=float,
        )
        description = _Text(self.clues.descriptions)
        columns["in description"] = np.array([description.share(folded) for folded in self.folded])
        words = [set(_vocabulary(text)) for text in self.texts]
        counts: Counter[str] = Counter()
        for row in np.flatnonzero(self.kept > _KEPT):
            counts.update(words[row])
        title_words = {word for title in self.clues.titles for word in _vocabulary(title)}
        columns["title words"] = np.array(
            [len(found & title_words) / len(found) if found else np.nan for found in words]
        )
        columns["body words"] = np.array(
            [
                sum(counts[word] > (self.kept[row] > _KEPT) for word in found) / len(found)
                if found
                else np.nan
                for row, found in enumerate(words)
            ]
        )
        return columns

    def _tree(self) -> dict[str, NDArray[np.float64]]:
        columns = places(self.segments, self.kept_chars, self.chars)
        columns["kept chars"] = np.full(len(self.texts), max(self.kept_chars.sum(), 1))
        columns["page chars"] = np.full(len(self.texts), self.chars.sum())
        return columns

    def _groups(self) -> dict[str, NDArray[np.float64]]:
        """Blocks of the same tag and names, here and one step up, are usually kept or dropped together."""
        containers, total = self.segments.containers, max(self.kept_chars.sum(), 1)
        columns = {}
        near, wide = [], []
        for at in self.container.tolist():
            own = containers[at]
            up = containers[own.parent] if own.parent >= 0 else own
            near.append(hash_key(own, up))
            wide.append(f"{own.tag} {own.names}")
        for name, keys in (("group", near), ("wide group", wide)):
            chars: Counter[str] = Counter()
            kept: Counter[str] = Counter()
            for key, size, found in zip(keys, self.chars.tolist(), self.kept_chars.tolist(), strict=True):
                chars[key] += size
                kept[key] += found
            counts = Counter(keys)
            columns[f"{name} kept share"] = np.array([kept[key] / max(chars[key], 1) for key in keys])
            columns[f"{name} share of kept"] = np.array([kept[key] / total for key in keys])
            columns[f"{name} blocks"] = np.array([counts[key] for key in keys], dtype=float)
            columns[f"{name} mean chars"] = np.array([chars[key] / counts[key] for key in keys])
        return columns

    def _place(self) -> dict[str, NDArray[np.float64]]:
        size = len(self.texts)
        index = np.arange(size)
        strong = np.flatnonzero((self.kept > _KEPT) & (self.chars > _LONG))
        kept = np.flatnonzero(self.kept > _KEPT)
        first, last = (kept[0], kept[-1]) if len(kept) else (0, size)
        first_long, last_long = (strong[0], strong[-1]) if len(strong) else (first, last)
        before = np.concatenate([[0.0], np.cumsum(self.kept_chars)[:-1]])
        total = max(self.kept_chars.sum(), 1)
        heads = [row for row, block in enumerate(self.segments.blocks) if block.tag == "h1"]
        columns = {
            "after first kept": np.clip(index - first, -50, 200),
            "before last kept": np.clip(last - index, -50, 200),
            "after first long": np.clip(index - first_long, -50, 200),
            "before last long": np.clip(last_long - index, -50, 200),
            "kept before": before / total,
            "relative place": index / size,
            "blocks": np.full(size, size),
            "after h1": np.clip(index - heads[0], -50, 200) if heads else np.full(size, np.nan),
            "gap before": _gap(kept, index, forward=False),
            "gap after": _gap(kept, index, forward=True),
        }
        chars = np.concatenate([[0.0], np.cumsum(self.chars)])
        found = np.concatenate([[0.0], np.cumsum(self.kept_chars)])
        for reach in (2, 6, 15):
            low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, size)
            columns[f"kept within {reach}"] = (found[high] - found[low] - self.kept_chars) / np.maximum(
                chars[high] - chars[low] - self.chars, 1
            )
        return columns

    def _neighbours(self, columns: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
        found = {
            f"{name} {step:+d}": _shift(columns[name], step) for name in _NEAR for step in (-2, -1, 1, 2)
        }
        found |= {f"{name} {step:+d}": _shift(columns[name], step) for name in _NEXT for step in (-1, 1)}
        container = self.container
        for step in (-1, 1):
            found[f"same container {step:+d}"] = (_shift(container.astype(float), step) == container).astype(
                float
            )
        return found


def hash_key(own: Container, up: Container) -> str:
    """Return what tells the group of a block."""
    return f"{own.tag} {own.names}|{up.tag} {up.names}"


def _shift(column: NDArray[np.float64], step: int) -> NDArray[np.float64]:
    moved = np.full(len(column), np.nan)
    if step > 0:
        moved[:-step] = column[step:]
    else:
        moved[-step:] = column[:step]
    return moved


def _gap(kept: NDArray[np.int64], index: NDArray[np.int64], *, forward: bool) -> NDArray[np.float64]:
    if not len(kept):
        return np.full(len(index), 99.0)
    if forward:
        at = np.searchsorted(kept, index, side="right")
        gap = np.where(at < len(kept), kept[np.minimum(at, len(kept) - 1)] - index, 99)
    else:
        at = np.searchsorted(kept, index, side="left") - 1
        gap = np.where(at >= 0, index - kept[np.maximum(at, 0)], 99)
    return np.minimum(gap, 99).astype(float)


def _vocabulary(text: str) -> list[str]:
    """Return the longer words, and pairs of characters where a script has no spaces."""
    found = []
    for word in _TOKEN.findall(text.lower()[:1500]):
        if word >= "\u0e00" and _CJK.search(word):
            found += [word[at : at + 2] for at in range(len(word) - 1)]
        elif len(word) >= _LONG_WORD:
            found.append(word)
    return found


def _text_figures(text: str) -> dict[str, float]:
    function_words = lexicon().function_words
    size = len(text)
    tokens = _TOKEN.findall(text)
    count = max(len(tokens), 1)
    head = tokens[:60]
    capitals = sum(token[0].isupper() for token in head)
    ends = len(_ENDS.findall(text))
    first, last = text[0], text.rstrip("\"'”’»)」』 ")[-1:]
    cjk = len(_CJK.findall(text[:400])) / min(size, 400)
    return {
        "chars": float(size),
        "words": float(count),
        "cjk": cjk,
        "ends": float(last in ".!?。！？।؟…" and last != ""),
        "ends colon": float(text.endswith((":", "："))),
        "sentences": float(ends),
        "words a sentence": count / (ends + 1),
        "commas": (text.count(",") + text.count("，") + text.count("、") + text.count("،")) / size,
        "capitals": capitals / max(len(head), 1),
        "all capitals": float(text.isupper()),
        "starts lower": float(first.islower()),
        "starts digit": float(first.isdigit()),
        "starts quote": float(first in _OPENERS),
        "digits": sum(map(str.isdigit, text[:300])) / min(size, 300),
        "punctuation": sum(not (c.isalnum() or c.isspace()) for c in text[:300]) / min(size, 300),
        "word length": sum(map(len, head)) / max(len(head), 1),
        "function words": sum(token.lower() in function_words for token in head) / max(len(head), 1),
        "date": float(bool(_DATE.search(text[:200]))),
        "bars": float(text.count("|") + text.count("•") + text.count("·") + text.count(" / ")),
        "address": float("@" in text or "http" in text or "www." in text),
        "quotes": float(sum(text.count(c) for c in '"“”„«»「」')),
        "question": float("?" in text[-3:]),
    }
