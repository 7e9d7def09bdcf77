"""The organisations that a page prints as its authors, for where it names no person.

A byline names a team, an office issues a notice. A wire agency is a credit and no author.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.extraction.fields.attribution.byline_people import MAX_NAME, before_figures, is_agency
from scraper.extraction.fields.attribution.marked_authors import near_marks
from scraper.extraction.fields.attribution.names import is_furniture, is_organisation, names
from scraper.extraction.fields.candidates import Finding, finding
from scraper.extraction.words import bylines

if TYPE_CHECKING:
    from scraper.extraction.fields.context import FieldContext

_MARKED, _LABELLED = 0.7, 0.6


def find_organisations(context: FieldContext) -> list[Finding]:
    """Return the team in the byline element nearest to the headline, else who a line says issued the text."""
    for mark in near_marks(context):
        found = names(before_figures(mark.text)) if len(mark.text) < MAX_NAME else ()
        if found and all(_is_team(context, name) for name in found):
            return [finding(f"html:{mark.selector}", mark.text, found, _MARKED)]
    for block in (*context.before, *context.early, *context.after):
        if match := bylines.issued().match(block.text):
            return [finding("text:issuer", block.text, (match["name"],), _LABELLED)]
    return []


def _is_team(context: FieldContext, name: str) -> bool:
    is_plain = not is_furniture(name) and not any(map(str.isdigit, name))
    plain = " ".join(word for word in name.split() if not is_organisation(word))
    return is_organisation(name) and is_plain and not any(is_agency(context, each) for each in (name, plain))
