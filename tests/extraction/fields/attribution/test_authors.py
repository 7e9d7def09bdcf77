from __future__ import annotations

import pytest

from scraper.model import Hints, Site
from tests.extraction.pages import ld, metadata


@pytest.mark.parametrize(
    ("html", "source"),
    [
        (ld('{"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ada Quill"}}'), "json-ld"),
        (ld('{"@type": "NewsArticle", "author": {"givenName": "Ada", "familyName": "Quill"}}'), "json-ld"),
        ('<meta name="author" content="Ada Quill">', "meta:author"),
        (
            '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ada Quill">',
            "meta:twitter:data1",
        ),
        (
            '<h1>Flood</h1><span itemprop="author"><b itemprop="name">Ada Quill</b> of Aville</span>',
            "microdata",
        ),
        ('<h1>Flood</h1><a rel="author" href="/ada">Ada Quill</a>', "html:a[rel=author]"),
        (
            '<h1>Flood</h1><p class="article-byline">By Ada Quill | Published 3 May</p>',
            "html:p.article-byline",
        ),
    ],
)
def test_every_way_to_name_an_author_is_read(html: str, source: str) -> None:
    found = metadata(html)
    assert found.authors == ("Ada Quill",)
    assert found.provenance["authors"].source == source


def test_a_line_before_the_body_names_the_author() -> None:
    assert metadata(before=["Flood in Aville", "By Ada Quill and Ben Marlow"]).authors == (
        "Ada Quill",
        "Ben Marlow",
    )


@pytest.mark.parametrize(
    "html",
    [
        '<h1>Flood</h1><div class="comments"><span class="author">Carl Ode</span></div>',
        '<h1>Flood</h1><figure><span class="author">Carl Ode</span></figure>',
        '<h1>Flood</h1><div class="teaser"><span class="byline">By Carl Ode</span></div>',
        '<h1>Flood</h1><p class="byline">Published 3 May 2024</p>',
        '<meta name="author" content="https://social.example/examiner">',
        '<meta name="author" content="admin">',
    ],
)
def test_none_is_better_than_a_wrong_one(html: str) -> None:
    found = metadata(html)
    assert found.authors == ()
    assert found.provenance["authors"].source == "absent"


def test_people_go_before_the_organisation_that_is_named_beside_them() -> None:
    page = ld('{"@type": "NewsArticle", "author": [{"name": "The Examiner"}, {"name": "Ada Quill"}]}')
    assert metadata(page).authors == ("Ada Quill",)


def test_a_person_in_the_byline_goes_before_an_organisation_in_structured_data() -> None:
    page = ld('{"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Examiner Media"}}')
    found = metadata(page.replace("<p>x</p>", '<h1>Flood</h1><p class="byline">By Ada Quill</p>'))
    assert found.authors == ("Ada Quill",)


def test_an_organisation_is_the_author_only_where_nobody_else_is_named() -> None:
    page = ld(
        '{"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Rivers Institute and Friends"}}'
    )
    found = metadata(page)
    assert found.authors == ("Rivers Institute and Friends",)
    assert found.provenance["authors"].confidence < 0.5
    printed = metadata('<h1>Flood</h1><p class="byline">By Examiner News Desk</p>')
    assert printed.authors == ("Examiner News Desk",)
    assert printed.provenance["authors"].confidence < 0.5
    both = '<h1>Flood</h1><p class="byline">By Examiner News Desk</p>'
    assert metadata(both, before=["Flood", "By Ada Quill"]).authors == ("Ada Quill",)


def test_a_feed_names_authors_where_the_page_does_not() -> None:
    hints = Hints(source="feed", authors=("Ada Quill",))
    assert metadata(hints=hints).authors == ("Ada Quill",)
    assert metadata('<meta name="author" content="Ben Marlow">', hints=hints).authors == ("Ben Marlow",)


def test_the_site_s_own_agencies_are_no_people() -> None:
    site = Site(name="a", agencies={"Coast Wire": "Coast Wire"})
    page = ld('{"@type": "NewsArticle", "author": [{"name": "Coast Wire"}, {"name": "Ada Quill"}]}')
    assert metadata(page, site=site).authors == ("Ada Quill",)


def test_a_line_that_is_only_a_name_is_a_byline_of_its_own() -> None:
    html = "<h1>Flood in Aville</h1>"
    assert metadata(html, before=["Flood in Aville", "Ada Quill"]).authors == ("Ada Quill",)
    assert metadata(before=["Sport", "Ada Quill", "3 May 2024"]).authors == ("Ada Quill",)
    assert metadata(before=["Sport", "Ada Quill", "Senior Reporter"]).authors == ("Ada Quill",)
    assert metadata(before=["Flood in Aville", "© Ada Quill"]).authors == ()
    assert metadata(html, before=["Flood in Aville", "Nach Hochwasser-Warnung"]).authors == ()


@pytest.mark.parametrize(
    "line",
    [
        "By Ada Quill",
        "ByAda Quill",
        "Written by:Ada Quill",
        "Posted on 3 May 2024 by Ada Quill",
        "3 May 2024 By Ada Quill | 4 min read",
        "By Ada Quill Dec 14, 2023",
        "Written by Ada Quill Last updated 3 May",
        "by Ada Quill ● 3 May 2024 ● 6 min read",
        "By Ada Quill Reviewed by Carl Ode",
        "Author: Ada Quill",
        "Autorin: Ada Quill",
        "Ein Kommentar von Ada Quill",
    ],
)
def test_a_line_may_say_by_in_many_ways(line: str) -> None:
    assert metadata(before=["Flood in Aville", line]).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    "line",
    [
        "Reviewed by Carl Ode",
        "Medically reviewed by Carl Ode",
        "Fact-checked by Carl Ode",
        "Edited by: Carl Ode",
        "Photos by Carl Ode",
        "Solar panels: step by Step Guide",
        "Confused by the Smith machine and other gear",
        "The fall of Carl Ode",
        "This article was originally published by Coast Review",
    ],
)
def test_who_did_something_else_is_no_author(line: str) -> None:
    assert metadata(before=["Flood in Aville", line]).authors == ()


def test_a_label_may_stand_in_a_line_of_its_own() -> None:
    assert metadata(before=["Flood in Aville", "Written by", "Ada Quill"]).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    ("html", "authors"),
    [
        (
            '<h1>Flood</h1><p class="byline">Ada Quill Content Coordinator <a href="/authors/ada">Ada Quill</a></p>',
            ("Ada Quill",),
        ),
        ('<h1>Flood</h1><span class="author vcard">Ada Quill</span>', ("Ada Quill",)),
        ('<h1>Flood</h1><div class="byline">Ada Quill Dec 14, 2023</div>', ("Ada Quill",)),
        ('<h1>Flood</h1><div class="byline">Reviewed by Carl Ode</div>', ()),
        ('<h1>Flood</h1><p class="byline">Redaktion: Ada Quill, Schnitt: Carl Ode</p>', ()),
        ('<h1>Flood</h1><p class="byline">Redaktion: <a href="/redaktion/carl">Carl Ode</a></p>', ()),
        ('<h1>Flood</h1><p class="author-name">The Aville Staff</p>', ("The Aville Staff",)),
        ('<h1>Flood</h1><p class="author-name">Published Online</p>', ()),
    ],
)
def test_the_byline_element_names_who_wrote_the_text(html: str, authors: tuple[str, ...]) -> None:
    assert metadata(html).authors == authors


def test_a_printed_name_goes_before_the_one_to_sign_in_with() -> None:
    html = '<meta name="author" content="adaq7"><h1>Flood</h1><p class="byline">By Ada Quill</p>'
    assert metadata(html).authors == ("Ada Quill",)
    assert metadata('<meta name="author" content="Ada">').authors == ("Ada",)


def test_who_gave_a_site_its_name_is_its_author() -> None:
    html = ld(
        '{"@type": "NewsArticle", "author": {"name": "Ada Quill"}, "publisher": {"name": "Ada Quill"}}'
    ).replace("<p>x</p>", '<h1>Flood</h1><p class="byline">Ada Quill May 3, 2024</p>')
    assert metadata(html, before=["Flood", "Subscribe Now"]).authors == ("Ada Quill",)


def test_the_authors_of_comments_are_not_those_of_the_text() -> None:
    comments = "<p>x</p>" * 60 + '<div itemscope><span itemprop="author">Carl Ode</span></div>'
    html = f'<h1>Flood</h1><span itemprop="author">Ada Quill</span>{comments}'
    assert metadata(html).authors == ("Ada Quill",)


@pytest.mark.parametrize("line", ["Contact Us", "Create Account", "Print Article"])
def test_a_button_that_reads_like_a_name_is_none(line: str) -> None:
    assert metadata(before=["Search our store", line]).authors == ()


@pytest.mark.parametrize(
    "name",
    [
        "N/A",
        "Firstname Lastname",
        "{{ author }}",
        "page.head.author",
        "[[author]]",
        "Author Name",
        "${author}",
    ],
)
def test_a_template_that_was_not_filled_names_nobody(name: str) -> None:
    assert metadata(f'<meta name="author" content="{name}">').authors == ()


def test_an_account_gives_way_to_the_person_that_is_printed() -> None:
    html = ld('{"@type": "NewsArticle", "author": {"name": "Intake feed"}}')
    printed = '<h1>Flood</h1><p class="byline">By Ada Quill</p>'
    assert metadata(html.replace("<p>x</p>", printed)).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    ("html", "authors"),
    [
        ('<meta name="twitter:misc:Written by" content="Ada Quill">', ("Ada Quill",)),
        ('<meta property="og:author" content="By &lt;b&gt;Ada Quill&lt;/b&gt;, Courier">', ("Ada Quill",)),
        ('<meta property="og:article:author" content="Ada Quill">', ("Ada Quill",)),
        (
            ld('{"@type": "NewsArticle", "author": {"@type": "Role", "author": {"name": "Ada Quill"}}}'),
            ("Ada Quill",),
        ),
        (
            ld(
                '{"@type": "NewsArticle", "author": {"name": "By Ada Quill, Staff Writer and Ben Marlow in Aville"}}'
            ),
            ("Ada Quill", "Ben Marlow"),
        ),
        (
            ld(
                '{"@type": "NewsArticle", "author": {"name": "Ada Quill, doctor at the harbour school, river.example"}}'
            ),
            ("Ada Quill",),
        ),
    ],
)
def test_a_declared_author_is_read_in_every_shape(html: str, authors: tuple[str, ...]) -> None:
    assert metadata(html).authors == authors


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Ada Quill and Ben Marlow", ("Ada Quill", "Ben Marlow")),
        ("By Ada Quill, fact checked by Ben Marlow", ("Ada Quill",)),
        ("By Carl Ode and Ben Marlow", ("Ada Quill",)),
    ],
)
def test_a_printed_list_wins_that_holds_the_declared_people_and_more(
    line: str, authors: tuple[str, ...]
) -> None:
    html = ld('{"@type": "NewsArticle", "author": {"name": "Ada Quill"}}')
    assert metadata(html, before=["Flood in Aville", line]).authors == authors
