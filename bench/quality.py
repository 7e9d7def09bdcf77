"""How well pages are extracted: ./run bench quality [CORPUS PREDICTIONS].

Without arguments: the project's own fixtures, against the floor in bench/quality.json; exit code 1 below it.
With them: every page of a corpus folder is extracted and the results are written as JSON lines for a scorer.
A rejected page has an empty body. Bodies of a corpus that the model learned from count only as predicted by
./run bench train_body CORPUS… --leave-one-out, where no model saw a page of the same corpus.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

from bench.corpus import SITE, Sample, read_corpus
from bench.labels import words
from scraper.crawl.sites import load_sites
from scraper.extract.article import extract_article
from scraper.fixtures.cases import read_cases
from scraper.model import Article
from scraper.record import to_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.fixtures.cases import Case

FIXTURES = Path(__file__).parents[1] / "fixtures"
FLOOR = Path(__file__).with_suffix(".json")
_SHINGLE = 4
_EQUAL = ("title", "authors", "language")
_FIELDS = (*_EQUAL, "published", "credit", "dateline")


def f1(found: Counter[Any], true: Counter[Any]) -> float:
    """Return the harmonic mean of precision and recall of two bags."""
    common = (found & true).total()
    return 2 * common / (found.total() + true.total()) if common else float(not found and not true)


def shingles(text: list[str]) -> Counter[tuple[str, ...]]:
    """Return the runs of four words; of a shorter text, the one that it is."""
    return Counter(tuple(text[at : at + _SHINGLE]) for at in range(max(len(text) - _SHINGLE + 1, 1)))


def score(case: Case) -> dict[str, float]:
    """Return the figures of one fixture, each from 0 to 1."""
    found = extract_article(case.page, load_sites()[case.site])
    kind = found.kind.value if found.kind else None
    figures = {"kind": float(kind == case.truth["kind"])}
    if "body" not in case.truth:
        return figures
    article = _fields(found) if isinstance(found, Article) else {"body": ""}
    body, true = words(article["body"]), words(case.truth["body"])
    figures |= {"word_f1": f1(Counter(body), Counter(true)), "shingle_f1": f1(shingles(body), shingles(true))}
    return figures | {
        name: float(article.get(name) == case.truth[name]) for name in _EQUAL if name in case.truth
    }


def measure() -> dict[str, float]:
    """Return the mean of every figure over the fixtures that have it."""
    rows = [score(case) for case in read_cases(FIXTURES)]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: round(mean(row[name] for row in rows if name in row), 4) for name in names}


def below(figures: Mapping[str, float], floor: Mapping[str, float]) -> list[str]:
    """Return the names of the figures that fall short of the floor."""
    return [name for name, least in floor.items() if figures.get(name, 0.0) < least]


def predict(sample: Sample) -> dict[str, Any]:
    """Return the line that a scorer reads for a page."""
    found = extract_article(sample.page, SITE)
    return {"id": sample.id, **(_fields(found) if isinstance(found, Article) else {"body": ""})}


def _fields(article: Article) -> dict[str, Any]:
    record = to_record(article, content_hash="")
    return {name: record[name] for name in ("body", *_FIELDS)}


def main() -> int:
    """Measure the fixtures, or write what is found on the pages of a corpus."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("predictions", type=Path, nargs="?")
    arguments = parser.parse_args()
    if arguments.corpus:
        if not arguments.predictions:
            parser.error("name the file for the predictions after the corpus")
        with ProcessPoolExecutor() as pool, arguments.predictions.open("w", encoding="utf-8") as file:
            for line in pool.map(predict, read_corpus(arguments.corpus), chunksize=8):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return 0
    figures, floor = measure(), json.loads(FLOOR.read_text(encoding="utf-8"))
    for name, value in figures.items():
        print(f"{name:12} {value:.4f}  floor {floor.get(name, 0):.4f}")
    if short := below(figures, floor):
        print(f"below the floor: {', '.join(short)}", file=sys.stderr)
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main())
