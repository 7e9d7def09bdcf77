"""The texts of a batch's working database as words, a few of them in memory; compared here and in workers."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING

from scraper.dedup.compare import compare
from scraper.dedup.hashes import TEXTS_TOGETHER
from scraper.dedup.shingle import sign_all
from scraper.dedup.words import Words, paragraphs_of, prepare, prepare_to_compare
from scraper.store.sql.database import Database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.dedup.compare import Match
    from scraper.dedup.stories import Pair
    from scraper.model import Signature

    Asked = tuple[int, int, bool]
    """A pair, and whether both stand on one site."""

PARAGRAPH_BITS = 46
"""Of a paragraph's key: of a million texts' paragraphs, four pairs share one."""
TEXTS_CACHED = 2_048
"""Texts kept in memory as words, 100 MB of them."""


_BODIES = "SELECT document, body FROM records WHERE document {numbers}"


class Texts:
    """The words of each text without the frames that are known."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._signed: OrderedDict[int, tuple[Signature, Sequence[int]]] = OrderedDict()
        self._words: dict[int, Words] = {}
        self._frames: frozenset[int] | None = None

    def words(self, document: int) -> Words:
        """Return the words of a text."""
        if (words := self._words.get(document)) is not None:
            self._signed.move_to_end(document)
            return words
        if document in self._signed:
            return self.add(document, *self._signed[document])
        return self._read([document])[document]

    def add(self, document: int, signature: Signature, paragraphs: Sequence[int]) -> Words:
        """Return the words of a text that was signed already, and whose paragraphs have these keys."""
        frames = self.frames
        own = () if frames.isdisjoint(paragraphs) else [key not in frames for key in paragraphs]
        words = self._words[document] = Words(signature, own)
        self._signed[document] = signature, paragraphs
        self._signed.move_to_end(document)
        if len(self._signed) > TEXTS_CACHED:
            self._words.pop(self._signed.popitem(last=False)[0], None)
        return words

    @property
    def frames(self) -> frozenset[int]:
        """The paragraphs that are no story's own."""
        if self._frames is None:
            self._frames = frozenset(key for (key,) in self._database.run("SELECT paragraph FROM frames"))
        return self._frames

    def forget(self) -> None:
        """Read the frames again: others are known."""
        self._frames = None
        for document in [
            held for held, (_, keys) in self._signed.items() if not self.frames.isdisjoint(keys)
        ]:
            self._words.pop(document, None)

    def _read(self, documents: Sequence[int]) -> dict[int, Words]:
        """Return the words of texts that are not held."""
        found = {}
        for at in range(0, len(documents), TEXTS_TOGETHER):
            rows = self._database.run_among(_BODIES, documents[at : at + TEXTS_TOGETHER])
            signatures = sign_all([body for _, body in rows])
            keys = paragraphs_of(signatures, PARAGRAPH_BITS)
            for (document, _), signature, paragraphs in zip(rows, signatures, keys, strict=True):
                found[document] = self.add(document, signature, paragraphs)
        return found

    def _prepared(self, documents: Sequence[int]) -> dict[int, Words]:
        """Return the words of texts, read and made ready to be compared at once."""
        found = {document: self.words(document) for document in documents if document in self._signed}
        found |= self._read([document for document in documents if document not in found])
        prepare(found.values())
        prepare_to_compare(found.values())
        return found

    def compared(self, asked: Sequence[Asked]) -> Sequence[tuple[Pair, Match]]:
        """Return the pairs that are copies or have a part in common, with what that is."""
        words = self._prepared(sorted({document for pair in asked for document in pair[:2]}))
        found = []
        for earlier, later, is_one_site in asked:
            match = compare(words[later], words[earlier], same_site=is_one_site)
            if match:
                found.append(((earlier, later), match))
        return found


def compared(work: str, stage: int, asked: Sequence[Asked]) -> Sequence[tuple[Pair, Match]]:
    """Return the same in a worker process, which keeps the texts of a stage that it read."""
    return _texts_of(work, stage).compared(asked)


@cache
def _texts_of(work: str, stage: int) -> Texts:
    del stage  # other frames are known in each
    return Texts(Database(f"sqlite:///{work}"))
