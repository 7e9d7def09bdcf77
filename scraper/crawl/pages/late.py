"""A page of an archive that comes after later ones of its address: its text goes where it belongs in time."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.dedup.decide import decide
from scraper.model import Relation, RelationKind
from scraper.store.protocol import Outcome, fetch_time
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.model import Article, StoredArticle, Verdict
    from scraper.store.protocol import Store

_OF_AN_ARTICLE = {Outcome.STORED, Outcome.REVISED, Outcome.UNCHANGED}


def insert_late(store: Store, article: Article, stored: StoredArticle, asked: str) -> Verdict | None:
    """Save a text from before the last of its address: the revisions are decided anew, in order of time.

    Return what it came to, a revision more or none. None, and nothing is done, for the last one. To be called
    in a transaction.
    """
    at, visit = fetch_time(article), store.visit(asked)
    if at >= max(fetch_time(stored.article), visit.fetched_at if visit else at):
        return None
    revisions = store.revisions(stored.id)
    known = [(each.article, each.relation) for each in revisions]
    known += [(text, None) for text in _unchanged(store, revisions, asked)]
    if all(fetch_time(text) <= at for text, _ in known):
        return None
    known.append((article, None))
    store.retract(stored.id)
    for text, relation in sorted(known, key=lambda each: fetch_time(each[0])):
        verdict = decide(text, stored=store.find_by_id(stored.id), index=store.dedup)
        if relation is not None and "cause" in relation.evidence:  # other rules made it, not another page
            verdict = replace(verdict, relation=relation)
        store.save(verdict)
        if text is article:
            own = verdict
    if stored.gone:
        store.mark_gone(stored.article.canonical_url or "", stored.gone)
    is_more = len(store.revisions(stored.id)) > len(revisions)
    kind = RelationKind.REVISION if is_more else RelationKind.UNCHANGED
    return replace(own, relation=Relation(kind=kind, to=stored.id, score=1.0))


def _unchanged(store: Store, revisions: Sequence[StoredArticle], asked: str) -> Iterator[Article]:
    """Yield the text of each fetch that found the one before it: a text between the two makes it a revision.

    Of its other fields nothing is kept: they are taken to be those of the text that it repeated.
    """
    times = [fetch_time(each.article) for each in revisions]
    addresses = {asked, *(canonical_url(each.article.url or "") for each in revisions)}
    for fetch in (fetch for address in sorted(addresses) for fetch in store.fetches(address)):
        place = bisect_right(times, fetch.fetched_at)
        if place and fetch.outcome in _OF_AN_ARTICLE and fetch.fetched_at not in times:
            yield replace(
                revisions[place - 1].article, fetched_at=fetch.fetched_at, raw_sha256=fetch.raw_sha256 or ""
            )
