"""Fits the weights of a page's witnesses: scraper/extract/verdict/model.json.

    ./run bench train_verdict CORPUS… [--leave-one-out]

Each CORPUS is a folder with manifest.jsonl, truth.jsonl and pages. A page whose truth names its `type` is
no article where that is listing, collection or product, and left out where it is anything else; every other
page is an article. With --leave-one-out nothing is written. What is printed is honest in both cases: each
corpus of articles is judged by weights that were fitted without it, each page without an article by weights
fitted without its site. The same folders give the same weights.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.corpus import SITE, Sample, read_corpus
from bench.train_body import FOLDS, fold
from scraper.extract.body.decide import decide_blocks
from scraper.extract.fields.metadata import resolve
from scraper.extract.fields.own_lines import unclaimed
from scraper.extract.page.document import parse
from scraper.extract.verdict.observations import observe
from scraper.extract.verdict.witnesses import witness_figures
from scraper.learned.template import EMPTY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

TARGET = Path(__file__).parents[1] / "scraper" / "extract" / "verdict" / "model.json"
NO_ARTICLES = {"listing", "collection", "product"}
LOST = 0.006
"""Share of the articles, judged by weights that do not know their corpus, that may be refused. Most of
those below are shops and home pages that their corpora count as articles; .010 refuses .05 more of the
others."""
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
    kind = sample.truth.get("type")
    is_article = kind is None and sample.truth.get("body", "?") != ""
    document = parse(sample.page, SITE)
    if document.tree is None or not (is_article or kind in NO_ARTICLES):
        return None
    decisions = decide_blocks(document)
    metadata = resolve(document, decisions, EMPTY)
    traits = observe(document, unclaimed(decisions, metadata), metadata)
    figures = witness_figures(traits)
    return Example(corpus=sample.corpus, site=sample.site, figures=figures, is_article=is_article)


def fit(rows: Vector, true: Vector) -> Vector:
    """Return weights and bias of a logistic model by Newton's method; the bias is the last."""
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


def left_out(examples: Sequence[Example], rows: Vector, true: Vector) -> Vector:
    """Return the likelihood of each page by weights that know neither its corpus nor, of none, its site."""
    corpora = np.array([example.corpus for example in examples])
    folds = np.array([fold(each.site) for each in examples])
    guess = np.zeros(len(examples))
    for corpus in sorted({example.corpus for example in examples if example.is_article}):
        held = (corpora == corpus) & (true == 1)
        guess[held] = likelihood(rows[held], fit(rows[corpora != corpus], true[corpora != corpus]))
    for number in range(FOLDS):
        held = (folds == number) & (true == 0)
        guess[held] = likelihood(rows[held], fit(rows[folds != number], true[folds != number]))
    return guess


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
    rows = np.array([[example.figures[name] for name in names] for example in examples])
    true = np.array([float(example.is_article) for example in examples])
    guess = left_out(examples, rows, true)
    refuse = round(float(np.quantile(guess[true == 1], LOST)), 3)
    report(examples, guess, true, refuse)
    if arguments.leave_one_out:
        return
    weights = fit(rows, true)
    model: dict[str, Any] = {
        "bias": round(float(weights[-1]), 4),
        "refuse": refuse,
        "doubt": DOUBT,
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=False)},
        "means": {name: round(float(mean), 4) for name, mean in zip(names, rows.mean(axis=0), strict=True)},
    }
    TARGET.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(examples)} pages, refused below {refuse}")


def report(examples: Sequence[Example], guess: Vector, true: Vector, refuse: float) -> None:
    """Print the share of articles kept, by corpus, of other pages refused, and the calibration."""
    for corpus in sorted({example.corpus for example in examples}):
        held = np.array([example.corpus == corpus for example in examples])
        for name, which in (("not_rejected", held & (true == 1)), ("rejected", held & (true == 0))):
            if which.any():
                kept = float((guess[which] >= refuse).mean())
                doubt = float(((guess[which] >= refuse) & (guess[which] < DOUBT)).mean())
                share = kept if name == "not_rejected" else 1 - kept
                print(f"{corpus:16} {name:13} {share:.4f}  in doubt {doubt:.4f}  of {int(which.sum())}")
    print(f"refused below {refuse}; expected calibration error {calibration(guess, true):.4f}")


if __name__ == "__main__":
    main()
