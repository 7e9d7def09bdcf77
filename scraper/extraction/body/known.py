"""The body of a page whose host is known: read by a layout, or in full and noted for the next layout.

Read by extract.article; what is learned from the notes is decided in scraper.learned.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from scraper.extraction.body.choice import agreement_of, apply_rules, second_opinion
from scraper.extraction.body.decide import choose, decide_blocks, decisions_of, peer_text
from scraper.extraction.body.layout import MOST
from scraper.extraction.body.trees import body_model
from scraper.extraction.page.blocks import Decision, Reasoning
from scraper.learned.layout import (
    IN_FULL,
    LINK_MARK,
    Observation,
    Observed,
    Reading,
    digest_of,
    is_sample,
    rules_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extraction.body.choice import Choice
    from scraper.extraction.page.blocks import Segments
    from scraper.extraction.page.document import Document
    from scraper.learned.layout import Layout, Rules

_NAME = re.compile(r"[A-Za-z_-]{1,40}")
_OUTERMOST = frozenset(("html", "body"))
_NAMES = 2
"""Names of an element that tell its place; later ones are often states and themes."""
_LINE = 80
"""Letters of a block outside the place of the body that is worth a look where none stood before."""
_SAME = 0.95
"""F1 of a layout's body and of a full reading from which they are the same; so they are where trafilatura's
is further from the full reading."""
_AGREED = 0.9
"""F1 of our reading and trafilatura's from which a page is learned from and a layout stands: readings
that agree have word F1 .987, .965 and .990 on three corpora; those that expect .95 have .986, .951, .979."""
_KEPT, _DROPPED = 0.999, 0.001
"""Scores of what a layout has decided."""
_OF_LAYOUT = "the layout {} of its site has the text of the article there"
_NOT_OF_LAYOUT = "the layout {} of its site has no text of the article there"


def read_body(
    document: Document, layouts: Sequence[Layout], *, observes: bool, reasons: bool = False
) -> tuple[list[Decision], Reading]:
    """Return a decision for each block of a page, and how they were made.

    A page goes by the layout that fits it; in full go those that none fits, and one in twenty by its digest,
    for the layout to be checked. `observes`: a page that goes in full may be learned from.
    """
    segments = document.segments
    if not segments.blocks or document.degraded or document.elsewhere:
        return decide_blocks(document, reasons=reasons), IN_FULL
    fit = _first_fit(segments, layouts) if layouts else None
    if fit is not None and not is_sample(document.digest):
        return _decisions(segments, fit, reasons=reasons), Reading(layout=fit.rules.version)
    choice = choose(document)
    decisions = decisions_of(segments, choice, reasons=reasons)
    if fit is None and not observes:
        return decisions, IN_FULL
    _, agreement = second_opinion(choice, segments, peer_text(document))
    is_sure = choice.expected >= body_model().referee.expected and agreement >= _AGREED
    if fit is not None:
        far = agreement_of(segments, fit.kept, choice.kept) < min(_SAME, agreement)
        return decisions, Reading(contradicted=fit.rules.version if far and is_sure else None, fitted=True)
    return decisions, Reading(observation=_observe(segments, choice, document.digest) if is_sure else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """A layout that a page fits."""

    rules: Rules
    kept: Sequence[int]
    ruled: dict[int, Reasoning]


def _first_fit(segments: Segments, layouts: Sequence[Layout]) -> _Fit | None:
    places, paths = _paths(segments)
    count = Counter(places)
    for layout in layouts:
        rules = rules_of(layout)
        if (
            layout.doubted is None
            and count[rules.place] == 1
            and (fit := _fit(segments, rules, places, paths))
        ):
            return fit
    return None


def _fit(segments: Segments, rules: Rules, places: Sequence[str], paths: Sequence[str]) -> _Fit | None:
    """Return what a layout keeps of a page, None where it does not know enough of it."""
    place = segments.containers[places.index(rules.place)]
    lengths, recurring = segments.lengths, rules.recurring
    kept = []
    kinds = {path: rules.is_body(path) for path in {*paths}}  # hundreds of blocks stand at some dozen paths
    for index, path in enumerate(paths):
        is_body = kinds[path]
        if is_body is False:
            continue
        is_new = is_body is None and path not in rules.both
        is_far = not place.first <= index < place.last
        if is_new and (path.endswith(LINK_MARK) or (is_far and lengths[index] < _LINE)):
            continue
        if digest_of(segments.blocks[index].text) in recurring:
            continue
        if is_body is None and (is_new or not is_far or lengths[index] >= _LINE):
            return None
        kept.append(index)
    found, ruled = apply_rules(segments, kept)
    if not found or sum(lengths[index] for index in found) < rules.least:
        return None
    return _Fit(rules=rules, kept=found, ruled=ruled)


def _decisions(segments: Segments, fit: _Fit, *, reasons: bool) -> list[Decision]:
    kept = set(fit.kept)
    version = fit.rules.version
    why = {
        True: (Reasoning(name=_OF_LAYOUT.format(version), weight=6.9),),
        False: (Reasoning(name=_NOT_OF_LAYOUT.format(version), weight=-6.9),),
    }
    found = []
    for block in segments.blocks:
        is_kept = block.index in kept
        rule = fit.ruled.get(block.index)
        said = ((rule,) if rule else why[is_kept]) if reasons else ()
        found.append(Decision(block, is_kept, _KEPT if is_kept else _DROPPED, said))
    return found


def _observe(segments: Segments, choice: Choice, digest: str) -> Observation | None:
    """Return what a page tells of how it is built; None where no one place holds most of its body."""
    places, paths = _paths(segments)
    kept = set(choice.kept)
    size = [segments.lengths[index] if index in kept else 0 for index in range(len(paths))]
    sums = list(accumulate(size, initial=0))
    holders = [
        at
        for at, container in enumerate(segments.containers)
        if sums[container.last] - sums[container.first] >= MOST * sums[-1]
    ]
    if not kept or not holders:
        return None
    blocks = tuple(
        Observed(
            path=path,
            text=digest_of(block.text),
            letters=0 if block.index in choice.settled else segments.lengths[block.index],
            is_body=block.index in kept,
        )
        for block, path in zip(segments.blocks, paths, strict=True)
    )
    return Observation(digest=digest, place=places[holders[-1]], blocks=blocks)


def _paths(segments: Segments) -> tuple[list[str], list[str]]:
    """Return the path of each container, and of each block."""
    places: list[str] = []
    for container in segments.containers:
        step = _step(container.tag, container.names)
        places.append(f"{places[container.parent]}>{step}" if container.parent >= 0 else step)
    paths = [
        places[span.container] + LINK_MARK if span.linked * 2 > len(block.text) else places[span.container]
        for block, span in zip(segments.blocks, segments.spans, strict=True)
    ]
    return places, paths


@lru_cache(maxsize=20_000)
def _step(tag: str, names: str) -> str:
    """Return an element as its place is told by: names with digits in them are a page's, not a layout's.

    So are many of those of the body: blogs name its section and its tags there.
    """
    if tag in _OUTERMOST:
        return tag
    return ".".join([tag, *[name for name in names.split() if _NAME.fullmatch(name)][:_NAMES]])
