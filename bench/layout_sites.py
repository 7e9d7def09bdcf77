"""Invented sites in five layouts, each built anew after thirty pages; read by bench layouts and by tests.

Each page has the equipment of a real one: menus, scripts, teasers, boxes within the text, notices, comments.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from scraper.model import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAGES = 30
"""Of a site in each of its two layouts."""
_BEGIN = datetime(2024, 3, 4, 8, 15, tzinfo=UTC)
_PEOPLE = (
    "harbour", "master", "minister", "farmer", "judge", "banker", "mayor", "neighbour", "fisherman",
    "teacher", "nurse", "driver", "baker", "sailor", "engineer", "painter", "lawyer", "historian",
    "student", "pilot", "miller", "priest", "singer", "trader", "warden", "widow", "clerk", "surgeon",
    "councillor", "gardener", "publisher", "referee", "carpenter", "inspector", "tenant", "landlord",
    "witness",
)  # fmt: skip
_THINGS = (
    "bridge", "cellar", "ballot", "harvest", "ferry", "contract", "museum", "school", "market", "roof",
    "petition", "railway", "mill", "tunnel", "tax", "pension", "lighthouse", "orchard", "reservoir",
    "hospital", "canal", "theatre", "timetable", "budget", "verdict", "treaty", "election", "vineyard",
    "workshop", "library", "stadium", "warehouse", "archive", "pavement", "chimney", "fountain",
    "turbine", "meadow", "quarry", "parliament", "station", "tower", "chapel", "kitchen", "bakery",
    "forest", "island", "village", "avenue", "festival", "monument",
)  # fmt: skip
_QUALITIES = (
    "old", "narrow", "empty", "costly", "unfinished", "crowded", "forgotten", "distant", "broken",
    "quiet", "public", "private", "northern", "steep", "wooden", "flooded", "popular", "disputed",
    "shabby", "famous", "temporary", "modern", "dangerous", "generous", "careful", "annual", "frozen",
    "rusty", "grand", "sunken", "hollow", "bright", "gloomy", "splendid",
)  # fmt: skip
_DEEDS = (
    "repaired", "sold", "closed", "counted", "painted", "rebuilt", "inherited", "surveyed", "flooded",
    "described", "insured", "abandoned", "photographed", "measured", "doubted", "praised", "rented",
    "cleaned", "visited", "postponed", "financed", "opened", "guarded", "removed",
)  # fmt: skip
_OPENINGS = (
    "In the spring", "Late on Tuesday", "For the third time", "Without a word", "After years of argument",
    "Against all advice", "According to the minutes", "Despite the weather", "A week later", "Since the war",
    "Only last month", "As so often", "To general surprise", "During the night", "By a narrow vote",
)  # fmt: skip
_REASONS = (
    "because nobody had asked", "although money was short", "while the others waited", "so that trade could go on",
    "before the frost came", "until the papers were signed", "as the court had ordered", "where the road ends",
    "which few had expected", "when the tide was low", "whatever that may cost", "and nobody objected",
)  # fmt: skip
_FIRST = ("Ada", "Bruno", "Clara", "Dario", "Edith", "Felix", "Greta", "Hugo", "Ines", "Jonas")
_LAST = ("Quill", "Marsh", "Tarn", "Bellweather", "Oakes", "Penrose", "Strand", "Vale", "Wick", "Yarrow")
_PLACES = ("Aville", "Port Selwyn", "Marrowby", "Eastholm", "Lower Tarn", "Greyford", "Saint Odile")
_SECTIONS = ("Politics", "Business", "Region", "Culture", "Sport", "Science", "Travel", "Weather")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a page is to say, whatever its layout."""

    number: int
    title: str
    author: str
    at: datetime
    section: str
    blocks: tuple[tuple[str, str], ...]
    """Element and text: p, h2, li or blockquote."""
    teasers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One page of a site and its true body."""

    site: str
    number: int
    page: Page
    body: str


def site_pages(name: str, pages: int = 2 * PAGES, redesign: int = PAGES) -> list[Printed]:
    """Return the pages of a site in the order of time; from number `redesign` on in its new layout."""
    before, after = DESIGNS[name]
    found = []
    for number in range(pages):
        chance = random.Random(f"{name} {number}")  # noqa: S311 - an invented page
        story = _story(chance, number)
        markup = _whole(name, story, (before if number < redesign else after)(story, chance), chance)
        url = f"https://{name}.test/{story.at:%Y/%m/%d}/{story.title.lower().replace(' ', '-').replace(':', '')}-{number}"
        page = Page(
            url=url, content=markup.encode(), content_type="text/html; charset=utf-8", fetched_at=story.at
        )
        body = "\n".join(text for _, text in story.blocks)
        found.append(Printed(site=name, number=number, page=page, body=body))
    return found


def _sentence(chance: random.Random) -> str:
    opening = f"{chance.choice(_OPENINGS)}, the" if chance.random() < 0.4 else "The"
    first = f"{opening} {chance.choice(_PEOPLE)} {chance.choice(_DEEDS)} the {_thing(chance)}"
    second = (
        f"the {chance.choice(_PEOPLE)} of {chance.choice(_PLACES)} {chance.choice(_DEEDS)} a {_thing(chance)}"
    )
    return f"{first} {chance.choice(_REASONS)}, and {second} for {chance.randint(3, 99)} crowns."


def _thing(chance: random.Random) -> str:
    return f"{chance.choice(_QUALITIES)} {chance.choice(_THINGS)}"


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(chance.randint(2, 4)))


def _headline(chance: random.Random) -> str:
    return f"{chance.choice(_PLACES)}: {_thing(chance)} {chance.choice(_DEEDS)} by {chance.choice(_PEOPLE)}"


def _story(chance: random.Random, number: int) -> Story:
    blocks = [("p", _paragraph(chance)) for _ in range(chance.randint(7, 18))]
    for at in range(4, len(blocks), 5):
        blocks.insert(at, ("h2", f"A {_thing(chance)}"))
    if number % 3 == 1:
        blocks.insert(3, ("blockquote", _sentence(chance)))
    if number % 4 == 2:
        blocks[5:5] = [("li", _sentence(chance)) for _ in range(3)]
    return Story(
        number=number,
        title=_headline(chance),
        author=f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
        at=_BEGIN + timedelta(days=number, minutes=chance.randint(0, 600)),
        section=chance.choice(_SECTIONS),
        blocks=tuple(blocks),
        teasers=tuple(_headline(chance) for _ in range(24)),
    )


def _marked(blocks: Sequence[tuple[str, str]], *, wrap: str = "{}", between: Sequence[str] = ()) -> str:
    """Return blocks as elements, the items of a list in one; every fourth is followed by what stands between."""
    parts, items, extra = [], list[str](), iter(between)
    for number, (tag, text) in enumerate([*blocks, ("", "")]):
        if tag == "li":
            items.append(f"<li>{escape(text)}</li>")
            continue
        if items:
            parts.append(wrap.format(f"<ul>{''.join(items)}</ul>"))
            items.clear()
        if tag:
            parts.append(wrap.format(f"<{tag}>{escape(text)}</{tag}>"))
        if number % 4 == 3:
            parts.append(next(extra, ""))
    return "\n".join(parts)


def _teasers(story: Story, chance: random.Random, name: str, count: int) -> str:
    return "".join(
        f'<div class="{name}"><a href="/t/{chance.randint(1, 9999)}"><img src="/i.jpg" alt=""><h3>{escape(title)}</h3>'
        f"<p>{escape(_sentence(chance))}</p></a></div>"
        for title in story.teasers[:count]
    )


def _whole(name: str, story: Story, middle: str, chance: random.Random) -> str:
    url = f"https://{name}.test/"
    data = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title,
        "datePublished": story.at.isoformat(), "articleSection": story.section,
        "author": {"@type": "Person", "name": story.author},
        "publisher": {"@type": "Organization", "name": f"The {name.title()} Herald"},
    }  # fmt: skip
    menu = "".join(f'<li><a href="{url}{each.lower()}">{each}</a></li>' for each in _SECTIONS)
    sub = "".join(f'<li><a href="{url}{place}">{place}</a></li>' for place in _PLACES * 4)
    script = "window.dataLayer=window.dataLayer||[];" + "".join(
        f"dataLayer.push({{id:{chance.randint(1, 10**9)},k:'v{number}'}});" for number in range(400)
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(story.title)} - The {name.title()} Herald</title>
<meta property="og:title" content="{escape(story.title)}"><meta property="og:type" content="article">
<meta name="description" content="{escape(story.blocks[0][1][:150])}">
<meta property="article:published_time" content="{story.at.isoformat()}">
<script type="application/ld+json">{json.dumps(data)}</script><script>{script}</script>
<style>{".a{color:red}" * 300}</style></head><body class="page page-{story.number}">
<header class="site-header"><a href="/">The {name.title()} Herald</a><nav class="menu"><ul>{menu}</ul><ul class="sub">{sub}</ul></nav></header>
{middle}
<footer class="site-footer"><ul>{menu}{sub}</ul><p>© 2024 The {name.title()} Herald. All rights reserved.</p>
<p>Contact us at the office in {_PLACES[0]}, where the desk is open from nine to five.</p></footer>
<script>{script}</script></body></html>"""


_SHARE = '<div class="share"><a href="#s">Share</a><a href="#m">Mail</a><a href="#p">Print</a></div>'
_LETTER = "Get the most important news of the day every morning: subscribe to our free newsletter now."
_COMMENTS = "".join(
    f'<div class="comment"><b>reader{number}</b><p>{text}</p></div>'
    for number, text in enumerate(
        ("I was there and saw nothing of the kind, to be honest.", "Thank you for this, it was about time.")
    )
)


def _daily(story: Story, chance: random.Random) -> str:
    related = f'<aside class="related"><h4>More on this</h4>{_teasers(story, chance, "rel", 2)}</aside>'
    return f"""<div id="page"><main><article class="story"><div class="story-head"><h1>{escape(story.title)}</h1>
<p class="byline">By <a rel="author" href="/a">{story.author}</a></p><time datetime="{story.at.isoformat()}">{story.at:%d %B %Y}</time></div>{_SHARE}
<div class="story-text">{_marked(story.blocks, between=(related, f'<p class="promo">{_LETTER}</p>'))}</div></article>
<section class="comments"><h2>Comments</h2>{_COMMENTS}</section></main><aside class="rail">{_teasers(story, chance, "card", 16)}</aside></div>"""


def _daily_new(story: Story, chance: random.Random) -> str:
    box = f'<div class="box"><p>{escape(_sentence(chance))}</p><p>{escape(_sentence(chance))}</p></div>'
    return f"""<div id="app"><div class="layout-grid"><h1 class="headline">{escape(story.title)}</h1><div class="meta">{story.author} | {story.at:%d %B %Y}</div>
<div class="article-body">{_marked(story.blocks, between=('<div class="ad-slot">Advertisement</div>',))}</div>{_SHARE}
<div class="teaser-list">{_teasers(story, chance, "teaser", 20)}{box}</div></div></div>"""


def _blog(story: Story, chance: random.Random) -> str:
    return f"""<div class="wrap"><div class="post type-post"><h1 class="entry-title">{escape(story.title)}</h1>
<div class="entry-meta">Posted on {story.at:%d %B %Y} by {story.author}</div><div class="entry-content">{_marked(story.blocks)}
<p>{_LETTER}</p><p><a href="/older">Previous post: {escape(story.teasers[0])}</a></p></div><div class="tags"><a rel="tag" href="/t">{story.section}</a></div></div>
<div id="comments">{_COMMENTS}</div></div><div id="sidebar">{_teasers(story, chance, "widget", 12)}</div>"""


def _blog_new(story: Story, chance: random.Random) -> str:
    # the old names, with a box of other stories among the text
    box = f'<div class="related-box"><h4>Also read</h4>{_teasers(story, chance, "more", 2)}<p>{_LETTER}</p></div>'
    return f"""<div class="wrap"><div class="post type-post"><h1 class="entry-title">{escape(story.title)}</h1>
<div class="entry-meta">Posted on {story.at:%d %B %Y} by {story.author}</div><div class="entry-content">{_marked(story.blocks, between=(box,))}
</div></div></div><div id="sidebar">{_teasers(story, chance, "widget", 12)}</div>"""


def _portal(story: Story, chance: random.Random) -> str:
    text = "<br><br>\n".join(escape(text) for _, text in story.blocks)
    links = "<br>".join(
        f'<a href="/{number}">{escape(title)}</a>' for number, title in enumerate(story.teasers)
    )
    return f"""<table class="frame" width="100%"><tr><td class="left" width="150">{links}</td><td class="main"><h1>{escape(story.title)}</h1>
<font size="2"><i>{story.author}, {story.at:%d %B %Y}</i></font><div class="text">{text}</div></td>
<td class="right">{_teasers(story, chance, "small", 8)}</td></tr></table>"""


def _portal_new(story: Story, chance: random.Random) -> str:
    return f"""<div class="container"><div class="row"><div class="col-main"><h1>{escape(story.title)}</h1><div class="author">{story.author}</div>
<div class="date">{story.at:%d %B %Y}</div><div class="content">{_marked(story.blocks)}</div></div>
<div class="col-side">{_teasers(story, chance, "small", 14)}</div></div></div>"""


def _broadcaster(story: Story, chance: random.Random) -> str:
    wrap = '<div data-component="text-block" class="block">{}</div>'
    links = f'<div data-component="links-block">{_teasers(story, chance, "link", 3)}</div>'
    return f"""<main id="main-content"><article><header><h1>{escape(story.title)}</h1><div class="contributor">By {story.author}</div>
<time datetime="{story.at.isoformat()}">{story.at:%d %B %Y}</time></header>{_marked(story.blocks, wrap=wrap, between=(links,))}</article>
<section class="top-stories">{_teasers(story, chance, "promo", 20)}</section></main>"""


def _broadcaster_new(story: Story, chance: random.Random) -> str:
    wrap = '<section class="text-module">{}</section>'
    return f"""<div role="main"><div class="module-stack"><h1>{escape(story.title)}</h1><p class="credit-line">By {story.author}</p>
<p class="stamp">{story.at:%d %B %Y}</p>{_marked(story.blocks, wrap=wrap)}</div><div class="feed">{_teasers(story, chance, "item", 20)}</div></div>"""


def _agency(story: Story, chance: random.Random) -> str:
    advertisement = f'<div class="ad"><p>{escape(_sentence(chance))} <a href="/ad">Order now</a></p></div>'
    return f"""<div class="content-wrapper"><div class="article-detail"><h1>{escape(story.title)}</h1><span class="author">{story.author}</span>
<span class="date">{story.at:%d.%m.%Y %H:%M}</span><div class="article-content"><div class="paywall-free">{_marked(story.blocks, between=(advertisement,))}</div>
<p class="legal">Reporting by {story.author}; the desk in {chance.choice(_PLACES)}</p></div></div>{_teasers(story, chance, "stream", 18)}</div>"""


def _agency_new(story: Story, chance: random.Random) -> str:
    return f"""<div class="shell"><article class="doc"><h1>{escape(story.title)}</h1><address>{story.author}</address><time>{story.at:%d %B %Y}</time>
<div class="doc-body">{_marked(story.blocks)}</div></article><div class="stream">{_teasers(story, chance, "stream-item", 22)}</div></div>"""


Design = "Callable[[Story, random.Random], str]"
DESIGNS: dict[str, tuple[Callable[[Story, random.Random], str], Callable[[Story, random.Random], str]]] = {
    "daily": (_daily, _daily_new),
    "blog": (_blog, _blog_new),
    "portal": (_portal, _portal_new),
    "broadcaster": (_broadcaster, _broadcaster_new),
    "agency": (_agency, _agency_new),
}
"""Site → its layout, and the one that it is built anew in."""
