"""A site whose pages are empty until their scripts have run."""

from __future__ import annotations

import json
import os
from pathlib import Path

from scraper.crawl.spider import NewsSpider
from scraper.fixtures.cases import Reply
from scraper.model import Site
from scraper.rendering import Rendering
from tests.crawl.site import HOME, HOST, SUBJECTS, html, xml

DAY = "/2031/05/02"
CDN = "scripts.test"
BROKEN = "broken.test"
SETTINGS = {
    "NEWS_RENDER": True,
    "NEWS_RENDER_SECONDS": 4,
    "NEWS_RENDER_QUIET": 0.3,
    "RETRY_TIMES": 0,
    "SPIDER_MODULES": ["spiders", "tests.crawl.rendering.scripted"],
    "LOG_LEVEL": "WARNING",
}
APP = """
window.show = (paragraphs, into) => {
  const article = document.createElement('article');
  article.innerHTML = paragraphs.map(each => '<p>' + each + '</p>').join('');
  (into || document.getElementById('app')).append(article);
}
"""
CONSENT = (
    "We and our 812 partners store and access information on your device, such as cookies, and process"
    " personal data for personalised advertising and content. Accept all, or manage your preferences."
)


class DeclaredSpider(NewsSpider):
    """Says all that a browser may do with its pages."""

    site = Site(
        name="declared",
        domains=(HOST,),
        home=HOME,
        rendered=True,
        rendering=Rendering(
            hosts=(CDN,), consent="#accept", buttons=("button.more",), most_presses=3, scrolls=5
        ),
    )


class BrokenSpider(NewsSpider):
    """Names an element in a way that no browser understands."""

    site = Site(
        name="broken",
        domains=(BROKEN,),
        home=f"http://{BROKEN}/",
        rendered=True,
        rendering=Rendering(consent="!accept!"),
    )


def paragraphs(number: int) -> list[str]:
    """Return the text of a page, each of its sentences its own."""
    subject = f"{SUBJECTS[number % 10]} of quarter {number}"
    return [
        f"The {subject} {verb} on {day}, said the council of ward {number * 7 + at}, which had waited for"
        f" {number + 3} years until the {SUBJECTS[(number + at) % 10]} was paid for by its {at + 2} villages."
        for at, (verb, day) in enumerate(
            [
                ("opened beside the old mill", "Monday"),
                ("was repaired near the northern gate", "Tuesday"),
                ("drew many visitors from the river villages", "Wednesday"),
                ("will be discussed again in the town hall", "Thursday"),
            ]
        )
    ]


def shown(number: int) -> str:
    """Return the script that shows a text."""
    return f"show({json.dumps(paragraphs(number))})"


def shell(number: int, script: str, body: str = "<div id='app'></div>") -> Reply:
    """Return a page that is empty but for its scripts."""
    title = f"The {SUBJECTS[number % 10]} of quarter {number}"
    return html(
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>"
        "<link rel='stylesheet' href='/style.css'><link rel='icon' href='/icon.png'>"
        f"<meta property='article:published_time' content='2031-05-02T08:00:00Z'></head>"
        f"<body><h1>{title}</h1>{body}<script src='/app.js'></script><script>{script}</script></body></html>"
    )


def as_json(content: object) -> Reply:
    return Reply(
        status=200, headers={"Content-Type": "application/json"}, content=json.dumps(content).encode()
    )


def script(content: str) -> Reply:
    return Reply(status=200, headers={"Content-Type": "text/javascript"}, content=content.encode())


def scripted(**pages: Reply) -> dict[str, Reply]:
    """Return what a site of these pages has beside its robots.txt."""
    urls = "".join(f"<url><loc>http://{HOST}{where}</loc></url>" for where in pages if where.startswith(DAY))
    return {"/sitemap.xml": xml(f"<urlset>{urls}</urlset>"), "/app.js": script(APP), **pages}


def descendants() -> set[int]:
    """Return the processes of every browser that runs for a test of this process or its children."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(rest.split()[1]), name.partition("(")[2]
    ours = set()
    for pid, (_, name) in parents.items():
        above = pid
        while above in parents and above != os.getpid():
            above = parents[above][0]
        if above == os.getpid() and "chrom" in name:
            ours.add(pid)
    return ours
