from __future__ import annotations

from scraper.extraction.fields.candidates import finding, provenance, settle, winner
from scraper.model import ABSENT


def test_the_surest_source_wins_and_the_first_of_equals() -> None:
    found = settle([finding("a", "x", "x", 0.5), finding("b", "y", "y", 0.9), finding("c", "z", "z", 0.9)])
    assert [item.won for item in found] == [False, True, False]


def test_agreement_of_other_sources_raises_the_confidence() -> None:
    alone = winner(settle([finding("a", "x", "x", 0.7)]))
    agreed = winner(settle([finding("a", "x", "x", 0.7), finding("meta:og:b", "X", "X", 0.3)], key=str.lower))
    assert alone is not None
    assert agreed is not None
    assert alone.score < agreed.score < 1
    assert agreed.why == "the surest source; the same in what it tells social networks"


def test_two_groups_that_agree_win_over_a_surer_one() -> None:
    found = [
        finding("json-ld", "x", "x", 0.85),
        finding("html:h1", "y", "y", 0.7),
        finding("url", "y", "y", 0.7),
    ]
    won = winner(settle(found))
    assert won is not None
    assert won.value == "y"


def test_copies_within_a_group_count_for_nothing() -> None:
    names = ("meta:og:title", "meta:twitter:title", "meta:article:title", "meta:og:headline")
    copies = [finding(name, "x", "x", 0.6) for name in names]
    won = winner(settle([*copies, finding("html:h1", "y", "y", 0.7)]))
    assert won is not None
    assert won.value == "y"


def test_a_finding_that_lost_says_whether_it_agrees_with_the_winner() -> None:
    found = settle(
        [finding("a", "x", "x", 0.7), finding("b", "X", "X", 0.3), finding("c", "y", "y", 0.2)], key=str.lower
    )
    assert [item.why for item in found[1:]] == ["agrees", ""]


def test_nothing_found_is_absent() -> None:
    assert settle([]) == ()
    assert provenance(()) == ABSENT


def test_what_was_found_is_kept_short() -> None:
    assert len(finding("a", "x" * 5000, "x", 0.5).raw) == 300
