"""A layout is learned from pages that were read in full, whatever order they came in."""

from __future__ import annotations

import random
from dataclasses import replace

from scraper.learned.layout import LEAST_PAGES, Layout, Observation, Observed, learn_layouts, rules_of

PLACE = "html>body>div.story"


def observation(number: int, *extra: Observed, place: str = PLACE) -> Observation:
    text = Observed(path=f"{place}>p", text=f"text {number}", letters=900, is_body=True)
    menu = Observed(path="html>body>nav>a a", text="menu", letters=30, is_body=False)
    return Observation(digest=f"{number:064x}", place=place, blocks=(menu, text, *extra))


def test_ten_pages_with_the_body_at_one_place_make_a_layout() -> None:
    pages = [observation(number) for number in range(LEAST_PAGES)]

    (layout,) = learn_layouts(pages)
    rules = rules_of(layout)

    assert learn_layouts(pages[1:]) == ()
    assert rules.place == PLACE
    assert rules.is_body(f"{PLACE}>p") is True
    assert rules.is_body("html>body>nav>a a") is False
    assert rules.is_body("html>body>div.new>p") is None
    assert rules.least == 450


def test_the_order_of_the_pages_and_repeats_change_nothing() -> None:
    pages = [observation(number) for number in range(25)]
    shuffled = [*pages, *pages[:5]]
    random.Random(1).shuffle(shuffled)

    assert learn_layouts(shuffled) == learn_layouts(pages)


def test_pages_of_two_designs_make_two_layouts() -> None:
    pages = [observation(number) for number in range(12)]
    pages += [observation(number, place="html>body>main>section") for number in range(12, 30)]

    places = [rules_of(layout).place for layout in learn_layouts(pages)]

    assert places == ["html>body>div.story", "html>body>main>section"]


def test_text_on_most_pages_is_the_sites_even_where_it_was_kept() -> None:
    promotion = Observed(path=f"{PLACE}>p", text="promotion", letters=80, is_body=True)
    subhead = Observed(path=f"{PLACE}>h2", text="background", letters=10, is_body=True)
    pages = [observation(number, promotion, *[subhead] * (number < 3)) for number in range(12)]

    (layout,) = learn_layouts(pages)

    assert "promotion" in rules_of(layout).recurring
    assert "background" not in rules_of(layout).recurring


def test_what_recurs_and_goes_does_not_make_its_path_doubtful() -> None:
    notice = Observed(path=f"{PLACE}>p", text="notice", letters=400, is_body=False)
    pages = [observation(number, *[notice] * (number % 3 == 0)) for number in range(12)]

    (layout,) = learn_layouts(pages)

    assert rules_of(layout).is_body(f"{PLACE}>p") is True
    assert "notice" in rules_of(layout).recurring


def test_a_path_with_text_of_both_kinds_tells_nothing() -> None:
    pages = [
        observation(
            number, Observed(path=f"{PLACE}>div.x>p", text=f"{number}", letters=90, is_body=number % 2 == 0)
        )
        for number in range(12)
    ]

    (layout,) = learn_layouts(pages)

    assert rules_of(layout).is_body(f"{PLACE}>div.x>p") is None
    assert f"{PLACE}>div.x>p" in rules_of(layout).both


def test_headings_within_the_body_are_of_the_kind_of_what_they_stand_above() -> None:
    head = Observed(path=f"{PLACE}>h2", text="h", letters=20, is_body=False)
    text = Observed(path=f"{PLACE}>p", text="t", letters=700, is_body=True)
    box = Observed(path=f"{PLACE}>div.box>h3", text="b", letters=20, is_body=True)
    teaser = Observed(path=f"{PLACE}>div.box>p", text="r", letters=90, is_body=False)
    pages = [
        observation(number, *(replace_text(each, number) for each in (head, text, box, teaser)))
        for number in range(12)
    ]

    (layout,) = learn_layouts(pages)

    assert rules_of(layout).is_body(f"{PLACE}>h2") is True
    assert rules_of(layout).is_body(f"{PLACE}>div.box>h3") is False


def test_what_left_the_body_once_tells_nothing_of_its_path() -> None:
    caption = Observed(path=f"{PLACE}>div>p.caption", text="c", letters=40, is_body=False)

    (once,) = learn_layouts([observation(number, *[caption] * (number == 3)) for number in range(12)])
    (twice,) = learn_layouts([observation(number, *[caption] * (number in {3, 5})) for number in range(12)])

    assert rules_of(once).is_body(caption.path) is None
    assert rules_of(twice).is_body(caption.path) is False


def test_an_element_with_names_is_known_again_elsewhere() -> None:
    caption = Observed(path=f"{PLACE}>div.left>p.caption", text="c", letters=40, is_body=False)
    pages = [observation(number, replace_text(caption, number)) for number in range(12)]

    (layout,) = learn_layouts(pages)

    assert rules_of(layout).is_body(f"{PLACE}>div.right>p.caption") is False
    assert rules_of(layout).is_body(f"{PLACE}>div.right>p") is None


def test_the_version_of_a_layout_names_what_it_says() -> None:
    layout = Layout(rules="{}")

    assert layout.version == replace(layout, doubted="").version
    assert layout.version != Layout(rules="{ }").version


def replace_text(block: Observed, number: int) -> Observed:
    return block._replace(text=f"{block.text}{number}")
