"""Which stored texts may hold the same words as a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scraper.model import Candidate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import ArticleId, Signature, StoredArticle, Verdict


class DedupIndex(Protocol):
    """The stored texts, findable by their words; what was added is seen at once, in the same transaction."""

    def candidates(self, signature: Signature, site: str | None, /) -> Sequence[Candidate]:
        """Return the stored texts that may hold the same words, the likeliest first."""
        ...

    def story(self, article_id: ArticleId, /) -> int:
        """Return the number of the article's story, 0 where the index does not know the article."""
        ...

    def add(self, stored: StoredArticle, verdict: Verdict, /) -> None:
        """Add the text of an article or of its new revision, with the edges of its verdict."""
        ...


class MemoryIndex:
    """A DedupIndex that lasts as long as the process."""

    def __init__(self) -> None:
        self._documents: list[Candidate] = []
        self._by_hash: dict[str, Candidate] = {}
        self._stories: dict[ArticleId, int] = {}

    def candidates(self, signature: Signature, site: str | None, /) -> Sequence[Candidate]:
        """Return the first text with the same content hash."""
        del site
        found = self._by_hash.get(signature.content_hash)
        return [found] if found else []

    def story(self, article_id: ArticleId, /) -> int:
        """Return the number of the article's story, 0 where there is none."""
        return self._stories.get(article_id, 0)

    def add(self, stored: StoredArticle, verdict: Verdict, /) -> None:
        """Add a text."""
        document = len(self._documents) + 1
        candidate = Candidate(
            document=document,
            story=verdict.story or document,
            stored=stored,
            signature=verdict.signature,
        )
        self._documents.append(candidate)
        self._by_hash.setdefault(verdict.signature.content_hash, candidate)
        self._stories.setdefault(stored.id, candidate.story)
