from __future__ import annotations

import random

import pytest

from scraper.urls import canonical_url

STORY = "https://paper.example.com/news/2031/harbour-bridge-opens"
SAME = {
    "tracked": f"{STORY}?utm_source=mail&utm_medium=x&fbclid=abc&gclid=1",
    "with a fragment": f"{STORY}#comments",
    "over http": STORY.replace("https", "http"),
    "with the default port": STORY.replace(".com", ".com:443"),
    "with a trailing slash": f"{STORY}/",
    "with an index page": f"{STORY}/index.html",
    "in capitals where case means nothing": STORY.replace("https://paper.example", "HTTPS://Paper.EXAMPLE"),
    "as an AMP path": f"{STORY}/amp/",
    "as an AMP prefix": STORY.replace("/news", "/amp/news"),
    "as an AMP query": f"{STORY}?amp=1",
    "as an AMP host": STORY.replace("paper.", "amp.paper."),
    "in an AMP cache": "https://paper-example-com.cdn.ampproject.org/c/s/" + STORY.removeprefix("https://"),
    "in an AMP viewer": "https://www.google.com/amp/s/" + STORY.removeprefix("https://") + "/amp",
    "on the host for phones": STORY.replace("paper.", "m.paper."),
    "on the host with www": STORY.replace("paper.", "www.paper."),
    "for printing, by query": f"{STORY}?print=1",
    "for printing, by path": f"{STORY}/print/",
    "percent-encoded without need": STORY.replace("harbour", "h%61rbour"),
    "with dot segments": STORY.replace("/news", "/x/../news/."),
    "with doubled slashes": STORY.replace("/news", "//news"),
    "with white space around": f"  {STORY}\n",
    "with a session in the path": f"{STORY};jsessionid=A1B2",
    "with a session before the rendering": f"{STORY};jsessionid=A1B2/print/amp/",
    "from the home page": f"{STORY}?ref=homepage",
    "from a newsletter": f"{STORY}?source=newsletter&via=mail",
    "rendered again and again": STORY + "/index.html/print/amp" * 300,
}


@pytest.mark.parametrize("form", SAME)
def test_one_article_has_one_address(form: str) -> None:
    assert canonical_url(SAME[form]) == STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://e.com/story?id=1", "https://e.com/story?id=2"),
        ("https://e.com/story?page=1", "https://e.com/story?page=2"),
        ("https://e.com/story", "https://e.com/Story"),
        ("https://e.com/story", "https://news.e.com/story"),
        ("https://e.com:8080/story", "https://e.com/story"),
        ("https://e.com/print", "https://e.com/"),
        ("https://e.com/example", "https://e.com/ex"),
        ("https://e.com/story?ref=1207", "https://e.com/story?ref=1208"),
    ],
)
def test_different_articles_keep_different_addresses(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_accents_that_stand_apart_are_those_of_their_letter() -> None:
    assert canonical_url("https://e.com/cafe%CC%81") == canonical_url("https://e.com/caf%C3%A9")
    assert canonical_url("https://e.com/caf%E9") == "https://e.com/caf%E9"


def test_the_query_is_sorted() -> None:
    assert canonical_url("https://e.com/s?b=2&a=1&b=2") == "https://e.com/s?a=1&b=2"


def test_names_in_other_scripts_have_one_form() -> None:
    assert canonical_url("https://zürich.example/straße?wo=köln") == (
        "https://xn--zrich-kva.example/stra%C3%9Fe?wo=k%C3%B6ln"
    )
    assert canonical_url("https://xn--zrich-kva.example/stra%c3%9fe") == canonical_url(
        "https://ZÜRICH.example/straße"
    )


@pytest.mark.parametrize(
    "odd", ["", "mailto:a@b", "http://[::1", "//e.com/a", "https://e.com:99999/", "\udcff"]
)
def test_what_is_no_address_comes_back(odd: str) -> None:
    assert canonical_url(odd) == odd.replace("\udcff", "")


def test_any_input_has_an_address_that_is_its_own() -> None:
    dice = random.Random(5)
    text = (
        "https http : / / / . . ? & = # % %25 %2e %2f amp amp/ /amp print 1 index.html [ ] @ ä 一 a b www. m. - com .. "
        ":80 utm_x cdn.ampproject.org /c/s/ google.com /amp/s/ ;jsessionid= \udc80 ℀ İ"
    )
    pieces = text.split()
    for _ in range(20_000):
        tail = "".join(dice.choice(pieces) for _ in range(dice.randrange(14)))
        address = canonical_url(dice.choice(["", "https://", "https://e.com/"]) + tail)
        assert canonical_url(address) == address
