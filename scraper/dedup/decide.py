"""An article and what is stored → its verdict: new, unchanged, a revision or a copy; read by what saves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.dedup import kernel
from scraper.dedup.compare import STRONG, Match, compare
from scraper.dedup.direction import origin
from scraper.dedup.shingle import sign
from scraper.dedup.stories import parts_apart
from scraper.dedup.words import Words, prepare_to_compare
from scraper.model import Relation, RelationKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.dedup.index import Candidate, DedupIndex
    from scraper.model import Article, Signature, StoredArticle

    Near = Sequence[tuple[Match, Candidate]]

EXACT = "words"
"""The evidence of a relation between equal texts: how many words they have."""
AGREEING = 0.5
"""Of what two texts have together, what they share. Two articles of a site share under 0.3, even where one
template wrote both; an AMP or print form shares over 0.9 with its page."""
REVISION_CAP = 100
"""Revisions kept of one address: a page that changes at every fetch (a counter, a ticker) stops there, an
article refetched at 1 h, 6 h, 24 h and 7 days never comes near."""


def decide(article: Article, *, stored: StoredArticle | None, index: DedupIndex) -> Verdict:
    """Return what the article is to those stored; `stored` is what its address holds now."""
    signature = index.signature(article.body)
    if stored is not None:
        return decide_revision(article, signature, stored=stored, story=index.story(stored.id))
    words = index.words(signature)
    return decide_copy(article, signature, words=words, candidates=index.candidates(words))


def decide_revision(article: Article, signature: Signature, *, stored: StoredArticle, story: int) -> Verdict:
    """Return what the article is to the text that its address had, which is of the given story."""
    if signature.content_hash == stored.content_hash:
        relation = Relation(kind=RelationKind.UNCHANGED, to=stored.id, score=1.0)
    else:
        match = _overlap(Words(signature), Words(sign(stored.article.body)))
        evidence: dict[str, float | str] = {"jaccard": match}
        kind = RelationKind.REVISION
        if stored.revision >= REVISION_CAP:
            kind, evidence["revision_cap"] = RelationKind.UNCHANGED, REVISION_CAP
        elif _is_silent(article, stored.article):
            evidence["silent_edit"] = "yes"
        relation = Relation(kind=kind, to=stored.id, score=match, evidence=evidence)
    return Verdict(
        article=article,
        signature=signature,
        relation=relation,
        story=story,
        expected_revision=stored.revision,
    )


def decide_copy(
    article: Article, signature: Signature, *, words: Words, candidates: Sequence[Candidate]
) -> Verdict:
    """Return what an article at a new address is to the nearest of the candidates."""
    if not words.tells:
        return Verdict(article=article, signature=signature)
    for candidate in candidates:
        if candidate.words.content_hash == signature.content_hash:
            relation = equal_relation(article, candidate)
            return Verdict(
                article=article, signature=signature, relation=relation, story=candidate.text.story
            )
    prepare_to_compare([words, *(candidate.words for candidate in candidates)])
    near = [
        (match, candidate)
        for candidate in candidates
        if (match := compare(words, candidate.words, same_site=article.site == candidate.text.site))
    ]
    near.sort(key=lambda edge: (-round(edge[0].closeness, 9), edge[1].text.document))
    pairs = tuple((candidate.text.document, match.closeness) for match, candidate in near)
    near = [edge for edge in near if not edge[1].text.is_roundup]
    accepted = [edge for edge in near if not edge[0].is_part]
    if accepted and (contained := _contained(words, near)):
        links = tuple(copy_relation(article, *edge, kind=RelationKind.CONTAINS) for edge in contained)
        return Verdict(article=article, signature=signature, links=links, pairs=pairs)
    alike = {candidate.text.document for _, candidate in accepted}
    for match, candidate in accepted:
        story = candidate.text.story
        if match.jaccard >= STRONG or story in alike:
            relation = copy_relation(article, match, candidate)
            return Verdict(article=article, signature=signature, relation=relation, story=story, pairs=pairs)
    return Verdict(article=article, signature=signature, pairs=pairs)


def _contained(words: Words, near: Near) -> Near:
    """Return the nearest text of each story that the text holds a part of, if it is a round-up of several."""
    nearest: dict[int, tuple[Match, Candidate]] = {}
    for match, candidate in near:
        nearest.setdefault(candidate.text.story, (match, candidate))
    edges = {candidate.text.document: (match, candidate) for match, candidate in nearest.values()}
    held = parts_apart(words, list(edges), lambda document: edges[document][1].words)
    return [edges[document] for document in held]


def equal_relation(article: Article, candidate: Candidate) -> Relation:
    """Return the relation to a text of the same words."""
    return _relation(article, candidate, evidence={EXACT: len(candidate.words.tokens)}, score=1.0)


def copy_relation(
    article: Article, match: Match, candidate: Candidate, kind: RelationKind | None = None
) -> Relation:
    """Return the relation to a text with the figures that it rests on."""
    evidence: dict[str, float | str] = {
        "containment": round(match.containment, 4),
        "jaccard": round(match.jaccard, 4),
        "slot_conflict": round(match.conflict, 4),
        "shared_shingles": match.shared,
    }
    cut = None if kind is RelationKind.CONTAINS else match  # a round-up holds whole stories, and is no origin
    return _relation(
        article, candidate, evidence=evidence, score=round(match.containment, 4), kind=kind, match=cut
    )


def _relation(
    article: Article,
    candidate: Candidate,
    *,
    evidence: dict[str, float | str],
    score: float,
    kind: RelationKind | None = None,
    match: Match | None = None,
) -> Relation:
    text = candidate.text
    same = article.site == text.site or (
        article.publisher is not None and article.publisher == text.publisher
    )
    kind = kind or (RelationKind.NEAR_DUPLICATE if same else RelationKind.SYNDICATED)
    return Relation(
        kind=kind, to=text.article_id, score=score, evidence=evidence | origin(article, text, match)
    )


def _overlap(one: Words, other: Words) -> float:
    """Return the Jaccard similarity of two texts."""
    common = kernel.loops.shared(one.shingles, other.shingles)
    return round(common / max(1, len(one.shingles) + len(other.shingles) - common), 4)


def agree(one: str, other: str) -> bool:
    """Return whether two bodies are texts of one article, edited or cut, rather than two articles."""
    return _overlap(Words(sign(one)), Words(sign(other))) >= AGREEING


def _is_silent(article: Article, before: Article) -> bool:
    """Return whether the page's date of modification stayed, or the page was looked at and has none."""
    source = article.provenance.get("modified")
    is_known = article.modified is not None or (source is not None and source.source == "absent")
    return is_known and article.modified == before.modified
