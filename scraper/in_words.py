"""Short causes and reasons, as counts and rows have them, in sentences that say what to do."""

from __future__ import annotations

import re

from scraper.model import Reason

CAUSE_WORDS = {
    "dns": "the name of the host was not found, or leads to a private address: is it written right?",
    "timeout": "the server was too slow (DOWNLOAD_TIMEOUT): a later crawl tries again",
    "refused": "nothing listens at that address: is the port right, and does the server run?",
    "connection": "the connection broke off: a later crawl tries again",
    "cut": "the answer ended before its end: a later crawl tries again",
    "tls": "the certificate is not valid for this host; it is checked, and there is no way round it",
    "too_large": "larger than DOWNLOAD_MAXSIZE",
    "misnamed": "the answer is packed otherwise than it says",
    "scheme": "no address that begins with http:// or https://",
    "robots": "the site's robots.txt forbids it to this program",
    "redirects": "redirects led on and on, or nowhere",
    "ignored": "a middleware of this project refused it",
    "offsite": "it leads to another site: add that host to the site's domains if it is the same one",
    "private_address": "a private address, which is asked only where allowed_networks opens it, as"
    ' allowed_networks = ["127.0.0.0/8"] does for this machine',
    "host_down": "the host had failed too often and was left alone: a later crawl tries again",
    "interrupted": "the crawl was asked to end first: a later one tries again",
    "trap": "addresses that never end, such as a calendar's, were left out",
    "host_budget": "a host was asked for as many pages as NEWS_HOST_BUDGET allows: a later crawl goes on",
    "render_crash": "the browser ended while it made the page: a later crawl tries again",
    "render_hung": "a script of the page never ended: the browser was ended in its stead",
    "render_failed": "the browser could not make the page: the log says why",
    "render_size": "larger than NEWS_RENDER_SIZE once its scripts had made it",
    "store": "the database or the archive refused them, as the lines above say: scraper doctor checks both",
    "pipeline": "an item pipeline raised an error: the log has it",
    "spider": "the spider's own code raised an error: the log has it",
    "dropped": "an item pipeline that is not ours dropped them",
    "not_archived": "what is replayed does not have it",
    "unreadable": "what came is no feed, sitemap or page that can be read",
    "401": "the site wants a login: a table [access.SITE] gives it",
    "402": "the site wants to be paid",
    "403": "the site forbids it: it may block this program; contact its operators",
    "404": "there is no such page",
    "410": "the page is gone for good",
    "429": "the site asked for fewer requests: raise DOWNLOAD_DELAY",
    "451": "the site may not show it here",
    "5xx": "the server failed: a later crawl tries again",
}
"""Cause of a failed request → what it means, and what can be done."""
REASON_WORDS = {
    Reason.LIST: "a list or overview of stories, wares or results, and no single story",
    Reason.CONSENT: "the page asks for consent in place of its text",
    Reason.BOT_WALL: "the page keeps robots out",
    Reason.ERROR: "an error page, served as if it were one of the site's own",
    Reason.EMPTY: "a page without text",
    Reason.NOT_NEWS: "no news: the page of a shop, a form, a profile or the like",
    Reason.NOT_HTML: "an image, a PDF or another file that is no page",
    Reason.TOO_LARGE: "too large to be read",
    Reason.OUT_OF_RANGE: "published outside of --since and --until",
    Reason.RESTRICTED: "it forbids what no_article_of names",
    Reason.FORGOTTEN: "its address was forgotten by scraper forget",
    Reason.EXTRACTION_TIMEOUT: "its extraction took too long: scraper quarantine retry tries again",
    Reason.EXTRACTION_CRASH: "its extraction crashed: scraper quarantine retry tries again",
}
"""Reason of a rejection → what the page is."""


def cause_in_words(cause: str) -> str:
    """Return a sentence on a cause of failure.

    >>> cause_in_words("robots_5xx")
    'its robots.txt cannot be had, so nothing may be asked: the server failed: a later crawl tries again'
    """
    kind, _, rest = cause.partition("/")
    if kind == "continuation":
        return f"the rest of an article, on a further page: {cause_in_words(rest)}"
    if cause.startswith("robots_"):
        return f"its robots.txt cannot be had, so nothing may be asked: {cause_in_words(cause[7:])}"
    if cause in CAUSE_WORDS:
        return CAUSE_WORDS[cause]
    if cause in REASON_WORDS:
        return REASON_WORDS[Reason(cause)]
    if re.fullmatch(r"\d{3}", cause):
        return f"the server answered {cause}"
    return "an error that this program does not know: the log has it"


def reason_in_words(reason: str) -> str:
    """Return a sentence on why a page is no article.

    >>> reason_in_words("empty")
    'a page without text'
    """
    return REASON_WORDS[Reason(reason)]
