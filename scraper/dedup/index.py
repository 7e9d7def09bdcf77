"""The stored texts that may share words with a new one, by their lowest shingles; read by dedup.decide."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from scraper.dedup.residue import advance
from scraper.dedup.shingle import sign
from scraper.dedup.words import Words, paragraph_keys
from scraper.model import RelationKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from scraper.model import ArticleId, Signature, StoredArticle, Verdict

MOST_POSTINGS = 64
"""Texts kept under one key: what more share is no story's own."""
MOST_CANDIDATES = 8
"""Texts compared with a new one, beside the first texts of their stories."""
CACHED = 256
"""Stored texts kept in memory as words, 25 to 50 kB each: a crawl asks for few, and .3 ms reads one again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedText:
    """What a comparison needs of a stored text."""

    document: int
    """The number of the text, ascending in the order of arrival; each revision is a text of its own."""
    story: int
    """The number of the first text of its story; its own where nothing came before."""
    article_id: ArticleId
    site: str | None
    publisher: str | None = None
    agencies: tuple[str, ...] = ()
    """Those that the page credits."""
    published: str | None = None
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored text that may hold the same words."""

    text: IndexedText
    words: Words


class DedupIndex(Protocol):
    """The stored texts, findable by their words; what was added is seen at once, in the same transaction."""

    def signature(self, body: str, /) -> Signature:
        """Return what is compared of a text; made before, where the text was expected."""

    def words(self, signature: Signature, /) -> Words:
        """Return the words of a text that are its own: without what sites repeat from page to page."""

    def candidates(self, words: Words, /) -> Sequence[Candidate]:
        """Return the stored texts that may hold the same words: an equal one, or the likeliest first."""

    def story(self, article_id: ArticleId, /) -> int:
        """Return the number of the article's story, 0 where the index does not know the article."""

    def add(self, stored: StoredArticle, verdict: Verdict, /) -> None:
        """Add the text of an article or of its new revision."""


class Tables(Protocol):
    """Where an index keeps what it knows."""

    def document(self, stored: StoredArticle, /) -> int:
        """Return the number of a stored text; for one not yet numbered, the next."""

    def story(self, article_id: ArticleId, /) -> int:
        """Return the story of an article's first text, 0 where there is none."""

    def equal(self, content_hash: str, /) -> int:
        """Return the first document with the content hash, 0 where there is none."""

    def look_up(self, words: Sequence[Words], sites: Iterable[str], /) -> None:
        """Read at once what equals texts or shares keys with them, and the windows of the sites."""

    def texts(self, documents: Sequence[int], /) -> Iterable[IndexedText]:
        """Return the texts of the documents."""

    def postings(self, keys: Sequence[int], /) -> Iterable[tuple[int, int]]:
        """Return the pairs of key and document under the keys."""

    def add_postings(self, keys: Sequence[int], document: int, /) -> None:
        """Add the document under each key."""

    def residue(self) -> AbstractSet[int]:
        """Return every paragraph that is residue."""

    def add_residue(self, paragraphs: Sequence[int], site: str, /) -> None:
        """Add paragraphs that a site showed to be residue."""

    def window(self, site: str, /) -> bytes:
        """Return what is remembered of the site's last paragraphs, nothing at first."""

    def set_window(self, site: str, window: bytes, /) -> None:
        """Remember the site's last paragraphs."""


class StoryIndex:
    """A DedupIndex over tables: its answers depend on nothing but what was added, in which order."""

    def __init__(self, tables: Tables, *, cached: int = CACHED) -> None:
        """Keep so many of the stored texts in memory as words."""
        self._tables = tables
        self._cached = cached
        self._known: OrderedDict[int, _Known] = OrderedDict()
        self._now: _Known | None = None
        self._found: _Found | None = None
        self._expected: dict[str, Signature] = {}
        self._signed_before: dict[str, _Known] = {}
        """What follows from the texts that are expected, by their hash, until one is added."""

    def forget(self) -> None:
        """Drop what is cached: the tables went back to an earlier state."""
        self._known.clear()
        self._now = self._found = None

    def expect(self, bodies: Iterable[str]) -> None:
        """Make what needs no table of texts that will soon be judged."""
        self._expected = {body: sign(body) for body in bodies}
        self._signed_before = {each.content_hash: _Known(each) for each in self._expected.values()}

    def look_up(self, bodies: Iterable[str], sites: Iterable[str]) -> None:
        """Read at once what judging and adding these texts of these sites, which are expected, asks for."""
        residue = self._tables.residue()
        words = [self._signed(self._expected[body]).words_without(residue) for body in bodies]
        self._tables.look_up(words, sites)
        likeliest = (document for each in words for document in self._find(each.keys).likeliest)
        near = list(dict.fromkeys(likeliest))[: self._cached // 2]
        stories = dict.fromkeys(text.story for text, _ in self._texts(near))
        self._texts([story for story in stories if story not in near])

    def signature(self, body: str, /) -> Signature:
        """Return what is compared of a text."""
        return self._expected.get(body) or sign(body)

    def words(self, signature: Signature, /) -> Words:
        """Return the words of a text without residue."""
        return self._signed(signature).words_without(self._tables.residue())

    def candidates(self, words: Words, /) -> Sequence[Candidate]:
        """Return the first equal text, or those that share the rarest of its lowest shingles."""
        equal = self._tables.equal(words.content_hash)
        return self._candidates([equal]) if equal else self.near(words)

    def near(self, words: Words, /) -> Sequence[Candidate]:
        """Return the texts that share the rarest of its keys, then the first texts of their stories."""
        return self._candidates(self._find(words.keys).likeliest)

    def of(self, documents: Sequence[int], /) -> Sequence[Candidate]:
        """Return these texts, then the first texts of their stories."""
        return self._candidates(documents)

    def story(self, article_id: ArticleId, /) -> int:
        """Return the number of the article's story, 0 where there is none."""
        return self._tables.story(article_id)

    def add(self, stored: StoredArticle, verdict: Verdict, /) -> None:
        """Add a text under the keys that its story does not have yet; a round-up under none."""
        document = self._tables.document(stored)
        story = verdict.story or document
        known = self._signed(verdict.signature)
        if not any(link.kind is RelationKind.CONTAINS for link in verdict.links):
            self._add_keys(known.words_without(self._tables.residue()).keys, document, story)
        if stored.article.site is not None:
            residue = self._tables.residue()
            fresh = [key for key in known.keys if key not in residue]
            step = advance(self._tables.window(stored.article.site), fresh, story)
            self._tables.set_window(stored.article.site, step.window)
            self._tables.add_residue(step.residue, stored.article.site)
        known.text = indexed_text(stored, document=document, story=story)
        self._remember(known)
        self._signed_before.pop(known.signature.content_hash, None)
        self._found = self._now = None

    def repost(self, signature: Signature, *, document: int, story: int) -> None:
        """Add a stored text under the keys that the story it was moved to does not have yet."""
        self._add_keys(self.words(signature).keys, document, story)

    def _add_keys(self, keys: Sequence[int], document: int, story: int) -> None:
        found = self._found if self._found and self._found.keys == keys else self._find(keys)
        known = {document}
        if story != document:
            near = self._texts(found.likeliest)
            known |= {story} | {text.document for text, _ in near if text.story == story}
        self._tables.add_postings(
            [key for key in dict.fromkeys(keys) if _has_room(found.postings.get(key, ()), known)], document
        )

    def _signed(self, signature: Signature) -> _Known:
        """Return a signature with what follows from it; the last is kept: it is judged, then added."""
        if self._now is None or self._now.signature is not signature:
            known = self._signed_before.get(signature.content_hash)
            self._now = known if known and known.signature is signature else _Known(signature)
        return self._now

    def _candidates(self, documents: Sequence[int]) -> Sequence[Candidate]:
        found = self._texts(documents)
        first = dict.fromkeys(text.story for text, _ in found)
        found += self._texts([story for story in first if story not in documents])
        residue = self._tables.residue()
        return [Candidate(text=text, words=known.words_without(residue)) for text, known in found]

    def _find(self, keys: Sequence[int]) -> _Found:
        """Return what is under the keys; kept, since a text is judged, then added."""
        postings: dict[int, list[int]] = defaultdict(list)
        for key, document in self._tables.postings(keys):
            postings[key].append(document)
        self._found = _Found(keys=keys, postings=postings, likeliest=_ranked(postings))
        return self._found

    def _texts(self, documents: Sequence[int]) -> list[tuple[IndexedText, _Known]]:
        """Return the texts with what follows from them, in the order asked for."""
        held = {document: known for document in documents if (known := self._known.get(document))}
        missing = [document for document in documents if document not in held]
        if missing:
            for text in self._tables.texts(missing):
                held[text.document] = known = _Known(sign(text.body))
                known.text = text
        found = [known for document in documents if (known := held.get(document))]
        for known in found:
            self._remember(known)
        return [(known.text, known) for known in found if known.text]

    def _remember(self, known: _Known) -> None:
        if known.text is not None:
            self._known[known.text.document] = known
            self._known.move_to_end(known.text.document)
        while len(self._known) > self._cached:
            self._known.popitem(last=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What an index has under some keys."""

    keys: Sequence[int]
    postings: Mapping[int, Sequence[int]]
    likeliest: Sequence[int]


class _Known:
    """A signature with what follows from it, and its text once it has a number."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.keys = paragraph_keys(signature)
        self.text: IndexedText | None = None
        self._own: list[bool] = []
        self._seen = 0
        self._words: Words | None = None

    def words_without(self, residue: AbstractSet[int]) -> Words:
        """Return the words without the residue, made again only when that has changed."""
        if self._words is None or len(residue) != self._seen:  # residue only grows
            own = [key not in residue for key in self.keys]
            if self._words is None or own != self._own:
                self._own, self._words = own, Words(self.signature, own)
            self._seen = len(residue)
        return self._words


def _ranked(postings: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the documents that share most keys, a rare one counting more, the earliest of equals first."""
    weights: dict[int, float] = defaultdict(float)
    for documents in postings.values():
        for document in documents:
            weights[document] += 1 / len(documents)
    return sorted(weights, key=lambda document: (-round(weights[document], 9), document))[:MOST_CANDIDATES]


def _has_room(documents: Sequence[int], known: AbstractSet[int]) -> bool:
    """Return whether a key is new to the story and not yet everyone's."""
    return len(documents) < MOST_POSTINGS and known.isdisjoint(documents)


class MemoryTables:
    """The tables of an index that lasts as long as the process."""

    def __init__(self) -> None:
        self._texts: list[IndexedText] = []
        self._equal: dict[str, int] = {}
        self._stories: dict[ArticleId, int] = {}
        self._postings: dict[int, list[int]] = defaultdict(list)
        self._residue: set[int] = set()
        self._windows: dict[str, bytes] = {}

    def keep(self, stored: StoredArticle, story: int) -> None:
        """Give a text the next number."""
        text = indexed_text(stored, document=len(self._texts) + 1, story=story)
        self._texts.append(text)
        self._equal.setdefault(stored.content_hash, text.document)
        self._stories.setdefault(stored.id, text.story)

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

    def residue(self) -> AbstractSet[int]:
        """Return every paragraph that is residue."""
        return self._residue

    def add_residue(self, paragraphs: Sequence[int], site: str, /) -> None:
        """Add paragraphs that are residue from now on."""
        del site
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
        self._memory.keep(stored, verdict.story)
        super().add(stored, verdict)


def indexed_text(stored: StoredArticle, *, document: int, story: int) -> IndexedText:
    """Return what a comparison needs of a stored article; a story of 0 is its own."""
    article = stored.article
    return IndexedText(
        document=document,
        story=story or document,
        article_id=stored.id,
        site=article.site,
        publisher=article.publisher,
        agencies=article.credit.agencies if article.credit else (),
        published=article.published,
        body=article.body,
    )
