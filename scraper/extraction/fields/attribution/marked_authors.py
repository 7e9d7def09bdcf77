"""The people in the elements near the headline whose names say that they hold a byline."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.byline_people import (
    MAX_BYLINE,
    MAX_NAME,
    is_writer,
    people_in,
    unique_names,
)
from scraper.extraction.fields.attribution.names import is_furniture, is_organisation, is_trade
from scraper.extraction.fields.candidates import Finding, finding
from scraper.extraction.words.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from scraper.extraction.fields.context import FieldContext
    from scraper.extraction.page.markup import Mark

_BYLINE, _ROLE, _DISTANT = 0.7, 0.68, 0.4
_ELSEWHERE = re.compile(
    r"comment|teaser|(?<!v)(?<!h-)card|related|recommend|sidebar|(?<!post-)(?<!entry-)(?<!article-)footer|"
    r"testimonial|quote|image|photo|foto|caption|media|credit|avatar|"
    r"picture|promo|"
    r"social|(?<!author-)share|newsletter|widget|most|trending|popular|listing|bio(?:$|[^a-z])|description"
)
_CARD = re.compile(r"teaser|(?<!v)(?<!h-)card(?!iac)|related|recommend|promo")
_ASIDE = frozenset({"figure", "figcaption", "aside", "footer"})
_PROFILE = re.compile(
    r"auth?or|auteur|profile|/people\b|/persons?\b|staff|contributor|/team|journalist|writer|reporter|/by/|/u(?:sers?)?/|redakt"
)
TOGETHER = 40
"""Elements from one author of a text to the next; after them those of comments begin."""
_FAR = 400
"""Elements after the headline; a byline farther on belongs to something else."""


def find_marked(context: FieldContext) -> list[Finding]:
    """Return what the byline elements nearest to the headline name."""
    harvest = context.harvest
    found = []
    for marks, score in ((harvest.rels.get("author", ()), _BYLINE), (harvest.roles.get("byline", ()), _ROLE)):
        if item := _first_people(context, _near(context, marks), score):
            found.append(item)
    return found


def near_marks(context: FieldContext) -> list[Mark]:
    """Return the byline elements near the headline, the nearest first."""
    harvest = context.harvest
    return _near(context, (*harvest.rels.get("author", ()), *harvest.roles.get("byline", ())))


def find_far(context: FieldContext) -> list[Finding]:
    """Return whom all byline elements of the page name that stand far from the headline, if that is one."""
    marks = [
        mark
        for mark in context.harvest.roles.get("byline", ())
        if mark.text and len(mark.text) < MAX_NAME and not is_byline_elsewhere(mark)
    ]
    named = {people: mark for mark in marks if (people := people_in(context, mark.text))}
    if len(named) != 1:
        return []
    ((people, mark),) = named.items()
    return [finding(f"html:{mark.selector}", mark.text, people, _DISTANT)]


def _near(context: FieldContext, marks: Sequence[Mark]) -> list[Mark]:
    headings = context.harvest.headings
    start = headings[0].order if headings else 0
    near = [
        mark
        for mark in marks
        if start - 40 < mark.order < start + _FAR and mark.text and not is_byline_elsewhere(mark)
    ]
    return sorted(near, key=lambda mark: (mark.order < start, mark.order))


def _first_people(context: FieldContext, marks: list[Mark], score: float) -> Finding | None:
    for index, mark in enumerate(marks):
        people = _linked(context, mark)
        listed = people_in(context, mark.text)
        if set(map(fold, people)) <= set(map(fold, listed)):  # some of them have no page
            people = listed
        if not people:
            continue
        for other in marks[index + 1 :]:  # a list of authors, each in an element of its own
            if other.selector != mark.selector or other.order > mark.order + TOGETHER:
                break
            people += people_in(context, other.text)
        return finding(f"html:{mark.selector}", mark.text, unique_names(list(people)), score)
    return None


def _linked(context: FieldContext, mark: Mark) -> tuple[str, ...]:
    """Return the people in a byline whose names lead to their pages."""
    found: list[str] = []
    if len(mark.text) > MAX_BYLINE or not is_writer(mark.text):
        return ()
    for link in mark.element.iter("a"):
        text = " ".join(" ".join(link.itertext()).split())
        if is_profile(link) and 0 < len(text) < MAX_NAME:
            found += [name for name in people_in(context, text) if " " in name] or _as_address(link, text)
    return unique_names(found)


def is_profile(link: HtmlElement) -> bool:
    """Tell whether the address of a link is that of a person's page."""
    return bool(_PROFILE.search((link.get("href") or "").lower()))


def _as_address(link: HtmlElement, text: str) -> list[str]:
    """Return a link's text where its address ends in it: "Mipsy" of /author/mipsy."""
    last = (link.get("href") or "").rstrip("/").rpartition("/")[2]
    is_name = (
        text[:1].isupper() and not is_organisation(text) and not is_trade(text) and not is_furniture(text)
    )
    return [text] if is_name and fold(last.replace("-", " ")) == fold(text) else []


def is_byline_elsewhere(mark: Mark) -> bool:
    """Tell whether an element or one of the four around it belongs to comments, teasers or pictures."""
    element = mark.element
    for _ in range(5):
        if element is None or element.tag in {"body", "main", "header"}:
            return False
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag == "article":
            return bool(_CARD.search(named.lower()))
        is_own = element.tag in {"aside", "footer"} and (
            _is_authors(named) or (element.tag == "footer" and _is_in_article(element))
        )
        if not is_own and (element.tag in _ASIDE or _is_others(named)):
            return True
        element = element.getparent()
    return False


def _is_in_article(element: HtmlElement) -> bool:
    """Tell whether the next section around an element is an article."""
    around = next(element.iterancestors("article", "section", "main", "body"), None)
    return around is not None and around.tag == "article"


@lru_cache(maxsize=4_096)  # the pages of a site have the same names
def _is_others(names: str) -> bool:
    """Tell whether the names of an element say that it holds no byline of the article."""
    return bool(_ELSEWHERE.search(names.lower()))


def _is_authors(names: str) -> bool:
    return "author" in names.lower()
