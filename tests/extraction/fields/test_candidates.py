from __future__ import annotations

from scraper.extraction.fields.candidates import finding, provenance, settle, winner
from scraper.model import ABSENT


def test_of_values_that_as_many_groups_give_the_surest_source_has_the_one_that_wins() -> None:
    found = settle([finding("a", "x", "x", 0.5), finding("b", "y", "y", 0.9), finding("c", "z", "z", 0.9)])
    assert [item.won for item in found] == [False, True, False]


def test_agreement_of_other_sources_raises_the_confidence() -> None:
    alone = winner(settle([finding("a", "x", "x", 0.7)]))
    agreed = winner(settle([finding("a", "x", "x", 0.7), finding("meta:og:b", "X", "X", 0.3)], key=str.lower))
    assert alone is not None
    assert agreed is not None
    assert alone.score < agreed.score < 1
    assert agreed.why == "what it tells search engines and what it tells social networks say the same"


def test_two_groups_that_agree_win_over_a_surer_one() -> None:
    found = [
        finding("json-ld", "x", "x", 0.85),
        finding("html:h1", "y", "y", 0.7),
        finding("url", "y", "y", 0.7),
    ]
    won = winner(settle(found))
    assert won is not None
    assert won.value == "y"


def test_two_groups_win_however_sure_the_third_is() -> None:
    found = [
        finding("json-ld", "x", "x", 0.99),
        finding("html:h1", "y", "y", 0.2),
        finding("url", "y", "y", 0.2),
    ]
    won = winner(settle(found))
    assert won is not None
    assert won.value == "y"


def test_groups_that_a_field_takes_for_one_count_once() -> None:
    told = [finding("json-ld", "x", "x", 0.6), finding("meta:og:title", "x", "x", 0.6)]
    found = [*told, finding("html:h1", "y", "y", 0.7)]
    one = winner(settle(found, speaker=lambda source: "printed" if source == "html:h1" else "declared"))
    assert one is not None
    assert one.value == "y"


def test_what_is_binding_wins_over_any_number_of_groups() -> None:
    bound = finding("site", "z", "z", 0.6, binding=True)
    found = [finding("json-ld", "x", "x", 0.9), finding("html:h1", "x", "x", 0.9), bound]
    won = winner(settle(found))
    assert won is not None
    assert won.value == "z"


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
    assert [item.why for item in found[1:]] == ["says the same", "this place is less often right"]


def test_nothing_found_is_absent() -> None:
    assert settle([]) == ()
    assert provenance(()) == ABSENT


def test_what_was_found_is_kept_short() -> None:
    assert len(finding("a", "x" * 5000, "x", 0.5).raw) == 300
