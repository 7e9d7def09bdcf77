"""A query as terms, and those as what each kind of store understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.store.search.query import Both, Either, Leaf
from scraper.store.search.terms import (
    EVERY,
    IN_DOUBT,
    kind_term,
    language_term,
    letter_pairs,
    site_term,
    stem_code,
    terms,
    written_words,
)
from scraper.writing import JOINED_LETTER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from scraper.store.search.query import QueryNode

_PREFIXES = {"title": "t_", "author": "a_", "agency": "g_"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms that follow each other."""

    terms: tuple[str, ...]
    is_prefix: bool = False
    """The last one is the beginning of a term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """All that is wanted, and nothing that is not."""

    wanted: Sequence[Expression] = ()
    unwanted: Sequence[Expression] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """At least one."""

    parts: Sequence[Expression]


Expression = Terms | AllOf | OneOf


def codes_of(node: QueryNode, codes: Sequence[str]) -> Sequence[str]:
    """Return in which languages a query's words may stand: those of the store, or the one it asks for."""
    wanted = node.wanted if isinstance(node, Both) else (node,)
    asked = [stem_code(each.text) for each in wanted if isinstance(each, Leaf) and each.field == "lang"]
    return asked[:1] or codes or [""]


def to_expression(node: QueryNode, codes: Sequence[str]) -> Expression:
    """Return the terms that a query asks for, a word's in each of the languages."""
    return _resolved(node, lambda leaf: _alternatives(leaf, codes))


def in_title(node: QueryNode, codes: Sequence[str]) -> tuple[Expression, Expression] | None:
    """Return that all wanted words stand in the title, and that one does; None where none is asked for."""
    words = [leaf for leaf in _wanted(node) if not leaf.field]
    if not words:
        return None
    titled = {id(leaf): _alternatives(_as_title(leaf), codes) for leaf in words}
    every = _resolved(node, lambda leaf: titled.get(id(leaf)), is_wanted_only=True)
    return every, either(list(titled.values()))


def choice(
    *, site: str | None, language: str | None, kind: str | None, in_doubt: bool | None
) -> tuple[Sequence[Terms], Sequence[Terms]]:
    """Return the terms that conditions ask for, and those that they refuse."""
    given = [
        site_term(site) if site is not None else None,
        language_term(language) if language is not None else None,
        kind_term(kind) if kind is not None else None,
        IN_DOUBT if in_doubt else None,
    ]
    wanted = [Terms(terms=(term,)) for term in given if term]
    return wanted, [Terms(terms=(IN_DOUBT,))] if in_doubt is False else []


def wanted_terms(expression: Expression) -> Iterable[Terms]:
    """Yield what of a query can be shown in a text."""
    if isinstance(expression, Terms):
        yield expression
        return
    for part in expression.parts if isinstance(expression, OneOf) else expression.wanted:
        yield from wanted_terms(part)


def to_fts5(expression: Expression) -> str:
    """Return the expression for SQLite's MATCH."""
    if isinstance(expression, Terms):
        return f'"{" ".join(expression.terms)}"' + (" *" if expression.is_prefix else "")
    if isinstance(expression, OneOf):
        return f"({' OR '.join(map(to_fts5, expression.parts))})"
    wanted = " AND ".join(map(to_fts5, expression.wanted)) or f'"{EVERY}"'
    if not expression.unwanted:
        return f"({wanted})"
    return f"(({wanted}) NOT ({' OR '.join(map(to_fts5, expression.unwanted))}))"


def to_tsquery(expression: Expression) -> str:
    """Return the expression as PostgreSQL's tsquery."""
    if isinstance(expression, Terms):
        found = [f"'{term}'" for term in expression.terms]
        return f"({' <-> '.join(found)}{':*' if expression.is_prefix else ''})"
    if isinstance(expression, OneOf):
        return f"({' | '.join(map(to_tsquery, expression.parts))})"
    wanted = [*map(to_tsquery, expression.wanted)] or [f"'{EVERY}'"]
    return f"({' & '.join([*wanted, *(f'!{to_tsquery(part)}' for part in expression.unwanted)])})"


def holds(document: str, expression: Expression) -> bool:
    """Tell whether an article's terms, in one line, answer the expression."""
    if isinstance(expression, Terms):
        asked = " ".join(expression.terms)
        return f" {asked}" + ("" if expression.is_prefix else " ") in f" {document} "
    if isinstance(expression, OneOf):
        return any(holds(document, part) for part in expression.parts)
    return all(holds(document, part) for part in expression.wanted) and not any(
        holds(document, part) for part in expression.unwanted
    )


def to_tsvector(document: str) -> str:
    """Return an article's terms as the text of PostgreSQL's tsvector: each with its places."""
    places: dict[str, list[str]] = {}
    for place, term in enumerate(document.split(" "), start=1):
        places.setdefault(term, []).append(str(place))
    return " ".join(f"{term}:{','.join(found[:_MOST_PLACES])}" for term, found in places.items())


_MOST_PLACES = 255
"""Of a term that PostgreSQL keeps."""


def word_terms(text: str, code: str = "", prefix: str = "", *, is_prefix: bool = False) -> Terms | None:
    """Return the terms of a word or phrase that is looked for; None where it has none.

    Of a script without spaces a last letter alone stands at the end of a run, and begins a pair elsewhere.
    """
    words, found = written_words(text), terms(text, code)
    if not found:
        return None
    if JOINED_LETTER.match(words[-1]):
        is_prefix = not _ends_pair(words)
        if not is_prefix:
            found.pop()
    return Terms(terms=tuple(prefix + term for term in found), is_prefix=is_prefix)


def _ends_pair(words: Sequence[str]) -> bool:
    """Return whether the last letter, alone, is the second of the pair before it."""
    return len(words) > 1 and bool(JOINED_LETTER.match(words[-2])) and len(letter_pairs(words[-2])) > 1


def _alternatives(leaf: Leaf, codes: Sequence[str]) -> Expression | None:
    if leaf.field == "site":
        return Terms(terms=(site_term(leaf.text),), is_prefix=leaf.is_prefix)
    if leaf.field == "lang":
        return Terms(terms=(language_term(leaf.text),))
    prefix = _PREFIXES.get(leaf.field, "")
    if leaf.field in {"author", "agency"}:
        return word_terms(leaf.text, "", prefix, is_prefix=leaf.is_prefix)
    found: list[Terms | None] = []
    for code in codes:
        if leaf.is_prefix and code:  # stems that begin as it is written, and the stem of what is written
            found += [_unstemmed(leaf.text, code, prefix), word_terms(leaf.text, code, prefix)]
        else:
            found.append(word_terms(leaf.text, code, prefix, is_prefix=leaf.is_prefix))
    return either(list(dict.fromkeys(filter(None, found))))


def _unstemmed(text: str, code: str, prefix: str) -> Terms | None:
    """Return what the stems begin with of which the last word is the beginning."""
    *before, _ = terms(text, code)
    last = terms(text)[-1]
    if JOINED_LETTER.match(last):
        return None
    return Terms(terms=tuple(prefix + term for term in (*before, f"{code}_{last}")), is_prefix=True)


def _as_title(leaf: Leaf) -> Leaf:
    return Leaf(text=leaf.text, field="title", is_prefix=leaf.is_prefix, at=leaf.at)


def _resolved(
    node: QueryNode, of_leaf: Callable[[Leaf], Expression | None], *, is_wanted_only: bool = False
) -> Expression:
    if isinstance(node, Leaf):
        return of_leaf(node) or AllOf()
    if isinstance(node, Either):
        return either([_resolved(each, of_leaf, is_wanted_only=is_wanted_only) for each in node.nodes])
    wanted = [_resolved(each, of_leaf, is_wanted_only=is_wanted_only) for each in node.wanted]
    unwanted = () if is_wanted_only else tuple(_resolved(each, of_leaf) for each in node.unwanted)
    return AllOf(wanted=tuple(each for each in wanted if each != AllOf()), unwanted=unwanted)


def either(parts: Sequence[Expression | None]) -> Expression:
    """Return that one of the parts holds, of those that there are."""
    kept = tuple(part for part in parts if part and part != AllOf())
    return kept[0] if len(kept) == 1 else OneOf(parts=kept) if kept else AllOf()


def _wanted(node: QueryNode) -> Iterable[Leaf]:
    if isinstance(node, Leaf):
        yield node
        return
    for each in node.nodes if isinstance(node, Either) else node.wanted:
        yield from _wanted(each)
