"""Page text dumps: how well the article's lines are found, and the training of what finds them.

    ./run bench dumps CORPUS… [--train]

Each CORPUS is a folder with manifest.jsonl, truth.jsonl and pages; inscriptis makes a dump of each page, and
its "plain" form has no indentation and no bullets. For each page a model that saw no page of its site
decides; the figures are of ../shared/score/score.py. --train writes scraper/extraction/dumps/model.json,
learned from both forms. Needs LightGBM and inscriptis, which the program itself does not: python -m pip
install lightgbm inscriptis. The same folders give the same model.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.corpus import SITE, Sample, read_corpus
from bench.labels import label_blocks, words
from bench.train_body import FOLDS, PARAMETERS, fold, plain_tree
from scraper.extraction.body.trees import MODEL_VERSION, read_model
from scraper.extraction.dumps.decide import choose_lines
from scraper.extraction.dumps.line_features import describe_lines, read_lines
from scraper.extraction.page.document import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TARGET = Path(__file__).parents[1] / "scraper" / "extraction" / "dumps" / "model.json"
THRESHOLD = 0.45
ROUNDS = 250
NEWS = {"fundus-dev": 3.0}
"""Weight of a page, by corpus: newspapers are what the program is for."""
_MARK = re.compile(r"^[ \t\xa0]*(?:[*+o] )?[ \t\xa0]*", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """The lines of one page as the model sees them."""

    corpus: str
    site: str
    plain: bool
    truth: str = field(repr=False)
    texts: Sequence[str] = field(repr=False)
    rows: NDArray[np.float32] = field(repr=False)
    columns: tuple[str, ...] = field(repr=False)
    labels: NDArray[np.float64] = field(repr=False)
    weights: NDArray[np.float64] = field(repr=False)


def make_dumps(sample: Sample) -> list[Dump]:
    """Return the dump of a page as inscriptis writes it, and without indentation."""
    import inscriptis

    text = inscriptis.get_text(parse(sample.page, SITE).text)
    forms = (text, _MARK.sub("", text))
    return [dump for plain, form in enumerate(forms) if (dump := _dump(sample, form, plain=bool(plain)))]


def _dump(sample: Sample, text: str, *, plain: bool) -> Dump | None:
    lines = read_lines(text)
    if not lines:
        return None
    rows, columns = describe_lines(lines)
    tokens = [words(line.text) for line in lines]
    labels = label_blocks(tokens, words(sample.truth["body"]))
    lengths = np.array([len(found) for found in tokens])
    true = max(lengths[labels > 0.5].sum(), 60)  # noqa: PLR2004 - more in than out
    weights = (np.minimum(lengths / true, 0.3) + 0.004) * NEWS.get(sample.corpus, 1.0)
    return Dump(
        corpus=sample.corpus,
        site=sample.site,
        plain=plain,
        truth=sample.truth["body"],
        texts=[line.text for line in lines],
        rows=rows,
        columns=columns,
        labels=labels,
        weights=weights,
    )


def train(dumps: Sequence[Dump]) -> dict[str, Any]:
    """Return the model file's content."""
    import lightgbm

    rows = np.vstack([dump.rows for dump in dumps])
    weights = np.concatenate([dump.weights for dump in dumps])
    labels = np.concatenate([dump.labels for dump in dumps])
    booster = lightgbm.train(
        PARAMETERS | {"learning_rate": 0.06},
        lightgbm.Dataset(rows, labels, weight=weights / weights.mean()),
        ROUNDS,
    )
    return {
        "version": MODEL_VERSION,
        "threshold": THRESHOLD,
        "columns": list(dumps[0].columns),
        "trees": [plain_tree(info["tree_structure"]) for info in booster.dump_model()["tree_info"]],
    }


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of four words."""
    found = words(text)
    return Counter(tuple(found[at : at + 4]) for at in range(max(len(found) - 3, min(len(found), 1))))


def measure(dumps: Sequence[Dump]) -> dict[str, dict[str, float]]:
    """Return precision, recall and F1 of shingles for each corpus and form, out of fold."""
    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(FOLDS):
        model = read_model(train([dump for dump in dumps if fold(dump.site) != number]))
        for dump in dumps:
            if fold(dump.site) != number:
                continue
            kept, _ = choose_lines(dump.texts, model.scores(dump.rows).tolist(), model.threshold)
            body = "\n".join(text for text, keep in zip(dump.texts, kept, strict=True) if keep)
            guess, true = shingles(body), shingles(dump.truth)
            hits = (guess & true).total()
            pair = (hits / max(guess.total(), 1), hits / max(true.total(), 1))
            found.setdefault(f"{dump.corpus}{' plain' * dump.plain}", []).append(pair)
    figures = {}
    for corpus, pairs in found.items():
        precision, recall = (float(np.mean(values)) for values in zip(*pairs, strict=True))
        f1 = 2 * precision * recall / (precision + recall)
        figures[corpus] = {"precision": precision, "recall": recall, "shingle_f1": f1, "pages": len(pairs)}
    return figures


def main() -> None:
    """Measure, or train."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", type=Path, nargs="+", metavar="CORPUS")
    parser.add_argument("--train", action="store_true")
    arguments = parser.parse_args()
    samples = [sample for folder in arguments.corpora for sample in read_corpus(folder)]
    with ProcessPoolExecutor() as pool:
        dumps = [dump for made in pool.map(make_dumps, samples, chunksize=8) for dump in made]
    if arguments.train:
        text = json.dumps(train(dumps), separators=(",", ":")).replace("},{", "},\n{")
        TARGET.write_text(f"{text}\n", encoding="utf-8")
        print(f"{TARGET}: {len(text)} bytes, learned from {len(dumps)} dumps")
        return
    for corpus, figures in measure(dumps).items():
        print(corpus, " ".join(f"{name}={value:.4f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
