"""Trains the model that tells the blocks of an article's body: scraper/extract/body/model.json.

    ./run bench train_body CORPUS… [--folds FOLDER]

Each CORPUS is a folder with manifest.jsonl, truth.jsonl and pages. With --folds no model is written: for each
page a model that saw no page of its site predicts the body, into FOLDER/<corpus>.jsonl. Needs LightGBM, which
the program itself does not: python -m pip install lightgbm. The same folders give the same model.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.corpus import SITE, Sample, read_corpus
from bench.labels import label_blocks, words
from scraper.extract.body.block_measures import BlockMeasures
from scraper.extract.body.decide import better, choose, clues_of
from scraper.extract.body.features import Description, describe
from scraper.extract.body.reference_texts import in_main_prose
from scraper.extract.body.trees import VERSION, Model, read_model
from scraper.extract.page.document import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scraper.extract.page.blocks import Segments

TARGET = Path(__file__).parents[1] / "scraper" / "extract" / "body" / "model.json"
FOLDS = 5
IN = 0.5
"""Share of a block's words in the true body above which it counts as part of it."""
SURE = 0.5
"""Share of the expected F1 above which a block is kept: half is the best choice where scores are true. Out of
fold, 0.6 raises word F1 by .0017 on news and shingle F1 by .0016, and costs others .0016 of shingle F1."""
SHORTEST = 60
"""Words of a body below which its blocks weigh no more."""
NEWS = {"fundus-dev": 3.0, "portals-dev": 0.7}
"""Weight of a page, by corpus: newspapers are what the program is for; two portals are many pages alike."""
ROUNDS = 300
PARAMETERS = {
    "objective": "cross_entropy",
    "learning_rate": 0.06,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The blocks of a page as the model sees them, by one first choice."""

    described: Description
    labels: NDArray[np.float64]
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A page, and what is learned from it."""

    corpus: str
    id: str
    site: str
    segments: Segments = field(repr=False)
    looks: Sequence[Look] = field(repr=False)
    """By trafilatura's choice, and by where the prose stands: a model that learned from both leans less on
    either. Out of fold word F1 rises by .001 on news and .003 on other articles."""


def make_example(sample: Sample) -> Example | None:
    """Return what is learned from a page; None where it has no text."""
    document = parse(sample.page, SITE)
    segments = document.segments
    if not segments.blocks:
        return None
    tokens = [words(block.text) for block in segments.blocks]
    lengths = np.array([len(block) for block in tokens])
    true = label_blocks(tokens, words(sample.truth["body"]))
    references, measures = clues_of(document), BlockMeasures(segments)
    looks = []
    for first in (references, in_main_prose(references, segments)):
        described = describe(measures, first)
        if described.read:
            labels = true[described.read]
            # whatever a corpus counts: the title is a field of its own
            labels[described.rows[:, described.columns.index("is title")] > 0] = 0.0
            weights = _weights(sample.corpus, lengths[described.read], labels)
            looks.append(Look(described=described, labels=labels, weights=weights))
    bare = [dataclasses.replace(block, element=None) for block in segments.blocks]  # an element stays here
    return Example(
        corpus=sample.corpus,
        id=sample.id,
        site=sample.site,
        segments=dataclasses.replace(segments, blocks=tuple(bare)),
        looks=looks,
    )


def _weights(corpus: str, lengths: NDArray[np.int64], labels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a mistake costs: the block's share of the page's true words, for pages weigh alike."""
    true = max(lengths[labels > IN].sum(), SHORTEST)
    return np.asarray(np.minimum(lengths / true, 0.3) + 0.004) * NEWS.get(corpus, 1.0)


def fold(site: str) -> int:
    """Return the fold of a site, from 0 to FOLDS - 1; it depends on nothing but the name."""
    return int(hashlib.sha256(site.encode()).hexdigest(), 16) % FOLDS


def train(examples: Sequence[Example]) -> dict[str, Any]:
    """Return the model file's content."""
    import lightgbm

    looks = [look for example in examples for look in example.looks]
    columns = looks[0].described.columns
    rows = np.vstack([look.described.rows for look in looks])
    labels = np.concatenate([look.labels for look in looks])
    weights = np.concatenate([look.weights for look in looks])
    data = lightgbm.Dataset(rows, labels, weight=weights / weights.mean())
    booster = lightgbm.train(PARAMETERS, data, ROUNDS)
    return {
        "version": VERSION,
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
    first, *others = [choose(example.segments, look.described, model) for look in example.looks]
    choice = better(first, lambda: others[0]) if others else first
    return "\n".join(
        example.segments.blocks[index].text
        for index, kept in zip(choice.described.read, choice.kept, strict=True)
        if kept
    )


def main() -> None:
    """Train, or predict each page by a model that does not know its site."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", type=Path, nargs="+", metavar="CORPUS")
    parser.add_argument("--folds", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    samples = [sample for folder in arguments.corpora for sample in read_corpus(folder)]
    with ProcessPoolExecutor() as pool:
        made = pool.map(make_example, samples, chunksize=8)
        examples = [example for example in made if example is not None and example.looks]
    if arguments.folds is None:
        text = json.dumps(train(examples), separators=(",", ":")).replace("},{", "},\n{")
        TARGET.write_text(f"{text}\n", encoding="utf-8")
        print(f"{TARGET}: {len(text)} bytes, learned from {len(examples)} pages")
        return
    arguments.folds.mkdir(parents=True, exist_ok=True)
    lines: dict[str, list[str]] = {folder.name: [] for folder in arguments.corpora}
    for number in range(FOLDS):
        model = read_model(train([example for example in examples if fold(example.site) != number]))
        for example in examples:
            if fold(example.site) == number:
                body = predict(model, example)
                lines[example.corpus].append(json.dumps({"id": example.id, "body": body}, ensure_ascii=False))
    for name, found in lines.items():
        (arguments.folds / f"{name}.jsonl").write_text("\n".join([*found, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
