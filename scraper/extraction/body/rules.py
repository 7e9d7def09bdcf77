"""Rules on blocks that no model has to learn: other stories, comments, repeats, announced lists, subheads.

Read by body.choice, before and after the model's scores.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

import numpy as np

from scraper.extraction.body.boxes import find_appeals, find_threads, find_walls
from scraper.extraction.page.blocks import Reasoning
from scraper.extraction.page.reading import HEADINGS
from scraper.extraction.words.bylines import labelled, within
from scraper.extraction.words.crew import crew
from scraper.extraction.words.dates import parse_date
from scraper.extraction.words.notices import is_fault, is_filler, is_notice, reserves_rights
from scraper.extraction.words.wording import letters
from scraper.writing import UNSPACED_LETTER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from scraper.extraction.body.features import Description
    from scraper.extraction.page.blocks import Block, Container, Segments

    Ruled = tuple[list[int], dict[int, Reasoning]]
    """Indices of blocks, and of those that a rule changed the rule."""
    Flags = NDArray[np.bool_]

_LEADS = Reasoning(name="a link to another story, which says so", weight=-6.9)
"""No reader takes it for text; of those that the model keeps, half stand in what a corpus calls the body."""
_THREAD = Reasoning(name="stands in a thread of comments", weight=-6.9)
_BOX = Reasoning(name="stands in a box that asks for a subscription, or leads to another post", weight=-6.9)
_NOTICE = Reasoning(name="a notice to the readers, not part of the text", weight=-6.9)
_RIGHTS = Reasoning(name="a notice of rights", weight=-6.9)
_CREDITS = Reasoning(name="a line that names others than who wrote", weight=-6.9)
_FAULT = Reasoning(name="a fault that the server prints", weight=-6.9)
_FILLER = Reasoning(name="filler, where a text is not shown", weight=-6.9)
_OTHER_STORY = Reasoning(name="another headline stands above it", weight=-6.9)
_REPEATED = Reasoning(name="the same text stands elsewhere in the body", weight=-6.9)
_ANNOUNCED = Reasoning(name="a list that the sentence above it announces", weight=6.9)
_BETWEEN = Reasoning(name="a short heading between two blocks that are kept", weight=1.0)
_LISTS = frozenset(("ul", "ol"))
_SENTENCE = (".", "?", "!", "…", "。", "？", "！", "।", "؟")
_COLONS = (":", "：")
_SHORT_HEADING = 60
"""Length of a heading between two blocks of a text."""
_PROSE = 80
"""Length of a block that is prose."""
_STORY = 200
"""Length of prose that makes a story."""
_LINKED = 0.5
_HEADLINES = frozenset(("h1", "h2", "h3"))
_CLOSING = 3
"""Kept blocks at the end among which a notice of rights may stand."""
_CREDIT = 80
_INITIALS = re.compile(r"[(\[][^\W\d_]{2,4}(?:[/,;+&-]\s?[^\W\d_]{2,4}){0,3}[)\]]\.?")
"""Who wrote and edited a text, below it: "(rdl/hs)"."""
_BYLINE = 120
_DATE_LINE = 60
_APPENDED = 4
"""Other stories that a page has at most behind its own; with more it is a page of entries."""
_SUBHEAD_WORDS = 4
_PIECE = 24
"""Letters that are looked for at once."""
_LEAST_REPEATED = 48
"""Letters of a block that may be said twice; a refrain, a speaker's name and a score are shorter."""
_SAME = 0.8
"""Share of a block's pieces that stand elsewhere, from which it is a repeat. Left out, dropping repeats gives
word F1 +.002 on fundus-dev and wcxb-dev, +.009 on chinese-dev, -.005 on readability-dev (placeholders), and
-.015 on portals-dev, whose truth holds two bodies twice; asking for all pieces changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Blocks that belong to something else, and what that is."""

    reason: Reasoning
    rows: Flags


def find_asides(segments: Segments, described: Description) -> tuple[Aside, ...]:
    """Return the described blocks that are no part of the page's own story, whatever a model says of them."""
    read = np.array(described.read, dtype=np.intp)
    column = described.columns.index
    thread = described.rows[:, column("branch class comment")] > 0
    prose = _prose(segments)
    boxes = [*find_walls(segments, described), *find_appeals(segments, described)]
    if prose[read][thread].sum() * 2 > prose[read].sum():  # a site that calls its articles so
        thread[:] = False
    return (
        Aside(reason=_LEADS, rows=described.leads),
        Aside(reason=_THREAD, rows=thread | _within(read, find_threads(segments, described))),
        Aside(reason=_BOX, rows=_within(read, boxes)),
        Aside(
            reason=_OTHER_STORY,
            rows=_within(read, [*_other_stories(segments, prose), *_signed_stories(segments, prose)]),
        ),
    )


def _within(read: NDArray[np.intp], spans: Sequence[tuple[int, int]]) -> Flags:
    inside = np.zeros(len(read), dtype=bool)
    for first, last in spans:
        inside |= (read >= first) & (read < last)
    return inside


def _other_stories(segments: Segments, prose: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the spans of blocks that stand with another headline in a part of the page of their own.

    The page's headline is the first h1. Another h1 begins another story where
    prose stands between the two, and the widest container that holds it and none of that prose holds prose
    too. Sections of one text have their headlines among its paragraphs, stand in `section`, or are many.
    """
    blocks = segments.blocks
    heads = [block.index for block in blocks if block.tag == "h1"]
    if len(heads) < 2:  # noqa: PLR2004 - another one beside the page's own
        return []
    own = heads[0]
    spans = []
    first_prose = next((index for index in range(own, len(blocks)) if prose[index]), len(blocks))
    for head in heads:
        again = segments.folded[head] == segments.folded[own]
        if head <= first_prose or again or prose[own:head].sum() < _STORY:
            continue
        widest, _ = _own_part(segments, head, prose)
        if widest:
            spans.append((widest.first, widest.last))
    return spans if len(spans) <= _APPENDED else []


def _own_part(segments: Segments, head: int, prose: NDArray[np.int64]) -> tuple[Container | None, int]:
    """Return the widest container of a headline and its story, without the prose above, and the one around.

    Some prose does stand above the headline. None where no story is so apart, or where it is a section.
    """
    last_prose = int(np.flatnonzero(prose[:head])[-1])
    at, widest = segments.spans[head].container, None
    while at >= 0 and segments.containers[at].first > last_prose:
        widest, at = segments.containers[at], segments.containers[at].parent
    is_story = widest and widest.tag != "section" and prose[head : widest.last].sum() >= _STORY
    return widest if is_story else None, at


def _signed_stories(segments: Segments, prose: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the spans of blocks from a headline below the text that has a byline or a date of its own.

    Where the two stand in a part of the page of their own, either will do; between the paragraphs of one part
    it takes both, since a box within a text may be signed. A text may go on behind such a box, but stories
    that are appended come last. Headlines that look like those of the text's own sections take both too, and
    many signed ones are entries of one page: a live blog, letters, a list by days.
    """
    blocks = segments.blocks
    top = next((block.index for block in blocks if block.tag == "h1"), 0)
    first_prose = next((index for index in range(top, len(blocks)) if prose[index]), len(blocks))
    head = blocks[top + 1 : first_prose]
    first_entry = {_look(segments, block.index) for block in head if block.tag in _HEADLINES}
    sections: set[tuple[str | int, ...]] = set()
    signed = cache(lambda: {_signature(block.text) for block in blocks[:first_prose]})  # few pages ask
    found: list[tuple[int, int]] = []
    for block in blocks[first_prose:]:
        if block.tag not in _HEADLINES:
            continue
        look = _look(segments, block.index)
        if look in first_entry:  # the page's headline stands above all of them
            continue
        evidence = 2 if look in sections else 1
        span = None
        if prose[top : block.index].sum() >= _STORY:
            span = _signed_story(segments, block.index, signed, prose, evidence)
        if span is None:
            sections.add(look)
        else:
            found.append(span)
    if len(found) > _APPENDED:
        return []
    inside = _within(np.arange(len(blocks)), found)
    return [
        (first, last) for first, last in found if prose[last:][~inside[last:]].sum() < prose[first:last].sum()
    ]


def _look(segments: Segments, head: int) -> tuple[str | int, ...]:
    """Return the tags of a headline and of what it stands in, and the kinds of words in their names."""
    at = segments.spans[head].container
    found: list[str | int] = [segments.blocks[head].tag]
    for _ in range(2):
        if at >= 0:
            container = segments.containers[at]
            found += [container.tag, container.words]
            at = container.parent
    return tuple(found)


def _signed_story(
    segments: Segments,
    head: int,
    signed: Callable[[], AbstractSet[str | None]],
    prose: NDArray[np.int64],
    evidence: int,
) -> tuple[int, int] | None:
    """Return the span of the story under a headline, None where it is a section of the page's own.

    `signed` tells the signatures above the page's first prose.
    """
    blocks, containers = segments.blocks, segments.containers
    below = [
        block.text for block in takewhile(lambda block: not prose[block.index], blocks[head + 1 : head + 4])
    ]
    signatures = {name for text in below if (name := _signature(text))}
    is_dated = any(len(text) < _DATE_LINE and parse_date(text) for text in below)
    if is_dated + bool(signatures) < evidence:
        return None
    if signatures and signatures & signed():
        return None  # by the page's own author
    widest, at = _own_part(segments, head, prose)
    if widest:
        return widest.first, widest.last
    if is_dated and signatures and at >= 0 and prose[head : containers[at].last].sum() >= _STORY:
        return head, containers[at].last
    return None


def _signature(text: str) -> str | None:
    """Return the letters of the names in a line that says who wrote what stands below it, else None."""
    if len(text) >= _BYLINE:
        return None
    match = labelled().match(text) or within().match(text)
    names = match["names"] if match else ""
    is_name = names[:1].isupper() and " " in names.strip()
    return letters(names) if is_name or UNSPACED_LETTER.match(names) else None


def _prose(segments: Segments) -> NDArray[np.int64]:
    return np.array(
        [
            size if size >= _PROSE and span.linked < _LINKED * len(block.text) else 0
            for size, block, span in zip(segments.lengths, segments.blocks, segments.spans, strict=True)
        ]
    )


def drop_notices(segments: Segments, kept: Sequence[int]) -> Ruled:
    """Return the blocks without what the publisher says to its readers, and without filler beside a text.

    A notice of rights is none but at the end, where no law about them is told.
    """
    text = {index: segments.blocks[index].text for index in kept}
    dropped = {index: _NOTICE for index in kept if is_notice(text[index])}
    dropped |= {index: _RIGHTS for index in kept[-_CLOSING:] if reserves_rights(text[index])}
    dropped |= {index: _CREDITS for index in kept[-_CLOSING:] if _INITIALS.fullmatch(text[index])}
    dropped |= {index: _FAULT for index in kept if is_fault(text[index])}
    dropped |= {index: _CREDITS for index in kept if _is_credit_of_others(segments.blocks[index])}
    filler = {index: _FILLER for index in kept if is_filler(text[index])}
    if sum(len(text[index]) for index in kept if index not in filler) >= _STORY:
        dropped |= filler
    return [index for index in kept if index not in dropped], dropped


def _is_credit_of_others(block: Block) -> bool:
    """Tell whether a line names who edited, drew or filmed: a label of them, a colon and a name."""
    if len(block.text) > _CREDIT or block.tag == "li" or not (match := crew().match(block.text)):
        return False
    named = block.text[match.end() :].strip(" \u3000")
    return named[:1].isalpha() and not named.endswith(_SENTENCE)


def drop_repeats(segments: Segments, kept: Sequence[int]) -> Ruled:
    """Return the blocks without those whose text stands in others elsewhere; of equal ones, the first stays.

    Whole copies of a body in one block go first, pull quotes last. Paragraphs of one text that are equal are
    meant: a refrain, a placeholder; so is code.
    """
    folded = {index: segments.folded[index] for index in kept}
    places = {index: _place(segments, index) for index in kept}
    whole = "\n".join(folded.values())
    repeats = {}
    for index in sorted(folded, key=lambda at: (-len(folded[at]), -at)):
        own = folded[index]
        if len(own) < _LEAST_REPEATED or segments.blocks[index].tag == "pre":
            continue
        starts = range(0, len(own) - _PIECE + 1, _PIECE)
        looked_for = (own[start : start + _PIECE] for start in (0, starts[len(starts) // 2]))
        if not any(whole.count(piece) > 1 for piece in looked_for):
            continue
        pieces = [own[start : start + _PIECE] for start in starts]
        others = "\n".join([text for at, text in folded.items() if places[at] != places[index]])
        if sum(piece in others for piece in pieces) >= _SAME * len(pieces):
            repeats[index] = _REPEATED
            del folded[index]
            whole = "\n".join(folded.values())
    return [index for index in kept if index not in repeats], repeats


def _place(segments: Segments, index: int) -> tuple[int, str]:
    """Return what paragraphs of one text have in common: what they stand in, and their tag."""
    return segments.containers[segments.spans[index].container].parent, segments.blocks[index].tag


def keep_announced(segments: Segments, kept: Sequence[int]) -> Ruled:
    """Return the blocks with those of lists right after a kept sentence that ends with a colon."""
    known: set[int] = set(kept)
    found: dict[int, Reasoning] = {}
    for container in segments.containers:
        before = segments.blocks[container.first - 1] if container.first else None
        if container.tag in _LISTS and before and before.index in known and before.text.endswith(_COLONS):
            found |= {
                index: _ANNOUNCED for index in range(container.first, container.last) if index not in known
            }
    return sorted(known | found.keys()), found


def keep_subheads(segments: Segments, kept: Sequence[int]) -> Ruled:
    """Return the blocks with the headings of few words that stand alone between two of them."""
    found = {}
    for before, after in pairwise(kept):
        block = segments.blocks[before + 1]
        if (
            after - before == 2  # noqa: PLR2004 - one between them
            and block.tag in HEADINGS
            and block.text.count(" ") < _SUBHEAD_WORDS
            and segments.lengths[block.index] < _SHORT_HEADING
            and not segments.spans[block.index].linked
        ):
            found[block.index] = _BETWEEN
    return sorted([*kept, *found]), found
