"""The signs of walls, errors, forms and shops, of a cut text and of a live blog; read by verdict.judge.

A detector looks for one sort of page that holds no article, by its signs and by those of an article, which speak against
it. The weights are fitted (model.json): of walls, errors and forms on invented pages against all pages of the corpora, since
no corpus holds any; of shops on real ones. What tells a teaser and a live blog, both stored, are rules, weighed by hand so
that no single weak sign decides: 1 is "speaks for it", 0.5 "a hint".
"""
# ruff: noqa: E501, PLR2004 - one sign a line, its threshold in its words

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.extraction.verdict.markup_patterns import (
    CLOCK,
    CMP,
    CONSENT_BUTTON,
    CONSENT_PATH,
    ERROR_MARKS,
    ERROR_PATH,
    FORM_PATH,
    LEAKY_WALL,
    LIST_PAGES,
    LIVE_MARKS,
    LIVE_PATH,
    LOGIN_PATH,
    NOTICE_TYPES,
    OTHER_TYPES,
    PAY_MARKS,
    PAY_SIGNS,
    REVIEW_TYPES,
    SHOP_MARKS,
    SHOP_PATH,
    SINGLE_MARKS,
    STRONG_WALL,
    WALL_MARKS,
)
from scraper.extraction.verdict.weights import likelihood
from scraper.extraction.words.phrases import (
    AD_FREE,
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
    from collections.abc import Callable, Mapping

    from scraper.extraction.verdict.observations import Traits
    from scraper.extraction.verdict.weights import Logistic, Weights


@dataclass(frozen=True, slots=True)
class Cue:
    """One sign that a page is of a sort; what it says is its name in model.json, too."""

    says: str
    holds: Callable[[Traits], object]


@dataclass(frozen=True, slots=True)
class Detector:
    """The signs of one sort of page, and the kind that such a page is."""

    kind: Kind
    signs: tuple[Cue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """How likely a page is of the kind that a detector looks for, and why."""

    kind: Kind
    likelihood: float
    """From 0 to 1, where such pages are as many as all others."""
    line: Logistic
    figures: Mapping[str, float]
    """Whether each sign holds: 1 or 0, by what it says."""

    @property
    def said(self) -> tuple[tuple[str, float], ...]:
        """Sentences for (above 0) and against that kind, in log odds, the strongest first: few pages ask."""
        said = [(says, round(self.line.weights[says], 2)) for says, holds in self.figures.items() if holds]
        said.sort(key=lambda each: -abs(each[1]))
        return (*(each for each in said if each[1]), (_BEFORE, round(self.line.bias, 2)))


_PARTS = re.compile(r"[|:·•»]|\s[–—-]\s")
_PHRASE = 3
"""Words that say something by themselves: "museum of quarter 404", not "error 404", "http status 404"."""
_CLOCK_START = 24
"""Characters."""
_BEFORE = "to begin with: few pages are of this sort"


def _is_of_error(title: str) -> bool:
    """Tell whether a title or heading is an error's; a number behind a phrase of its own is a house's, a flight's."""
    return any(
        not found[0][:1].isdigit() or len(_PARTS.split(title[: found.start()])[-1].split()) < _PHRASE
        for found in ERROR_TITLE.finditer(title)
    )


def _clocks(traits: Traits) -> int:
    # most lines begin with a letter, which no time does
    lines = [line for line in traits.text.split("\n") if not line[:1].isalpha()]
    return sum(bool(CLOCK.match(line[:_CLOCK_START])) for line in lines)


def _paywall_lines(traits: Traits) -> bool:
    if traits.kept_words >= 350 and traits.free is not False:
        return False
    return any(len(line) < 250 and _tells_of_wall(line) for line in traits.text.split("\n"))


def _tells_of_wall(line: str) -> bool:
    """Tell whether a line asks to pay or log in to read on, not only to read on without advertising."""
    return bool(PAYWALL.search(line)) and bool(PAYWALL.search(AD_FREE.sub(" ", line)))


def _is_declared(traits: Traits, types: frozenset[str]) -> bool:
    """Tell whether the page's own headline is that of something else, and nothing in it is called an article."""
    is_article = traits.is_article or traits.page_type.endswith("article") or traits.types & REVIEW_TYPES
    return bool(traits.named_types & types) and not is_article


def _has_cut_end(traits: Traits) -> bool:
    return (len(traits.ending) < 400 and bool(CUT_END.search(traits.ending))) or traits.ending.endswith(
        ("…", "...", "[…]", "[...]")
    )


def _has_paywall_marks(traits: Traits) -> bool:
    return any(sign in traits.marks for sign in PAY_SIGNS) and bool(PAY_MARKS.search(traits.marks))


# fmt: off
OF_ARTICLES: tuple[Cue, ...] = (
    Cue("the page calls itself an article", lambda t: t.is_article),
    Cue("it calls itself an article for social networks", lambda t: t.page_type.endswith("article")),
    Cue("its template is that of a single post", lambda t: SINGLE_MARKS.search(t.outer_marks)),
    Cue("the heading repeats the title", lambda t: len(t.heading) > 24 and t.heading[:60] in t.title),
    Cue("at least 60 words of prose", lambda t: t.prose >= 60),
    Cue("at least 120 words of prose", lambda t: t.prose >= 120),
    Cue("at least 250 words of prose", lambda t: t.prose >= 250),
    Cue("at least 500 words of prose", lambda t: t.prose >= 500),
)
"""What speaks against every detector."""

DETECTORS: Mapping[str, Detector] = {
    "consent": Detector(Kind.CONSENT, (
        Cue("half of the text speaks of consent", lambda t: t.consent_share >= 0.5),
        Cue("a quarter of the text speaks of consent", lambda t: t.consent_share >= 0.25),
        Cue("the title speaks of consent", lambda t: CONSENT_TITLE.search(t.title) or CONSENT_TITLE.search(t.heading)),
        Cue("the address is a consent wall's", lambda t: CONSENT_PATH.search(t.host) or CONSENT_PATH.search(t.path)),
        Cue("a consent manager is loaded", lambda t: t.consent_share > 0.1 and (CMP.search(t.scripts) or CMP.search(t.marks))),
        Cue("a button accepts", lambda t: t.consent_share > 0.1 and CONSENT_BUTTON.search(t.buttons)),
        Cue("no paragraph speaks of anything else", lambda t: t.consent_share > 0.1 and t.prose < 40),
    )),
    "bot_wall": Detector(Kind.BOT_WALL, (
        Cue("a challenge script", lambda t: t.prose < 150 and STRONG_WALL.search(t.scripts)),
        Cue("the title is a challenge's", lambda t: t.prose < 150 and (BOT_TITLE.search(t.title) or BOT_TITLE.search(t.heading))),
        Cue("a challenge's markup", lambda t: t.prose < 150 and WALL_MARKS.search(t.marks)),
        Cue("a bot protection is loaded", lambda t: t.prose < 60 and LEAKY_WALL.search(t.scripts)),
        Cue("the text is a challenge's", lambda t: t.wall_lines >= 1 and t.words < 400),
        Cue("several lines of a challenge", lambda t: t.wall_lines >= 2 and t.words < 400),
        Cue("readers without JavaScript are told to enable it to go on", lambda t: t.words < 60 and BOT_WALL.search(t.hidden)),
        Cue("the HTTP status of a refusal", lambda t: t.status in {401, 403, 405, 406, 429, 503}),
    )),
    "error": Detector(Kind.ERROR, (
        Cue("the title is an error's", lambda t: t.prose < 150 and _is_of_error(t.title)),
        Cue("the heading is an error's", lambda t: t.prose < 150 and _is_of_error(t.heading or t.title)),  # old pages have none
        Cue("a line tells of an error", lambda t: t.error_lines >= 1 and t.prose < 150),
        Cue("several lines tell of an error", lambda t: t.error_lines >= 2 and t.prose < 150),
        Cue("an error page's markup", lambda t: ERROR_MARKS.search(t.outer_marks)),
        Cue("error markup inside", lambda t: t.prose < 150 and ERROR_MARKS.search(t.marks)),
        Cue("the address is an error page's", lambda t: t.prose < 150 and ERROR_PATH.search(t.path)),
        Cue("no paragraph of its own", lambda t: t.prose < 40),
    )),
    "form": Detector(Kind.NOT_NEWS, (
        Cue("the page calls itself something else", lambda t: t.types & OTHER_TYPES and not t.is_article),
        Cue("a password is asked for", lambda t: t.passwords and t.prose < 150),
        Cue("the title is a login's", lambda t: len(t.title) < 100 and (LOGIN.search(t.title) or LOGIN.search(t.heading)) and (t.passwords or t.inputs)),
        Cue("the address is a login's", lambda t: LOGIN_PATH.search(t.path) or LOGIN_PATH.search(t.host)),
        Cue("the title is a standing page's", lambda t: LEGAL_TITLE.search(t.title) or LEGAL_TITLE.search(t.heading)),
        Cue("the address is a standing page's", lambda t: FORM_PATH.search(t.path)),
        Cue("a form and little else", lambda t: t.inputs >= 3 and t.prose < 80),
        Cue("a large form", lambda t: t.inputs >= 6 and t.prose < 150),
    )),
    "shop": Detector(Kind.NOT_NEWS, (
        Cue("the page calls itself a product", lambda t: "product" in t.types and not t.is_article),
        Cue("it calls itself a product for social networks", lambda t: t.page_type.startswith("product") or t.page_type.endswith(":product")),
        Cue("a shop's markup", lambda t: not t.is_article and SHOP_MARKS.search(t.marks)),
        Cue("a button puts into a cart", lambda t: CART.search(t.buttons)),
        Cue("lines of its text sell", lambda t: t.cart_lines >= 2),
        Cue("its data name one price", lambda t: t.price and not t.is_article),
        Cue("the address is a shop's", lambda t: SHOP_PATH.search(t.path)),
    )),
}

TEASER: tuple[tuple[float, Cue], ...] = (
    (1.0, Cue("the page says that it is not free", lambda t: t.free is False)),
    (1.0, Cue("a line asks to subscribe or log in to read on", _paywall_lines)),
    (0.5, Cue("a paywall's markup", _has_paywall_marks)),
    (1.0, Cue("the text breaks off", _has_cut_end)),
    (0.5, Cue("fewer than 200 words", lambda t: t.kept_words < 200)),
    (0.5, Cue("fewer than 100 words", lambda t: t.kept_words < 100)),
    (1.0, Cue("the part behind the paywall is not there", lambda t: t.gated_words is not None and t.gated_words < 40)),
    (1.0, Cue("the page states a longer text", lambda t: t.stated_words > 2 * t.kept_words + 40)),
    (-1.5, Cue("the whole text that the page states is there", lambda t: 0 < 0.8 * t.stated_words <= t.kept_words and t.kept_words > 100)),
    (-1.0, Cue("the part behind the paywall is there", lambda t: (t.gated_words or 0) >= 120)),
    (-0.5, Cue("at least 350 words", lambda t: t.kept_words >= 350)),
    (-0.5, Cue("at least 500 words", lambda t: t.kept_words >= 500)),
)

OTHERWISE_NAMED: tuple[tuple[Kind, Cue], ...] = (
    (Kind.NOT_NEWS, Cue("its own data call it a vacancy or an event", lambda t: _is_declared(t, NOTICE_TYPES))),
    (Kind.LIST, Cue("its own data call it a list or a profile", lambda t: _is_declared(t, LIST_PAGES))),
)

LIVE: tuple[tuple[float, Cue], ...] = (
    (2.5, Cue("the page calls itself a live blog", lambda t: "liveblogposting" in t.types)),
    (1.0, Cue("the address is a live blog's", lambda t: LIVE_PATH.search(t.path))),
    (1.0, Cue("the title is a live blog's", lambda t: LIVE_TITLE.search(t.title) or LIVE_TITLE.search(t.heading))),
    (1.0, Cue("a live blog's markup", lambda t: LIVE_MARKS.search(t.marks))),
    (1.0, Cue("at least 5 updates begin with a time", lambda t: _clocks(t) >= 5)),
    (0.5, Cue("at least 8 times are marked up", lambda t: t.times >= 8)),
)
# fmt: on


def sign_figures(traits: Traits) -> dict[str, dict[str, float]]:
    """Return for each detector whether its signs, and those of an article, hold: 1 or 0, by what they say."""
    shared = _holding(OF_ARTICLES, traits)
    return {name: shared | _holding(detector.signs, traits) for name, detector in DETECTORS.items()}


def _holding(signs: tuple[Cue, ...], traits: Traits) -> dict[str, float]:
    return {sign.says: float(bool(sign.holds(traits))) for sign in signs}


def run_detectors(traits: Traits, weights: Weights) -> list[Detection]:
    """Return what each detector finds, the most likely first."""
    found = [
        _detection(DETECTORS[name].kind, weights.detectors[name], figures)
        for name, figures in sign_figures(traits).items()
    ]
    return sorted(found, key=lambda each: -each.likelihood)


def _detection(kind: Kind, line: Logistic, figures: Mapping[str, float]) -> Detection:
    return Detection(kind=kind, likelihood=likelihood(line.log_odds(figures)), line=line, figures=figures)
