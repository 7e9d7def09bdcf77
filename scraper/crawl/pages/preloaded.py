"""All that a first page loads, on import: in the process that workers are forked from, so that they share it.

Imported by crawl.pages.workers alone.
"""

from __future__ import annotations

import gc

from scraper.extraction.article import extract_article
from scraper.model import Page, Site

_STORY = (
    "<html lang='en'><head><title>Rain at the harbour - The Examiner</title>"
    "<meta property='og:title' content='Rain at the harbour'><script type='application/ld+json'>"
    '{"@type": "NewsArticle", "headline": "Rain at the harbour", "datePublished": "2031-05-03T08:00:00Z"}'
    "</script></head><body><article><h1>Rain at the harbour</h1><p>By Ada Quill, 3 May 2031, 10:15</p>"
    "<p>AVILLE (Reuters) — The harbour was closed “until Monday”, its master said.</p>"
    + "".join(f"<p>At pier {pier} a boat lay for {pier} days, and nobody left it.</p>" for pier in range(30))
    + "<p>© The Examiner</p></article></body></html>"
)
_IN_DOUBT = f"<html><body><p>{'Warm words. ' * 40}</p><ul><li><a href='/'>x</a></li></ul></body></html>"

for _page in (_STORY, _IN_DOUBT):
    extract_article(Page(url=None, content=_page.encode()), Site(name="warm-up"))
gc.collect()
gc.freeze()  # what was loaded stays: looking through it again and again takes 1 of 50 seconds
