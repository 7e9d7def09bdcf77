"""Templates: every text is escaped, and marked by places in it, never by markup of its own."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from scraper.export.html import to_fragment
from scraper.in_words import cause_in_words
from scraper.store.service.wishes import WishKind
from scraper.text_blocks import BlockKind
from scraper.web.visitor import visitor_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from scraper.store.queries import Marked
    from scraper.text_blocks import TextBlock

NAVIGATION = (
    ("/", "Today"),
    ("/stories", "Stories"),
    ("/articles", "Articles"),
    ("/sources", "Sources"),
    ("/jobs", "Jobs"),
    ("/runs", "Runs"),
    ("/alarms", "Alarms"),
)
"""The pages that every page leads to: address and name."""
WISHES_IN_WORDS = {
    WishKind.CRAWL: "Run now",
    WishKind.PAUSE: "Pause",
    WishKind.RESUME: "Resume",
    WishKind.CANCEL: "Cancel",
    WishKind.BACKFILL: "Fetch what was missed",
    WishKind.REJUDGE: "Judge quarantined pages again",
    WishKind.REEXTRACT: "Extract again and accept",
}
"""What each wish is called where it was made."""
_MINUTE = 16
_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Signs that no page may hold, that reorder what stands around them, or that cannot be written."""
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)


@cache
def page_templates() -> Environment:
    """Return the templates, which escape what they are given."""
    made = Environment(
        loader=PackageLoader("scraper.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters |= {"marked": marked_text, "moment": moment, "number": "{:,}".format, "link": web_link}
    made.filters |= {"segment": partial(quote, safe=""), "duration": duration, "why": cause_in_words}
    made.globals |= {"wish_words": WISHES_IN_WORDS}
    made.globals |= {"navigation": NAVIGATION, "style": style_version(), "with_query": with_query}
    return made


def render(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - whatever the template shows
    """Return the page that a template makes of the values."""
    page = page_templates().get_template(name)
    visitor = visitor_of(request)
    text = page.render(path=request.url.path, visitor=visitor, **values)
    return HTMLResponse(text, status_code=status)


def _shown(value: object) -> object:
    """Return what is shown of a value: of a text, nothing that reorders or hides what stands around it."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return _OBEYED.sub(" ", value)
    return "" if value is None else value


def marked_text(found: Marked) -> Markup:
    """Return a text whose places that answer stand in <mark>."""
    text, at = Markup(), 0
    for start, end in found.marks:
        text += escape(_shown(found.text[at:start])) + Markup("<mark>{}</mark>").format(
            _shown(found.text[start:end])
        )
        at = end
    return text + escape(_shown(found.text[at:]))


def structured_text(blocks: Sequence[TextBlock]) -> Markup:
    """Return a text with its structure; pictures, which nothing from elsewhere may be, are left out."""
    shown = [block for block in blocks if block.kind is not BlockKind.FIGURE]
    return Markup(_OBEYED.sub(" ", "".join(to_fragment(shown))))  # noqa: S704 - its texts are escaped


def moment(told: datetime | str | None) -> Markup:
    """Return a time as people read it, to the minute, in UTC; a text that is none as it stands."""
    if told is None:
        return Markup()
    text = told
    if isinstance(text, datetime):
        text = text.astimezone(UTC).isoformat()
    shown = text[:_MINUTE].replace("T", " ")
    return Markup('<time datetime="{}">{}</time>').format(_shown(text), _shown(shown))


def duration(time: timedelta | None) -> str:
    """Return how long something takes in its two largest units.

    >>> duration(timedelta(hours=26, minutes=5)), duration(timedelta(seconds=40))
    ('1 d 2 h', '40 s')
    """
    if time is None:
        return ""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    days, hours, left = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {left} min"
    return f"{left} min" if left else f"{seconds} s"


def web_link(address: str | None) -> str | None:
    """Return an address that a link may lead to; None for what is no page of the web, such as a script."""
    return address if address and _WEB_ADDRESS.match(address) else None


def with_query(path: str, query: Mapping[str, Any], **more: Any) -> str:  # noqa: ANN401 - texts and numbers
    """Return an address with parameters, without those that have no value."""
    given = {name: value for name, value in {**query, **more}.items() if value not in {None, ""}}
    return f"{path}?{urlencode(given)}" if given else path


@cache
def style_version() -> str:
    """Return what changes with the style sheet: browsers may keep it until then."""
    return hashlib.sha256(files("scraper.web").joinpath("static/style.css").read_bytes()).hexdigest()[:12]
