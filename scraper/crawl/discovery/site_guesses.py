"""What a few pages of an unknown site let us guess: name, zone and addresses; and its spider as source."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.core import get_global

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.model import Article, Site

_UNWRITTEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Signs that stand in no line of Python: ends of lines, controls, turns of direction, halves of signs."""
_OFFSET = re.compile(r"T\d\d:\d\d(?::\d\d)?(?:\.\d+)?([+-])(\d\d):?(\d\d)")
_TERRITORIES = {"uk": "GB", "eu": None}
"""Top-level domains that are no country's code."""
_LEAST = 3
"""Addresses from which a shape is guessed."""
_SHARE = 0.1
"""Of the articles' addresses: a shape that fewer have is none."""
_MOST_SHAPES = 3


def guess_name(host: str) -> str:
    """Return a spider's name for a host.

    >>> guess_name("www.the-aville-post.co.uk"), guess_name("news.example.com")
    ('the_aville_post', 'example')
    """
    labels = host.removeprefix("www.").split(".")
    if len(labels) > 1 and not labels[-1].isdigit():
        is_double = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2  # noqa: PLR2004 - co.uk
        labels = [labels[-3 if is_double else -2]]
    name = re.sub(r"\W+", "_", "_".join(labels).lower()).strip("_")
    return name if name[:1].isalpha() else f"site_{name}"


def guess_zone(articles: Sequence[Article], host: str, language: str | None) -> str | None:
    """Return the zone of the country that the host or the language names, where the printed times agree.

    None where no country is named, or it has several zones that agree.
    """
    end = host.rpartition(".")[2]
    region = next((part for part in (language or "").split("-")[1:] if len(part) == len("GB")), None)
    country = _TERRITORIES.get(end, end.upper() if len(end) == len("uk") else None) or region
    zones: Sequence[str] = get_global("territory_zones").get(country or "", ())
    offsets = list(_offsets(articles))
    fitting = [name for name in zones if all(_has(name, *each) for each in offsets)]
    return fitting[0] if len(fitting) == 1 else None


def _offsets(articles: Iterable[Article]) -> Iterable[tuple[datetime, timedelta]]:
    """Yield the moments that pages print with an offset other than UTC's."""
    for article in articles:
        for field in ("published", "modified"):
            source = article.provenance.get(field)
            found = _OFFSET.search(source.raw or "") if source else None
            value = getattr(article, field)
            if found and value and "T" in value:
                size = timedelta(hours=int(found[2]), minutes=int(found[3]))
                if size:
                    yield datetime.fromisoformat(value), size if found[1] == "+" else -size


def _has(zone: str, moment: datetime, offset: timedelta) -> bool:
    return moment.tzinfo is not None and moment.astimezone(ZoneInfo(zone)).utcoffset() == offset


def guess_articles(articles: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    r"""Return regular expressions that the articles' addresses match and none of the others; () for none.

    >>> guess_articles([f"https://a.example/2031/05/0{day}/ferry-{day}-sails/" for day in (1, 2, 3)], ())
    ('/\\d{4}/\\d{2}/\\d{2}/[^/]*-[^/]*/$',)
    """
    groups: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for url in articles:
        groups[_shape(url)].add(url)
    total = sum(map(len, groups.values()))
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    rules = [
        _rule(shape, urls)
        for shape, urls in ranked[:_MOST_SHAPES]
        if len(urls) >= _LEAST and len(urls) >= total * _SHARE
    ]
    excluded = list(others)
    return tuple(dict.fromkeys(rule for rule in rules if not any(re.search(rule, url) for url in excluded)))


def _shape(url: str) -> tuple[str, ...]:
    """Return what each step of an address is: digits, or words with or without hyphens, and its ending."""
    parts = urlsplit(url)
    return (*map(_step, parts.path.split("/")[1:]), *(["?"] if parts.query else []))


def _step(step: str) -> str:
    stem, dot, ending = step.rpartition(".")
    if dot and ending.isalpha() and len(ending) <= len("shtml"):
        return f"{_step(stem)}\\.{ending}"
    if not step:
        return ""
    if step.isdigit():
        return r"\d+"
    return "[^/]*-[^/]*" if "-" in step else "[^/]+"


def _rule(shape: tuple[str, ...], urls: Iterable[str]) -> str:
    """Return a shape as an expression; a word that is the same everywhere stays, digits are counted."""
    columns = zip(*(urlsplit(url).path.split("/")[1:] for url in urls), strict=True)
    told = (step for step in shape if step != "?")
    steps = [_exact(step, set(values)) for step, values in zip(told, columns, strict=True)]
    return "/" + "/".join(steps) + (r"\?" if "?" in shape else "$")


def _exact(step: str, values: set[str]) -> str:
    """Return what all these steps match, as narrow as a date or a fixed word lets it be."""
    if step.startswith("[^/]+") and len(values) == 1:
        return re.escape(*values)
    lengths = {len(value) for value in values}
    if step == r"\d+" and lengths in ({2}, {4}):
        return rf"\d{{{lengths.pop()}}}"
    return step


def spider_source(site: Site, title: str) -> str:
    """Return the spider of a site as Python source.

    >>> from scraper.model import Site
    >>> print(spider_source(Site(name="gazette", domains=("gazette.example",)), "The Gazette"))
    from scraper.crawl.spider import NewsSpider
    from scraper.model import Site
    <BLANKLINE>
    <BLANKLINE>
    class GazetteSpider(NewsSpider):
        \"\"\"The Gazette.\"\"\"
    <BLANKLINE>
        site = Site(
            name="gazette",
            domains=("gazette.example",),
        )
    <BLANKLINE>
    """
    names = ("name", "publisher", "domains", "home", "feeds", "articles", "language", "timezone")
    fields = [f"        {name}={_literal(value)},\n" for name in names if (value := getattr(site, name))]
    camel = "".join(part.capitalize() for part in site.name.split("_"))
    sentence = " ".join(_UNWRITTEN.sub(" ", title).replace("\\", "").replace('"', "'").split()).rstrip(".")
    return (
        "from scraper.crawl.spider import NewsSpider\nfrom scraper.model import Site\n\n\n"
        f'class {camel}Spider(NewsSpider):\n    """{sentence}."""\n\n'
        f"    site = Site(\n{''.join(fields)}    )\n"
    )


def _literal(value: str | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_literal, value)) + ("," if len(value) == 1 else "") + ")"
    if "\\" in value and '"' not in value and not value.endswith("\\") and not _UNWRITTEN.search(value):
        return f'r"{value}"'
    written = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _UNWRITTEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", written) + '"'
