"""What the body's model learns of a page: its blocks as the model sees them, and which are true."""

from __future__ import annotations

import dataclasses
import hashlib
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.corpus import SITE, Sample, read_corpus
from bench.labels import label_blocks, words
from scraper.extraction.body.block_measures import BlockMeasures
from scraper.extraction.body.decide import choice_of_peer, peer_text
from scraper.extraction.body.features import Description, describe
from scraper.extraction.body.reference_texts import find_reference_texts, main_prose
from scraper.extraction.page.document import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scraper.extraction.page.blocks import Segments

_ROOT = Path(__file__).parents[1]
_CACHE = _ROOT / ".cache" / "examples"
_NOT_READ = ("choice.py", "decide.py", "reasons.py", "rules.py", "notices.py", "notices.json", "model.json")
"""Of scraper/extraction: what describes no block."""
_IN = 0.5
"""Share of a block's words in the true body above which it counts as part of it."""
_SHORTEST = 60
"""Words of a body below which its blocks weigh no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The blocks of a page as the model sees them, by one first choice."""

    described: Description
    labels: NDArray[np.float64]
    """None is read where the truth tells no body."""
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A page, what is learned from it, and what is true of it."""

    corpus: str
    id: str
    site: str
    truth: Mapping[str, Any] = field(repr=False)
    segments: Segments = field(repr=False)
    own: Look = field(repr=False)
    """By where the prose stands."""
    theirs: Look = field(repr=False)
    """By trafilatura's choice: a model that learned from both leans less on either."""
    peer: str = field(repr=False)
    """trafilatura's text, as its users ask for it."""


def read_examples(folder: Path) -> list[Example]:
    """Return the pages of a corpus that have text; kept on disk until the corpus or the code changes."""
    path = _CACHE / f"{folder.name}-{_state_of(folder)}.pickle"
    if path.exists():
        kept: list[Example] = pickle.loads(path.read_bytes())  # noqa: S301 - written here
        return kept
    with ProcessPoolExecutor(max_workers=2) as pool:
        made = pool.map(make_example, read_corpus(folder), chunksize=8)
        examples = [example for example in made if example is not None]
    _CACHE.mkdir(parents=True, exist_ok=True)
    for old in _CACHE.glob(f"{folder.name}-*.pickle"):
        old.unlink()
    path.write_bytes(pickle.dumps(examples))
    return examples


def _state_of(folder: Path) -> str:
    """Return a digest of the corpus and of all code that its examples are made by."""
    room = _ROOT / "scraper" / "extraction"
    code = [
        path for path in room.rglob("*") if path.suffix in {".py", ".json"} and path.name not in _NOT_READ
    ]
    files = [*sorted(code), Path(__file__), Path(__file__).with_name("labels.py")]
    files += [folder / "manifest.jsonl", folder / "truth.jsonl"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def make_example(sample: Sample) -> Example | None:
    """Return what is learned from a page; None where it has no text."""
    document = parse(sample.page, SITE)
    segments = document.segments
    if not segments.blocks:
        return None
    tokens = [words(block.text) for block in segments.blocks]
    true = label_blocks(tokens, words(sample.truth.get("body") or ""))
    measures = BlockMeasures(segments, find_reference_texts(document.harvest))
    own, theirs = (
        _look(describe(measures, lines), tokens, true)
        for lines in (main_prose(segments), choice_of_peer(document))
    )
    # an element stays here
    blocks = tuple(block._replace(element=None) for block in segments.blocks)
    spans = tuple(span._replace(inline=()) for span in segments.spans)
    return Example(
        corpus=sample.corpus,
        id=sample.id,
        site=sample.site,
        truth=sample.truth,
        segments=dataclasses.replace(segments, blocks=blocks, spans=spans),
        own=own,
        theirs=theirs,
        peer=peer_text(document),
    )


def _look(described: Description, tokens: Sequence[Sequence[str]], true: NDArray[np.float64]) -> Look:
    labels = true[described.read]
    # whatever a corpus counts: the title is a field of its own
    labels[described.rows[:, described.columns.index("is title")] > 0] = 0.0
    lengths = np.array([len(tokens[index]) for index in described.read], dtype=float)
    whole = max(lengths[labels > _IN].sum(), _SHORTEST)
    # a mistake costs the block's share of the page's true words, for pages weigh alike
    return Look(described=described, labels=labels, weights=np.minimum(lengths / whole, 0.3) + 0.004)
