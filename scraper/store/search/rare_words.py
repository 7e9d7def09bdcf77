"""Articles that share rare words and names with one: a story that another site tells anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

from scraper.store.queries import Similar
from scraper.store.search.engine import FIRST_KEY, LAST_KEY
from scraper.store.search.expressions import either, word_terms
from scraper.store.search.snippets import placed_terms
from scraper.store.search.terms import stem_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import Article, StoredArticle
    from scraper.store.search.engine import SearchIndex

MOST_WORDS = 60
"""Words of an article that are looked up: names and numbers, then what it says most often."""
_LEAST_CAP, _MOST_CAP, _SHARE = 10, 2_000, 50
"""A word is rare that at most a fiftieth of the articles has, or ten, and never more than 2,000."""
_LEAST_SHARED = 2
"""One word is chance."""
_LEAST_LETTERS = 2
_NEAR = 3
"""Characters before a word that tell whether it begins a sentence."""
_SENTENCE_ENDS = ".!?:;\n\"'“”„«»([–—-"


@dataclass(slots=True)
class _Seen:
    """A word of an article."""

    text: str
    number: int = 0
    is_name: bool = False


def telling_words(article: Article) -> Sequence[str]:
    """Return the words by which an article may be known, as it writes them: names and numbers first."""
    text = "\n".join(filter(None, (article.title, article.standfirst, article.body)))
    seen: dict[str, _Seen] = {}
    for placed in placed_terms(text, stem_code(article.language)):
        word = text[placed.start : placed.end]
        if len(word) < _LEAST_LETTERS:
            continue
        known = seen.setdefault(placed.term, _Seen(word))
        known.number += 1
        before = text[max(0, placed.start - _NEAR) : placed.start].rstrip(" ")[-1:]
        if word[0].isdigit() or (word[0].isupper() and before and before not in _SENTENCE_ENDS):
            known.is_name, known.text = True, word
    ordered = sorted(
        seen.values(), key=lambda each: (not each.is_name, -each.number, -len(each.text), each.text)
    )
    return [each.text for each in ordered[:MOST_WORDS]]


def find_similar(index: SearchIndex, stored: StoredArticle, limit: int) -> Sequence[Similar]:
    """Return articles that share at least two rare words with one, those with most first."""
    size, codes = index.size(), index.codes() or [""]
    cap = min(_MOST_CAP, max(_LEAST_CAP, size // _SHARE))
    scores: Counter[int] = Counter()
    shared: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for word in telling_words(stored.article):
        alternatives = either([word_terms(word, code) for code in codes])
        keys = index.newest(alternatives, FIRST_KEY, LAST_KEY, cap + 1)
        if not 1 < len(keys) <= cap:
            continue
        rarity = log2(size / len(keys)) if size > len(keys) else 0.0
        for key in keys:
            scores[key] += rarity  # type: ignore[assignment]
            shared[key].append((-rarity, word))
    best = sorted(
        (key for key in scores if len(shared[key]) >= _LEAST_SHARED), key=lambda key: (-scores[key], -key)
    )
    found = index.stored(best[: limit + 1])
    return [
        Similar(
            article=found[key],
            words=tuple(word for _, word in sorted(shared[key])),
            score=round(scores[key], 2),
        )
        for key in best[: limit + 1]
        if key in found and found[key].id != stored.id
    ][:limit]
