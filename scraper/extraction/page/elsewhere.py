"""The article that a page's own tree lacks: in templates, noscript, srcdoc, JSON-LD or script data.

Read by page.document, which puts it into the tree before the blocks are cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from scraper.extraction.page.script_data import (
    LEAST_PROSE,
    ScriptText,
    beside_title,
    candidates,
    holds_prose,
    prose_of,
    values,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from scraper.extraction.page.blocks import Block, Segments, Span
    from scraper.extraction.page.markup import Harvest

_MOST_OWN = 600
"""Characters of prose in a page's own tree from which it is read as it stands: notices have fewer."""
_TIMES = 3
"""Of the tree's own prose, what stands elsewhere has at least."""
_PROSE = 80
"""Characters of a block of prose, where less than half of it is linked."""
_DENSE = 25
"""The same in a script that writes no spaces."""
_RIVALS = 2
"""Other texts of half the length from which a page lists articles rather than holds one."""
_MOST_MARKUP = 500_000
"""Characters that are read, three times the longest article of 957."""
_MOST_SCRIPTS = 200
_SHORTEST_SCRIPT = 300
_MARKED_UP = re.compile(r"<(?:p|div|br|h\d|ul|ol|blockquote|section|article|span|figure)\b", re.IGNORECASE)
_ESCAPED = re.compile(r"&lt;(?:p|div|br|h\d)\b", re.IGNORECASE)
_WAITING = re.compile(
    r"(?:^|[\s_-])(?:loading|loader|skeleton|spinner|placeholder)(?:$|[\s_-])", re.IGNORECASE
)
"""Classes of what stands in the place of a text until a script brings it."""
_RUN = frozenset({"", "module", "text/javascript", "application/javascript"})
"""Types of scripts that are no data."""
_LINES = frozenset({"p", "h2", "time", "address"})
"""Elements of the lines that stand between a headline and its text."""
_ASIDES = frozenset({"aside", "nav", "footer", "section", "ul", "form"})
"""Elements that stand behind a text."""
_SHADOW = ("shadowrootmode", "shadowroot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Where a text stands that is not in the tree, and its markup."""

    source: str
    """As provenance names it: "html:noscript", "jsonld:articleBody", "script:__NEXT_DATA__"."""
    markup: str
    element: HtmlElement | None = None
    """The element that holds it, where it has its place in the tree; the markup is empty then for what is
    in the tree already."""
    prose: int = 0


def own_prose(segments: Segments) -> int:
    """Return the characters of the blocks that read like paragraphs."""
    pairs = zip(segments.blocks, segments.spans, strict=True)
    return sum(len(block.text) for block, span in pairs if is_prose(block, span))


def is_prose(block: Block, span: Span) -> bool:
    """Tell whether a block reads like a paragraph."""
    size = len(block.text)
    return span.linked * 2 < size and size >= _DENSE and (size >= _PROSE or _is_dense(block.text))


def _is_dense(text: str) -> bool:
    return not text.isascii() and text.count(" ") * 20 < len(text)


def find_elsewhere(tree: HtmlElement, own: int, harvest: Harvest) -> Elsewhere | None:
    """Return the article that stands outside the text of the tree; None where the tree has one or nothing.

    `own` is the prose of the tree.
    """
    if own >= _MOST_OWN:
        return None
    least = max(own * _TIMES, LEAST_PROSE)
    held = max(_in_elements(tree), key=lambda found: found.prose, default=None)
    if held is not None and held.prose >= least:
        return held
    titles = _titles(harvest)
    read: list[tuple[str, list[Any]]] = []
    for source, found in _sources(tree):
        chosen = _choose(candidates(found), titles)
        if chosen is not None and chosen.prose >= least:
            return _in_data(source, chosen)
        if not source.startswith("jsonld:"):  # its keys are one vocabulary's, of which the body's is read
            read.append((source, found))
    if (stated := harvest.article_body) and prose_of(stated) >= least:
        return Elsewhere(source="jsonld:articleBody", markup=_markup([stated]))
    for source, found in read:
        chosen = max(beside_title(found, titles), key=lambda text: text.prose, default=None)
        if chosen is not None and chosen.prose >= least:
            return _in_data(source, chosen)
    return None


def _in_data(source: str, chosen: ScriptText) -> Elsewhere:
    return Elsewhere(source=source, markup=_markup(chosen.parts), prose=chosen.prose)


def stands_in_script(tree: HtmlElement) -> bool:
    """Tell whether a script writes running text that nothing reads."""
    return any(holds_prose(text) for _, text in _scripts(tree))


def runs_scripts(tree: HtmlElement) -> bool:
    """Tell whether a page has a script that a browser would run."""
    return any((script.get("type") or "").lower() in _RUN for script in tree.iter("script"))


def _in_elements(tree: HtmlElement) -> Iterator[Elsewhere]:
    for element in tree.iter("template", "noscript", "iframe"):
        markup = ""
        if element.tag == "template":
            if not any(name in element.attrib for name in _SHADOW):
                continue
            source = "html:template"
        elif element.tag == "iframe":
            if not (markup := element.get("srcdoc") or ""):
                continue
            source = "html:srcdoc"
        else:
            source = "html:noscript"
            if (text := element.text or "") and _MARKED_UP.search(text):  # not parsed: its markup is its text
                markup = text
        prose = prose_of(markup[:_MOST_MARKUP]) if markup else _prose_in(element)
        yield Elsewhere(source=source, markup=markup, element=element, prose=prose)


def _prose_in(element: HtmlElement) -> int:
    return sum(
        prose_of("".join(paragraph.itertext()))
        for paragraph in element.iterdescendants("p", "div", "li", "blockquote", "td")
        if next(paragraph.iterdescendants("p", "div", "li"), None) is None
    )


def _scripts(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    for number, script in enumerate(tree.iter("script")):
        if number >= _MOST_SCRIPTS:
            return
        text = script.text or ""
        if len(text) >= _SHORTEST_SCRIPT:
            yield script, text


def _sources(tree: HtmlElement) -> Iterator[tuple[str, list[Any]]]:
    """Yield the values of JSON-LD, then of each script, those of React's stream as one."""
    scripts = list(_scripts(tree))
    linked = [text for script, text in scripts if "ld+json" in (script.get("type") or "")]
    yield "jsonld:articleBody", [found for text in linked for found in values(text)]
    streamed = [text for _, text in scripts if "__next_f" in text]
    if streamed:
        yield "script:__next_f", list(values("\n".join(streamed)))
    for script, text in scripts:
        if "ld+json" not in (script.get("type") or "") and "__next_f" not in text:
            yield f"script:{_name(script, text)}", list(values(text))


def _name(script: HtmlElement, text: str) -> str:
    name: str = script.get("id") or ""
    if name:
        return name[:40]
    match: re.Match[str] | None = re.search(r"([\w.$]+)(?:\[[^\]]{1,40}\])?\s*=\s*[{\[J]", text[:10_000])
    return match[1][:40] if match else "data"


def _titles(harvest: Harvest) -> frozenset[str]:
    printed = [mark.text for mark in (*harvest.titles, *harvest.headings)]
    stated = [value for name in ("og:title", "twitter:title") for value in harvest.meta.get(name, ())]
    return frozenset(title.casefold() for title in (*printed, *stated) if title)


def _choose(texts: Sequence[ScriptText], titles: frozenset[str]) -> ScriptText | None:
    """Return the text that goes by the page's title, or the longest where there are few others."""
    named = [text for text in texts if any(name in title for name in text.titles for title in titles)]
    best = max(named or texts, key=lambda text: text.prose, default=None)
    if best is None or named:
        return best
    starts = {_start(best)}
    for text in texts:
        if text.prose * 2 >= best.prose:
            starts.add(_start(text))
    return best if len(starts) <= _RIVALS else None


def _start(text: ScriptText) -> str:
    return re.sub(r"<[^>]*>|\W", "", "".join(text.parts[:3]))[:60]


def _markup(parts: Sequence[str]) -> str:
    """Return texts as HTML, each line of plain text a paragraph."""
    written: list[str] = []
    size = 0
    for part in parts:
        text = unescape(part) if _ESCAPED.search(part) and not _MARKED_UP.search(part) else part
        if _MARKED_UP.search(text):
            written.append(f"<div>{text}</div>" if text.lstrip().startswith("<") else f"<p>{text}</p>")
        else:
            plain = text if "<" in text else escape(unescape(text), quote=False)
            written += [f"<p>{line}</p>" for line in plain.split("\n") if line.strip()]
        size += len(text)
        if size > _MOST_MARKUP:
            break
    return "\n".join(written)


def place(tree: HtmlElement, found: Elsewhere, content: Sequence[HtmlElement]) -> None:
    """Put what was found where a reader would look for it."""
    if found.element is not None:
        found.element.tag = "div"
        found.element.attrib.clear()
        if found.markup:
            found.element.text = None
            found.element.extend(content)
        return
    for element in list(tree.iter("div", "p", "span", "section")):
        if _WAITING.search(element.get("class") or "") and not prose_of("".join(element.itertext())):
            element.drop_tree()
    article = tree.makeelement("article")
    article.extend(content)
    heading = next(tree.iter("h1"), None)
    around = None if heading is None else next(heading.iterancestors("article", "main"), None)
    if heading is not None and around is not None:
        while (parent := heading.getparent()) is not None and parent is not around:
            heading = parent
        _before_text(heading).addnext(article)
        return
    holder = next(tree.iter("main"), None)
    if holder is not None:
        holder.insert(0, article)
        return
    body = next(tree.iter("body"), tree)
    footer = next((index for index, child in enumerate(body) if child.tag == "footer"), len(body))
    body.insert(footer, article)


def _before_text(heading: HtmlElement) -> HtmlElement:
    """Return what a text follows: the empty element that awaits it, or the lines below the headline."""
    around = list(takewhile(lambda each: each.tag not in _ASIDES, heading.itersiblings()))
    for element in around[1:]:
        if element.tag == "div" and not len(element) and not (element.text or "").strip():
            return element
    return [heading, *takewhile(lambda each: each.tag in _LINES, around)][-1]
