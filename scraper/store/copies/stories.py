"""The copies of one story: who ran it, when, and how much of the fullest text; printed by scraper cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.dedup import kernel
from scraper.dedup.shingle import sign
from scraper.dedup.words import Words
from scraper.model import RelationKind
from scraper.record import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import ArticleId, StoredArticle
    from scraper.store.protocol import Store

COPIES = {RelationKind.NEAR_DUPLICATE, RelationKind.SYNDICATED}


def members(store: Store, article_id: ArticleId, most: int | None = None) -> Sequence[dict[str, Any]]:
    """Return a row for each article of the story, the first one first, measured against the fullest text.

    Of a story with more than `most` articles, so many that copies lead to.
    """
    found = printings(store, article_id, most)
    words = {stored.id: Words(sign(stored.article.body)) for stored in found}
    fullest = max(found, key=lambda stored: len(words[stored.id].shingles))
    return [_row(stored, words[stored.id], words[fullest.id]) for stored in found]


def printings(store: Store, article_id: ArticleId, most: int | None = None) -> Sequence[StoredArticle]:
    """Return the articles of the story, at most so many, the first one first."""
    found = [stored for key in _connected(store, article_id, most) if (stored := store.find_by_id(key))]
    found.sort(key=lambda stored: (stored.article.published or instant(stored.first_seen), stored.first_seen))
    return found


def _connected(store: Store, article_id: ArticleId, most: int | None) -> Sequence[ArticleId]:
    """Return the articles that copies lead to and from; the links of round-ups lead nowhere."""
    reached, ahead = {article_id: None}, [article_id]
    while ahead and (most is None or len(reached) < most):
        key = ahead.pop()
        for edge in store.edges(key):
            if edge.relation.kind in COPIES:
                new = [end for end in (edge.source, edge.relation.to) if end not in reached]
                reached |= dict.fromkeys(new)
                ahead += new
    return list(reached)[:most]


def _row(stored: StoredArticle, words: Words, fullest: Words) -> dict[str, Any]:
    common = kernel.loops.shared(words.shingles, fullest.shingles)
    return {
        "id": stored.id,
        "first": stored.article.published or instant(stored.first_seen),
        "site": stored.article.site,
        "relation": stored.relation.kind.value if stored.relation else None,
        "to": stored.relation.to if stored.relation else None,
        "kept": round(common / max(1, len(fullest.shingles)), 4),
        "own": round(1 - common / max(1, len(words.shingles)), 4),
        "words": len(words.tokens),
        "title": stored.article.title,
        "evidence": dict(stored.relation.evidence) if stored.relation else {},
    }
