"""Trains the model that tells the blocks of an article's body: scraper/extraction/body/model.json.

    ./run bench train_body CORPUS… [--leave-one-out]

Each CORPUS is a folder with manifest.jsonl, truth.jsonl and pages; those whose truth tells bodies are learned
from. The body of each page is first found by a model that learned from the other corpora, with bounds of the
referee that were fitted on these: those figures are printed beside trafilatura's. With --leave-one-out no
model is written. What is measured of a page is kept in .cache.
Needs LightGBM, which the program itself does not: python -m pip install lightgbm. The same folders give the
same model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bench.examples import Example, read_examples
from bench.figures import body_figures, snippet_figures
from scraper.extraction.body.choice import better, choose_blocks, second_opinion
from scraper.extraction.body.trees import MODEL_VERSION, Model, RefereeBounds, read_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scraper.extraction.body.choice import Choice

TARGET = Path(__file__).parents[1] / "scraper" / "extraction" / "body" / "model.json"
FOLDS = 5
SURE = 0.5
"""Share of the expected F1 above which a block is kept: half is the best choice where scores are true. Out of
fold, 0.6 raises word F1 by .0017 on news and shingle F1 by .0016, and costs others .0016 of shingle F1."""
EXPECTED = tuple(round(0.5 + 0.05 * step, 2) for step in range(11))
AGREEMENT = tuple(round(0.3 + 0.1 * step, 1) for step in range(7))
"""The bounds of the referee that are tried: expected word F1, and agreement with it."""
PAGE = {"fundus-dev": 2.5, "portals-dev": 1.5, "readability-dev": 2.0, "chinese-dev": 2.0}
"""Weight of a page, by corpus: that of the largest is 1, and none is most of what is learned."""
ROUNDS = 200
PARAMETERS = {
    "objective": "cross_entropy",
    "learning_rate": 0.09,
    "num_leaves": 15,
    "min_data_in_leaf": 60,
    "min_sum_hessian_in_leaf": 1e-3,
    "feature_fraction": 0.25,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 3.0,
    "max_bin": 63,
    "use_missing": False,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 7,
    "verbose": -1,
}


def fold(site: str) -> int:
    """Return the fold of a site, from 0 to FOLDS - 1; it depends on nothing but the name."""
    return int(hashlib.sha256(site.encode()).hexdigest(), 16) % FOLDS


def train(examples: Sequence[Example]) -> dict[str, Any]:
    """Return the model file's content."""
    import lightgbm

    looks = [
        (example.corpus, look)
        for example in examples
        if "body" in example.truth
        for look in (example.own, example.theirs)
        if look.described.read
    ]
    columns = looks[0][1].described.columns
    rows = np.vstack([look.described.rows for _, look in looks])
    labels = np.concatenate([look.labels for _, look in looks])
    weights = np.concatenate([look.weights * PAGE.get(corpus, 1.0) for corpus, look in looks])
    data = lightgbm.Dataset(rows, labels, weight=weights / weights.mean())
    booster = lightgbm.train(PARAMETERS, data, ROUNDS)
    return {
        "version": MODEL_VERSION,
        "threshold": SURE,
        "columns": list(columns),
        "trees": [plain_tree(info["tree_structure"]) for info in booster.dump_model()["tree_info"]],
    }


def plain_tree(root: dict[str, Any]) -> dict[str, list[Any]]:
    """Return LightGBM's tree as scraper.extraction.body.trees reads it."""
    tree: dict[str, list[Any]] = {
        "feature": [], "limit": [], "left": [], "right": [], "value": [], "leaf": []
    }  # fmt: skip

    def add(node: dict[str, Any]) -> int:
        if "split_feature" not in node:
            tree["leaf"].append(round(node["leaf_value"], 5))
            return -len(tree["leaf"])
        at = len(tree["feature"])
        tree["feature"].append(node["split_feature"])
        tree["limit"].append(float(f"{node['threshold']:.6g}"))
        tree["value"].append(round(node["internal_value"], 5))
        tree["left"].append(0)
        tree["right"].append(0)
        tree["left"][at] = add(node["left_child"])
        tree["right"][at] = add(node["right_child"])
        return at

    add(root)
    return tree


class Doubtful(NamedTuple):
    """A page by a model that does not know its corpus: what it keeps, what the referee does."""

    example: Example
    ours: Choice
    theirs: Choice
    agreement: float

    def body(self, bounds: RefereeBounds) -> str:
        """Return the body within these bounds."""
        is_taken = self.ours.expected < bounds.expected and self.agreement < bounds.agreement
        kept = (self.theirs if is_taken else self.ours).kept
        return "\n".join(self.example.segments.blocks[index].text for index in kept)


def predict(model: Model, example: Example) -> Doubtful:
    """Return what a model keeps of a page, and what the referee does."""
    own, theirs, segments = example.own.described, example.theirs.described, example.segments
    choice = better(choose_blocks(segments, own, model), lambda: choose_blocks(segments, theirs, model))
    return Doubtful(example, choice, *second_opinion(choice, segments, example.peer))


def fit_bounds(corpora: Mapping[str, Sequence[Doubtful]]) -> RefereeBounds:
    """Return the bounds by which the corpora, each counting alike, gain most; the narrowest of equal ones."""
    never = RefereeBounds(0.0, 0.0)
    always = RefereeBounds(2.0, 2.0)
    gains = {
        name: [
            (page, _figure(page, always) - _figure(page, never))
            for page in pages
            if page.ours.expected < max(EXPECTED) and page.agreement < max(AGREEMENT)
        ]
        for name, pages in corpora.items()
    }

    def gain(bounds: RefereeBounds) -> float:
        return sum(
            sum(
                gained
                for page, gained in gains[name]
                if page.ours.expected < bounds.expected and page.agreement < bounds.agreement
            )
            / len(pages)
            for name, pages in corpora.items()
        )

    return max((RefereeBounds(*each) for each in product(EXPECTED, AGREEMENT)), key=gain)


def _figure(page: Doubtful, bounds: RefereeBounds) -> float:
    found = figures([(page.example.truth, {"body": page.body(bounds)})])
    return next((found[name] for name in ("word_f1", "snippet_f1", "with") if name in found), 0.0)


def figures(pages: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, float]:
    """Return the figures of the bodies alone: no verdict is asked."""
    return body_figures(pages) | snippet_figures(pages)


def by_others(corpora: Mapping[str, Sequence[Example]]) -> dict[str, list[Doubtful]]:
    """Return the pages of each corpus as a model of the others sees them."""
    everything = [example for examples in corpora.values() for example in examples]
    found = {}
    for name, examples in corpora.items():
        model = read_model(train([example for example in everything if example.corpus != name]))
        found[name] = [predict(model, example) for example in examples]
        print(f"{name}: {len(examples)} pages by a model of the others", file=sys.stderr, flush=True)
    return found


def show(corpora: Mapping[str, Sequence[Doubtful]]) -> None:
    """Print the figures of each corpus, by models and bounds that do not know it, beside trafilatura's."""
    for name, pages in corpora.items():
        bounds = fit_bounds({other: each for other, each in corpora.items() if other != name})
        ours = figures([(page.example.truth, {"body": page.body(bounds)}) for page in pages])
        theirs = figures([(page.example.truth, {"body": page.example.peer}) for page in pages])
        for figure, value in ours.items():
            other = theirs[figure]
            print(
                f"{name:16} {figure:14} {value:.4f}  trafilatura {other:.4f}  {value - other:+.4f}"
                f"  referee below {bounds.expected:.2f}, {bounds.agreement:.2f}",
                flush=True,
            )


def main() -> None:
    """Train, or find the bodies of each corpus by a model of the others."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", type=Path, nargs="+", metavar="CORPUS")
    parser.add_argument("--leave-one-out", action="store_true")
    arguments = parser.parse_args()
    corpora = {folder.name: read_examples(folder) for folder in arguments.corpora}
    seen = by_others(corpora)
    show(seen)
    if arguments.leave_one_out:
        return
    examples = [example for found in corpora.values() for example in found]
    model = train(examples) | {"referee": fit_bounds(seen)}
    text = json.dumps(model, separators=(",", ":")).replace("},{", "},\n{")
    TARGET.write_text(f"{text}\n", encoding="utf-8")
    print(f"{TARGET}: {len(text)} bytes, learned from {len(examples)} pages")


if __name__ == "__main__":
    main()
