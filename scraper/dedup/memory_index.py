"""An index of texts that lasts as long as the process; used by the store in memory."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scraper.dedup.index import StoryIndex, indexed_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from scraper.dedup.index import IndexedText
    from scraper.dedup.words import Words
    from scraper.model import ArticleId, StoredArticle, Verdict


class MemoryTables:
    """The tables of an index that lasts as long as the process."""

    def __init__(self) -> None:
        self._texts: list[IndexedText] = []
        self._equal: dict[str, int] = {}
        self._stories: dict[ArticleId, int] = {}
        self._postings: dict[int, list[int]] = defaultdict(list)
        self._residue: set[int] = set()
        self._windows: dict[str, bytes] = {}

    def keep(self, stored: StoredArticle, story: int, *, is_roundup: bool) -> None:
        """Give a text the next number."""
        text = indexed_text(stored, document=len(self._texts) + 1, story=story, is_roundup=is_roundup)
        self._texts.append(text)
        self._equal.setdefault(stored.content_hash, text.document)
        self._stories.setdefault(stored.id, text.story)

    def stories(self, documents: Sequence[int], /) -> Mapping[int, int]:
        """Return of which story each document is."""
        return {document: self._texts[document - 1].story for document in documents}

    def document(self, stored: StoredArticle, /) -> int:
        """Return the number of the text kept last."""
        del stored
        return len(self._texts)

    def story(self, article_id: ArticleId, /) -> int:
        """Return the story of an article's first text."""
        return self._stories.get(article_id, 0)

    def equal(self, content_hash: str, /) -> int:
        """Return the first document with the content hash."""
        return self._equal.get(content_hash, 0)

    def look_up(self, words: Sequence[Words], sites: Iterable[str], /) -> None:
        """Do nothing: all is at hand."""

    def texts(self, documents: Sequence[int], /) -> Iterable[IndexedText]:
        """Return the texts of the documents."""
        return [self._texts[document - 1] for document in documents]

    def postings(self, keys: Sequence[int], /) -> Iterable[tuple[int, int]]:
        """Return the pairs of key and document under the keys."""
        return [(key, document) for key in dict.fromkeys(keys) for document in self._postings.get(key, ())]

    def add_postings(self, keys: Sequence[int], document: int, /) -> None:
        """Add the document under each key."""
        for key in keys:
            self._postings[key].append(document)

    def drop_postings(self, keys: Sequence[int], document: int, /) -> None:
        """Let the document no more be found under the keys."""
        for key in keys:
            self._postings[key] = [each for each in self._postings[key] if each != document]

    def add_pairs(self, pairs: Sequence[tuple[int, float]], document: int, /) -> None:
        """Keep nothing: no sweep goes through this index."""

    def residue(self, paragraphs: Iterable[int], /) -> AbstractSet[int]:
        """Return which of the paragraphs are residue."""
        return self._residue.intersection(paragraphs)

    def add_residue(self, paragraphs: Sequence[int], holders: Sequence[int], /) -> None:
        """Add paragraphs that are residue from now on."""
        del holders
        self._residue.update(paragraphs)

    def window(self, site: str, /) -> bytes:
        """Return what is remembered of the site's last paragraphs."""
        return self._windows.get(site, b"")

    def set_window(self, site: str, window: bytes, /) -> None:
        """Remember the site's last paragraphs."""
        self._windows[site] = window


class MemoryIndex(StoryIndex):
    """A DedupIndex that lasts as long as the process."""

    def __init__(self) -> None:
        self._memory = MemoryTables()
        super().__init__(self._memory)

    def add(self, stored: StoredArticle, verdict: Verdict, /) -> None:
        """Add a text."""
        self._memory.keep(stored, verdict.story, is_roundup=bool(verdict.links))
        super().add(stored, verdict)
