"""Whether the blocks of a text are what the page says: ./run bench structure [CORPUS…].

Of the headings, list items and table rows whose text is in our body, the share that has the right kind: that
of the page's own element, of either where the page has the text as several (a heading that its table of
contents repeats). trafilatura's Markdown of the same pages beside it, held against the elements whose text it
has; then the CPU of the structure step against that of trafilatura with metadata, page by page in turn.
`--wrong` lists what has another kind. Needs ../shared/corpora where no corpus is named.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import lxml.html
import trafilatura

from bench.corpus import SITE, named_corpora, read_corpus
from scraper.extraction.article import conclude, examine
from scraper.extraction.page.document import parse
from scraper.extraction.structure.block_writer import structure_of
from scraper.extraction.structure.figures import with_figures
from scraper.model import Article
from scraper.text_blocks import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from lxml.html import HtmlElement

    from scraper.model import Page

NAMES = ("wcxb-dev", "fundus-dev")
KINDS = (BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.ROW)
MIN_RIGHT = 0.98
MAX_COST = 0.03
WARM = 10
"""Pages before the first whose cost counts."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("ul", "ol", "menu", "dl")
_UNREAD = frozenset(("script", "style", "noscript", "template", "svg"))
_MARKDOWN = re.compile(r"(?P<heading>#{1,6} )|(?P<item>\s*(?:[-*+]|\d+[.)]) )|(?P<row>\|)")
_TARGET = re.compile(r"\]\([^)]*\)")
_RULE = re.compile(r"[|\s:-]+")
Line = tuple[str, BlockKind]
"""The letters and digits of a line, and what it is said to be."""


def letters(text: str) -> str:
    """Return the letters and digits of a text: what both sides keep of it."""
    return "".join(filter(str.isalnum, text)).lower()


def own_texts(element: HtmlElement) -> Iterator[str]:
    """Yield the texts of an element but for those of lists and tables in it."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in {*_LISTS, "table", *_UNREAD}:
            yield from own_texts(child)
        yield child.tail or ""


def elements_of(tree: HtmlElement) -> Iterator[Line]:
    """Yield what the page says that a text is: the innermost of these elements that holds all of it."""
    for element in tree.iter(*_HEADINGS, "li", "tr"):
        found = letters("".join(own_texts(element)))
        inner = {
            letters("".join(own_texts(each))) for each in element.iterdescendants(*_HEADINGS, "li", "tr")
        }
        if not found or found in inner:
            continue
        if element.tag in _HEADINGS:
            yield found, BlockKind.HEADING
        elif element.tag == "li":
            yield found, BlockKind.LIST_ITEM
        elif (
            sum(any(map(str.isalnum, "".join(cell.itertext()))) for cell in element.iterchildren("td", "th"))
            > 1
        ):
            yield found, BlockKind.ROW


def lines_of_markdown(text: str) -> Iterator[Line]:
    """Yield the lines of Markdown with what their signs say."""
    for line in text.splitlines():
        match = _MARKDOWN.match(line)
        if _RULE.fullmatch(line) or not line:
            continue
        kind = BlockKind.PARAGRAPH
        if match:
            kind = KINDS[(match.lastindex or 1) - 1]
        yield letters(_TARGET.sub("]", line[match.end() if match else 0 :])), kind


def judged(elements: Sequence[Line], lines: Sequence[Line]) -> Iterator[tuple[BlockKind, bool, str]]:
    """Yield, of the elements whose text is whole lines, what each is, whether the lines say so, the text."""
    starts: dict[str, list[int]] = {}
    for at, (text, _) in enumerate(lines):
        starts.setdefault(text[:1], []).append(at)
    kinds: dict[str, list[BlockKind]] = {}
    for text, kind in dict.fromkeys(elements):
        kinds.setdefault(text, []).append(kind)
    for text, said in kinds.items():
        places = [set(place) for at in starts.get(text[:1], ()) if (place := covered(text, lines, at))]
        if places:
            right = next((kind for kind in said if {kind} in places), None)
            yield right or said[0], right is not None, text


def covered(text: str, lines: Sequence[Line], at: int) -> list[BlockKind]:
    """Return the kinds of the lines from one on that together are a text, nothing where they are not."""
    kinds: list[BlockKind] = []
    while text and at < len(lines) and text.startswith(lines[at][0]):
        text = text[len(lines[at][0]) :]
        kinds.append(lines[at][1])
        at += 1
    return [] if text else kinds


def cost_of(page: Page, text: str, spent: Counter[str]) -> Article | None:
    """Return the article; the CPU of its structure and of trafilatura is added."""
    found = examine(page, SITE)
    began = time.process_time()
    blocks = structure_of(found.decisions, found.document.segments, page.url)
    with_figures(blocks, found.decisions, found.metadata.images, page.url)
    between = time.process_time()
    trafilatura.bare_extraction(text, with_metadata=True, include_comments=False, deduplicate=False)
    spent["trafilatura"] += round((time.process_time() - between) * 1e9)
    spent["structure"] += round((between - began) * 1e9)
    outcome = conclude(found)
    return outcome if isinstance(outcome, Article) else None


def run_corpus(folder: Path, *, shows: bool) -> bool:
    """Print the figures of a corpus; False where one is missed."""
    counts: dict[str, Counter[tuple[BlockKind, bool]]] = {"ours": Counter(), "trafilatura": Counter()}
    spent: Counter[str] = Counter()
    for number, sample in enumerate(read_corpus(folder)):
        if number == WARM:
            spent.clear()
        text = parse(sample.page, SITE).text
        article = cost_of(sample.page, text, spent)
        if article is None or not text.strip():
            continue
        elements = list(
            elements_of(
                lxml.html.document_fromstring(text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
            )
        )
        markdown = trafilatura.extract(text, output_format="markdown", include_comments=False) or ""
        sides = {
            "ours": [(letters(block.text), block.kind) for block in article.blocks if block.text],
            "trafilatura": list(lines_of_markdown(markdown)),
        }
        for side, lines in sides.items():
            for kind, right, line in judged(elements, [each for each in lines if each[0]]):
                counts[side][kind, right] += 1
                if shows and side == "ours" and not right:
                    print(f"{sample.page.url}: no {kind}: {line[:80]}")
    shares = {side: print_shares(folder.name, side, found) for side, found in counts.items()}
    cost = spent["structure"] / max(spent["trafilatura"], 1)
    print(f"{folder.name:12} structure costs {cost:.3f} of trafilatura with metadata, at most {MAX_COST}")
    return all(share >= MIN_RIGHT for share in shares["ours"]) and cost <= MAX_COST


def print_shares(corpus: str, side: str, counts: Counter[tuple[BlockKind, bool]]) -> list[float]:
    """Print and return the share of each kind that is right, of those that were found."""
    shares = []
    for kind in KINDS:
        total = counts[kind, True] + counts[kind, False]
        if total:
            shares.append(counts[kind, True] / total)
            print(f"{corpus:12} {side:12} {kind:10} {total:6} in the body, {shares[-1]:.4f} right")
    return shares


def main() -> int:
    """Print a row for each corpus, side and kind; 1 where ours is right too seldom or costs too much."""
    names = [name for name in sys.argv[1:] if name != "--wrong"]
    folders = named_corpora(names, NAMES)
    shows = "--wrong" in sys.argv[1:]
    right = [run_corpus(folder, shows=shows) for folder in folders]
    return int(not all(right))


if __name__ == "__main__":
    sys.exit(main())
