"""Fits the weights of verdicts: scraper/extraction/verdict/model.json.

    ./run bench train_verdict CORPUS… [--leave-one-out]

Each CORPUS is a folder with manifest.jsonl, truth.jsonl and pages. A page whose truth names its `type` is
no article where that is listing, collection or product, and nobody's example of a story where it is anything
else; every other page is an article. An article is told from lists (listing, collection) and from wares
(product, collection) by the witnesses' figures. Shops are detected by products; walls, errors and forms, of
which no corpus holds any, by the invented pages of tests/extraction/verdict_pages.py, all against all others.

With --leave-one-out nothing is written. What is printed is honest in both cases: each corpus of articles is
judged by weights that were fitted without it, each page without an article by those fitted without its site,
each invented page by those fitted without it. The same folders give the same weights.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.corpus import SITE, Sample, read_corpus
from bench.figures import holds_article
from bench.train_body import fold
from scraper.extraction.body.decide import decide_blocks
from scraper.extraction.fields.metadata import resolve
from scraper.extraction.fields.own_lines import unclaimed
from scraper.extraction.page.document import parse
from scraper.extraction.verdict.observations import observe
from scraper.extraction.verdict.signals import DETECTORS, OF_ARTICLES, sign_figures
from scraper.extraction.verdict.witnesses import SPEAK_FOR, witness_figures
from scraper.learned.template import EMPTY
from scraper.model import Kind, Page
from tests.extraction.verdict_pages import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    Which = NDArray[np.bool_]

TARGET = Path(__file__).parents[1] / "scraper" / "extraction" / "verdict" / "model.json"
COST = 4
"""Stored lists that cost as much as one lost article: the one number that is chosen, not fitted.
A page is refused where its likelihood is below 1 in COST + 1."""
DOUBT = 0.5
"""Below, a page is more likely no article than one."""
RIDGE = 1.0
"""Of weights on figures from 0 to 1; the log loss, left out, is .129 at .3, .122 at 1, .121 at 2,
.126 at 5."""
BINS = 10
STORIES = {Kind.LIST: {"listing", "collection"}, Kind.NOT_NEWS: {"product", "collection"}}
"""The types of pages that an article is told from."""
SHOWN = {"shop": {"product"}}
"""The types of pages that show what a detector looks for, besides the invented ones."""
INVENTED = "invented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The figures of a page and what it is."""

    corpus: str
    site: str
    type: str
    """That of its truth, the kind of an invented page, or "article"."""
    figures: Mapping[str, float]
    signs: Mapping[str, Mapping[str, float]]

    @property
    def is_article(self) -> bool:
        """Tell whether it is an article of a corpus."""
        return self.type == "article" and self.corpus != INVENTED

    @property
    def group(self) -> str:
        """The pages that are judged by weights that know none of them."""
        if self.corpus == INVENTED:
            return f"{self.corpus} {self.site}"
        return self.corpus if self.is_article else f"fold {fold(self.site)}"


def make_example(sample: Sample) -> Example | None:
    """Return what is learned from a page; None where nobody knows what it is."""
    is_article, document = holds_article(sample.truth), parse(sample.page, SITE)
    kind = "article" if is_article else sample.truth.get("type")
    if document.tree is None or kind is None:
        return None
    decisions = decide_blocks(document)
    metadata = resolve(document, decisions, EMPTY)
    traits = observe(document, unclaimed(decisions, metadata), metadata)
    return Example(
        corpus=sample.corpus,
        site=sample.site,
        type=kind,
        figures=witness_figures(traits),
        signs=sign_figures(traits),
    )


def invented() -> Iterator[Sample]:
    """Yield the invented pages, each a site of its own."""
    for case in CASES:
        page = Page(url=case.url, content=case.html.encode(), status=case.status)
        truth = {"type": case.kind.value, "site": case.name}
        yield Sample(corpus=INVENTED, id=case.name, page=page, truth=truth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is told apart, as figures: a row for each page."""

    names: Sequence[str]
    rows: Vector
    true: Vector
    """1 of what is looked for, 0 of the others."""
    signs: Vector
    """1 of a figure that may speak for it, -1 of one that may speak against it."""
    known: Which
    """The pages that may be learned from: of others nobody knows which they are, or it does not matter."""
    is_even: bool
    """What is looked for weighs as much as all others: how often it is met, no corpus tells."""


def story_task(kind: Kind, examples: Sequence[Example]) -> Task:
    """Return how an article is told from a kind, by the witnesses."""
    names = list(examples[0].figures)
    articles = np.array([example.is_article for example in examples])
    return Task(
        names=names,
        rows=np.array([[example.figures[name] for name in names] for example in examples]),
        true=articles.astype(float),
        signs=np.array([1.0 if name in SPEAK_FOR else -1.0 for name in names]),
        known=articles | _of_types(examples, STORIES[kind]),
        is_even=False,
    )


def detector_task(name: str, examples: Sequence[Example]) -> Task:
    """Return how a detector tells what it looks for from all other pages.

    Of the invented pages of its kind it looks for those that show a sign of its own. A product or a
    collection is no example of what another detector of wares does not look for.
    """
    detector = DETECTORS[name]
    own = [sign.says for sign in detector.signs]
    names = [sign.says for sign in (*OF_ARTICLES, *detector.signs)]
    of_kind = _of_types(examples, {detector.kind.value})
    shows = np.array([any(example.signs[name][says] for says in own) for example in examples])
    true = (of_kind & shows) | _of_types(examples, SHOWN.get(name, set()))
    akin = of_kind | _of_types(examples, STORIES.get(detector.kind, set()))
    return Task(
        names=names,
        rows=np.array([[example.signs[name][says] for says in names] for example in examples]),
        true=true.astype(float),
        signs=np.array([1.0 if says in own else -1.0 for says in names]),
        known=true | ~akin,
        is_even=True,
    )


def _of_types(examples: Sequence[Example], types: set[str]) -> Which:
    return np.array([example.type in types for example in examples])


def fit(task: Task, used: Which) -> Vector:
    """Return weights and bias of a logistic model; the bias is the last.

    Each weight has the sign of its figure or is 0: what sense says must speak against an article never
    speaks for one because of the company that it keeps on these pages.
    """
    rows, true, signs = task.rows[used], task.true[used], task.signs
    mass = np.where(true == 1, (true == 0).sum() / true.sum(), 1.0) if task.is_even else np.ones(len(true))
    kept = np.ones(len(signs), dtype=bool)
    while True:
        weights = np.zeros(len(signs) + 1)
        weights[np.append(kept, [True])] = _newton(rows[:, kept], true, mass)
        wrong = kept & (weights[:-1] * signs < 0)
        if not wrong.any():
            return weights
        kept &= ~wrong


def _newton(rows: Vector, true: Vector, mass: Vector) -> Vector:
    padded = np.hstack([rows, np.ones((len(rows), 1))])
    ridge = np.eye(padded.shape[1]) * RIDGE
    ridge[-1, -1] = 1e-6
    weights = np.zeros(padded.shape[1])
    for _ in range(50):
        guess = 1 / (1 + np.exp(-np.clip(padded @ weights, -50, 50)))
        slope = padded.T @ (mass * (guess - true)) + ridge @ weights
        curve = (padded * (mass * guess * (1 - guess))[:, None]).T @ padded + ridge
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-9:  # noqa: PLR2004
            break
    return weights


def left_out(task: Task, groups: NDArray[np.str_]) -> Vector:
    """Return the log odds of each page by weights that know no page of its group.

    Groups without a page to learn from share the weights of all pages.
    """
    found = np.zeros(len(groups))
    learned = [group for group in dict.fromkeys(groups.tolist()) if task.known[groups == group].any()]
    shared = ~np.isin(groups, learned)
    for judged in chain((groups == group for group in learned), [shared]):
        weights = fit(task, task.known & ~judged)
        found[judged] = task.rows[judged] @ weights[:-1] + weights[-1]
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
    samples = chain(chain.from_iterable(map(read_corpus, arguments.corpora)), invented())
    with ProcessPoolExecutor() as pool:
        examples = [example for example in pool.map(make_example, samples, chunksize=8) if example]
    stories = {kind: story_task(kind, examples) for kind in STORIES}
    detectors = {name: detector_task(name, examples) for name in DETECTORS}
    report(examples, stories, detectors)
    if arguments.leave_one_out:
        return
    seen = np.any([task.known for task in stories.values()], axis=0)
    first = next(iter(stories.values()))
    means = first.rows[seen].mean(axis=0)
    model: dict[str, Any] = {
        "refuse": refused_below(),
        "doubt": DOUBT,
        "stories": {kind.value: line(task) for kind, task in stories.items()},
        "means": {name: round(float(mean), 4) for name, mean in zip(first.names, means, strict=True)},
        "detectors": {name: line(task) for name, task in detectors.items()},
    }
    TARGET.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(examples)} pages")


def refused_below() -> float:
    """Return the likelihood below which storing a page costs more than losing it."""
    return 1 / (COST + 1)


def line(task: Task) -> dict[str, Any]:
    """Return the weights of all pages as the model file holds them."""
    *weights, bias = (round(float(weight), 4) for weight in fit(task, task.known))
    return {"bias": bias, "weights": dict(zip(task.names, weights, strict=True))}


def report(examples: Sequence[Example], stories: Mapping[Kind, Task], detectors: Mapping[str, Task]) -> None:
    """Print which articles are kept, other pages refused and invented ones found, and the calibration."""
    groups = np.array([example.group for example in examples])
    against = np.sum([np.exp(-left_out(task, groups)) for task in stories.values()], axis=0)
    guess, refuse = 1 / (1 + against), refused_below()
    found = {name: 1 / (1 + np.exp(-left_out(task, groups))) > 1 - refuse for name, task in detectors.items()}
    refused = (guess < refuse) | np.any(list(found.values()), axis=0)
    corpora = np.array([example.corpus for example in examples])
    articles = np.array([example.is_article for example in examples])
    others = _of_types(examples, set().union(*STORIES.values())) & (corpora != INVENTED)
    for corpus in sorted(set(corpora.tolist())):
        for name, which in (("not_rejected", articles), ("rejected", others)):
            held = which & (corpora == corpus)
            if held.any():
                share = refused[held].mean() if name == "rejected" else 1 - refused[held].mean()
                doubt = (~refused & (guess < DOUBT))[held].mean()
                print(f"{corpus:16} {name:13} {share:.4f}  in doubt {doubt:.4f}  of {int(held.sum())}")
    for name, task in detectors.items():
        sought, is_found = task.true == 1, found[name]
        shown = sought & (corpora == INVENTED)
        print(
            f"{name:16} finds {(shown & is_found).sum()} of {shown.sum()} invented pages, "
            f"{(sought & ~shown & is_found).sum()} of {(sought & ~shown).sum()} others, "
            f"and {(articles & is_found).sum()} of {articles.sum()} articles"
        )
    used = articles | others
    error = calibration(guess[used], articles[used].astype(float))
    print(f"refused below {refuse:.3f}; expected calibration error {error:.4f}")


if __name__ == "__main__":
    main()
