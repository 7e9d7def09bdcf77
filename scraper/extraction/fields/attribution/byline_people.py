"""The people in the text of one byline."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.agencies import AGENCIES, FOLDED
from scraper.extraction.fields.attribution.joined_names import is_joined
from scraper.extraction.fields.attribution.names import is_full_name, is_organisation, is_person, names
from scraper.extraction.words import bylines, crew
from scraper.extraction.words.month_names import is_month
from scraper.extraction.words.spelling import fold, is_caseless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extraction.fields.context import FieldContext

MAX_NAME = 80
MAX_BYLINE = 300
"""Characters; longer is a biography."""
# English has "by" before much else: who writes stands after one of these, a separator, a date or at the start
WRITING = re.compile(
    r"(?:\A|[|·•–—⋅●/:,.)\d]|\b(?:text|story|stories|written|words|posted|"
    r"(?<!originally )(?<!first )published|article|authored|report|reported|"
    r"reporting|filed|contributed|analysis|opinion|column|commentary|comment|post|created|submitted|interview|review|"
    r"[ap]m|ago|\d+(?:st|nd|rd|th)))\s*\Z",
    re.IGNORECASE,
)
_BY = re.compile(r"\sby[\s:]", re.IGNORECASE)
_LONGEST_ON = 5
"""Letters fewer than these has what stands before a day: "le 20 mai", "on"."""
_FEW = 2
"""Words before "von" in "Eine Dokumentation von Ada Quill"."""
_MOST_SITE = 4
"""Words of a site's name."""
_DASH = re.compile(r"\s+[–—-]\s+")
_FIGURES = re.compile(r"[|·•⋅●]|\s\d")


def is_known(context: FieldContext, name: str) -> bool:
    """Tell whether a name is the site's or a wire agency's."""
    first, _, rest = name.partition(" ")
    return (
        context.is_site(name)
        or is_agency(context, name)
        or (bylines.is_by(first) and (is_agency(context, rest) or context.is_site(rest)))  # "Von DPA"
        or (first.isupper() and len(first) > 1 and context.is_site(first))  # "ARD Berlin" on ard.example
    )


def is_agency(context: FieldContext, name: str) -> bool:
    """Tell whether a name is a wire agency's."""
    is_shouted = (name.isupper() or name.islower()) and fold(name) in FOLDED
    return is_shouted or name in AGENCIES or name in context.document.site.agencies


def unique_names(found: Iterator[str] | list[str]) -> tuple[str, ...]:
    """Return names once each, in order, by their folded spelling."""
    return tuple({fold(name): name for name in reversed(list(found))}.values())[::-1]


@lru_cache(maxsize=4_096)  # several sources of a page say the same
def is_writer(text: str) -> bool:
    """Tell whether a byline is that of who wrote the text: "Reviewed by Ada Quill" is not."""
    text = crew.from_author(crew.without_others(text))
    lead, by = _by(text)
    is_others = by and crew.done_by_others().search(crew.lead_of_writers(lead))
    return not is_others and not crew.crew().match(text)


def _by(text: str) -> tuple[str, bool]:
    """Return what stands before the first "by" of a text that does not begin with it, and whether it does."""
    match = None if bylines.is_by(text.partition(" ")[0]) else _BY.search(text)
    return (text[: match.start()], True) if match else (text, False)


def people_in(context: FieldContext, text: str) -> tuple[str, ...]:
    """Return the people in the text of a byline: all of it names, or what follows "by" in it."""
    if len(text) > MAX_BYLINE or not is_writer(text):
        return ()
    text = _beside_place(
        context, _without_site(context, bylines.without_local_by(text, context.harvest.language))
    )
    within = list(written_by(text))
    for raw in (text, *within, *([] if within else [before_figures(text)])):
        found = _without_place(names(raw, lambda name: is_known(context, name)))
        people = tuple(name for name in found if is_person(name) and not is_known(context, name))
        rest = [
            name
            for name in found
            if name not in people and not is_known(context, name) and not is_organisation(name)
        ]
        if people and not rest:
            return people
    return ()


def _without_site(context: FieldContext, text: str) -> str:
    """Return a byline without the site's name before it, no sign between: "Ouest-Aville Ada Quill"."""
    words = text.split()
    for count in range(min(_MOST_SITE, len(words) - 2), 0, -1):
        rest = " ".join(words[count:])
        if context.is_site(" ".join(words[:count])) and is_full_name(rest, caseless=True):
            return rest
    return text


def _beside_place(context: FieldContext, text: str) -> str:
    """Return who reports of a place and a person, in scripts without capitals: "عدن - أحمد النهري".

    The text names the place: it is about it.
    """
    parts = [] if text.isascii() else _DASH.split(text)
    if len(parts) != 2 or not is_caseless(text[:1]):  # noqa: PLR2004 - a place and a person
        return text
    told = [any(part in block.text for block in context.paragraphs if part != block.text) for part in parts]
    return parts[told.index(False)] if told.count(False) == 1 else text


def _without_place(found: tuple[str, ...]) -> tuple[str, ...]:
    """Return names without single words behind a full name: "by Ada Quill, Aville"."""
    if not found or " " not in found[0] or not is_person(found[0]):
        return found
    return tuple(name for name in found if " " in name or is_joined(name))


def written_by(text: str) -> Iterator[str]:
    """Yield what follows each "by" in a text that may name who wrote it."""
    for match in bylines.within().finditer(text):
        lead, by = crew.lead_of_writers(text[: match.start()].rstrip()), match[0].split(maxsplit=1)[0]
        is_running = by.lower() in bylines.byline_words().of and not _may_lead(lead)
        is_step = bool(lead) and match["names"].startswith(lead.split()[-1])
        if (
            crew.done_by_others().search(lead)
            or is_step
            or is_running
            or (by.startswith("by") and not WRITING.search(lead))
        ):
            continue
        rest = text[match.end() :].lstrip()
        yield before_figures(f"{match['names']} 1") if rest[:1].isdigit() else match["names"]


def _may_lead(lead: str) -> bool:
    """Tell whether "von" behind these words may say who wrote: they are few, or the last says so."""
    is_short = len(lead.split()) <= _FEW
    return is_short or bool(WRITING.search(lead)) or bylines.ends_written().search(lead) is not None


def before_figures(text: str) -> str:
    """Return the text before a separator or a figure, and before the month of a date."""
    figures = _FIGURES.search(text)
    before = text[: figures.start()].rstrip() if figures else text
    head, _, last = before.rpartition(" ")
    is_on = " " in head and last.islower() and len(last) < _LONGEST_ON
    return head if figures and head and (is_on or is_month(last)) else before
