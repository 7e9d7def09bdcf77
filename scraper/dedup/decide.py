"""What an article is to those already stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.dedup.shingle import sign
from scraper.model import Relation, RelationKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.dedup.index import DedupIndex
    from scraper.model import Article, Candidate, Signature, StoredArticle

REVISION_CAP = 100
"""Revisions kept of one address: a page that changes at every fetch (a counter, a ticker) stops there, an
article refetched at 1 h, 6 h, 24 h and 7 days never comes near."""


def judge(article: Article, *, stored: StoredArticle | None, index: DedupIndex) -> Verdict:
    """Return what the article is to those stored; `stored` is what its address holds now."""
    signature = sign(article.body)
    if stored is not None:
        return decide(article, signature, stored=stored, story=index.story(stored.id))
    return decide(article, signature, stored=None, candidates=index.candidates(signature, article.site))


def decide(
    article: Article,
    signature: Signature,
    *,
    stored: StoredArticle | None,
    story: int = 0,
    candidates: Iterable[Candidate] = (),
) -> Verdict:
    """Return what the article is to the one at its address, of that story, else to the candidates."""
    if stored is not None:
        return Verdict(
            article=article,
            signature=signature,
            relation=_same_address(article, signature, stored),
            story=story,
            expected_revision=stored.revision,
        )
    for candidate in candidates:
        if candidate.signature.content_hash == signature.content_hash:
            relation = Relation(
                kind=_kind(article, candidate.stored.article), to=candidate.stored.id, score=1.0
            )
            return Verdict(article=article, signature=signature, relation=relation, story=candidate.story)
    return Verdict(article=article, signature=signature)


def _same_address(article: Article, signature: Signature, stored: StoredArticle) -> Relation:
    """Return whether the text at an address changed."""
    if signature.content_hash == stored.content_hash:
        return Relation(kind=RelationKind.UNCHANGED, to=stored.id, score=1.0)
    if stored.revision >= REVISION_CAP:
        evidence: dict[str, float | str] = {"revision_cap": REVISION_CAP}
        return Relation(kind=RelationKind.UNCHANGED, to=stored.id, score=0.0, evidence=evidence)
    evidence = {"silent_edit": "yes"} if _is_silent(article, stored.article) else {}
    return Relation(kind=RelationKind.REVISION, to=stored.id, score=0.0, evidence=evidence)


def _is_silent(article: Article, before: Article) -> bool:
    """Return whether the page's date of modification stayed, or the page was looked at and has none."""
    source = article.provenance.get("modified")
    is_known = article.modified is not None or (source is not None and source.source == "absent")
    return is_known and article.modified == before.modified


def _kind(article: Article, other: Article) -> RelationKind:
    """Return near_duplicate inside one publisher or site, else syndicated."""
    same = article.site == other.site or (
        article.publisher is not None and article.publisher == other.publisher
    )
    return RelationKind.NEAR_DUPLICATE if same else RelationKind.SYNDICATED
