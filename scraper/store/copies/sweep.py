"""Stories of all stored texts, made of every pair of copies that is known by now; run by scraper dedup sweep.

What the sweep has yet to do stands in the database: one that was killed is begun again and goes on, and
crawls go on beside it. First what came since the last sweep is compared with what shares its words, then what
a newly known frame covers, each without it; at last the stories of whatever that touched are made anew.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scraper.dedup.compare import compare
from scraper.dedup.index import StoryIndex, likeliest
from scraper.dedup.stories import MOST_PARTNERS
from scraper.dedup.words import prepare_to_compare
from scraper.store.copies.component import Component, Move
from scraper.store.sql.database import Database
from scraper.store.sql.index import SqlTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TEXTS_AT_ONCE = 200
"""Texts a transaction: crawls wait for none longer than about .2 s."""
TEXTS_HELD = 1_024
"""Texts in memory as words, 50 MB."""
LAPSED = 2_000_000
"""Swept texts after which a paragraph that none of them held is no residue any more."""

_NEW = (
    "SELECT row, content_hash, number, coalesce(story, row) FROM revisions "
    "WHERE row > (SELECT document FROM swept) ORDER BY row LIMIT ?"
)
_FIRST = "SELECT content_hash, min(row) FROM revisions WHERE content_hash {texts} GROUP BY content_hash"
_FIRST_OF = (
    "SELECT min(every.row) FROM revisions AS one JOIN revisions AS every "
    "ON every.content_hash = one.content_hash WHERE one.row {numbers} GROUP BY every.content_hash"
)
_SITES = (
    "SELECT one.row, min(articles.site) FROM revisions AS one "
    "JOIN revisions AS every ON every.content_hash = one.content_hash "
    "JOIN articles ON articles.id = every.article_id WHERE one.row {numbers} GROUP BY one.row"
)
"""Of equal texts on several sites, the first site in the alphabet."""
_SITES_OF = "SELECT DISTINCT site FROM articles WHERE site IS NOT NULL AND id {texts} ORDER BY site"
_PAIRED = (
    "SELECT earlier, later FROM pairs WHERE later {numbers} "
    "UNION SELECT earlier, later FROM pairs WHERE earlier {numbers}"
)
_ADD_PAIR = "INSERT INTO pairs (earlier, later, closeness) VALUES (?, ?, ?)"
_DROP_PAIR = "DELETE FROM pairs WHERE earlier = ? AND later = ?"
_TO_LINK = "INSERT INTO unswept (document, is_linked) VALUES (?, 1) ON CONFLICT (document) DO NOTHING"
_COMPARED = "UPDATE unswept SET is_linked = 1 WHERE document = ?"
_LINKED = "DELETE FROM unswept WHERE document = ?"
_NEXT = "SELECT document FROM unswept WHERE is_linked = ? ORDER BY document LIMIT ?"
_NOTE_MERGED = (
    "INSERT INTO changes (article_id, event, revision) "
    "SELECT id, 'merged', revision FROM articles WHERE id = ?"
)
_SET_SWEPT = "UPDATE swept SET document = ?"
_COUNT = "UPDATE residue SET texts = texts + 1, seen = ? WHERE paragraph = ?"
_PRUNE = "DELETE FROM residue WHERE seen < (SELECT document FROM swept) - ?"


def sweep_store(url: str, advance: Callable[[int], None]) -> Sequence[Move]:
    """Settle the stories of what came and changed since the last sweep; return what became of articles."""
    database = Database(url)
    try:
        sweep = Sweep(database)
        while count := sweep.compare_new():
            advance(count)
        moves: list[Move] = []
        is_done = False
        while not is_done:
            while sweep.compare_again():
                pass
            found = sweep.link()
            moves += found or ()
            is_done = found is None
        sweep.prune()
    finally:
        database.close()
    return moves


class Sweep:
    """The steps of a sweep: each is one transaction, and what it leaves to be done stands in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tables = SqlTables(database)
        self._index = StoryIndex(self._tables, cached=TEXTS_HELD)
        database.on_rollback(self._index.forget)

    def compare_new(self) -> int:
        """Find the pairs of the next texts; return how many texts there were."""
        with self._database.write():
            page = self._database.run(_NEW, (TEXTS_AT_ONCE,))
            if not page:
                return 0
            first = dict(self._database.run_among(_FIRST, [content_hash for _, content_hash, *_ in page]))
            fresh = [row for row, content_hash, *_ in page if first[content_hash] == row]
            self._add_pairs(fresh, is_new=True)
            touched = {
                first[content_hash]
                for row, content_hash, number, story in page
                if number > 1 or story != row or first[content_hash] != row
            }
            touched.update(later for _, later in self._paired(fresh))
            self._database.run_many(_TO_LINK, [(document,) for document in sorted(touched)])
            repeated = [(row, key) for key, row in self._index.repeated(fresh)]
            self._database.run_many(_COUNT, repeated)
            self._database.run(_SET_SWEPT, (page[-1][0],), writes=True)
            return len(page)

    def compare_again(self) -> int:
        """Find the pairs of the next texts whose words are others by now; return how many there were."""
        with self._database.write():
            marked = [document for (document,) in self._database.run(_NEXT, (0, TEXTS_AT_ONCE))]
            documents = sorted(first for (first,) in self._database.run_among(_FIRST_OF, marked))
            pairs = self._paired(documents)
            touched = {document for pair in pairs for document in pair}.union(documents)
            self._database.run_many(_DROP_PAIR, pairs)
            for document in documents:
                self._index.rekey(document)
            self._add_pairs(documents, is_new=False)
            self._database.run_many(_COMPARED, [(document,) for document in marked])
            self._database.run_many(_TO_LINK, [(document,) for document in sorted(touched)])
            return len(marked)

    def _add_pairs(self, documents: Sequence[int], *, is_new: bool) -> None:
        """Compare texts with those that share the rarest of their keys; new ones with earlier ones only."""
        texts = {each.text.document: each.words for each in self._index.of(documents)}
        self._tables.look_up(list(texts.values()), ())
        known = set(self._paired(documents))
        asked = []
        for document, words in texts.items():
            postings: dict[int, list[int]] = defaultdict(list)
            for key, other in self._tables.postings(words.keys):
                if other != document:
                    postings[key].append(other)
            likely = likeliest(postings, MOST_PARTNERS)
            pairs = {(min(document, other), max(document, other)) for other in likely}
            fresh = sorted(pair for pair in pairs - known if pair[1] == document or not is_new)
            asked += fresh
            known.update(fresh)
        if asked:
            self._database.run_many(_ADD_PAIR, list(self._compared(asked)))

    def _compared(self, pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, float]]:
        """Yield the pairs that are copies or have a part in common, with how close they are."""
        documents = sorted({document for pair in pairs for document in pair})
        words = {each.text.document: each.words for each in self._index.of(documents)}
        prepare_to_compare(words.values())
        sites = dict(self._database.run_among(_SITES, documents))
        for earlier, later in pairs:
            if earlier in words and later in words:
                same_site = sites[earlier] == sites[later]
                if match := compare(words[later], words[earlier], same_site=same_site):
                    yield earlier, later, match.closeness

    def _paired(self, documents: Sequence[int]) -> list[tuple[int, int]]:
        return [(earlier, later) for earlier, later in self._database.run_among(_PAIRED, documents)]

    def link(self) -> Sequence[Move] | None:
        """Settle the stories of the next texts; return what became of articles, None where nothing is left.

        Texts that a frame joins are left to be compared without it. What the sites of others repeat may be no
        story's own after that: it is looked at again.
        """
        with self._database.write() as connection:
            left = [document for (document,) in self._database.run(_NEXT, (1, TEXTS_AT_ONCE))]
            if not left:
                return None
            moves: list[Move] = []
            seen: set[int] = set()
            done: set[int] = set()
            frames: set[int] = set()
            framed: set[int] = set()
            for document in left:
                if document not in seen and len(seen) < TEXTS_AT_ONCE:
                    component = Component(self._database, self._index, document)
                    near = component.near(left)
                    seen.update(component.documents, [document])
                    if found := component.frames(near):
                        frames |= found
                        framed.update(near)
                    elif outdated := self._index.outdated(near):
                        framed.update(outdated)
                    else:
                        moves += component.settle(connection)
                        done.update(component.documents, [document])
            self._database.run_many(_LINKED, [(document,) for document in sorted(done)])
            self._tables.add_residue(sorted(frames), sorted(framed))
            moved = sorted({move.article_id for move in moves})
            self._database.run_many(_NOTE_MERGED, [(article_id,) for article_id in moved])
            for (site,) in self._database.run_among(_SITES_OF, moved):
                self._index.review(site)
            return moves

    def prune(self) -> None:
        """Forget residue that no text has held for long."""
        self._database.run(_PRUNE, (LAPSED,), writes=True)
