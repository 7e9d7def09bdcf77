"""Independent evidence of whether a page is one article, weighed by a fitted model; read by judge.

Each witness looks at another side of a page: its address, what it declares, its headline, its time, its
prose, what else stands on it, whether it sells. However many figures a side has, it speaks once. An
article is told from a list and from a ware, each by weights of its own.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from scraper.extraction.verdict.markup_patterns import (
    HOME,
    LIST_MARKS,
    LIST_PATH,
    LIST_TYPES,
    OTHER_TYPES,
    SEARCH_PATH,
    SHOP_MARKS,
    SHOP_PATH,
    SINGLE_MARKS,
)
from scraper.extraction.verdict.weights import likelihood
from scraper.extraction.words.phrases import CART, LIST_TITLE
from scraper.extraction.words.spelling import fold
from scraper.extraction.words.wording import estimate_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.extraction.verdict.observations import Traits
    from scraper.extraction.verdict.weights import Weights
    from scraper.model import Kind

_DATED = re.compile(r"(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]|$|\d)")
_NUMBERED = re.compile(r"\d{5,}")
_ENDING = re.compile(r"\.\w{2,5}$")
_SEPARATORS = re.compile(r"[-_+ .]")
_STORY_WORDS = 4
"""Words of an address' last part that tell a story; fewer name a thing."""
_NAME_WORDS = 3
"""Words of a headline that name a thing or a section; more tell a story."""
_PRICES = 30
"""Lines with a price after which more say no more."""
_WORDS = 1_500
"""Words after which more prose says no more."""
_TOLD = 0.3
"""Log odds by which a witness must move the verdict to be named."""

SPEAK_FOR = frozenset((
    "address story", "declaration article", "declaration social", "declaration single", "headline repeated",
    "headline in address", "headline length", "time declared", "time printed", "time author",
    "prose paragraphs", "prose share", "prose in body",
))  # fmt: skip
"""Figures that may only speak for an article; all others may only speak against one."""

SAYS: Mapping[str, tuple[str, str]] = {
    "address story": ("its address has the words or the date of an article's", "its address is no article's"),
    "address section": ("its address is no section's", "its address is a section's or a search's"),
    "address home": ("its address is no home page's", "its address is a home page's"),
    "address short": ("its address is longer than a section's", "its address is as short as a section's"),
    "address shop": ("its address is no shop's", "its address is a shop's"),
    "declaration article": (
        "its structured data call it an article",
        "its structured data do not call it an article",
    ),
    "declaration social": (
        "it calls itself an article for social networks",
        "it does not call itself an article for social networks",
    ),
    "declaration list": ("it does not call itself a list", "it calls itself a list or a collection"),
    "declaration product": ("it does not call itself a product", "it calls itself a product"),
    "declaration other": ("it does not call itself anything else", "it calls itself something else"),
    "declaration website": ("it does not call itself a website", "it calls itself a website"),
    "declaration single": ("its template is a single post's", "its template is no single post's"),
    "declaration template": ("its template is no list's", "its template is a list's"),
    "headline repeated": (
        "its heading and its title are one headline",
        "its heading and its title are not one headline",
    ),
    "headline in address": ("its address repeats its headline", "its address does not repeat its headline"),
    "headline length": ("its headline can tell a story", "its headline is too short to tell a story"),
    "headline short": ("its headline has four words or more", "its headline has three words at most"),
    "headline of a list": ("its headline is no list's", "its title or its heading reads like a list's"),
    "time declared": ("it declares when it was published", "no time of publication is declared"),
    "time printed": ("it prints when it was published", "no time of publication stands with the text"),
    "time author": ("it names its author", "it names no author"),
    "prose paragraphs": ("it has paragraphs of its own", "it has few paragraphs of its own"),
    "prose share": ("much of it is a text of its own", "little of it is a text of its own"),
    "prose in body": ("its body is prose", "its body has little running prose"),
    "others words": (
        "little of it is about other pages",
        "much of it is teasers and headlines of other pages",
    ),
    "others linked": ("its body is hardly linked", "much of its body is links"),
    "others teasers": ("it holds no teasers", "it holds teasers of other pages"),
    "others headlines": ("no headlines in it lead to other pages", "headlines in it lead to other pages"),
    "others articles": ("it holds one part marked as an article", "it holds many parts marked as articles"),
    "others times": ("few times are marked up in it", "many times are marked up in it, as beside teasers"),
    "others following": ("it has no next page", "it has a next page, as lists have"),
    "trade markup": ("it has no shop's markup", "it has a shop's markup"),
    "trade button": ("it has no button that buys", "it has a button that buys"),
    "trade lines": ("it has no lines of a cart", "it has lines of a cart"),
    "trade prices": ("no prices stand in its lines", "prices stand in its lines"),
    "trade buttons": ("it has few buttons", "it has many buttons"),
}
"""What is said of a page for an article, and against one, by the figure that most of a witness rests on."""
_MOST_ARE = "to begin with: most pages that are read are articles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """How likely a page is one article, and what each witness said."""

    likelihood: float
    """From 0 to 1, calibrated on pages that took no part in fitting."""
    said: tuple[tuple[str, float], ...]
    """Sentences for (above 0) and against an article, in log odds, the strongest first."""
    prior: tuple[str, float]
    """The same of a page of which nothing is known."""
    otherwise: Kind
    """What the page is most likely where it is no article."""


def hear(traits: Traits, weights: Weights) -> Opinion:
    """Return what all witnesses say of a page together.

    The odds against an article are the sum of those of each other kind; a witness says what it says against
    each, in the measure in which the page may be of that kind.
    """
    figures = witness_figures(traits)
    against = {kind: math.exp(-line.log_odds(figures)) for kind, line in weights.stories.items()}
    total = -math.log(sum(against.values()))
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    lines, scale = [(against[kind], line.weights) for kind, line in weights.stories.items()], math.exp(total)
    for name, value in figures.items():
        weight = sum([odds * of_line[name] for odds, of_line in lines])
        shares[name.partition(" ")[0]][name] = weight * scale * (value - weights.means[name])
    said = []
    for of_witness in shares.values():
        share = sum(of_witness.values())
        most = max(of_witness, key=lambda name: math.copysign(1, share) * of_witness[name])
        said.append((SAYS[most][share < 0], share))
    told = [(says, round(share, 2)) for says, share in said if abs(share) >= _TOLD]
    told.sort(key=lambda each: -abs(each[1]))
    return Opinion(
        likelihood=likelihood(total),
        said=tuple(told),
        prior=(_MOST_ARE, round(total - sum(share for _, share in said), 2)),
        otherwise=max(against, key=lambda kind: (against[kind], kind.value)),
    )


def witness_figures(traits: Traits) -> dict[str, float]:
    """Return the figures of a page, each from 0 to 1, by witness and name; the bench fits their weights."""
    return {
        **_address(traits),
        **_declaration(traits),
        **_headline(traits),
        "time declared": float(traits.dated == "declared"),
        "time printed": float(traits.dated == "printed"),
        "time author": float(traits.is_signed),
        "prose paragraphs": _share(traits.prose, _WORDS),
        "prose share": min(traits.prose / (traits.words + 1), 1.0),
        "prose in body": traits.kept_prose,
        **_others(traits),
        **_trade(traits),
    }


def _share(number: float, most: float) -> float:
    """Return a number on a logarithmic scale from 0 to 1, the most."""
    return math.log1p(min(number, most)) / math.log1p(most)


def _address(traits: Traits) -> dict[str, float]:
    path = unquote(traits.path.partition("?")[0])
    parts = [part for part in path.split("/") if part]
    words = [word for word in _SEPARATORS.split(_ENDING.sub("", parts[-1] if parts else "")) if word]
    told = sum(not word.isdigit() for word in words)
    known, is_home = bool(traits.host), bool(HOME.match(traits.path))
    is_shop = bool(SHOP_PATH.search(traits.path))
    is_dated, is_numbered = bool(_DATED.search(path)), bool(_NUMBERED.search(path))
    is_story = is_dated or told >= _STORY_WORDS or (is_numbered and not is_shop)
    is_short = len(parts) <= 2 and told <= 2 and not (is_home or is_dated or is_numbered)  # noqa: PLR2004 - /news/city
    is_section = LIST_PATH.search(traits.path) or SEARCH_PATH.search(traits.path)
    return {
        "address story": float(known and is_story),
        "address section": float(known and bool(is_section)),
        "address home": float(known and is_home),
        "address short": float(known and is_short),
        "address shop": float(known and is_shop),
    }


def _declaration(traits: Traits) -> dict[str, float]:
    other = not traits.is_article
    kind = traits.page_type
    is_product = (
        ("product" in traits.types and other) or kind.startswith("product") or kind.endswith(":product")
    )
    is_single = bool(SINGLE_MARKS.search(traits.outer_marks))
    return {
        "declaration article": float(traits.is_article),
        "declaration social": float(kind.endswith("article")),
        "declaration list": float((bool(traits.types & LIST_TYPES) or kind == "profile") and other),
        "declaration product": float(is_product),
        "declaration other": float(bool(traits.types & OTHER_TYPES) and other),
        "declaration website": float(kind == "website"),
        "declaration single": float(is_single),
        "declaration template": float(not is_single and bool(LIST_MARKS.search(traits.outer_marks))),
    }


def _headline(traits: Traits) -> dict[str, float]:
    heading, title = fold(traits.heading), fold(traits.title)
    is_own = len(heading) > 15 and bool(title) and (heading[:60] in title or title[:60] in heading)  # noqa: PLR2004
    last = traits.path.partition("?")[0].rstrip("/").rpartition("/")[2]
    in_address = {word for word in _SEPARATORS.split(_ENDING.sub("", last)) if len(word) > 2}  # noqa: PLR2004
    is_told = len(in_address & set(fold(traits.headline).split())) > 2  # noqa: PLR2004
    names = (traits.title, traits.heading)
    return {
        "headline repeated": float(is_own),
        "headline in address": float(is_told),
        "headline length": min(len(traits.headline) / 80, 1.0),
        "headline short": float(estimate_words(traits.headline) <= _NAME_WORDS),
        "headline of a list": float(any(LIST_TITLE.search(name) for name in names)),
    }


def _others(traits: Traits) -> dict[str, float]:
    other = max(traits.teaser_words, traits.headline_words)
    return {
        "others words": other / (other + traits.prose + 60),
        "others linked": min(traits.kept_linked, 1.0),
        "others teasers": _share(traits.teasers, 50),
        "others headlines": _share(traits.headlines, 300),
        "others articles": _share(traits.articles, 50),
        "others times": _share(traits.times, 50),
        "others following": float(traits.has_next),
    }


def _trade(traits: Traits) -> dict[str, float]:
    other = not traits.is_article
    return {
        "trade markup": float(other and bool(SHOP_MARKS.search(traits.marks))),
        "trade button": float(bool(CART.search(traits.buttons))),
        "trade lines": float(traits.cart_lines >= 2),  # noqa: PLR2004 - one line may be an advertisement
        "trade prices": _share(traits.price_lines, _PRICES),
        "trade buttons": min(traits.buttons.count("|") / 40, 1.0),
    }
