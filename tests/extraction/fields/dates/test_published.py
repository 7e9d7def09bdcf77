from __future__ import annotations

import pytest

from scraper.model import Hints, Site
from tests.extraction.pages import LONG, ld, metadata


def test_structured_data_goes_before_what_is_printed() -> None:
    found = metadata(
        ld(
            '{"@type": "NewsArticle", "datePublished": "2024-05-20T10:00:00+02:00", "dateModified": "2024-05-21T10:00:00Z"}'
        ),
        before=["Published 19 May 2024"],
    )
    assert (found.published, found.modified) == ("2024-05-20T08:00:00Z", "2024-05-21T10:00:00Z")
    assert found.provenance["published"].source == "json-ld"
    assert found.provenance["published"].raw == "2024-05-20T10:00:00+02:00"
    assert found.provenance["created"].source == "absent"


def test_a_day_gets_its_time_from_another_source_of_the_same_day() -> None:
    found = metadata(
        '<meta property="article:published_time" content="2024-05-20T10:00:00Z">'
        + ld('{"@type": "Article", "datePublished": "2024-05-20"}')
    )
    assert found.published == "2024-05-20T10:00:00Z"


def test_nothing_is_later_than_the_day_after_the_page_was_fetched() -> None:
    assert metadata(ld('{"@type": "Article", "datePublished": "2031-01-01"}')).published is None


def test_the_address_and_the_feed_are_the_last_resort() -> None:
    url = "https://examiner.example/2024/05/20/flood"
    found = metadata(url=url)
    assert (found.published, found.provenance["published"].source) == ("2024-05-20", "url")
    hints = Hints(source="feed", published="Mon, 20 May 2024 08:00:00 GMT")
    found = metadata(url=url, hints=hints)
    assert (found.published, found.provenance["published"].source) == ("2024-05-20T08:00:00Z", "feed")


def test_the_site_declares_the_zone_of_its_dates() -> None:
    found = metadata(
        ld('{"@type": "Article", "datePublished": "2024-05-20T10:00:00"}'),
        site=Site(name="a", timezone="Europe/Rome"),
    )
    assert found.published == "2024-05-20T08:00:00Z"


@pytest.mark.parametrize(
    "name", ["published-date", "publication_date", "date_published", "dcterms.issued", "cms:publishedAt"]
)
def test_metas_that_say_publication_in_any_spelling_are_read(name: str) -> None:
    assert metadata(f'<meta name="{name}" content="2024-05-20">').published == "2024-05-20"


def test_an_earlier_day_above_the_text_goes_before_the_declared_one() -> None:
    page = ld('{"@type": "Article", "datePublished": "2024-05-20", "dateModified": "2024-05-20"}')
    found = metadata(page, before=["Ada Quill", "12 January 2023 · 5 min read"])
    assert (found.published, found.modified) == ("2023-01-12", "2024-05-20")
    assert metadata(page, before=["19 May 2024"]).published == "2024-05-20"
    assert metadata(page, before=["12 January 2023", "3 March 2023"]).published == "2024-05-20"
    assert metadata(page, after=["12 January 2023"]).published == "2024-05-20"


def test_an_earlier_day_in_an_element_for_dates_goes_before_the_declared_one() -> None:
    declared = '<meta property="article:published_time" content="2024-05-20">'
    page = declared + '<h1>Flood</h1><time datetime="2023-01-12">12 January 2023</time>'
    assert metadata(page).published == "2023-01-12"
    assert metadata(page + "<time>3 March 2023</time>").published == "2024-05-20"
    found = metadata(page + "<time>3 March 2023</time>", before=["12 January 2023"])
    assert found.published == "2023-01-12", "a line above the text tells which is the article's"
    aside = declared + "<h1>Flood</h1><aside><time>12 January 2023</time></aside>"
    assert metadata(aside).published == "2024-05-20"


def test_a_day_in_a_heading_or_a_sentence_above_the_text_is_not_the_publications() -> None:
    page = ld('{"@type": "Article", "datePublished": "2024-05-20"}')
    assert metadata(page, before=["The flood of 12 January 2023 and its causes"]).published == "2024-05-20"
    labelled = ["Ada Quill, published on the twelfth: 12 January 2023"]
    assert metadata(page, before=labelled).published == "2023-01-12"
    headed = metadata(page, before=["Floods since 12 January 2023"], before_tag="h2")
    assert headed.published == "2024-05-20"


def test_a_page_says_by_its_other_dates_which_figure_is_the_day() -> None:
    html = '<html lang="en"><h1>Flood</h1><time>02-12-2023</time>'
    assert metadata(html).published == "2023-02-12"
    assert metadata(html, after=["December 02, 2023"]).published == "2023-12-02"
    assert metadata(html, after=["Other news 31-12-2023"]).published == "2023-12-02"


@pytest.mark.parametrize(
    "line",
    ["Member since 3 May 2015", "First flood: 3 March 2019", "Founded 3 May 2015", "Release: 3 May 2015"],
)
def test_the_date_of_something_else_is_not_the_publications(line: str) -> None:
    html = ld('{"@type": "NewsArticle", "datePublished": "2024-05-20"}')
    assert metadata(html, before=["Flood in Aville", line]).published == "2024-05-20"


def test_a_date_that_was_never_set_is_none() -> None:
    html = ld('{"@type": "NewsArticle", "datePublished": "1970-01-01T00:00:00Z"}')
    assert metadata(html).published is None
    assert metadata(html, before=["Flood in Aville", "Published 20 May 2024"]).published == "2024-05-20"


@pytest.mark.parametrize(
    ("html", "published"),
    [
        (
            '<span class="date" data-datetime="2024-05-20T10:00:00+02:00">3 hours ago</span>',
            "2024-05-20T08:00:00Z",
        ),
        ('<span class="timestamp" data-timestamp="1716190200">3 hours ago</span>', "2024-05-20T07:30:00Z"),
        (
            '<h6 class="date">12 Jan 2024 | Latest version</h6><h6 class="date">3 May 2022 | Published</h6>',
            "2022-05-03",
        ),
        ('<meta name="article:published_time" value="2024-05-20">', "2024-05-20"),
        (
            """<meta name='parsely-page' content='{"pub_date": "2024-05-20T10:00:00Z", "author": "Ada Quill"}'>""",
            "2024-05-20T10:00:00Z",
        ),
    ],
)
def test_a_date_is_found_where_the_markup_holds_it(html: str, published: str) -> None:
    assert metadata(f"<h1>Flood</h1>{html}").published == published


@pytest.mark.parametrize(
    "opening", ["(20.05.2024) The river", "20 May 2024 The river", "2024-05-20: The river"]
)
def test_the_date_that_opens_the_text_is_better_than_none(opening: str) -> None:
    assert metadata(body=[f"{opening} rose. {LONG}"]).published == "2024-05-20"
    assert metadata(before=["Posted 21 May 2024"], body=[f"{opening} rose. {LONG}"]).published == "2024-05-21"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        (
            '<script>var page = {"publishDate": "2024-05-20T10:30:00", "id": 7};</script>',
            "2024-05-20T10:30:00",
        ),
        ('<script>dataLayer=[{"cmsPublishingDate":"2024-05-20"}]</script>', "2024-05-20"),
        ('<script>self.data("{\\"publishedAt\\":\\"2024-05-20\\"}")</script>', "2024-05-20"),
        (
            '<meta property="og:image" content="https://img.example/uploads/2024/05/20/quay.jpg">',
            "2024-05-20",
        ),
    ],
)
def test_scripts_and_pictures_tell_the_day_where_nothing_else_does(head: str, day: str) -> None:
    found = metadata(f"<html><head>{head}</head><body><p>x</p></body></html>")
    assert found.published == day
    assert found.provenance["published"].confidence <= 0.4
    assert metadata(f"<html><head>{head}</head></html>", before=["2 May 2024"]).published == "2024-05-02"


def test_a_day_that_begins_at_midnight_of_the_page_s_zone_stays_that_day() -> None:
    html = '<meta property="article:published_time" content="2024-05-20T00:00:00+02:00">'
    assert metadata(html).published == "2024-05-20"
    assert metadata(html.replace("+02:00", "Z")).published == "2024-05-20T00:00:00Z"


@pytest.mark.parametrize(
    "element",
    [
        '<relative-time datetime="2024-05-20T08:30:00Z">2 days ago</relative-time>',
        '<time-ago datetime="2024-05-20T08:30:00Z">2 days ago</time-ago>',
        '<span class="date" data-epoch="1716193800">2 days ago</span>',
    ],
)
def test_elements_that_scripts_fill_hold_the_moment(element: str) -> None:
    assert metadata(f"<h1>Flood</h1>{element}<p>x</p>").published == "2024-05-20T08:30:00Z"


def test_a_time_element_says_in_its_text_what_its_moment_is() -> None:
    html = (
        '<h1>Crue</h1><time datetime="2024-05-22T06:00:00Z">Mis à jour le 22 mai 2024</time>'
        '<time datetime="2024-05-20T17:00:00Z">Publié le 20 mai 2024</time>'
    )
    found = metadata(f'<html lang="fr">{html}</html>')
    assert (found.published, found.modified) == ("2024-05-20T17:00:00Z", "2024-05-22T06:00:00Z")


WIKIS = {
    "en": "This page was last edited on 20 May 2024, at 10:30.",
    "de": "Diese Seite wurde zuletzt am 20. Mai 2024 um 10:30 Uhr bearbeitet.",
    "fr": "La dernière modification de cette page a été faite le 20 mai 2024 à 10:30.",
    "es": "Esta página se editó por última vez el 20 may 2024 a las 10:30.",
    "nl": "Deze pagina is voor het laatst bewerkt op 20 mei 2024 om 10:30.",
    "pl": "Tę stronę ostatnio edytowano 20 maja 2024, 10:30.",
    "ru": "Эта страница в последний раз была отредактирована 20 мая 2024 в 10:30.",
    "ja": "最終更新 2024年5月20日 (月) 10:30",
    "zh": "本页面最后修订于2024年5月20日 (星期一) 10:30。",
}


@pytest.mark.parametrize("language", WIKIS)
def test_a_page_without_any_other_day_has_that_of_the_change_at_its_foot(language: str) -> None:
    found = metadata(
        f'<html lang="{language}"><body><p>x</p></body></html>',
        after=[*(f"Link {letter}" for letter in "abcdefghijklmnop"), WIKIS[language]],
    )

    assert (found.published or "")[:10] == "2024-05-20"
    assert found.provenance["published"].confidence <= 0.4


@pytest.mark.parametrize(
    "line",
    [
        "[3] The Examiner, retrieved 20 May 2024",
        "River News, abgerufen am 20. Mai 2024",
        "[引用日期2024-05-20]",
    ],
)
def test_the_day_on_which_a_source_was_read_is_not_the_articles(line: str) -> None:
    assert metadata(after=[line]).published is None


def test_a_line_that_says_published_wins_over_a_declared_date_that_does_not() -> None:
    html = '<html><head><meta name="date" content="2024-05-23"></head><body></body></html>'

    assert metadata(html, after=["Published:", "20 May 2024"]).published == "2024-05-20"
    assert metadata(html, after=["Festival:", "20 May 2024"]).published == "2024-05-23"


def test_the_address_gives_the_earlier_day_where_the_page_marks_those_of_several_articles() -> None:
    teasers = "".join(f'<div><time datetime="2024-05-0{day}">x</time></div>' for day in range(1, 4))
    html = (
        '<html><head><script type="application/ld+json">'
        '{"@type": "NewsArticle", "headline": "Flood", "datePublished": "2024-05-30"}</script></head>'
        f"<body><h1>Flood</h1>{teasers}</body></html>"
    )

    found = metadata(html, url="https://examiner.example/2023/7/12/flood")

    assert found.published == "2023-07-12"


def test_a_day_between_dots_tells_which_figure_of_another_is_the_month() -> None:
    html = '<html lang="de"><head><meta name="date" content="11/01/2023 12:43"></head><body></body></html>'

    assert (metadata(html, after=["Erstellt am: 01.11.2023"]).published or "")[:10] == "2023-11-01"


def test_a_day_to_come_is_doubted_where_nobody_knows_when_the_page_was_fetched() -> None:
    late = '{"@type": "NewsArticle", "headline": "Flood", "datePublished": "2062-05-20"}'

    alone = metadata(ld(late), fetched_at=None)
    beside = metadata(ld(late), before=["20 May 2024"], fetched_at=None)

    assert alone.published == "2062-05-20"
    assert alone.provenance["published"].confidence <= 0.3
    assert beside.published == "2024-05-20"


def test_where_the_page_contradicts_itself_the_data_of_its_scripts_decide() -> None:
    declared = '<meta property="article:published_time" content="2024-05-15">'
    html = f"<html><head>{declared}</head><body><p>x</p></body></html>"
    scripted = html.replace("</head>", '<script>d=[{"publishingDate":"2024-05-16"}]</script></head>')

    assert metadata(html, before=["Flood", "16 May 2024"]).published == "2024-05-15"
    assert metadata(scripted, before=["Flood", "16 May 2024"]).published == "2024-05-16"


@pytest.mark.parametrize(
    ("visit", "printed"),
    [
        ("Saturday, 1 June 2024", "17 September 2022, 11:40"),
        ("1 июня 2024, суббота", "17.09.2022 11:40"),
        ("Thứ năm, 30/5/2024", "Thứ bảy, 17/9/2022, 11:40 (GMT+7)"),
        ("2024年6月1日 星期六", "2022年9月17日 11:40"),
        ("Oggi è sabato 1 giugno 2024", "17/09/2022 11:40"),
    ],
)
def test_the_day_of_the_visit_in_the_head_of_a_page_is_not_that_of_its_publication(
    visit: str, printed: str
) -> None:
    page = f'<div><span class="date-now">{visit}</span><span class="news-date">{printed}</span><h3>The bridge</h3></div>'
    for lines in ([visit, "News", printed, "The bridge"], [visit, printed, "The bridge", "Ada Quill"]):
        published = metadata(page, before=lines).published
        assert published
        assert published[:10] == "2022-09-17"


@pytest.mark.parametrize(
    "lines", [["1 June 2024", "News", "17 May 2024", "1 June 2024, 8:00"], ["1 June 2024"]]
)
def test_a_text_of_the_day_of_the_visit_keeps_its_day(lines: list[str]) -> None:
    published = metadata(before=lines).published
    assert published
    assert published[:10] == "2024-06-01"
