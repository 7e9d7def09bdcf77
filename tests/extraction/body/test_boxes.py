from __future__ import annotations

import pytest

from tests.extraction.body.test_decide import MAIN, PARAGRAPHS
from tests.extraction.body.test_rules import kept_of

SAID = (
    "I was on the pier that evening and it was worse than the report makes it sound, believe me.",
    "My brother sold his boat after that winter, and nobody has asked him why he did it.",
)
SAID_THERE = "".join(f"<p>{text}</p>" for text in SAID)


def within_text(box: str) -> str:
    """Return the main text with a box before its last paragraph."""
    head, _, tail = MAIN.rpartition("<p>")
    return f"{head}{box}<p>{tail}"


@pytest.mark.parametrize(
    "heading", ["Komentarze (2)", "Guest book", "Commentaires", "Yorumlar", "σχόλια", "תגובות", "نظرات"]
)
@pytest.mark.parametrize(
    "thread", ["<div><h3>{}</h3>{}</div>", "<div><h3>{}</h3><div>{}</div></div>", "<h3>{}</h3><div>{}</div>"]
)
def test_what_follows_a_heading_of_comments_is_a_thread(heading: str, thread: str) -> None:
    kept = kept_of(MAIN + thread.format(heading, SAID_THERE))

    assert not {*SAID, heading} & kept
    assert set(PARAGRAPHS) <= kept


@pytest.mark.parametrize(
    "heading",
    [
        "Weiterlesen mit Hafen+",
        "Subscribe to continue reading",
        "Cet article est réservé aux abonnés",
        "Suscríbete para seguir leyendo",
    ],
)
def test_a_box_with_the_heading_of_a_paywall_is_no_text(heading: str) -> None:
    offer = "<p>Read us for a month for free, then for eight crowns a month, and cancel at any time.</p>"
    kept = kept_of(f"{MAIN}<div><h3>{heading}</h3>{offer}<ul><li>All articles in the app</li></ul></div>")

    assert kept == kept_of(MAIN)


def test_a_page_of_comments_keeps_them() -> None:
    kept = kept_of(f"<div><h2>Comments</h2>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS)}</div>")

    assert set(PARAGRAPHS) <= kept


@pytest.mark.parametrize("name", ["kg-signup-card", "newsletter-box", "subscription-widget"])
def test_a_box_named_after_a_newsletter_that_asks_for_an_address_is_no_text(name: str) -> None:
    asked = ("Sign up for the harbour letter", "Boats and tides, explained for everybody every Tuesday.")
    kept = kept_of(within_text(f"<div class={name}><h2>{asked[0]}</h2><p>{asked[1]}</p></div>"))

    assert not set(asked) & kept
    assert set(PARAGRAPHS) <= kept


def test_a_link_that_a_script_makes_a_card_is_no_text() -> None:
    link = '<a href="/2024/05/pier/">What the pier costs, and who pays for it</a>'
    kept = kept_of(within_text(f"<blockquote class=wp-embedded-content><p>{link}</p></blockquote>"))

    assert kept == kept_of(MAIN)
