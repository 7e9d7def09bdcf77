"""How well pages are extracted: ./run bench quality [--corpora DIR…].

Without arguments: the project's own fixtures, against the floor in bench/quality.json; exit code 1 below it.
With corpora: every page of each is extracted, and trafilatura reads it in the same run; a line a figure:
ours, trafilatura's, the difference. Then which share of the pages names an author, an agency and a place, how
many titles are as printed where bench/titles.jsonl says that a page prints another headline than its truth,
and how far the verdicts' confidence is from the truth. --write DIR keeps what was found, a file a corpus, for
a scorer, and named.jsonl, a hundred of 1,100 records that name somebody or something, for a reader.

A corpus that weights were fitted on is judged by ./run bench train_body and train_verdict, --leave-one-out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

import numpy as np
from lxml import html

from bench.corpus import SITE, Sample, read_corpus
from bench.figures import f1, figures, holds_article, shingles
from bench.labels import words
from bench.train_verdict import calibration
from scraper.crawl.sites import load_sites
from scraper.extraction.article import extract_article
from scraper.extraction.body.decide import as_users_ask
from scraper.extraction.page.decode import decode
from scraper.extraction.words.spelling import fold
from scraper.fixtures.cases import read_cases
from scraper.model import Article
from scraper.record import to_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scraper.fixtures.cases import Case

FIXTURES = Path(__file__).parents[1] / "fixtures"
FLOOR = Path(__file__).with_suffix(".json")
TITLES = Path(__file__).with_name("titles.jsonl")
NAMED: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "author": lambda found: found.get("authors"),
    "agency": lambda found: (found.get("credit") or {}).get("agencies"),
    "place": lambda found: (found.get("dateline") or {}).get("place"),
}
"""What is named on a page that may have none: a false name is worse than none."""
_EQUAL = ("title", "authors", "language")


def score(case: Case) -> dict[str, float]:
    """Return the figures of one fixture, each from 0 to 1."""
    found = extract_article(case.page, load_sites()[case.site])
    kind = found.kind.value if found.kind else None
    right = {"kind": float(kind == case.truth["kind"])}
    if "body" not in case.truth:
        return right
    article = to_record(found, content_hash="") if isinstance(found, Article) else {"body": ""}
    body, true = words(article["body"]), words(case.truth["body"])
    right |= {"word_f1": f1(Counter(body), Counter(true)), "shingle_f1": f1(shingles(body), shingles(true))}
    return right | {
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page, what is true of it, and what both read on it."""

    truth: Mapping[str, Any]
    ours: Mapping[str, Any]
    theirs: Mapping[str, Any]
    printed: str | None = None
    """The headline that the page prints, where its truth has another one."""


def read(sample: Sample) -> Reading:
    """Return what is found on a page."""
    found = extract_article(sample.page, SITE)
    ours: dict[str, Any] = {"id": sample.id}
    if isinstance(found, Article):
        ours |= to_record(found, content_hash="") | {"id": sample.id}
    else:
        ours |= {"body": "", "reason": found.reason.value, "confidence": found.confidence}
    return Reading(truth=sample.truth, ours=ours, theirs=_peer(sample), printed=_printed(sample))


@cache
def _places() -> Mapping[str, str]:
    """Return where pages print another headline than their truth has, as XPath by id."""
    rows = map(json.loads, TITLES.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["place"] for row in rows}


def _printed(sample: Sample) -> str | None:
    place = _places().get(sample.id)
    if place is None:
        return None
    text, _ = decode(sample.page.content)
    tree = html.fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    return " ".join(str(tree.xpath(f"string({place})")).split())


def _as_printed(readings: Sequence[Reading]) -> float | None:
    """Return the share of titles as the page prints them; None where no page of a corpus is listed."""
    if not any(each.printed for each in readings):
        return None
    pairs = [(each.printed or each.truth.get("title"), each.ours.get("title") or "") for each in readings]
    return mean(fold(true) == fold(found) for true, found in pairs if true)


def _peer(sample: Sample) -> dict[str, Any]:
    """Return what trafilatura finds, asked as its users ask."""
    text, _ = decode(sample.page.content)
    found = as_users_ask(text, sample.page.url)
    if found is None:
        return {"body": ""}
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return {"body": found.text or "", "title": found.title, "authors": authors, "published": found.date}


def compare(corpora: Sequence[Path], target: Path | None) -> None:
    """Print the figures of each corpus, and write what was found where a folder is named."""
    verdicts: list[tuple[float, bool]] = []
    print(f"{'corpus':16} {'figure':14} {'ours':>7} {'trafilatura':>12} {'difference':>11}")
    for folder in corpora:
        with ProcessPoolExecutor() as pool:
            readings = list(pool.map(read, read_corpus(folder), chunksize=8))
        ours = figures((each.truth, each.ours) for each in readings)
        theirs = figures((each.truth, each.theirs) for each in readings)
        for name, value in ours.items():
            other = theirs.get(name, 0.0)
            print(f"{folder.name:16} {name:14} {value:7.4f} {other:12.4f} {value - other:+11.4f}", flush=True)
        if (share := _as_printed(readings)) is not None:
            print(f"{folder.name:16} {'title printed':14} {share:7.4f}")
        for name, named in NAMED.items():
            share = mean(bool(named(each.ours)) for each in readings)
            print(f"{folder.name:16} {'names ' + name:14} {share:7.4f}")
        verdicts += [pair for each in readings if (pair := _verdict(each)) is not None]
        if target is not None:
            target.mkdir(parents=True, exist_ok=True)
            lines = (json.dumps(each.ours, ensure_ascii=False) + "\n" for each in readings)
            (target / f"{folder.name}.jsonl").write_text("".join(lines), encoding="utf-8")
            telling = [each.ours for each in readings if any(what(each.ours) for what in NAMED.values())]
            rows = (json.dumps(_to_read(each), ensure_ascii=False) + "\n" for each in _some(telling))
            with (target / "named.jsonl").open("a", encoding="utf-8") as file:
                file.writelines(rows)
    guess, true = (
        np.array([guess for guess, _ in verdicts]),
        np.array([float(is_one) for _, is_one in verdicts]),
    )
    print(f"expected calibration error of {len(verdicts)} verdicts {calibration(guess, true):.4f}")


def _some(named: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Return an even share of the records, the same ones each time: a hundred of 1,100."""
    return sorted(named, key=lambda record: hashlib.sha256(record["id"].encode()).digest())[
        : len(named) // 11
    ]


def _to_read(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a reader holds against the page: who and what it names, and the lines that say so."""
    origins = record["provenance"]
    names = {"authors": "authors", "credit": "credit", "dateline": "dateline"}
    return {"id": record["id"], "url": record.get("url")} | {
        name: {"value": record.get(field), "raw": origins.get(field, {}).get("raw")}
        for name, field in names.items()
        if record.get(field)
    }


def _verdict(reading: Reading) -> tuple[float, bool] | None:
    """Return how likely the page was called an article, and whether it is one; None where nobody knows."""
    ours, is_article = reading.ours, holds_article(reading.truth)
    if is_article is None:
        return None
    return (1 - ours["confidence"] if "reason" in ours else ours["verdict"]["confidence"]), is_article


def main() -> int:
    """Measure the fixtures, or compare what is found on the pages of corpora."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", type=Path, nargs="+", metavar="DIR", default=())
    parser.add_argument("--write", type=Path, metavar="DIR", help="keep what was found, a file a corpus")
    arguments = parser.parse_args()
    if missing := [str(each) for each in arguments.corpora if not (each / "manifest.jsonl").is_file()]:
        parser.error(f"no corpus of pages, which has a manifest.jsonl: {', '.join(missing)}")
    if arguments.corpora:
        compare(arguments.corpora, arguments.write)
        return 0
    measured, floor = measure(), json.loads(FLOOR.read_text(encoding="utf-8"))
    for name, value in measured.items():
        print(f"{name:12} {value:.4f}  floor {floor.get(name, 0):.4f}")
    if short := below(measured, floor):
        print(f"below the floor: {', '.join(short)}", file=sys.stderr)
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main())
