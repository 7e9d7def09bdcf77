"""Rules of HTML layout: what is inline, hidden, a paragraph's end; read by page.blocks and page.markup."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.extraction.words.lexicon import class_words
from scraper.writing import SOUTH_EAST_ASIAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    Attributes = Sequence[tuple[str, str]]


class Form(StrEnum):
    """What a block is in the structure of a text."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list item"
    CELL = "cell"
    QUOTE = "quote"
    CODE = "code"


class Lines(StrEnum):
    """What the ends of lines in a text node mean."""

    FOLDED = "folded"
    KEPT = "kept"
    """As a line break in markup: a finished sentence ends a paragraph there, and so does a blank line."""
    APART = "apart"
    """Each line is a paragraph."""
    CODE = "code"
    """A blank line ends a paragraph."""


HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "nobr", "picture", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img",
))  # fmt: skip
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "col", "colgroup", "dd",
    "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li",
    "listing", "main", "menu", "nav", "ol", "p", "plaintext", "pre", "search", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul", "xmp",
))  # fmt: skip
_PARAGRAPHS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "figcaption", "caption", "summary", "legend", "address",
))  # fmt: skip
"""Elements that hold a run of text and no blocks."""
FORMS = {
    "h1": Form.HEADING, "h2": Form.HEADING, "h3": Form.HEADING, "h4": Form.HEADING, "h5": Form.HEADING,
    "h6": Form.HEADING, "li": Form.LIST_ITEM, "dt": Form.LIST_ITEM, "dd": Form.LIST_ITEM, "td": Form.CELL,
    "th": Form.CELL, "tr": Form.CELL, "blockquote": Form.QUOTE, "pre": Form.CODE, "listing": Form.CODE,
    "xmp": Form.CODE,
}  # fmt: skip
"""Element → form of the text in it; what is in another element has the form of what is around."""
_DISPLAYED = re.compile(r"(?:^|;)display:(?:block|flex|grid|table|list-item|flow-root)\b")
_NOT_SEEN = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|font-size:0[a-z%]*(?:;|!|$)"
    r"|clip:rect\((?:0|1px)|clip-path:inset\((?:50|100)%|(?:left|top|text-indent):-\d{3,})"
)
_NOT_SEEN_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sr-?only|visually-?hidden|screen-?reader(?:s|-?text|-?only)?"
    r"|a11y-?(?:hidden|text|only)|for-?sr|assistive-?text|off-?screen|element-invisible"
    r"|hidden-accessible|tool-?tip-?(?:text|content|body|inner)|mw-editsection)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LINES = re.compile(
    r"(?:^|;)white-space(?:-collapse)?:(pre-line|pre-wrap|preserve-breaks|break-spaces|pre|preserve)\b"
)
_LINES_CLASS = re.compile(
    r"(?:^|\s)(?:whitespace-|white-space-|ws-)(pre-line|pre-wrap|break-spaces|pre)(?:$|\s)"
)
_NAMING = frozenset(("class", "id", "itemprop", "role", "data-testid", "data-component"))
"""Attributes whose words tell what an element is for."""
_HIDING = {"hidden": "", "aria-hidden": "true", "style": "display:none"}
"""Attribute → what its value holds where it hides the element."""
_MEANT = {"pre-line": Lines.APART, "preserve-breaks": Lines.APART}
_ENDED = re.compile(
    "[.!?\u2026\u3002\uff0e\uff01\uff1f\uff61\u061f\u06d4\u0964\u0965\u1362\u1367\u104b\u17d4\u17d5\u0589]"
    "[\"'\u201c\u201d\u2018\u2019\u00bb\u00ab\u300d\u300f\uff09)\\]\u203a\u2039]*\\s*\\Z"
)
"""The end of a sentence in the scripts that mark one."""
_UNMARKED = re.compile("[\u0e00-\u0eff]\\s?\\Z")
_SHORTEST_LINE = 60
"""Characters of a line of Thai or Lao, which mark no end of a sentence, that is a paragraph of its own."""
INDENT = re.compile(r"\s*(?:\u3000|[\u00a0\u2002\u2003]{2})")
"""White space that is printed at the start of a paragraph."""
_INDENTED = re.compile(
    r"\n[^\S\n]*(?=[^\S\n]*\u3000)|(?<=[\u3002\uff01\uff1f\u201d\u300d])[^\S\n]*(?=\u3000\u3000)"
)
_LONGEST_LINE = 2_000
"""Characters of an address or abbreviation at the end of a line that are looked at."""

_SHAPED = "\u0600-\u08ff\u0900-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
"""Letters that joiners shape, spaces or none: Arabic, of India, Tibetan, Burmese, Khmer, Mongolian."""
_SIGNS = re.compile(
    "[\u00ad\u180e\u2060-\u2064\ufeff]|"
    f"\u200b(?![{SOUTH_EAST_ASIAN}])"
    f"|(?<![{_SHAPED}])\u200c|\u200c(?![{_SHAPED}])"
    f"|(?<![{_SHAPED}\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d"
    f"|\u200d(?![{_SHAPED}\u2190-\u2bff\U0001f000-\U0001faff])"
)


_ANY_SIGN = re.compile("[\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff]")
"""Any sign of these, wherever it stands: few texts hold one, and it is found in a tenth of the time."""


def whole_words(text: str) -> str:
    r"""Return a text without the signs that only say where a word may be parted.

    Joiners stay between letters of the scripts that need them and between pictures; a space without width
    stays where it is all that parts words.

    >>> whole_words("har\u00adbour"), len(whole_words("\u0645\u06cc\u200c\u0634\u0648\u062f"))
    ('harbour', 6)
    """
    return _SIGNS.sub("", text) if not text.isascii() and _ANY_SIGN.search(text) else text


def is_phrase(element: HtmlElement, parent: str, *, inside: bool) -> bool:
    """Tell whether an element that HTML does not lay out as a block stands in a line of text.

    Browsers show an unknown element inline. Sites build their layout of such too: one that holds blocks, or
    stands alone where no text is, is a block.
    """
    beside = inside or parent in _PARAGRAPHS or bool(element.tail and not element.tail.isspace())
    return beside and next(element.iterdescendants(*BLOCKS), None) is None


def is_displayed_as_block(attributes: Attributes) -> bool:
    """Tell whether the style of an inline element makes it a block."""
    for name, value in attributes:
        if name == "style":
            return _displays_block(value)
    return False


@lru_cache(maxsize=20_000)
def _displays_block(style: str) -> bool:
    return _DISPLAYED.search(_folded(style)) is not None


@lru_cache(maxsize=20_000)
def _folded(style: str) -> str:
    return "".join(style.split()).lower()


@lru_cache(maxsize=20_000)
def _says_hidden(name: str, value: str) -> bool:
    if name == "style":
        return _NOT_SEEN.search(_folded(value)) is not None
    return _NOT_SEEN_CLASS.search(value) is not None


def is_unseen(attributes: Attributes) -> bool:
    """Tell whether the attributes of an element keep its text from a reader who sees the page."""
    for name, value in attributes:
        if name in {"style", "class"}:
            if _says_hidden(name, value):
                return True
        elif name == "hidden" or (name == "role" and value.strip().lower() == "tooltip"):
            return value.strip().lower() != "until-found"
    return False


def names_of(attributes: Attributes) -> tuple[str, int, bool]:
    """Return what the attributes call an element, the kinds of words in that, and whether they hide it."""
    names, words, hidden = "", 0, False
    for name, value in attributes:
        if name in _NAMING:
            names = f"{names} {value}" if names else value
            words |= class_words(value)  # one by one: classes are met again, an element's own name is not
        elif name in _HIDING:
            hidden = hidden or _HIDING[name] in value.replace(" ", "").lower()
    return names, words, hidden


def lines_of(tag: str, attributes: Attributes, around: Lines) -> Lines:
    """Return what the ends of lines in an element mean."""
    meant = Lines.CODE if tag in {"pre", "listing", "xmp"} else around
    for name, value in attributes:
        found = None
        if name == "class":
            found = _LINES_CLASS.search(value) if "pre" in value else None
        elif name == "style":
            found = _LINES.search(_folded(value)) if "white-space" in value else None
        if found:
            meant = Lines.CODE if tag == "pre" else _MEANT.get(found[1], Lines.KEPT)
    return meant


def is_finished(pieces: Sequence[str], following: str) -> bool:
    """Tell whether a line break ends a paragraph: its last sentence is finished, and another one begins."""
    if INDENT.match(following):
        return True
    after = following.lstrip()[:1]
    if after.islower():
        return False
    end = "".join(pieces[-3:])[-_LONGEST_LINE:]
    if _ENDED.search(end[-12:]) is not None:
        return True
    return len(end.strip()) >= _SHORTEST_LINE and _UNMARKED.search(end[-2:]) is not None


def parts(text: str, lines: Lines) -> list[str]:
    """Return a text node cut where paragraphs end in it."""
    if lines is Lines.FOLDED:
        return _INDENTED.split(text) if "\u3000" in text else [text]
    if "\n" not in text:
        return [text]
    if lines is Lines.APART:
        return text.split("\n")
    found = re.split(r"\n[^\S\n]*(?:\n\s*)+", text)
    if lines is Lines.CODE:
        return found
    return [line for part in found for line in _sentences(part)]


def _sentences(text: str) -> list[str]:
    """Return lines, those within a sentence joined."""
    joined: list[str] = []
    for line in text.split("\n"):
        if joined and not is_finished(joined[-1:], line):
            joined[-1] = f"{joined[-1]}\n{line}"
        else:
            joined.append(line)
    return joined


def text_after(element: HtmlElement) -> str:
    """Return what is printed first after an element, within its parent."""
    tail: str = element.tail or ""
    if (not tail.isspace() and tail) or INDENT.match(tail):
        return tail
    following = element.getnext()
    if following is None:
        return ""
    texts: Iterator[str] = following.itertext()
    return next((text for text in texts if not text.isspace()), "")
