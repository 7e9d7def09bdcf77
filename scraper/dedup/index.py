"""The stored texts that may share words with a new one, by their lowest shingles; read by dedup.decide."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from scraper.dedup.residue import advance, holders, review, stories_needed
from scraper.dedup.shingle import sign, sign_all
from scraper.dedup.words import Words, paragraph_keys, paragraphs_of, prepare, shares_of_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from scraper.model import ArticleId, Signature, StoredArticle, Verdict

MOST_POSTINGS = 64
"""Texts under one key: what more share is no story's own."""
MOST_CANDIDATES = 8
"""Texts compared with a new one while crawling; the sweep compares twice as many."""
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
    is_roundup: bool = False
    """It holds parts of several stories and is of none of them."""
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

    def stories(self, documents: Sequence[int], /) -> Mapping[int, int]:
        """Return of which story each document is now, but for those that are no more."""

    def postings(self, keys: Sequence[int], /) -> Iterable[tuple[int, int]]:
        """Return the pairs of key and document under the keys."""

    def add_postings(self, keys: Sequence[int], document: int, /) -> None:
        """Add the document under each key."""

    def drop_postings(self, keys: Sequence[int], document: int, /) -> None:
        """Let the document no more be found under the keys."""

    def add_pairs(self, pairs: Sequence[tuple[int, float]], document: int, /) -> None:
        """Add earlier documents that this one copies or has a part in common with, and how close they are."""

    def residue(self, paragraphs: Iterable[int], /) -> AbstractSet[int]:
        """Return which of the paragraphs are residue."""

    def add_residue(self, paragraphs: Sequence[int], holders: Sequence[int], /) -> None:
        """Add paragraphs that are residue from now on, and the documents to be compared anew for that."""

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
        bodies = list(dict.fromkeys(bodies))
        known = _known(bodies)
        self._expected = {body: each.signature for body, each in zip(bodies, known, strict=True)}
        self._signed_before = {each.signature.content_hash: each for each in known}

    def look_up(self, bodies: Sequence[str], pages: Sequence[tuple[str, str]]) -> None:
        """Read at once what judging these texts asks for, and adding them: `pages` are texts and sites."""
        known = [self._signed(self._expected[body]) for body in bodies]
        residue = self._tables.residue([key for each in known for key in each.keys])
        words = [each.words_without(residue) for each in known]
        prepare(words)
        self._tables.look_up(words, {site for _, site in pages})
        near = [document for each in words for document in self._find(each.keys).likeliest]
        near = list(dict.fromkeys(near))[: self._cached // 2]
        keys = {body: each.keys for body, each in zip(bodies, known, strict=True)}
        held = (holders(self._tables.window(site), keys[body]) for body, site in pages if body in keys)
        repeated = [document for found in held for each in found.values() for document in each]
        self._tables.stories(list(dict.fromkeys([*near, *repeated])))
        stories = {text.story for text, _ in self._texts(near)}
        found = self._texts([*near, *sorted(stories.difference(near))])
        self._tables.residue([key for _, each in found for key in each.keys])

    def signature(self, body: str, /) -> Signature:
        """Return what is compared of a text."""
        return self._expected.get(body) or sign(body)

    def words(self, signature: Signature, /) -> Words:
        """Return the words of a text without residue."""
        known = self._signed(signature)
        return known.words_without(self._tables.residue(known.keys))

    def candidates(self, words: Words, /) -> Sequence[Candidate]:
        """Return the first equal text, or those that share its rarest keys and the first of their stories."""
        equal = self._tables.equal(words.content_hash)
        near = [equal] if equal else self._find(words.keys).likeliest
        first = dict.fromkeys(self._tables.stories(near).values())
        return self.of([*near, *(story for story in first if story not in near)])

    def of(self, documents: Sequence[int], /) -> Sequence[Candidate]:
        """Return these texts, but for those that are no more."""
        found = self._texts(documents)
        residue = self._tables.residue([key for _, known in found for key in known.keys])
        candidates = [Candidate(text=text, words=known.words_without(residue)) for text, known in found]
        prepare([each.words for each in candidates])
        return candidates

    def story(self, article_id: ArticleId, /) -> int:
        """Return the number of the article's story, 0 where there is none."""
        return self._tables.story(article_id)

    def add(self, stored: StoredArticle, verdict: Verdict, /) -> None:
        """Add a text under its keys, unless an equal one is there, with the pairs that it is one of."""
        document = self._tables.document(stored)
        story = verdict.story or document
        known = self._signed(verdict.signature)
        residue = self._tables.residue(known.keys)
        if self._tables.equal(known.signature.content_hash) in {0, document}:
            self._add_keys(known.words_without(residue), document)
            self._tables.add_pairs(verdict.pairs, document)
        if stored.article.site is not None:
            fresh = [key for key in known.keys if key not in residue]
            self._show(stored, known, fresh, document=document, story=story)
        known.text = indexed_text(stored, document=document, story=story, is_roundup=bool(verdict.links))
        self._remember(known)
        self._signed_before.pop(known.signature.content_hash, None)
        self._found = self._now = None

    def _show(
        self, stored: StoredArticle, known: _Known, fresh: Sequence[int], *, document: int, story: int
    ) -> None:
        """Let a site's window move on to a text, and keep what that shows to be residue."""
        site = stored.article.site or ""
        step = advance(
            self._tables.window(site),
            fresh,
            known.stories_needed,
            document=document,
            stories=lambda texts: {**self._tables.stories(texts), document: story},
            is_revision=stored.revision > 1,
        )
        self._tables.set_window(site, step.window)
        if step.residue:
            self._tables.add_residue(step.residue, [*step.holders, document])

    def review(self, site: str) -> None:
        """Keep what a site's window shows to be residue, now that some of its texts are of other stories."""

        def needed(paragraph: int, document: int) -> int:
            ((_, known),) = self._texts([document])
            return known.stories_needed(paragraph)

        window = self._tables.window(site)
        step = review(window, self._tables.residue, needed, self._tables.stories)
        if step.residue:
            self._tables.set_window(site, step.window)
            self._tables.add_residue(step.residue, step.holders)

    def repost(self, signature: Signature, *, document: int) -> None:
        """Add a stored text under its keys that it is not yet found by, unless an equal one is."""
        if self._tables.equal(signature.content_hash) == document:
            self._add_keys(self.words(signature), document)

    def rekey(self, document: int) -> None:
        """Let a text be found by the words that are its own by now, no more by all that it has."""
        for _, known in self._texts([document]):
            residue = self._tables.residue(known.keys)
            self._tables.drop_postings(known.keys_of(residue), document)
            self._add_keys(known.words_without(residue), document)

    def outdated(self, documents: Sequence[int]) -> Sequence[int]:
        """Return the texts that are found by words of residue yet: it became known after them."""
        found = self._texts(documents)
        residue = self._tables.residue([key for _, known in found for key in known.keys])
        stale = {text.document: keys for text, known in found if (keys := known.keys_of(residue))}
        self._tables.look_up([Words(known.signature) for text, known in found if text.document in stale], ())
        return [document for document, keys in stale.items() if self._has_one(keys, document)]

    def _has_one(self, keys: Sequence[int], document: int) -> bool:
        return any(other == document for _, other in self._tables.postings(keys))

    def whole(self, documents: Sequence[int]) -> Iterable[tuple[IndexedText, Signature, Sequence[int]]]:
        """Return texts with all their words, residue included, and the keys of their paragraphs."""
        return [(text, known.signature, known.keys) for text, known in self._texts(documents)]

    def repeated(self, documents: Sequence[int]) -> Iterable[tuple[int, int]]:
        """Return the residue that texts hold, each with the text."""
        found = self._texts(documents)
        residue = self._tables.residue([key for _, known in found for key in known.keys])
        return [(key, text.document) for text, known in found for key in known.keys if key in residue]

    def _add_keys(self, words: Words, document: int) -> None:
        if not words.tells:
            return
        found = self._found if self._found and self._found.keys == words.keys else self._find(words.keys)
        held = {key: found.postings.get(key, ()) for key in words.keys}
        self._tables.add_postings(
            [key for key, documents in held.items() if _has_room(documents, document)], document
        )

    def _signed(self, signature: Signature) -> _Known:
        """Return a signature with what follows from it; the last is kept: it is judged, then added."""
        if self._now is None or self._now.signature is not signature:
            known = self._signed_before.get(signature.content_hash)
            self._now = (
                known
                if known and known.signature is signature
                else _Known(signature, paragraph_keys(signature))
            )
        return self._now

    def _find(self, keys: Sequence[int]) -> _Found:
        """Return what is under the keys; kept, since a text is judged, then added."""
        postings: dict[int, list[int]] = defaultdict(list)
        for key, document in self._tables.postings(keys):
            postings[key].append(document)
        self._found = _Found(keys=keys, postings=postings, likeliest=likeliest(postings, MOST_CANDIDATES))
        return self._found

    def _texts(self, documents: Sequence[int]) -> list[tuple[IndexedText, _Known]]:
        """Return the texts with what follows from them, in the order asked for."""
        stories = self._tables.stories(documents)
        there = [document for document in documents if document in stories]
        held = {document: known for document in there if (known := self._known.get(document))}
        missing = [document for document in there if not _is_of(held.get(document), stories[document])]
        if missing:
            texts = list(self._tables.texts(missing))
            for text, known in zip(texts, _known([text.body for text in texts]), strict=True):
                held[text.document], known.text = known, text
        found = [known for document in there if (known := held.get(document))]
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

    def __init__(self, signature: Signature, keys: Sequence[int]) -> None:
        self.signature = signature
        self.keys = keys
        """Of its paragraphs."""
        self.text: IndexedText | None = None
        self._own: list[bool] = []
        self._words: Words | None = None

    def words_without(self, residue: AbstractSet[int]) -> Words:
        """Return the words without the residue, made again only when that has changed."""
        own = [key not in residue for key in self.keys]
        if self._words is None or own != self._own:
            self._own, self._words = own, Words(self.signature, own)
        return self._words

    def keys_of(self, residue: AbstractSet[int]) -> Sequence[int]:
        """Return the keys of the whole text that are none of its words without the residue."""
        if residue.isdisjoint(self.keys):
            return []
        return sorted(set(Words(self.signature).keys).difference(self.words_without(residue).keys))

    def stories_needed(self, paragraph: int) -> int:
        """Return of how many stories of a site one of its paragraphs is residue."""
        at = self.keys.index(paragraph)
        words = int.from_bytes(self.signature.paragraphs[4 * at : 4 * at + 4], "little")
        return stories_needed(words, float(shares_of_names(self.signature)[at]))


def _known(bodies: Sequence[str]) -> list[_Known]:
    signatures = sign_all(bodies)
    return list(map(_Known, signatures, paragraphs_of(signatures)))


def likeliest(postings: Mapping[int, Sequence[int]], most: int) -> list[int]:
    """Return the documents that share most keys, a rare one counting more, the earliest of equals first."""
    weights: dict[int, float] = defaultdict(float)
    for documents in postings.values():
        if len(documents) < MOST_POSTINGS:
            for document in documents:
                weights[document] += 1 / (len(documents) + 1)
    return sorted(weights, key=lambda document: (-round(weights[document], 9), document))[:most]


def _is_of(known: _Known | None, story: int) -> bool:
    """Return whether a text was read since it came to the story: the sweep moves texts."""
    return known is not None and known.text is not None and known.text.story == story


def _has_room(documents: Sequence[int], document: int) -> bool:
    """Return whether a key lacks the document; one more than counts shows that it is everyone's."""
    return len(documents) <= MOST_POSTINGS and document not in documents


def indexed_text(stored: StoredArticle, *, document: int, story: int, is_roundup: bool) -> IndexedText:
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
        is_roundup=is_roundup,
        body=article.body,
    )
