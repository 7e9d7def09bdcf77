"""Two texts that come from each other, word by word: a revision and the one before, or two copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.dedup.diff import changes_of
from scraper.errors import InputError
from scraper.model import ArticleId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.dedup.diff import Change
    from scraper.model import StoredArticle
    from scraper.store.protocol import Store

MOST_PARAGRAPHS = 500
"""Paragraphs of a text that is compared in part: each is laid beside each of the other, in under a second."""
Paragraphs = tuple[tuple["Change", ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDifference:
    """What became of the words of one text in another."""

    before: StoredArticle
    after: StoredArticle
    title: Paragraphs
    body: Paragraphs
    is_cut: bool = False
    """The texts were too long to be compared whole."""

    @property
    def is_silent(self) -> bool:
        """True where the text changed and the page's date of modification did not."""
        return bool(self.after.relation and "silent_edit" in self.after.relation.evidence)


def known_article(store: Store, article_id: str) -> StoredArticle:
    """Return the article of an id. Raises InputError where there is none."""
    found = store.find_by_id(ArticleId(article_id))
    if found is None:
        raise InputError(
            f"the store has no article {article_id[:40]!r}: it may have been forgotten; "
            "scraper articles lists what there is"
        )
    return found


def texts_to_compare(
    store: Store, article_id: str, revision: int | None = None
) -> tuple[StoredArticle, StoredArticle]:
    """Return a revision and the one before, the last two where none is named.

    Of an article with one revision, the article it comes from and itself. Raises InputError where there is
    nothing to compare.
    """
    current = known_article(store, article_id)
    revisions = store.revisions(current.id)
    if revision is not None and not 1 < revision <= len(revisions):
        told = f"there is no revision {revision} to compare, the last one is {len(revisions)}"
        raise InputError(f"{article_id}: {told}")
    if len(revisions) > 1:
        last = revision or len(revisions)
        return revisions[last - 2], revisions[last - 1]
    if current.relation is None:
        raise InputError(f"{article_id}: it has one revision and comes from no other article")
    return known_article(store, current.relation.to), current


def compare_texts(before: StoredArticle, after: StoredArticle, most: int | None = None) -> TextDifference:
    """Return what changed from one text to the other.

    Of longer bodies the first `most` characters count, of these the first `MOST_PARAGRAPHS`.
    """
    first, second = before.article, after.article
    bodies = [_beginning(each.body, most) for each in (first, second)]
    return TextDifference(
        before=before,
        after=after,
        title=changes_of(first.title or "", second.title or ""),
        body=changes_of(*bodies),
        is_cut=bodies != [first.body, second.body],
    )


def _beginning(body: str, most: int | None) -> str:
    """Return the part of a body that is compared."""
    if most is None:
        return body
    lines = body[:most].splitlines(keepends=True)
    return "".join(lines[:MOST_PARAGRAPHS])


def difference_record(found: TextDifference) -> dict[str, Any]:
    """Return a difference as JSON types: words that stayed as texts, changes as what was and what is."""
    before, after = found.before, found.after
    return {
        "id": after.id,
        "from": f"{before.id}/{before.revision}",
        "to": f"{after.id}/{after.revision}",
        "silent_edit": found.is_silent,
        "title": _plain(found.title),
        "body": _plain(found.body),
    }


def _plain(paragraphs: Sequence[Sequence[Change]]) -> list[list[Any]]:
    return [
        [
            change.before if change.is_equal else {"before": change.before, "after": change.after}
            for change in paragraph
        ]
        for paragraph in paragraphs
    ]
