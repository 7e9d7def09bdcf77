"""Fits the weights of a page's witnesses: scraper/extract/verdict/model.json.

    ./run bench train_verdict CORPUS… [--leave-one-out]

Each CORPUS is a folder with manifest.jsonl, truth.jsonl and pages. A page whose truth names its `type` is
no article where that is listing, collection or product, and left out where it is anything else; every other
page is an article. With --leave-one-out nothing is written. What is printed is honest in both cases: each
corpus of articles is judged by weights and a cut-off that were fitted without it, each page without an
article by those fitted without its site. The same folders give the same weights.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.corpus import SITE, Sample, read_corpus
from bench.figures import holds_article
from bench.train_body import FOLDS, fold
from scraper.extract.body.decide import decide_blocks
from scraper.extract.fields.metadata import resolve
from scraper.extract.fields.own_lines import unclaimed
from scraper.extract.page.document import parse
from scraper.extract.verdict.observations import observe
from scraper.extract.verdict.witnesses import SPEAK_FOR, witness_figures
from scraper.learned.template import EMPTY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

TARGET = Path(__file__).parents[1] / "scraper" / "extract" / "verdict" / "model.json"
LOST = 0.008
"""Share of the articles, judged by weights that do not know their corpus, that may be refused: most of them
are shops and home pages that their corpora count as articles. A lost article costs more than a list kept."""
DOUBT = 0.5
RIDGE = 1.0
"""Of weights on figures from 0 to 1; from 0.3 to 3 nothing changes by more than .01."""
BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The figures of a page and whether it is an article."""

    corpus: str
    site: str
    figures: dict[str, float]
    is_article: bool


def make_example(sample: Sample) -> Example | None:
    """Return what is learned from a page; None where it is neither an article nor known to be none."""
    is_article, document = holds_article(sample.truth), parse(sample.page, SITE)
    if document.tree is None or is_article is None:
        return None
    decisions = decide_blocks(document)
    metadata = resolve(document, decisions, EMPTY)
    traits = observe(document, unclaimed(decisions, metadata), metadata)
    figures = witness_figures(traits)
    return Example(corpus=sample.corpus, site=sample.site, figures=figures, is_article=is_article)


def fit(rows: Vector, true: Vector, signs: Vector) -> Vector:
    """Return weights and bias of a logistic model; the bias is the last.

    Each weight has the sign of its figure or is 0: what sense says must speak against an article never
    speaks for one because of the company that it keeps on these pages.
    """
    used = np.ones(len(signs), dtype=bool)
    while True:
        weights = np.zeros(len(signs) + 1)
        weights[np.append(used, [True])] = _newton(rows[:, used], true)
        wrong = used & (weights[:-1] * signs < 0)
        if not wrong.any():
            return weights
        used &= ~wrong


def _newton(rows: Vector, true: Vector) -> Vector:
    padded = np.hstack([rows, np.ones((len(rows), 1))])
    ridge = np.eye(padded.shape[1]) * RIDGE
    ridge[-1, -1] = 1e-6
    weights = np.zeros(padded.shape[1])
    for _ in range(50):
        guess = 1 / (1 + np.exp(-padded @ weights))
        slope = padded.T @ (guess - true) + ridge @ weights
        curve = (padded * (guess * (1 - guess))[:, None]).T @ padded + ridge
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-9:  # noqa: PLR2004
            break
    return weights


def likelihood(rows: Vector, weights: Vector) -> Vector:
    """Return how likely each page is an article."""
    return np.asarray(1 / (1 + np.exp(-(rows @ weights[:-1] + weights[-1]))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The pages as figures: one row each."""

    rows: Vector
    true: Vector
    """1 of an article, 0 of another page."""
    signs: Vector
    """1 of a figure that may speak for an article, -1 of one that may speak against it."""
    groups: Sequence[NDArray[np.bool_]]
    """The pages that are judged together: the articles of a corpus, the others of a fold of sites."""
    others: Sequence[NDArray[np.bool_]]
    """Of each group, the pages that it may be judged by."""

    def without(self, kept: NDArray[np.bool_]) -> Table:
        """Return the table of the pages that are kept; groups without a page go."""
        left = [
            (group[kept], other[kept])
            for group, other in zip(self.groups, self.others, strict=True)
            if group[kept].any()
        ]
        groups, others = zip(*left, strict=True)
        return replace(self, rows=self.rows[kept], true=self.true[kept], groups=groups, others=others)


def make_table(examples: Sequence[Example], names: Sequence[str]) -> Table:
    """Return the figures of the pages, in the order of the names, and how they are judged."""
    true = np.array([float(example.is_article) for example in examples])
    corpora = np.array([example.corpus for example in examples])
    folds = np.array([fold(example.site) for example in examples])
    of_articles = sorted({example.corpus for example in examples if example.is_article})
    return Table(
        rows=np.array([[example.figures[name] for name in names] for example in examples]),
        true=true,
        signs=np.array([1.0 if name in SPEAK_FOR else -1.0 for name in names]),
        groups=[
            *((corpora == corpus) & (true == 1) for corpus in of_articles),
            *((folds == number) & (true == 0) for number in range(FOLDS)),
        ],
        others=[
            *(corpora != corpus for corpus in of_articles),
            *(folds != number for number in range(FOLDS)),
        ],
    )


def left_out(table: Table) -> Vector:
    """Return the likelihood of each page by weights that know neither its corpus nor, of none, its site."""
    guess = np.zeros(len(table.true))
    for group, other in zip(table.groups, table.others, strict=True):
        guess[group] = likelihood(table.rows[group], fit(table.rows[other], table.true[other], table.signs))
    return guess


def cut_off(table: Table) -> float:
    """Return the likelihood below which the share LOST of the articles lies, each judged as left out."""
    return float(np.quantile(left_out(table)[table.true == 1], LOST))


def cut_offs(table: Table) -> Vector:
    """Return for each page the cut-off that is set without its group."""
    found = np.zeros(len(table.true))
    for group, other in zip(table.groups, table.others, strict=True):
        found[group] = cut_off(table.without(other))
    return found


def calibration(guess: Vector, true: Vector) -> float:
    """Return the expected calibration error: the mean distance of likelihood and truth, by tenths."""
    bins = np.minimum((guess * BINS).astype(int), BINS - 1)
    errors = [
        (bins == at).mean() * abs(guess[bins == at].mean() - true[bins == at].mean()) for at in set(bins)
    ]
    return float(sum(errors))


def main() -> None:
    """Fit and write, or print how the weights judge what they do not know."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", type=Path, nargs="+", metavar="CORPUS")
    parser.add_argument("--leave-one-out", action="store_true")
    arguments = parser.parse_args()
    samples = [sample for folder in arguments.corpora for sample in read_corpus(folder)]
    with ProcessPoolExecutor() as pool:
        examples = [example for example in pool.map(make_example, samples, chunksize=8) if example]
    names = list(examples[0].figures)
    table = make_table(examples, names)
    report(examples, left_out(table), table.true, cut_offs(table))
    if arguments.leave_one_out:
        return
    weights, refuse = fit(table.rows, table.true, table.signs), round(cut_off(table), 3)
    model: dict[str, Any] = {
        "bias": round(float(weights[-1]), 4),
        "refuse": refuse,
        "doubt": DOUBT,
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=False)},
        "means": {
            name: round(float(mean), 4) for name, mean in zip(names, table.rows.mean(axis=0), strict=True)
        },
    }
    TARGET.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(examples)} pages, refused below {refuse}")


def report(examples: Sequence[Example], guess: Vector, true: Vector, refuse: Vector) -> None:
    """Print the share of articles kept, by corpus, of other pages refused, and the calibration."""
    for corpus in sorted({example.corpus for example in examples}):
        held = np.array([example.corpus == corpus for example in examples])
        for name, which in (("not_rejected", held & (true == 1)), ("rejected", held & (true == 0))):
            if which.any():
                is_kept = guess[which] >= refuse[which]
                kept, doubt = float(is_kept.mean()), float((is_kept & (guess[which] < DOUBT)).mean())
                share = kept if name == "not_rejected" else 1 - kept
                print(f"{corpus:16} {name:13} {share:.4f}  in doubt {doubt:.4f}  of {int(which.sum())}")
    lowest, highest = refuse.min(), refuse.max()
    error = calibration(guess, true)
    print(f"refused below {lowest:.3f} to {highest:.3f}; expected calibration error {error:.4f}")


if __name__ == "__main__":
    main()
