"""The headline as the reader sees it, without the site's name."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from scraper.extract.fields.candidates import Finding, finding, settle, winner
from scraper.extract.page import jsonld
from scraper.extract.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extract.fields.context import FieldContext

_BETWEEN_SPACES = r"\s+[|–—\-·•»:*~/]+\s+"
_SEPARATOR = re.compile(rf"{_BETWEEN_SPACES}|\s*[|｜│]\s*|：(?=[^：]{{1,20}}$)")
_ANY_SEPARATOR = re.compile(
    rf"{_BETWEEN_SPACES}|\s*[|｜│ㅣ_]\s*|\s*--+\s*|：|(?<=[^\x00-\x7f])-(?=[^\x00-\x7f])"
)
"""Also the signs that separate only where the page prints one side of them as a line."""
_MAX_CUTS = 8
_MIN_CUT = 100
"""Characters of a headline that a content system may have cut."""
_COLON = re.compile(r"\s+:(?=\s)")
_KICKER = re.compile(r":\s+|\s+[-–—|]\s+")
_MAX_NAME_WORDS = 10
_MAX_NAME_PARTS = 3
"""Parts of a suffix such as "World - The Examiner - example.org"."""
_MIN_HEADLINE = 10
"""Characters that must be left of a headline when a name is taken off."""
_MIN_NAME = 3
"""Characters of a name that may be a part of a longer one."""
_MIN_TITLE = 15
"""Characters of a headline that wins over longer ones; shorter is a word."""


def clean(text: str, names: frozenset[str]) -> str:
    """Return a headline without the site's name at its end or start; names are folded without spaces.

    >>> clean("Flood in Aville - World - The Examiner", frozenset({"theexaminer", "example"}))
    'Flood in Aville'
    """
    text = " ".join(text.replace("\xad", "").replace("\u200b", "").split())
    while True:
        cuts = list(_SEPARATOR.finditer(text))
        if not cuts:
            break
        for cut in cuts:  # from the longest tail on: "World - The Examiner" goes as one
            head, tail = text[: cut.start()], text[cut.end() :]
            if (
                len(cuts) - cuts.index(cut) <= _MAX_NAME_PARTS
                and _is_name(tail, names)
                and len(head) > _MIN_HEADLINE
            ):
                break
        else:
            head, tail = text[: cuts[0].start()], text[cuts[0].end() :]
            if not (_is_name(head, names) and len(tail) > _MIN_HEADLINE and len(cuts) == 1):
                break
            head = tail
        text = head
    return text


def _is_name(text: str, names: frozenset[str]) -> bool:
    folded = fold(text).replace(" ", "")
    if not folded:
        return True
    if len(text.split()) > _MAX_NAME_WORDS:
        return False
    return any(
        name == folded
        or (
            len(name) > _MIN_NAME
            and (folded.startswith(name) or folded.endswith(name))
            and len(folded) <= 3 * len(name) + 8
        )
        for name in names
    )


def unspaced(text: str) -> str:
    """Return a heading as it is printed whose kicker stands in an element of its own: "A : B" is "A: B"."""
    return _COLON.sub(":", text)


# json-ld before the heading before OpenGraph: on 121 news pages of 40 countries right in 87, 76 and 72 %
_LD, _HEADING, _GRAPH, _TITLE, _HINT, _PREFERRED = 0.9, 0.8, 0.75, 0.5, 0.6, 0.97
_META = (
    ("og:title", _GRAPH),
    ("twitter:title", _GRAPH - 0.05),
    ("parsely-title", _GRAPH),
    ("dc.title", _TITLE),
)
# on 913 pages: the address that spells a headline this well, and the other one this much worse, was right in
# 11 of 11 cases; where the words of one were all in the other, it was a shorter form or had lost its kicker
_SPELLED, _WORSE = 0.9, 0.1
_MIN_SLUG = 4
"""Words of an address that may be a headline's."""
_NO_WORD = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\.\w{2,5}\Z|\b\w*\d{5,}\w*\b")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_RELATED = 0.15
"""Least share of words that a heading shares with another source; of 0.05 to 0.4 the best on 792 pages."""


Named = tuple[str, str, str, float]
"""Source, as it stood there, cleaned, score."""


def find_title(context: FieldContext) -> tuple[Finding, ...]:
    """Return the candidates for the headline."""
    raws = [(source, raw, score) for source, raw, score in _sources(context) if raw]
    printed = _printed(context)
    cleaned = [(source, raw, clean(raw, context.names), score) for source, raw, score in raws]
    cleaned = [
        (source, raw, value if source == "json-ld" else _as_printed(value, printed), score)
        for source, raw, value, score in cleaned
    ]
    cleaned = _without_badge(_headings(_without_site(cleaned, context), context))
    found = [
        finding(source, raw, value, _PREFERRED if source == context.template.title_source else score)
        for source, raw, value, score in cleaned
        if value
    ]
    found = _confirmed(_without_kicker(found))
    found = _spelled(found, context.document.page.url)
    settled = settle(found, key=fold)
    return _most_common_form(settled)


def _printed(context: FieldContext) -> frozenset[str]:
    """Return the lines about the start of the body and the headings, folded."""
    texts = [block.text for block in context.before] + [mark.text for mark in context.harvest.headings]
    return frozenset(fold(text) for text in texts if _is_long(text) and not context.is_site(text))


def _is_long(text: str) -> bool:
    """Tell whether a line is long enough for a headline; scripts without spaces need fewer letters."""
    return len(text) >= (_MIN_TITLE if text.isascii() else _MIN_HEADLINE)


def _as_printed(title: str, printed: frozenset[str]) -> str:
    """Return the part of a title between its separators that the page prints as a line, else all of it.

    >>> _as_printed("강물 불어 다리 두 곳 통제-정치ㅣ한강일보", frozenset({"강물 불어 다리 두 곳 통제"}))
    '강물 불어 다리 두 곳 통제'
    """
    cuts = list(_ANY_SEPARATOR.finditer(title))[:_MAX_CUTS]
    if not cuts or fold(title) in printed:
        return title
    heads = [title[: cut.start()] for cut in reversed(cuts)]
    tails = [title[cut.end() :] for cut in cuts]
    parts = sorted((part for part in (*heads, *tails) if fold(part) in printed), key=len)
    return parts[-1] if parts else title


def _without_site(cleaned: list[Named], context: FieldContext) -> list[Named]:
    """Return the candidates without those that are the site's name, if others are left."""
    logos = frozenset(
        fold(raw.replace(value, "")) for source, raw, value, _ in cleaned if source == "html:title"
    )
    left = [
        item
        for item in cleaned
        if not _is_brand(item[2], context) and not (item[0] == "html:h1" and fold(item[2]) in logos)
    ]
    return left or cleaned


def _is_brand(text: str, context: FieldContext) -> bool:
    """Tell whether a text is the site's name, of few words: some sites declare a headline for it."""
    return context.is_site(text) and len(text.split()) < _MAX_NAME_WORDS // 2


def _without_badge(cleaned: list[Named]) -> list[Named]:
    """Return the candidates, a heading without the word in capitals that a badge prints in it."""
    plain = {value for source, _, value, _ in cleaned if source != "html:h1"}
    found = []
    for source, raw, value, score in cleaned:
        badge, _, rest = value.partition(" ")
        is_badged = source == "html:h1" and badge.isupper() and badge.isalpha() and rest in plain
        found.append((source, raw, rest if is_badged else value, score))
    return found


def _confirmed(found: list[Finding]) -> list[Finding]:
    """Let the printed heading win of which structured data is the beginning, or which OpenGraph repeats.

    The latter where structured data is the page's title, which search engines are told. Elsewhere the two
    differ without a rule: of ten such news pages structured data was right on eight.
    """
    by_source = {item.source: fold(item.value) for item in reversed(found)}
    heading = next((item for item in found if item.source == "html:h1"), None)
    declared, graph, page = (by_source.get(name) for name in ("json-ld", "meta:og:title", "html:title"))
    printed = by_source.get("html:h1")
    if not heading or not printed or not declared or printed == declared:
        return found
    is_cut = len(declared) >= _MIN_CUT and printed.startswith(declared)
    if is_cut or (printed == graph and declared == page):
        return _raised(found, heading, heading.value, "printed so, and declared elsewhere")
    return found


def _sources(context: FieldContext) -> Iterator[tuple[str, str, float]]:
    harvest, hints = context.harvest, context.document.page.hints
    if headline := jsonld.text(context.node("headline")):
        yield "json-ld", headline, _declared(context, headline)
    is_french = (harvest.language or "").lower().startswith("fr")
    for mark in harvest.headings:
        yield "html:h1", mark.text if is_french else unspaced(mark.text), _HEADING
    for mark in harvest.items.get("headline", ())[:1]:
        yield "microdata", mark.text, _HEADING - 0.02
    for name, score in _META:
        yield f"meta:{name}", harvest.meta.get(name, ("",))[0], score
    for mark in harvest.titles[:1]:
        yield "html:title", _without_section(context, mark.text), _TITLE
    if hints and hints.title:
        yield hints.source, jsonld.without_markup(hints.title), _HINT


def _declared(context: FieldContext, headline: str) -> float:
    """Return how sure a headline in structured data is: not very where it is a copy of something else."""
    title = context.harvest.titles[0].text if context.harvest.titles else ""
    if fold(headline) == fold(title) and clean(title, context.names) != title:
        return _TITLE + 0.01  # with the site's name: what search engines are told
    texts = [
        *context.harvest.meta.get("description", ())[:1],
        jsonld.text(context.node("description")) or "",
    ]
    is_summary = len(headline) > _MIN_TITLE and any(fold(text).startswith(fold(headline)) for text in texts)
    return _TITLE - 0.1 if is_summary else _LD


def _without_section(context: FieldContext, title: str) -> str:
    """Return a page's title without the name of the section at its end."""
    cuts = list(_SEPARATOR.finditer(title))
    if not cuts or cuts[-1].start() <= _MIN_HEADLINE:
        return title
    declared = jsonld.texts(context.node("articleSection"))
    for name in ("article:section", "section"):
        declared += context.harvest.meta.get(name, ())
    return title[: cuts[-1].start()] if fold(title[cuts[-1].end() :]) in map(fold, declared) else title


def _headings(cleaned: list[Named], context: FieldContext) -> list[Named]:
    """Return the candidates with one heading at most: the one most like what else names the page."""
    others = [value for source, _, value, _ in cleaned if source not in {"html:h1", "microdata"}]
    headings = [
        item for item in cleaned if item[0] == "html:h1" and not _names_site(item[2], cleaned, context)
    ]
    rest = [item for item in cleaned if item[0] != "html:h1"]
    if not headings:
        return rest
    best = max(headings, key=lambda item: max((_likeness(item[2], other) for other in others), default=1.0))
    likeness = max((_likeness(best[2], other) for other in others), default=1.0)
    if likeness < _RELATED:
        best = (best[0], best[1], best[2], _TITLE - 0.1)
    return [*rest, best] if rest and rest[0][0] != "json-ld" else [*rest[:1], best, *rest[1:]]


def _names_site(heading: str, cleaned: list[Named], context: FieldContext) -> bool:
    """Tell whether a heading is the site's name: where the page's title is it and OpenGraph's title."""
    if context.is_site(heading):
        return True
    raw = {source: fold(raw) for source, raw, _, _ in cleaned}
    page, graph, name = raw.get("html:title"), raw.get("meta:og:title", ""), fold(heading)
    return len(graph) >= _MIN_TITLE and page in {f"{name} {graph}", f"{graph} {name}"}


def _likeness(one: str, other: str) -> float:
    words, others = set(fold(one).split()), set(fold(other).split())
    return len(words & others) / max(1, len(words | others))


def _without_kicker(found: list[Finding]) -> list[Finding]:
    """Let a headline win before which the others print a kicker, or each another one."""
    graph = next((item for item in found if item.source == "meta:og:title"), None)
    longer = [item for item in found if item.source in {"json-ld", "html:h1"} and graph != item]
    if graph is None or not longer:
        return found
    longer = [item for item in longer if item.value != graph.value]
    ends = (f": {graph.value}", f" {graph.value}")
    if longer and len(graph.value) >= _MIN_TITLE and all(item.value.endswith(ends) for item in longer):
        return _raised(found, graph, graph.value, "the others print a kicker before it")
    for item in longer:
        (head, *tail), (other, *rest) = (
            _KICKER.split(text, maxsplit=1) for text in (item.value, graph.value)
        )
        is_same = tail and rest and len(tail[0]) >= _MIN_TITLE and fold(tail[0]) == fold(rest[0])
        if is_same and not _likeness(head, other):
            return _raised(found, item, tail[0], "each prints another kicker before it")
    return found


def _raised(found: list[Finding], chosen: Finding, value: str, why: str) -> list[Finding]:
    return [
        dataclasses.replace(item, value=value, score=0.95, why=why) if item is chosen else item
        for item in found
    ]


def _spelled(found: list[Finding], url: str | None) -> list[Finding]:
    """Let the headline win that the address spells; against structured data two sources must have it."""
    best = max(found, key=lambda item: item.score, default=None)
    by_source = {item.source: item for item in reversed(found)}
    heading, graph = by_source.get("html:h1"), by_source.get("meta:og:title")
    if best is None or not graph or not url or best.score > _LD:
        return found
    if best.source == "json-ld" and (not heading or fold(heading.value) != fold(graph.value)):
        return found
    slug = _slug(url)
    if len(slug) < _MIN_SLUG or fold(best.value) == fold(graph.value):
        return found
    likeness, words, others = _match(slug, graph.value), _words(graph.value), _words(best.value)
    is_form = words <= others or others <= words
    if is_form or likeness < _SPELLED or likeness - _match(slug, best.value) < _WORSE:
        return found
    return _raised(found, graph, graph.value, "the address spells it")


def _slug(url: str) -> Counter[str]:
    """Return the words of the part of an address that has most of them."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return Counter()
    parts = [fold(_NO_WORD.sub("", part).replace("_", " ")).split() for part in path.lower().split("/")]
    return max(map(Counter, parts), key=Counter.total)


def _words(text: str, *, german: bool = False) -> Counter[str]:
    """Return the words of a text as addresses spell them."""
    text = text.casefold().replace("'", "").replace("’", "")
    plain = unicodedata.normalize("NFKD", text.translate(_UMLAUTS) if german else text)
    return Counter(fold("".join(c for c in plain if not unicodedata.combining(c))).split())


def _match(slug: Counter[str], text: str) -> float:
    """Return how much the words of an address and of a text are the same: the F1 of the two."""
    forms = (_words(text), _words(text, german=True))
    return max(2 * (slug & form).total() / max(1, slug.total() + form.total()) for form in forms)


def _most_common_form(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Of the spellings that fold alike, the winner gets the one that most sources have."""
    won = winner(found)
    if won is None:
        return found
    forms = Counter(item.value for item in found if fold(item.value) == fold(won.value))
    form, count = forms.most_common(1)[0]
    value = form if count > forms[won.value] else won.value
    return tuple(dataclasses.replace(item, value=value) if item.won else item for item in found)
