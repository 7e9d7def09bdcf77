"""The page of a difference: what a revision changed, or what a copy cut and added, word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.copies.differences import MOST_PARAGRAPHS, compare_texts, known_article, texts_to_compare
from scraper.web.asking import number_asked, reader_for, text_asked
from scraper.web.pages.article import MOST_MARKS
from scraper.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from scraper.dedup.diff import Change
    from scraper.store.copies.differences import TextDifference
    from scraper.store.service.reader import Reader

MOST_COMPARED = 60_000
"""Characters of each text that are compared: 10,000 English words; the worst texts take 110 MB and .5 s."""
_AROUND = 1
"""Unchanged paragraphs that are shown before and after a changed one."""


def show_difference(request: Request) -> Response:
    """Answer with two revisions of an article, or with it beside another one, `against`."""
    with reader_for(request) as store:
        found = asked_difference(request, store)
        is_revision = found.before.id == found.after.id
        marks = store.stories.revisions(found.after.id, limit=MOST_MARKS) if is_revision else ()
    return render(
        request,
        "difference.html",
        found=found,
        body=shown_paragraphs(found.body),
        is_revision=is_revision,
        marks=marks,
        most=MOST_COMPARED,
        most_paragraphs=MOST_PARAGRAPHS,
    )


def asked_difference(request: Request, store: Reader) -> TextDifference:
    """Return what is asked for: a revision and the one before, or an article and another one."""
    identity, against = request.path_params["id"], text_asked(request, "against")
    if against:
        before, after = known_article(store, against), known_article(store, identity)
    else:
        before, after = texts_to_compare(store, identity, number_asked(request, "revision"))
    return compare_texts(before, after, MOST_COMPARED)


def shown_paragraphs(paragraphs: Sequence[Sequence[Change]]) -> Sequence[Sequence[Change] | int]:
    """Return the changed paragraphs and those around them; in place of others how many there are."""
    changed = [any(not change.is_equal for change in paragraph) for paragraph in paragraphs]
    shown: list[Sequence[Change] | int] = []
    for place, paragraph in enumerate(paragraphs):
        if any(changed[max(place - _AROUND, 0) : place + _AROUND + 1]):
            shown.append(paragraph)
        elif shown and isinstance(shown[-1], int):
            shown[-1] += 1
        else:
            shown.append(1)
    return shown
