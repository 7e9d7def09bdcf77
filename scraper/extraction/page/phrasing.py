"""What elements within a line print themselves: powers, quotation marks, formulas; read by page.cutting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MARKED_TAGS = frozenset(
    ("a", "b", "strong", "i", "em", "cite", "dfn", "code", "kbd", "samp", "tt", "sub", "sup", "s", "strike")
)
"""Elements within a line that a structured text tells apart."""
_RAISED = str.maketrans("0123456789+-\u2212=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_POWER = re.compile("[+\u2212-]?[0-9n]{1,6}")
"""A number or n: letters such as "th" are printed small, and mean the same in a line."""
_PERMALINK = re.compile("[\\s#¶§\U0001f517\u2693\ufe0f]{0,8}")
_QUOTED = re.compile("\\s*[\"'\u2018-\u201f\u00ab\u2039\u300c\u300e]")
_QUOTES = {
    "cs": "„“‚‘", "da": "“”‘’", "de": "„“‚‘", "el": "«»“”", "es": "«»“”", "fr": "«»“”", "hu": "„”»«",
    "it": "«»“”", "ja": "「」『』", "nb": "«»‘’", "nl": "‘’“”", "no": "«»‘’", "pl": "„”«»", "pt": "“”‘’",
    "ro": "„”«»", "ru": "«»„“", "sk": "„“‚‘", "sl": "„“‚‘", "sv": "””’’", "fi": "””’’", "tr": "“”‘’",
    "uk": "«»„“", "zh": "“”‘’",
}  # fmt: skip
"""Language → the marks around a quotation and around one within it (Unicode CLDR 48)."""
_ENGLISH = "“”‘’"
_LARGEST = 2_000
"""Elements of one formula that are read."""


def raised(text: str, before: str) -> str:
    """Return the text of a `sup` as a line prints it behind what stands before: a power keeps its height.

    >>> raised("4", "10"), raised("th", "19"), raised("2", "see ")
    ('⁴', 'th', '2')
    """
    is_power = before[-1:].isalnum() or before[-1:] == ")"
    return text.translate(_RAISED) if is_power and _POWER.fullmatch(text.strip()) else text


def is_permalink(element: HtmlElement) -> bool:
    """Tell whether a link in a heading is only the sign by which its place can be linked to."""
    return (element.get("href") or "").find("#") >= 0 and _PERMALINK.fullmatch(
        "".join(element.itertext())
    ) is not None


def quotation_marks(element: HtmlElement, depth: int, language: str) -> tuple[str, str]:
    """Return the marks that a browser prints around a `q`; none where its text has its own."""
    text = next((part for part in element.itertext() if not part.isspace()), "")
    if not text or _QUOTED.match(text):
        return "", ""
    marks = _QUOTES.get(language[:2].lower(), _ENGLISH)
    return (marks[0], marks[1]) if depth % 2 == 0 else (marks[2], marks[3])


def formula(element: HtmlElement) -> str:
    """Return a formula of MathML as a line of text: x², (a+b)/c, √(x), a_i.

    Comments on it in another language, such as TeX, are left out; a formula that is only told in
    `alttext` is read from there.
    """
    if sum(1 for _ in element.iter()) > _LARGEST:
        return ""
    return _term(element) or (element.get("alttext") or "").strip()


def _term(element: HtmlElement) -> str:
    tag = element.tag.rpartition(":")[2] if isinstance(element.tag, str) else ""
    if tag in {"annotation", "annotation-xml", "mphantom"}:
        return ""
    match tag, *map(_term, element):
        case "msup" | "mover", base, top:
            return base + (raised(top, base) if _POWER.fullmatch(top) else f"^{_held(top)}")
        case "msub" | "munder", base, below:
            return f"{base}_{_held(below)}"
        case "mfrac", above, below:
            return f"{_held(above)}/{_held(below)}"
        case "msqrt", *parts:
            return f"√{_held(''.join(parts))}"
        case _, *parts:
            text = " ".join((element.text or "").split())
    return text + "".join(parts)


def _held(text: str) -> str:
    """Return a term that is one sign or number as it is, a longer one in brackets."""
    return text if text.isalnum() else f"({text})"
