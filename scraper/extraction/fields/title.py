"""The headline as the reader sees it, without the site's name."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from scraper.extraction.fields.candidates import Finding, finding, group, settle, winner
from scraper.extraction.page import jsonld
from scraper.extraction.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.extraction.fields.context import FieldContext
    from scraper.extraction.page.blocks import Block
    from scraper.extraction.page.markup import Mark

_BETWEEN_SPACES = r"\s+[|–—\-·•»:*~/]+\s+"
_SEPARATOR = re.compile(rf"{_BETWEEN_SPACES}|\s*[|｜│]\s*|：(?=[^：]{{1,20}}$)")
_ANY_SEPARATOR = re.compile(
    rf"{_BETWEEN_SPACES}|\s+[<>‹›«]\s+|\s*[|｜│ㅣ_]\s*|\s*--+\s*|：|(?<=[^\x00-\x7f])-(?=[^\x00-\x7f])"
)
"""Also the signs that separate only where the page prints one side of them as a line."""
_NAMED_SEPARATOR = re.compile(r"\s*[―‹›«»<>_]\s*|\s*--+\s*")
"""Signs that separate only what is the site's name, letter by letter."""
_COLONS = re.compile(r":\s+")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_MAX_CUTS = 8
_COLON = re.compile(r"\s+:(?=\s)")
_KICKER = re.compile(r":\s+|\s+[-–—|]\s+")
_MAX_NAME_WORDS = 10
_MAX_KICKER_WORDS = 5
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
    return _without_named_end(text, names)


def _without_named_end(text: str, names: frozenset[str]) -> str:
    """Return a headline without a name of the site behind a sign that headlines hold too.

    >>> _without_named_end("Pier 4 > harbour is shut_Aville Post", frozenset({"avillepost"}))
    'Pier 4 > harbour is shut'
    """
    for cut in _NAMED_SEPARATOR.finditer(text):
        head, tail = text[: cut.start()], text[cut.end() :]
        if len(head) >= _MIN_HEADLINE and len(tail) >= _MIN_NAME and fold(tail).replace(" ", "") in names:
            return head
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


# what is printed before what is declared: where all that is declared has another text than the heading above
# the body, readers of 850 pages took the heading for the title of 2 in 3; some publishers' own rules do not
_LD, _HEADING, _GRAPH, _TITLE, _HINT, _PREFERRED = 0.85, 0.95, 0.6, 0.35, 0.5, 0.999
_META = (
    ("og:title", _GRAPH),
    ("twitter:title", _GRAPH - 0.05),
    ("parsely-title", _GRAPH),
    ("dc.title", _TITLE),
)
_MENUS = frozenset({"nav", "li", "ol", "ul"})
_CRUMB, _CRUMB_SOURCE = 0.3, "html:nav h1"
"""A heading among the crumbs is for search engines."""
_H1S = frozenset({"html:h1", _CRUMB_SOURCE})
_PROVED = "this place is right on other pages of the site"
_LINE, _SECOND = 0.9, 0.97
"""A line that is a declared headline too; a second-level heading where the first-level ones are crumbs."""
_AROUND = 3
"""Elements around a heading that may be a menu."""
_RELATED = 0.15
"""Least share of words that a heading shares with another source; of 0.05 to 0.4 the best on 792 pages."""


_Folded = frozenset[str]
Named = tuple[str, str, str, float]
"""Source, as it stood there, cleaned, score."""


def find_title(context: FieldContext) -> tuple[Finding, ...]:
    """Return the candidates for the headline."""
    raws = [(source, raw, score) for source, raw, score in _sources(context) if raw]
    printed = _printed(context)
    cleaned = [(source, raw, clean(raw, context.names), score) for source, raw, score in raws]
    headings = frozenset(fold(block.text) for block in context.before if block.tag in _HEADINGS)
    names = frozenset(fold(mark.text) for mark in context.harvest.headings)
    cleaned = [
        (source, raw, value if source == "json-ld" else _as_printed(value, printed, headings, names), score)
        for source, raw, value, score in cleaned
    ]
    cleaned += _printed_lines(cleaned, context)
    cleaned = _without_badge(_headings(_without_site(cleaned, context), context, printed))
    found = [
        finding(source, raw, value, _PREFERRED, _PROVED, binding=True)
        if source == context.template.title_source
        else finding(source, raw, value, score)
        for source, raw, value, score in cleaned
        if value
    ]
    settled = settle(_without_kicker(found), key=fold, speaker=_speaker)
    return _most_common_form(settled)


def _speaker(source: str) -> str:
    """Return who speaks: search engines and social networks are often told one headline that is not printed.

    Where both are told one that is not the heading, it is right on 53 pages of 126 and the heading on 73; so
    told days are right on 19 of 25.
    """
    return "declared" if source == _CRUMB_SOURCE or group(source) in {"search", "social"} else group(source)


def _printed(context: FieldContext) -> frozenset[str]:
    """Return the lines about the start of the body and the headings, folded."""
    texts = [block.text for block in context.before] + [mark.text for mark in context.harvest.headings]
    return frozenset(fold(text) for text in texts if _is_long(text) and not context.is_site(text))


def _printed_lines(cleaned: list[Named], context: FieldContext) -> list[Named]:
    """Return the line above the body, no first-level heading, that is one of the declared headlines.

    Where all first-level headings are crumbs, it is the second-level one above the body that is like one.
    """
    headings = {fold(mark.text) for mark in context.harvest.headings}
    declared = {fold(value): value for source, _, value, _ in cleaned if source not in _H1S}
    end = context.opening.index if context.opening else 0
    above = [block for block in context.document.segments.blocks[:end] if block.tag in _HEADINGS]
    lines = [block.text for block in (*context.before, *above) if _is_long(block.text)]
    lines = [line for line in lines if fold(line) not in headings]
    if found := next((line for line in lines if fold(line) in declared), None):
        return [("text:headline", found, found, _LINE)]
    crumbs = context.harvest.headings
    if crumbs and all(map(_is_crumb, crumbs)):
        seconds = [_main_part(block) for block in above if block.tag == "h2" and block.text in lines]
        found = next((line for line in seconds if _is_like(line, declared.values())), None)
    return [("text:headline", found, found, _SECOND)] if found else []


def _main_part(block: Block) -> str:
    """Return the longest part of a heading whose kicker stands in an element of its own."""
    parts = [
        " ".join("".join(part.itertext()).split())
        for part in (block.element if block.element is not None else ())
    ]
    parts = [part for part in parts if part]
    return max(parts, key=len) if len(parts) > 1 and _is_long(max(parts, key=len)) else block.text


def _is_like(text: str, others: Iterable[str]) -> bool:
    return any(_likeness(text, other) >= _RELATED for other in others)


def _is_crumb(mark: Mark) -> bool:
    """Tell whether a heading stands in a menu or among the crumbs of a page, for search engines."""
    around = islice(mark.element.iterancestors(), _AROUND)
    return any(
        element.tag in _MENUS or "breadcrumb" in (element.get("class") or "").lower() for element in around
    )


def _is_long(text: str) -> bool:
    """Tell whether a line is long enough for a headline; scripts without spaces need fewer letters."""
    return len(text) >= (_MIN_TITLE if text.isascii() else _MIN_HEADLINE)


def _as_printed(
    title: str, printed: _Folded, headings: _Folded = frozenset(), names: _Folded = frozenset()
) -> str:
    """Return the part of a title between its separators that the page prints as a line, else all of it.

    A colon separates only before what is printed as a heading: "Site: section: headline", or behind one of
    `names`, the headings of the first level, which may be the site's.

    >>> _as_printed("강물 불어 다리 두 곳 통제-정치ㅣ한강일보", frozenset({"강물 불어 다리 두 곳 통제"}))
    '강물 불어 다리 두 곳 통제'
    """
    *_, last = colons = _COLONS.split(title)
    is_named = len(colons) > 2 or (len(colons) > 1 and fold(colons[0]) in names)  # noqa: PLR2004 - "Site: section: headline"
    if is_named and _is_long(last) and fold(last) in headings:
        return last
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
        if not _is_brand(item[2], context) and not (item[0] in _H1S and fold(item[2]) in logos)
    ]
    return left or cleaned


def _is_brand(text: str, context: FieldContext) -> bool:
    """Tell whether a text is the site's name, of few words: some sites declare a headline for it."""
    return context.is_site(text) and len(text.split()) < _MAX_NAME_WORDS // 2


def _without_badge(cleaned: list[Named]) -> list[Named]:
    """Return the candidates, a heading without the word in capitals that a badge prints in it."""
    plain = {value for source, _, value, _ in cleaned if source not in _H1S}
    found = []
    for source, raw, value, score in cleaned:
        badge, _, rest = value.partition(" ")
        is_badged = source in _H1S and badge.isupper() and badge.isalpha() and _begins(rest, plain)
        found.append((source, raw, rest if is_badged else value, score))
    return found


def _begins(text: str, titles: set[str]) -> bool:
    """Tell whether a text is one of the titles, or stands before a separator in one."""
    return text in titles or any(
        title.startswith(text) and _SEPARATOR.match(title, len(text)) for title in titles
    )


def _sources(context: FieldContext) -> Iterator[tuple[str, str, float]]:
    harvest, hints = context.harvest, context.document.page.hints
    if headline := jsonld.text(context.node("headline")):
        yield "json-ld", headline, _declared(context, headline)
    is_french = (harvest.language or "").lower().startswith("fr")
    told = [headline or "", *(mark.text for mark in harvest.titles)]
    told += [value for name, _ in _META for value in harvest.meta.get(name, ())]
    for mark in harvest.headings:
        text = mark.headline(told) if is_french else unspaced(mark.headline(told))
        yield (_CRUMB_SOURCE, text, _CRUMB) if _is_crumb(mark) else ("html:h1", text, _HEADING)
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


def _headings(cleaned: list[Named], context: FieldContext, printed: frozenset[str]) -> list[Named]:
    """Return the candidates with one heading at most: the one most like what else names the page."""
    others = [value for source, _, value, _ in cleaned if source not in {*_H1S, "microdata"}]
    headings = [item for item in cleaned if item[0] in _H1S and not _names_site(item[2], cleaned, context)]
    rest = [item for item in cleaned if item[0] not in _H1S]
    if not headings:
        return rest
    best = max(headings, key=lambda item: max((_likeness(item[2], other) for other in others), default=1.0))
    likeness = max((_likeness(best[2], other) for other in others), default=1.0)
    is_other = any(fold(other) in printed for other in others) or not _opens_text(best[1], context)
    if likeness < _RELATED and is_other:
        best = (best[0], best[1], best[2], _TITLE - 0.1)
    return [*rest, best] if rest and rest[0][0] != "json-ld" else [*rest[:1], best, *rest[1:]]


def _opens_text(heading: str, context: FieldContext) -> bool:
    """Tell whether a heading is long enough for a headline and stands in the lines right above the text."""
    folded = fold(heading)
    return _is_long(heading) and any(fold(block.text) == folded for block in context.before)


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
    longer = [item for item in found if item.source in {"json-ld", *_H1S} and graph != item]
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
        is_short = max(len(head.split()), len(other.split())) <= _MAX_KICKER_WORDS
        is_same = is_short and tail and rest and len(tail[0]) >= _MIN_TITLE and fold(tail[0]) == fold(rest[0])
        if is_same and not _likeness(head, other):
            return _raised(found, item, tail[0], "each prints another kicker before it")
    return found


def _raised(found: list[Finding], chosen: Finding, value: str, why: str) -> list[Finding]:
    return [
        dataclasses.replace(item, value=value, score=_PREFERRED, why=why, binding=True)
        if item is chosen
        else item
        for item in found
    ]


def _most_common_form(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Of the spellings that fold alike, the winner gets the one that most sources have."""
    won = winner(found)
    if won is None:
        return found
    forms = Counter(item.value for item in found if fold(item.value) == fold(won.value))
    form, count = forms.most_common(1)[0]
    value = form if count > forms[won.value] else won.value
    return tuple(dataclasses.replace(item, value=value) if item.won else item for item in found)
