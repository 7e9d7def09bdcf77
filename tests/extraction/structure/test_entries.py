from __future__ import annotations

import json

import pytest

from scraper.dedup.diff import changes_of
from scraper.extraction.article import extract_article
from scraper.model import Article, Kind, Page
from scraper.text_blocks import BlockKind, body_of
from tests.extraction.pages import FETCHED, SITE

PLACES = ("harbour", "old bridge", "market hall", "railway station", "north quay", "water works")
NAMES = ("Ada Quill", "Ben Marlow", "Cleo Ashdown", "Ada Quill", "Dora Finch", "Ben Marlow")


def told(number: int) -> str:
    place = PLACES[number]
    return (
        f"The water has reached the {place} this morning, and crews of the fire brigade are carrying sandbags "
        f"to its doors. Residents near the {place} were told to stay on the upper floors until the tide turns."
    )


def headline(number: int) -> str:
    return f"Water reaches the {PLACES[number]}"


def clock(number: int) -> str:
    return f"{17 - number}:{10 + number}"


def moment(number: int) -> str:
    return f"2024-05-31T{clock(number)}:00+02:00"


def article_entry(number: int) -> str:
    return (
        f'<article class="post post-{number}"><header><time datetime="{moment(number)}">{clock(number)}</time>'
        f'<h3>{headline(number)}</h3><span class="byline">By {NAMES[number]}</span></header>'
        f"<p>{told(number)}</p><p>More on the {PLACES[number]} follows as our reporters learn of it today.</p></article>"
    )


def item_entry(number: int) -> str:
    return (
        f'<li id="e{number}"><div class="entry-time">{clock(number)} Uhr</div><div class="entry-text">'
        f'<h2>{headline(number)}</h2><p>{told(number)}</p><p class="author">{NAMES[number]}</p></div></li>'
    )


def box_entry(number: int) -> str:
    return (
        f'<div><div class="meta"><span data-timestamp="{1717140000 - 3600 * number}" class="timestamp">an hour ago'
        f'</span></div><div class="live-headline">{headline(number)}</div><p>{told(number)}</p>'
        f'<a rel="author" href="/a">{NAMES[number]}</a></div>'
    )


def flat_entry(number: int) -> str:
    return f"<h3>{clock(number)} – {headline(number)}</h3><p>{told(number)}</p>"


def strong_entry(number: int) -> str:
    return f"<p><strong>{clock(number)}</strong> {told(number)}</p>"


def item_property_entry(number: int) -> str:
    return (
        '<section itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting">'
        f'<h4 itemprop="headline">{headline(number)}</h4><div itemprop="articleBody"><p>{told(number)}</p></div>'
        f'<footer><span itemprop="author">{NAMES[number]}</span> '
        f'<time itemprop="datePublished" datetime="{moment(number)}">Friday</time></footer></section>'
    )


HABITS = {
    "articles": article_entry,
    "items": item_entry,
    "boxes": box_entry,
    "flat": flat_entry,
    "strong": strong_entry,
    "properties": item_property_entry,
}


def page(entries: str, updates: list[dict[str, object]] | None = None) -> str:
    stated = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": "Flood in Aville: all that happens",
        "liveBlogUpdate": updates or [],
    }
    return (
        "<html lang=en><head><title>Flood in Aville: all that happens</title>"
        f'<script type="application/ld+json">{json.dumps(stated)}</script></head><body><main>'
        "<h1>Flood in Aville: all that happens</h1><p>The river rose two metres above its usual level during "
        "the night, and the council closed both bridges; our reporters follow what happens in the town.</p>"
        f'<div class="feed">{entries}</div></main></body></html>'
    )


def article(html: str) -> Article:
    found = extract_article(
        Page(
            url="https://examiner.example/news/flood-1234",
            content=html.encode(),
            content_type="text/html; charset=utf-8",
            fetched_at=FETCHED,
        ),
        SITE,
    )
    assert isinstance(found, Article)
    assert found.body == body_of(found.blocks)
    return found


def entries(html: str) -> list[tuple[str | None, str | None, str | None, str]]:
    """Return the time, headline and author of each entry with the place that its text is about."""
    found: list[tuple[str | None, str | None, str | None, str]] = []
    text = ""
    for block in reversed(article(html).blocks):
        if block.kind is BlockKind.ENTRY:
            place = [each for each in PLACES if f"reached the {each}" in text]
            found.append((block.time, block.title, block.author, ", ".join(place)))
            text = ""
        text = f"{block.text} {text}" if block.kind is not BlockKind.ENTRY else text
    return found[::-1]


def habit(name: str, numbers: range = range(5)) -> str:
    return page("".join(HABITS[name](number) for number in numbers))


PAGES = {name: habit(name) for name in HABITS}


@pytest.mark.parametrize("name", ["articles", "properties"])
@pytest.mark.parametrize("numbers", [range(5), range(4, -1, -1)], ids=["newest first", "oldest first"])
def test_an_entry_has_what_its_markup_says_in_the_order_of_the_page(name: str, numbers: range) -> None:
    assert entries(habit(name, numbers)) == [
        (moment(number), headline(number), NAMES[number], PLACES[number]) for number in numbers
    ]


def test_a_time_is_as_it_is_printed_where_the_markup_states_none() -> None:
    assert entries(habit("items")) == [
        (f"{clock(number)} Uhr", headline(number), NAMES[number], PLACES[number]) for number in range(5)
    ]


def test_a_moment_counted_in_seconds_is_one() -> None:
    assert entries(habit("boxes"))[:2] == [
        ("2024-05-31T07:20:00+00:00", headline(0), NAMES[0], PLACES[0]),
        ("2024-05-31T06:20:00+00:00", headline(1), NAMES[1], PLACES[1]),
    ]


def test_a_heading_that_begins_with_a_time_begins_an_entry() -> None:
    assert entries(habit("flat")) == [
        (clock(number), headline(number), None, PLACES[number]) for number in range(5)
    ]


def test_a_paragraph_that_begins_with_a_time_is_an_entry_without_headline() -> None:
    assert entries(habit("strong")) == [(clock(number), None, None, PLACES[number]) for number in range(5)]


def declared(number: int) -> dict[str, object]:
    return {
        "@type": "BlogPosting",
        "headline": headline(number),
        "datePublished": moment(number),
        "articleBody": told(number),
        "author": {"@type": "Person", "name": NAMES[number]},
    }


@pytest.mark.parametrize("markup", ["<h3>{0}</h3><p>{1}</p>", "<p>{1}</p>"], ids=["headlines", "texts"])
def test_declared_updates_are_found_where_they_are_printed(markup: str) -> None:
    printed = "".join(markup.format(headline(number), told(number)) for number in range(4))
    assert entries(page(printed, [declared(number) for number in (3, 1, 2, 0)])) == [
        (moment(number), headline(number), NAMES[number], PLACES[number]) for number in range(4)
    ]


def test_a_declared_moment_is_more_precise_than_a_printed_one() -> None:
    found = entries(page("".join(map(flat_entry, range(4))), [declared(number) for number in range(4)]))
    assert [each[0] for each in found] == [moment(number) for number in range(4)]


def test_a_declared_headline_that_is_only_a_time_is_none() -> None:
    updates = [declared(number) | {"headline": f"1{number}:47"} for number in range(4)]
    found = entries(page("".join(f"<p>{told(number)}</p>" for number in range(4)), updates))

    assert [(each[0], each[1]) for each in found] == [(moment(number), None) for number in range(4)]


def test_days_of_a_blog_are_no_entries_but_what_is_in_them() -> None:
    days = "".join(
        f"<section class=day><h2>Day {day}</h2>{''.join(map(article_entry, numbers))}</section>"
        for day, numbers in ((2, range(3)), (1, range(3, 6)))
    )
    assert [each[3] for each in entries(page(days))] == list(PLACES)


def test_a_picture_of_an_entry_stands_in_it() -> None:
    picture = '<figure><img src="/flood.jpg"><figcaption>The quay at noon</figcaption></figure>'
    body = "".join(article_entry(number).replace("</header>", f"</header>{picture}") for number in range(1))
    kinds = [block.kind for block in article(page(body + "".join(map(article_entry, range(1, 4))))).blocks]
    assert kinds.index(BlockKind.ENTRY) < kinds.index(BlockKind.FIGURE)


@pytest.mark.parametrize(
    "updates", [[], "x", [1, None, {}], [{"headline": [1], "datePublished": {}, "author": [[]]}] * 3]
)
def test_what_declares_nothing_sensible_makes_no_entries(updates: list[dict[str, object]]) -> None:
    printed = "".join(f"<p>{told(number)}</p>" for number in range(4))
    assert entries(page(printed, updates)) == []


def test_an_article_with_times_is_no_live_blog() -> None:
    found = article(habit("articles").replace("LiveBlogPosting", "NewsArticle"))
    assert found.kind is not Kind.LIVE_BLOG
    assert not [block for block in found.blocks if block.kind is BlockKind.ENTRY]


def test_the_difference_of_a_revision_is_the_entries_that_it_adds() -> None:
    before, after = (article(habit("articles", numbers)) for numbers in (range(2, 5), range(5)))
    changed = [
        change for line in changes_of(before.body, after.body) for change in line if not change.is_equal
    ]
    assert not [change for change in changed if change.before]
    added = " ".join(change.after for change in changed)
    assert [place for place in PLACES if place in added] == list(PLACES[:2])
