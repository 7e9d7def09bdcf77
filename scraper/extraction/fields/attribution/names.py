"""Authors: people as printed, out of bylines of every shape."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.agencies import FOLDED, is_spelled
from scraper.extraction.fields.attribution.joined_names import (
    bare_joined_names,
    bracketed_names,
    is_joined,
    joined_names,
    posted_names,
)
from scraper.extraction.words import bylines, crew
from scraper.extraction.words.spelling import fold, is_caseless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_AUTHORS = 100
_MAX_NAME = 80
_MAX_WORDS = 6

_NOISE = re.compile(
    r"\S+@\S+\.\w+\S*|https?://\S+|\([^()]{0,60}\)|\[[^\[\]]{0,60}\]|(?<=\s)@\w+|\A@\w+|(?<=[a-z])@\w+\Z|"
    r"\b(?:follow|view|see all|more (?:from|by|stories)|about the author|read more|contact|email|e-mail|"
    r"bio)\b.*\Z",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*,\s*")
_TAIL = re.compile(r"\s+(?:[-–—|•·]|in|für|[Ff]or|[Ss]pecial to|at|@)\s+.*\Z|\s*[-–—:,|]+\s*\Z")
_INITIAL = re.compile(r"(?:\A|[\s.])\w\.\Z")
_ELIDED = re.compile(r"\A(?:[dl][’']|[mM]a?c|al-|el-)\w", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
_NAME_WORD = re.compile(r"[^\W\d_][^\s\d,;:|/()\[\]<>@\"“”„«»]*")
_ORGANISATION = re.compile(
    r"(?:^|[\s/.-])(?:news(?:room|desk|wire|wires|paper)?|agenc(?:y|ies|e|ia|ias)|\w*agentur(?:en)?|"
    r"press|presse|prensa|staff|team|desk|editors?|editorial|"
    r"redaktion(?:en)?|redakce|redacción|redacao|redação|redazione|rédaction|redactie|redakcja|redaksi|"
    r"toimitus|редакция|correspondents?|reporters?|"
    r"nachrichten|zeitung|times|post|media|magazine|tv|radio|online|digital|web|network|group|inc|llc|"
    r"ltd|gmbh|university|institute|center|centre|"
    r"association|foundation|department|ministry|committee|council|office|bureau|service|services|"
    r"company|corporation|blog|studio|contributors?|feed|importer|import|bot|syndication|admin|"
    r"ajansı|haber|新聞|新闻|通信|社|オンライン|デジタル|뉴스|신문)(?:$|[\s/.,-])|\.(?:com|org|net|de|at|ch|be|fr|it|es|uk|"
    r"tr|ru|tv)\b|新聞|新闻社|通信社|뉴스|"
    r"[\uac00-\ud7af](?:일보|신문|방송|경제|타임스|미디어)(?:$|[\s/.,-])|네이버|카카오",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    (  # noqa: SIM905 - read as words
        "admin administrator editor author autor editorial staff user root webmaster unknown anonymous "
        "guest none null undefined redaktion redacción redazione rédaction redactie default wordpress "
        "true false nan na tba tbd gastautor gastautorin publisher adminn"
    ).split()
) | {
    *("n a", "firstname lastname", "first name last name", "first last", "author name", "your name"),
    *("name surname", "full name", "no author", "author", "by author", "site admin", "super user"),
    *("guest author", "guest writer", "guest contributor", "guest post", "k a", "undefined undefined"),
    *("autor invitado", "autora invitada", "auteur invité", "autore ospite", "null null"),
    *("web admin", "vorname nachname", "nom prénom", "nombre apellido", "insert name", "default author"),
}
_TEMPLATE = re.compile(
    r"\{\{|\}\}|\$\{|\{%|%[A-Z_]+%|\[\[|<%|\A(?:page|post|article|site|item|entry)\.[\w.]+\Z"
)
"""What a template leaves where it was not filled: "{{ author }}", "page.head.author"."""
_HOST = re.compile(r"\A\S+\.[a-z]{2,}\Z", re.IGNORECASE)
_DEGREE = re.compile(r"[A-Z][A-Za-z-]*[®™]|(?=[A-Z]{2})(?:[A-Z][A-Za-z]?\.?){2,6}")
"""Letters behind a full name: "Ada Quill, CEPF®"."""
_CHROME = re.compile(
    r"\b(?:updated?|published|posted|about|min(?:ute)?s? read|ago|share|comments?|subscribe|newsletter|"
    r"follow|photos?|image|video|getty|shutterstock|"
    r"uhr|stand|aktualisiert|veröffentlicht|lesezeit|publié|mis à jour|publicado|actualizado|aggiornato|"
    r"pubblicato|lesedauer|copyright|all rights|"
    r"january|february|march|april|june|july|august|september|october|november|december|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[a-zà-ÿ]{3}(?<!Fitz)[A-Z][a-z]")
"""Two texts without a space between them."""
_BROKEN = re.compile(r"[©®]|\A[^(]*\)|\([^)]*\Z")
"""Who holds the rights in a picture, and what a bracket was cut in."""
_QUALIFIERS = frozenset(
    (  # noqa: SIM905 - read as words
        "senior junior staff chief contributing deputy assistant associate political freelance managing "
        "executive digital news sports science business content marketing product creative research"
    ).split()
)
_PARTICLES = frozenset(
    (  # noqa: SIM905 - read as words
        "de da do dos das di del della der den van von zu zur la le el al bin ibn ben y e i of du des "
        "ter ten af av und dos the st"
    ).split()
)


def names(raw: str, is_known: Callable[[str], bool] = lambda _: False) -> tuple[str, ...]:
    """Return the names in one byline, people and organisations, in order and as printed.

    What holds no person beside those that are known as a site or an agency is one name.

    >>> names("By Ada Quill and Ben Marlow, staff writers"), names("Quill, Ada")
    (('Ada Quill', 'Ben Marlow'), ('Ada Quill',))
    >>> names("Centre for Rivers and Lakes")
    ('Centre for Rivers and Lakes',)
    """
    found, whole = _parted(raw[:2000])
    if whole and not any(_may_be_person(name) and not is_known(name) for name in found):
        return _unique([whole])
    return _unique(found)


@lru_cache(maxsize=4_096)  # several sources of a page say the same, and the pages of a site
def _parted(raw: str) -> tuple[tuple[str, ...], str]:
    """Return the names in one byline, and where they are several, all of it: that may be one name."""
    if _TEMPLATE.search(raw):
        return (), ""
    if is_joined(raw) and (joined := joined_names(raw)):
        return joined, ""
    raw = crew.without_others(crew.from_author(raw))
    if is_joined(raw) and (joined := bare_joined_names(raw) or bracketed_names(raw) or posted_names(raw)):
        return joined, ""
    text = _NOISE.sub(" ", bylines.lead().sub("", raw))
    text = text if text.isascii() else bylines.trade_after_name().sub(" ", text)
    text = bylines.lead().sub("", " ".join(text.split())).strip(" ,:;|-–—*&").lstrip(". ")
    text = _without_label(_without_avatar(_once_said(text)))
    parts = [name for part in bylines.conjunction().split(text) if part for name in bylines.at_prefix(part)]
    parts = [part for number, part in enumerate(parts) if not (number and bylines.trade().fullmatch(part))]
    found = tuple(name for number, part in enumerate(parts) for name in _commas(part, is_first=not number))
    if len(parts) > 1 and is_organisation(next(iter(_commas(parts[0])), "")):
        return (text,), ""
    return found, text if len(parts) > 1 else ""


def _without_label(text: str) -> str:
    """Return a byline without a label or trade before its names, or a word behind them, no sign between."""
    text = bylines.told_after().sub("", text)
    label = bylines.told_before().match(text)
    return text[label.end() :] if label and not is_organisation(text[label.end() :]) else text


def _may_be_person(name: str) -> bool:
    return not is_organisation(name) and not _DIGITS.search(name)


def _commas(text: str, *, is_first: bool = True) -> list[str]:
    pieces = [_without_house(piece) for piece in _COMMA.split(text.strip()) if piece]
    pieces = [
        piece
        for index, piece in enumerate(pieces)
        if not (index or (" " in piece and not is_first)) or not is_description(_TAIL.sub("", piece))
    ]
    if pieces and " " in pieces[0]:
        pieces = [piece for piece in pieces if not _DEGREE.fullmatch(piece) or fold(piece) in FOLDED]
    if len(pieces) == 2 and " " not in pieces[0] and pieces[0][:1].isupper() and len(pieces[1].split()) <= 2:  # noqa: PLR2004
        return [_trimmed(f"{pieces[1]} {pieces[0]}")]
    return [_trimmed(piece) for piece in pieces]


def _once_said(text: str) -> str:
    """Return a name that stands twice, beside a picture and as a link, once."""
    half = text[: len(text) // 2].rstrip()
    return half if half and text == f"{half} {half}" else text


def _without_avatar(text: str) -> str:
    """Return a name without the initials that stand before it in the place of a picture: "AQ Ada Quill"."""
    first, _, rest = text.partition(" ")
    is_avatar = len(first) > 1 and first == "".join(word[:1] for word in rest.split())
    return rest if is_avatar else text


def is_description(text: str) -> bool:
    """Tell whether what stands behind a comma is a trade, a host or a description rather than a name.

    >>> is_description("staff writer"), is_description("Ben Marlow")
    (True, False)
    """
    words = text.split()
    return (
        bool(bylines.trade().search(text))
        or bool(_HOST.match(text))
        or any(word[:1].islower() and word not in _PARTICLES and not _ELIDED.match(word) for word in words)
    )


def _trimmed(text: str) -> str:
    text = _without_trade(_without_agency(_TAIL.sub("", text))).strip(' ,:;|-–—*"“”„')
    return text if _INITIAL.search(text) else text.strip(" .")


def _without_trade(text: str) -> str:
    """Return a name without the trade that is printed behind it: "Ada Quill Senior Writer" is Ada Quill."""
    match = bylines.trade().search(text)
    before = text[: match.start()].split() if match else []
    while before and fold(before[-1]) in _QUALIFIERS:
        del before[-1]
    if len(before) < 2 or not all(word[:1].isupper() for word in before):  # noqa: PLR2004 - a name has two words
        return text
    return " ".join(before if len(before) <= 3 else before[:2])  # noqa: PLR2004 - and seldom more than three


def _without_agency(text: str) -> str:
    """Return a name without the agency that is printed behind it: "Ada Quill Associated Press"."""
    words = text.split()
    head, _, last = text.rpartition("/")  # "Ada Quill/TT", and with the place, "Ada Quill/AVILLE"
    if " " in head and " " not in last and last.isupper():
        return head
    for count in (3, 2, 1):
        tail = " ".join(words[-count:])
        if len(words) - count >= 2 and fold(tail) in FOLDED and is_spelled(tail):  # noqa: PLR2004
            return " ".join(words[:-count])
    return text


def _without_house(text: str) -> str:
    """Return a name in capitals without the house or trade behind it that is not: "ADA QUILL River Times"."""
    words = text.split()
    count = next((place for place, word in enumerate(words) if not word.isupper()), len(words))
    rest = " ".join(words[count:])
    is_name = count >= 2 and rest and words[-1][:1].isupper()  # noqa: PLR2004 - a name has two words
    return " ".join(words[:count]) if is_name and (is_organisation(rest) or is_trade(rest)) else text


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for name in found:
        if (
            name
            and len(name) <= _MAX_NAME
            and fold(name)
            and fold(name) not in _NOBODY
            and not name.isdigit()
        ):
            kept.setdefault(fold(name), name)
    return tuple(kept.values())[:MAX_AUTHORS]


def is_organisation(name: str) -> bool:
    """Tell whether a name reads like that of an organisation or an editorial team.

    >>> is_organisation("Examiner News Desk"), is_organisation("Ada Quill")
    (True, False)
    """
    return bool(_ORGANISATION.search(name))


def is_furniture(text: str) -> bool:
    """Tell whether a text holds a word of a page's furniture or of a date.

    >>> is_furniture("Updated 3 hours ago"), is_furniture("Ada Quill")
    (True, False)
    """
    return bool(_CHROME.search(text))


def is_trade(text: str) -> bool:
    """Tell whether a text names what a person does: "Senior writer, Aville".

    >>> is_trade("Senior writer, Aville"), is_trade("Floods in Aville")
    (True, False)
    """
    return bool(bylines.trade().search(text))


@lru_cache(maxsize=4_096)
def is_person(name: str) -> bool:
    """Tell whether a name reads like a person's: up to six words, no digits, no furniture of a page.

    >>> is_person("Ada van der Quill"), is_person("Updated 3 hours ago"), is_person("read all stories")
    (True, False, False)
    """
    words = name.split()
    if (
        not 1 <= len(words) <= _MAX_WORDS
        or _DIGITS.search(name)
        or len(name) > _MAX_NAME
        or is_organisation(name)
    ):
        return False
    if is_furniture(name) or bylines.trade().search(name) or _JOINED.search(name) or _BROKEN.search(name):
        return False
    if len(words) == 1:
        return not name.isascii() and not name[0].isupper() and 2 <= len(name) <= 5  # noqa: PLR2004 - a name in a script without spaces
    return all(
        word[:1].isupper()
        or not word[:1].isalpha()
        or is_caseless(word[:1])
        or word.lower() in _PARTICLES
        or _ELIDED.match(word)
        for word in words
    )


def is_full_name(text: str, *, caseless: bool = False) -> bool:
    """Tell whether a text is a person's name of two to four words and nothing else.

    Where a script has no capitals, that can be told only of what is labelled.
    """
    words = text.split()
    is_plain = all(_NAME_WORD.fullmatch(word) for word in words) and not is_joined(text)
    is_last = words and (words[-1][:1].isupper() or (caseless and is_caseless(words[-1][:1])))
    return bool(is_plain and 2 <= len(words) <= 4 and is_last and is_person(text))  # noqa: PLR2004
