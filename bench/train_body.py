"""Trains the model that tells the blocks of an article's body: scraper/extract/body/model.json.

    ./run bench train_body CORPUS… [--leave-one-out]

Each CORPUS is a folder with manifest.jsonl, truth.jsonl and pages; those whose truth tells bodies are learned
from. With --leave-one-out no model is written: the body of each page is found by a model that learned from
the other corpora, and the figures stand beside trafilatura's. What is measured of a page is kept in .cache.
Needs LightGBM, which the program itself does not: python -m pip install lightgbm. The same folders give the
same model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.examples import Example, read_examples
from bench.figures import body_figures, snippet_figures
from scraper.extract.body.choice import better, choose_blocks, refereed
from scraper.extract.body.trees import MODEL_VERSION, Model, read_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TARGET = Path(__file__).parents[1] / "scraper" / "extract" / "body" / "model.json"
FOLDS = 5
SURE = 0.5
"""Share of the expected F1 above which a block is kept: half is the best choice where scores are true. Out of
fold, 0.6 raises word F1 by .0017 on news and shingle F1 by .0016, and costs others .0016 of shingle F1."""
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
    """Return LightGBM's tree as scraper.extract.body.trees reads it."""
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


def predict(model: Model, example: Example) -> str:
    """Return the body that a model finds."""
    own, theirs, segments = example.own.described, example.theirs.described, example.segments
    choice = better(choose_blocks(segments, own, model), lambda: choose_blocks(segments, theirs, model))
    choice = refereed(choice, segments, lambda: example.peer)
    return "\n".join(segments.blocks[index].text for index in choice.kept)


def figures(pages: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, float]:
    """Return the figures of the bodies alone: no verdict is asked."""
    return body_figures(pages) | snippet_figures(pages)


def leave_one_out(corpora: dict[str, list[Example]]) -> None:
    """Print the figures of each corpus, found by a model of the others, beside trafilatura's."""
    everything = [example for examples in corpora.values() for example in examples]
    for name, examples in corpora.items():
        model = read_model(train([example for example in everything if example.corpus != name]))
        ours = figures([(example.truth, {"body": predict(model, example)}) for example in examples])
        theirs = figures([(example.truth, {"body": example.peer}) for example in examples])
        for figure, value in ours.items():
            other = theirs[figure]
            print(
                f"{name:16} {figure:14} {value:.4f}  trafilatura {other:.4f}  {value - other:+.4f}",
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
    if arguments.leave_one_out:
        leave_one_out(corpora)
        return
    examples = [example for found in corpora.values() for example in found]
    text = json.dumps(train(examples), separators=(",", ":")).replace("},{", "},\n{")
    TARGET.write_text(f"{text}\n", encoding="utf-8")
    print(f"{TARGET}: {len(text)} bytes, learned from {len(examples)} pages")


if __name__ == "__main__":
    main()
