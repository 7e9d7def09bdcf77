"""The signals of walls, errors and forms, of a cut text and of a live blog: a table for each kind.

For walls, errors, forms and empty pages, of which no corpus has enough to fit weights on: a page is rejected where the
signals of a kind exceed those of an article by `judge.MARGIN`. The weights were set by hand so that no single weak sign
decides: 1 is "speaks for it", 2 "hardly anything else looks so", 0.5 "a hint". Lists and wares are told from stories by
the witnesses, whose weights are fitted.
"""
# ruff: noqa: E501, PLR2004 - one signal a line, its threshold in its words

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.extract.verdict.markup_patterns import (
    CLOCK,
    CMP,
    CONSENT_BUTTON,
    CONSENT_PATH,
    ERROR_MARKS,
    ERROR_PATH,
    FORM_PATH,
    LEAKY_WALL,
    LIVE_MARKS,
    LIVE_PATH,
    LOGIN_PATH,
    OTHER_TYPES,
    PAY_MARKS,
    SHOP_MARKS,
    SHOP_PATH,
    SINGLE_MARKS,
    STRONG_WALL,
    WALL_MARKS,
)
from scraper.extract.words.phrases import (
    BOT_TITLE,
    BOT_WALL,
    CART,
    CONSENT_TITLE,
    CUT_END,
    ERROR_TITLE,
    LEGAL_TITLE,
    LIVE_TITLE,
    LOGIN,
    PAYWALL,
)
from scraper.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.extract.verdict.observations import Traits


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign that a page is of a kind."""

    kind: Kind
    weight: float
    says: str
    holds: Callable[[Traits], object]


_PARTS = re.compile(r"[|:·•»]|\s[–—-]\s")
_PHRASE = 3
"""Words that say something by themselves: "museum of quarter 404", not "error 404", "http status 404"."""
_CLOCK_START = 24
"""Characters."""


def _is_of_error(title: str) -> bool:
    """Tell whether a title or heading is an error's; a number behind a phrase of its own is a house's, a flight's."""
    return any(
        not found[0][:1].isdigit() or len(_PARTS.split(title[: found.start()])[-1].split()) < _PHRASE
        for found in ERROR_TITLE.finditer(title)
    )


def _last(traits: Traits) -> str:
    return traits.kept[-1] if traits.kept else ""


def _clocks(traits: Traits) -> int:
    lines = traits.text.split("\n")
    return sum(bool(CLOCK.match(line[:_CLOCK_START])) for line in lines)


def _paywall_lines(traits: Traits) -> bool:
    if traits.kept_words >= 350 and traits.free is not False:
        return False
    return any(len(line) < 250 and PAYWALL.search(line) for line in traits.text.split("\n"))


def _has_cut_end(traits: Traits) -> bool:
    return (len(_last(traits)) < 400 and bool(CUT_END.search(_last(traits)))) or _last(traits).endswith(
        ("…", "...", "[…]", "[...]")
    )


_N = Kind.NOT_NEWS
_B = Kind.BOT_WALL
_C = Kind.CONSENT
_E = Kind.ERROR
_A = Kind.ARTICLE

# fmt: off
SIGNALS: tuple[Signal, ...] = (
    # article: what speaks against every other kind
    Signal(_A, 1.5, "the page calls itself an article", lambda t: t.is_article),
    Signal(_A, 0.5, "it calls itself an article for social networks", lambda t: t.page_type.endswith("article")),
    Signal(_A, 0.5, "its template is that of a single post", lambda t: SINGLE_MARKS.search(t.outer_marks)),
    Signal(_A, 0.5, "the heading repeats the title", lambda t: len(t.heading) > 24 and t.heading[:60] in t.title),
    Signal(_A, 0.5, "at least 60 words of prose", lambda t: t.prose >= 60),
    Signal(_A, 1.0, "at least 120 words of prose", lambda t: t.prose >= 120),
    Signal(_A, 1.0, "at least 250 words of prose", lambda t: t.prose >= 250),
    Signal(_A, 1.0, "at least 500 words of prose", lambda t: t.prose >= 500),
    # consent walls
    Signal(_C, 1.5, "half of the text speaks of consent", lambda t: t.consent_share >= 0.5),
    Signal(_C, 1.0, "a quarter of the text speaks of consent", lambda t: t.consent_share >= 0.25),
    Signal(_C, 1.0, "the title speaks of consent", lambda t: CONSENT_TITLE.search(t.title) or CONSENT_TITLE.search(t.heading)),
    Signal(_C, 1.0, "the address is a consent wall's", lambda t: CONSENT_PATH.search(t.host) or CONSENT_PATH.search(t.path)),
    Signal(_C, 0.5, "a consent manager is loaded", lambda t: t.consent_share > 0.1 and (CMP.search(t.scripts) or CMP.search(t.marks))),
    Signal(_C, 0.5, "a button accepts", lambda t: t.consent_share > 0.1 and CONSENT_BUTTON.search(t.buttons)),
    Signal(_C, 0.5, "no paragraph speaks of anything else", lambda t: t.consent_share > 0.1 and t.prose < 40),
    # challenges to robots
    Signal(_B, 2.0, "a challenge script", lambda t: t.prose < 150 and STRONG_WALL.search(t.scripts)),
    Signal(_B, 1.5, "the title is a challenge's", lambda t: t.prose < 150 and (BOT_TITLE.search(t.title) or BOT_TITLE.search(t.heading))),
    Signal(_B, 1.0, "a challenge's markup", lambda t: t.prose < 150 and WALL_MARKS.search(t.marks)),
    Signal(_B, 0.5, "a bot protection is loaded", lambda t: t.prose < 60 and LEAKY_WALL.search(t.scripts)),
    Signal(_B, 1.5, "the text is a challenge's", lambda t: t.wall_lines >= 1 and t.words < 400),
    Signal(_B, 0.5, "several lines of a challenge", lambda t: t.wall_lines >= 2 and t.words < 400),
    Signal(_B, 1.0, "readers without JavaScript are told to enable it to go on", lambda t: t.words < 60 and BOT_WALL.search(t.hidden)),
    Signal(_B, 1.0, "the HTTP status of a refusal", lambda t: t.status in {401, 403, 405, 406, 429, 503}),
    # errors, soft ones too
    Signal(_E, 2.0, "an HTTP status of at least 400", lambda t: t.status >= 400),
    Signal(_E, 2.0, "the page was not found", lambda t: t.status in {404, 410}),
    Signal(_E, 1.5, "the title is an error's", lambda t: t.prose < 150 and _is_of_error(t.title)),
    Signal(_E, 1.0, "the heading is an error's", lambda t: t.prose < 150 and _is_of_error(t.heading)),
    Signal(_E, 0.75, "a line tells of an error", lambda t: t.error_lines >= 1 and t.prose < 150),
    Signal(_E, 0.5, "several lines tell of an error", lambda t: t.error_lines >= 2 and t.prose < 150),
    Signal(_E, 1.0, "an error page's markup", lambda t: ERROR_MARKS.search(t.outer_marks)),
    Signal(_E, 0.5, "error markup inside", lambda t: t.prose < 150 and ERROR_MARKS.search(t.marks)),
    Signal(_E, 1.0, "the address is an error page's", lambda t: t.prose < 150 and ERROR_PATH.search(t.path)),
    Signal(_E, 0.5, "no paragraph of its own", lambda t: t.prose < 40),
    # nothing to read
    Signal(Kind.EMPTY, 2.0, "no block of the page reads like an article", lambda t: t.kept_words == 0),
    Signal(Kind.EMPTY, 1.0, "fewer than 8 words of text", lambda t: t.kept_words < 8),
    Signal(Kind.EMPTY, 0.5, "fewer than 20 words of text", lambda t: t.kept_words < 20),
    Signal(Kind.EMPTY, 1.0, "fewer than 20 words are visible", lambda t: t.words < 20),
    Signal(Kind.EMPTY, 0.5, "no paragraph", lambda t: t.prose == 0),
    # shops, logins, forms, standing pages
    Signal(_N, 1.5, "the page calls itself a product", lambda t: "product" in t.types and not t.is_article),
    Signal(_N, 1.5, "it calls itself a product for social networks", lambda t: t.page_type.startswith("product") or t.page_type.endswith(":product")),
    Signal(_N, 1.0, "a shop's markup", lambda t: SHOP_MARKS.search(t.marks) and not t.is_article),
    Signal(_N, 1.0, "a button puts into a cart", lambda t: CART.search(t.buttons)),
    Signal(_N, 0.5, "lines of its text sell", lambda t: t.cart_lines >= 2),
    Signal(_N, 0.5, "its data name one price", lambda t: t.price and not t.is_article),
    Signal(_N, 0.5, "the address is a shop's", lambda t: SHOP_PATH.search(t.path)),
    Signal(_N, 1.5, "the page calls itself something else", lambda t: t.types & OTHER_TYPES and not t.is_article),
    Signal(_N, 1.0, "a password is asked for", lambda t: t.passwords and t.prose < 150),
    Signal(_N, 1.0, "the title is a login's", lambda t: len(t.title) < 100 and (LOGIN.search(t.title) or LOGIN.search(t.heading)) and (t.passwords or t.inputs)),
    Signal(_N, 1.0, "the address is a login's", lambda t: LOGIN_PATH.search(t.path) or LOGIN_PATH.search(t.host)),
    Signal(_N, 1.5, "the title is a standing page's", lambda t: LEGAL_TITLE.search(t.title) or LEGAL_TITLE.search(t.heading)),
    Signal(_N, 1.0, "the address is a standing page's", lambda t: FORM_PATH.search(t.path)),
    Signal(_N, 1.0, "a form and little else", lambda t: t.inputs >= 3 and t.prose < 80),
    Signal(_N, 0.5, "a large form", lambda t: t.inputs >= 6 and t.prose < 150),
)

TEASER: tuple[Signal, ...] = (
    Signal(Kind.TEASER, 1.0, "the page says that it is not free", lambda t: t.free is False),
    Signal(Kind.TEASER, 1.0, "a line asks to subscribe or log in to read on", _paywall_lines),
    Signal(Kind.TEASER, 0.5, "a paywall's markup", lambda t: PAY_MARKS.search(t.marks)),
    Signal(Kind.TEASER, 1.0, "the text breaks off", _has_cut_end),
    Signal(Kind.TEASER, 0.5, "fewer than 200 words", lambda t: t.kept_words < 200),
    Signal(Kind.TEASER, 0.5, "fewer than 100 words", lambda t: t.kept_words < 100),
    Signal(Kind.TEASER, 1.0, "the part behind the paywall is not there", lambda t: t.gated_words is not None and t.gated_words < 40),
    Signal(Kind.TEASER, 1.0, "the page states a longer text", lambda t: t.stated_words > 2 * t.kept_words + 40),
    Signal(Kind.TEASER, -1.5, "the whole text that the page states is there", lambda t: 0 < 0.8 * t.stated_words <= t.kept_words and t.kept_words > 100),
    Signal(Kind.TEASER, -1.0, "the part behind the paywall is there", lambda t: (t.gated_words or 0) >= 120),
    Signal(Kind.TEASER, -0.5, "at least 350 words", lambda t: t.kept_words >= 350),
    Signal(Kind.TEASER, -0.5, "at least 500 words", lambda t: t.kept_words >= 500),
)

LIVE: tuple[Signal, ...] = (
    Signal(Kind.LIVE_BLOG, 2.5, "the page calls itself a live blog", lambda t: "liveblogposting" in t.types),
    Signal(Kind.LIVE_BLOG, 1.0, "the address is a live blog's", lambda t: LIVE_PATH.search(t.path)),
    Signal(Kind.LIVE_BLOG, 1.0, "the title is a live blog's", lambda t: LIVE_TITLE.search(t.title) or LIVE_TITLE.search(t.heading)),
    Signal(Kind.LIVE_BLOG, 1.0, "a live blog's markup", lambda t: LIVE_MARKS.search(t.marks)),
    Signal(Kind.LIVE_BLOG, 1.0, "at least 5 updates begin with a time", lambda t: _clocks(t) >= 5),
    Signal(Kind.LIVE_BLOG, 0.5, "at least 8 times are marked up", lambda t: t.times >= 8),
)
# fmt: on
