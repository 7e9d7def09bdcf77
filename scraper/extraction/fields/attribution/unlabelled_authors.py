"""The people whom no label names: whose name stands alone, or beside a date, a trade or an agency."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.agencies_named import agencies_named, agency_table
from scraper.extraction.fields.attribution.byline_people import MAX_NAME, is_agency, is_known
from scraper.extraction.fields.attribution.joined_names import is_joined, joined_names, surname_first
from scraper.extraction.fields.attribution.marked_authors import is_profile
from scraper.extraction.fields.attribution.names import is_full_name, is_furniture, is_person, is_trade, names
from scraper.extraction.fields.candidates import Finding, finding
from scraper.extraction.fields.context import is_in_picture
from scraper.extraction.words import bylines, crew, dates
from scraper.extraction.words.month_names import is_weekday
from scraper.extraction.words.notices import names_rights
from scraper.extraction.words.spelling import fold

if TYPE_CHECKING:
    from scraper.extraction.fields.context import FieldContext
    from scraper.extraction.page.blocks import Block

_LAST_RESORT = 0.35
_NAME_LINE = 0.45
"""A name that nothing but its place shows to be the author's."""
_BARS = re.compile(
    r"\s*[|·•⋅●｜/]\s*|\s+[–—-]\s+|[,،]\s+|\s+(?=(?:19|20)\d\d[-./年])|\s+(?:avec|mit|with|con|com|med|met|theo)\s+"
)
_MAIL = re.compile(r"\s*[(<\[]?\s*[\w.+-]+@[\w-]+(?:\.[\w-]+)+\s*[)>\]]?")
_DASH = re.compile(r"\A\s*(?:[–—―]|--?)\s*")
_AUTHORS_PAGE = re.compile(
    r"/(?:auth?ors?|auteurs?|people|persons?|staff|profiles?|contributors?|by)/[^/]+/?\Z"
    r"|[?&]author=\d+\Z"
)
_BEHIND = re.compile(
    r"(?P<name>[^()\d]{4,60}?)\s*(?:\((?P<inner>[^()]{2,60})\)"
    r"|,?\s(?P<special>special to|specially for|exclusivo para|especial para|speciaal voor|specjalnie dla"
    r"|специально для|спеціально для)\s.{2,60}"
    r"|\s(?:for|für|pour|para|per|voor|för|dla)\s(?P<house>.{2,60}))",
    re.IGNORECASE,
)
_TITLE_PARTS = re.compile(r"\s*[|_—–-]+\s*")
_PLAIN_TAGS = frozenset({"p", "div", "span", "line", "strong", "li", "address"})
_UNDER = 2
"""Lines above the body among which such a name stands."""
_LONGEST_HAN = 4
_MOST_BETWEEN, _MOST_AROUND = 6, 2
"""Characters between two names, and around them."""
_MAX_LINE = 150
_REPORT_LINE = 40
"""Characters of a line that says who reported and nothing else."""
_OWNED = re.compile(r"(?:©|copyright)[\s\d–-]*(?P<name>[\u3400-\u9fff]{2,3})\s*\Z", re.IGNORECASE)


def find_unlabelled(context: FieldContext) -> list[Finding]:
    """Return who stands alone where bylines stand, else beside what only bylines hold, else who signs."""
    for block in _below_headline(context)[::-1]:
        if found := _behind_genre(context, block):
            return [finding("text:byline", block.text, found, _NAME_LINE)]
        found = _bare_names(context, block) if not _leads_elsewhere(block) else ()
        is_new = not any(is_known(context, name) or _is_worded(context, name) for name in found)
        if found and is_new and _stands_apart(context, block):
            return [finding("text:name line", block.text, found, _NAME_LINE)]
    return (
        _parted_names(context)
        or _linked_lines(context)
        or _signed(context)
        or _reported_far(context)
        or _owner(context)
    )


def _reported_far(context: FieldContext) -> list[Finding]:
    """Return whom all lines name that say who reported, in Chinese, Japanese or Korean, if that is one."""
    lines = (block for block in context.document.segments.blocks if len(block.text) <= _REPORT_LINE)
    named = {found: block for block in lines if is_joined(block.text) and (found := joined_names(block.text))}
    if len(named) != 1:
        return []
    ((people, block),) = named.items()
    is_new = all(is_person(name) and not is_known(context, name) for name in people)
    return [finding("text:byline", block.text, people, _LAST_RESORT)] if is_new else []


def _owner(context: FieldContext) -> list[Finding]:
    """Return the person with a Chinese name whose page it is, by a heading and the notice of rights.

    Names in other scripts look like those of companies.
    """
    headings = {mark.text.strip() for mark in context.harvest.headings}
    for block in context.foot:
        match = _OWNED.search(block.text) if names_rights(block.text) else None
        if match and match["name"] in headings and surname_first(match["name"]):
            return [finding("text:rights notice", block.text, (match["name"],), _LAST_RESORT)]
    return []


def _leads_elsewhere(block: Block) -> bool:
    """Tell whether a line is a link and nothing else that leads to no page of an author: "EN ESPAÑOL"."""
    if block.element is None:
        return False
    for link in block.element.iter("a"):
        text = " ".join(" ".join(link.itertext()).split())
        path = (link.get("href") or "").lower().partition("?")[0].rstrip("/")
        is_own = fold(path.rpartition("/")[2].replace("-", " ")) == fold(text)
        if text == block.text and not is_own and not is_profile(link):
            return True
    return False


def _stands_apart(context: FieldContext, block: Block) -> bool:
    """Tell whether a line that is a name stands as a byline, or says for whom it was written."""
    special = _BEHIND.fullmatch(block.text)
    return (special is not None and special["special"] is not None) or _stands_in_byline(context, block)


def _is_worded(context: FieldContext, name: str) -> bool:
    """Tell whether the text has most words of a name in small letters: "In This Article"."""
    return 2 * _count_worded(context, name) > len(name.split())


def _count_worded(context: FieldContext, name: str) -> int:
    words = context.words()
    return sum(part.lower() != part and part.lower() in words for part in name.split())


def _below_headline(context: FieldContext) -> tuple[Block, ...]:
    """Return the lines between the headline and the body, or the last two where no line is the headline."""
    titles = {fold(mark.text) for mark in context.harvest.headings}
    before = context.before
    start = next((place for place, block in enumerate(before) if fold(block.text) in titles), None)
    if start is None and before and before[0].tag == "h1":
        start = 0
    if start is None and not any(is_joined(block.text) for block in before):
        return before[-2:]
    return before[(start or 0) :]


def _parted_names(context: FieldContext) -> list[Finding]:
    """Return who stands beside what only bylines hold, and nothing else: "Ada Quill | 2 July 2025".

    That is a date, a trade, an agency, an address for mail, or who took the pictures.
    """
    for block in context.before[::-1]:
        if len(block.text) >= _MAX_LINE or is_in_picture(block):
            continue
        unmailed = _MAIL.sub("", block.text) if "@" in block.text else block.text
        plain = _unlabelled(crew.without_others(unmailed))
        is_said = plain != block.text
        if not is_said and not _BARS.search(plain):
            continue
        people, rest = _parted(context, plain)
        if people and (is_said or (rest and _is_byline(context, block.text, rest))):
            return [finding("text:byline", block.text, people, _NAME_LINE)]
    return []


def _unlabelled(text: str) -> str:
    """Return names without a word beside them that says that they wrote: "Ada Quill (text)"."""
    text = bylines.in_brackets().sub("", text)
    first, _, rest = text.partition(" ")
    return rest if bylines.ends_written().fullmatch(first) and is_full_name(rest) else text


def _is_byline(context: FieldContext, text: str, rest: list[str]) -> bool:
    """Tell whether what stands beside names in a line is what only bylines hold."""
    return any(_is_press(part) or is_agency(context, part) for part in rest) or _is_dated(context, text)


def _parted(context: FieldContext, text: str) -> tuple[tuple[str, ...], list[str]]:
    """Return the names in the one part of a line that holds some, and the others, if all may stand there."""
    people: tuple[str, ...] = ()
    rest = []
    parts = [part for part in _BARS.split(text) if part]
    is_press = any(_is_press(part) or is_agency(context, part) for part in parts)
    for part in parts:
        found = names(part)
        if (
            found
            and not people
            and not _is_press(part)
            and _are_named(context, found, part, is_press=is_press)
        ):
            people = found
        elif (
            any(map(str.isdigit, part))
            or is_trade(part)
            or is_furniture(part)
            or _is_press(part)
            or is_known(context, part)
        ):
            rest.append(part)
        elif not is_weekday(part, context.harvest.language):
            return (), []
    return people, rest


def _are_named(context: FieldContext, found: tuple[str, ...], part: str, *, is_press: bool) -> bool:
    """Tell whether a part of a line is full names, and no section of the site."""
    is_all = len("".join(found)) + _MOST_BETWEEN * (len(found) - 1) >= len(part) - _MOST_AROUND
    return is_all and all(
        (is_full_name(name, caseless=is_press) or surname_first(name))
        and not is_known(context, name)
        and not context.is_section(name)
        and not is_weekday(name, context.harvest.language)  # "Thứ Tư" is two words
        for name in found
    )


def _is_dated(context: FieldContext, text: str) -> bool:
    return dates.parse_date(text, language=context.harvest.language) is not None


def _is_press(text: str) -> bool:
    """Tell whether a text begins with the trade of one who writes: others are named above texts too."""
    return bool(bylines.press().match(text))


def _linked_lines(context: FieldContext) -> list[Finding]:
    """Return the person whose name in a line above the body leads to a page about an author."""
    for block in context.before[::-1]:
        if len(block.text) >= _MAX_LINE or block.element is None or is_in_picture(block):
            continue
        for link in block.element.iter("a"):
            text = " ".join(" ".join(link.itertext()).split()).strip(" ,")
            is_author = _AUTHORS_PAGE.search((link.get("href") or "").lower())
            if is_author and is_full_name(text) and not is_known(context, text):
                return [finding("html:a", text, (text,), _LAST_RESORT)]
    return []


def _signed(context: FieldContext) -> list[Finding]:
    """Return who signs in the last line of the text: behind a dash, in bold, or set to the right."""
    for block in (context.closing, *context.after[:2]):
        name = _signature(context, block.text) if block is not None else ""
        if block is None or not is_full_name(name) or is_known(context, name) or _is_worded(context, name):
            continue
        if name != block.text or _is_set_off(block):
            return [finding("text:signature", block.text, (name,), _NAME_LINE)]
    return []


def _is_set_off(block: Block) -> bool:
    """Tell whether a line is in bold or in italics, or set to the right."""
    element = block.element
    if element is None:
        return False
    is_right = "right" in (element.get("style") or "") + (element.get("align") or "")
    return is_right or [part.tag for part in element] in (["strong"], ["b"], ["em"], ["i"])


def _signature(context: FieldContext, text: str) -> str:
    """Return a last line without a dash or a trade beside it or an agency in brackets behind it."""
    name, _, trade = text.partition(", ")
    if label := bylines.told_before().match(text):
        return text[label.end() :]
    if _is_press(trade) and len(trade) < _REPORT_LINE:
        return name
    behind = _BEHIND.fullmatch(text)
    if behind and behind["inner"] and agencies_named(behind["inner"], agency_table(context), context):
        return behind["name"]
    return _DASH.sub("", text)


def _behind_genre(context: FieldContext, block: Block) -> tuple[str, ...]:
    """Return the full names behind a kind of text in a line below the headline: "Interview: Ada Quill"."""
    plain = crew.without_others(block.text)
    match = bylines.genre().match(plain) if block.tag in _PLAIN_TAGS and len(plain) < MAX_NAME else None
    found = names(match["names"]) if match else ()
    is_named = all(
        is_full_name(name, caseless=True)
        and not is_known(context, name)
        and not context.is_section(name)
        and not _count_worded(context, name)
        for name in found
    )
    return found if is_named else ()


def _names_headline(context: FieldContext, text: str) -> bool:
    """Tell whether a headline begins with a short text and a colon: "茉莉：…" above a line "茉莉"."""
    texts = [*(block.text for block in context.before), *(mark.text for mark in context.harvest.titles)]
    return len(text) <= _LONGEST_HAN and any(title.startswith((f"{text}：", f"{text}:")) for title in texts)


def _stands_in_byline(context: FieldContext, block: Block) -> bool:
    """Tell whether a line stands as a byline: under the headline, beside a date or a trade, or set off."""
    around = (*context.before, *((context.opening,) if context.opening else ()))
    place = next(index for index, other in enumerate(around) if other is block)
    titles = {fold(mark.text) for mark in context.harvest.headings}
    if is_joined(block.text):  # old pages have no heading
        titles.update(fold(part) for mark in context.harvest.titles for part in _TITLE_PARTS.split(mark.text))
    if place == len(context.before) - 1 and _is_set_off(block):  # right above the text
        return True
    return any(
        len(text) < MAX_NAME and (is_trade(text) or is_furniture(text) or dates.parse_date(text))
        for text in (other.text for other in around[max(0, place - 1) : place + 2] if other is not block)
    ) or bool(place and (fold(around[place - 1].text) in titles or _is_under_line(context, place)))


def _is_under_line(context: FieldContext, place: int) -> bool:
    """Tell whether a Chinese name is a paragraph right under another, as on old pages without headings."""
    block, above = context.before[place], context.before[place - 1]
    is_last = place >= len(context.before) - _UNDER and is_joined(block.text)
    is_plain = block.element is None or next(block.element.iter("a"), None) is None
    return is_last and is_plain and block.tag == above.tag == "p" and len(above.text) > len(block.text)


def _bare_names(context: FieldContext, block: Block) -> tuple[str, ...]:
    """Return the names that a paragraph is, without a house or trade behind: "Ada Quill for The Post"."""
    text = block.text
    if block.tag not in _PLAIN_TAGS or context.is_section(text):
        return ()
    if is_joined(text):
        return (text,) if surname_first(text) or _names_headline(context, text) else ()
    if (behind := _BEHIND.fullmatch(text)) and behind["special"]:
        text = behind["name"]
    elif behind:
        inner = behind["inner"] or behind["house"]
        is_house = context.is_site(inner) or agencies_named(inner, agency_table(context), context)
        text = behind["name"] if is_house or _is_press(inner) else text
    found = tuple(text.split("/"))
    is_all = crew.without_others(text) == text and all(map(_is_plain_name, found))
    return found if is_all else ()


def _is_plain_name(text: str) -> bool:
    words = text.split()
    is_plain = all(word.isalpha() and word[0].isupper() for word in words)
    return len(words) in {2, 3} and is_plain and is_person(text)
