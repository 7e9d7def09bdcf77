from __future__ import annotations

import pytest

from scraper.extraction.article import examine
from scraper.extraction.fields.metadata import resolve
from scraper.extraction.fields.title import clean
from scraper.learned.template import SiteTemplate
from scraper.model import Page, Site
from tests.extraction.pages import LONG, document, ld, metadata

NAMES = frozenset({"theexaminer", "examiner", "examinerexample"})


@pytest.mark.parametrize(
    "text",
    [
        "Flood closes both bridges - The Examiner",
        "Flood closes both bridges | Examiner",
        "Flood closes both bridges – News – The Examiner",
        "Flood closes both bridges | World | examiner.example",
        "The Examiner | Flood closes both bridges",
        "Flood closes both bridges * Examiner * by The Examiner",
        "Flood closes both bridges_The Examiner",
        "Flood closes both bridges › The Examiner",
        "Flood closes both bridges ― Examiner",
        "Flood closes both bridges < examiner.example",
        "Flood closes both bridges--The Examiner",
    ],
)
def test_the_site_s_name_is_taken_off(text: str) -> None:
    assert clean(text, NAMES) == "Flood closes both bridges"


@pytest.mark.parametrize(
    "text", ["Flood - what we know so far", "Rain | wind", "Examiner", "Rain on bridge_two > Examiner bank"]
)
def test_what_is_no_name_stays(text: str) -> None:
    assert clean(text, NAMES) == text


def test_the_heading_goes_before_structured_data_before_the_social_title() -> None:
    h1, og = (
        "<h1>Flood closes both bridges</h1>",
        '<meta property="og:title" content="You won’t believe this flood">',
    )
    assert metadata(og).title == "You won’t believe this flood"
    assert metadata(og + "<title>Flood closes bridges</title>" + h1).title == "Flood closes both bridges"
    page = ld('{"@type": "NewsArticle", "headline": "Both bridges closed by flood"}').replace("<p>x</p>", h1)
    assert metadata(page).title == "Flood closes both bridges"
    page = page.replace(h1, og)
    assert metadata(page).title == "Both bridges closed by flood"


@pytest.mark.parametrize(
    "heading",
    ["‘We carried it upstairs again’: a night on the quay", "Where the swans sleep now"],
)
def test_a_heading_above_the_text_wins_whatever_search_engines_are_told(heading: str) -> None:
    told = "Aville flood: shopkeepers count cost"
    html = titled(told, heading, told, head=f"<title>{told} | The Examiner</title>")
    assert metadata(html, before=[heading], before_tag="h1").title == heading


def test_a_heading_unlike_all_else_is_passed_over_where_the_page_prints_what_is_declared() -> None:
    html = titled("Flood closes both bridges", "Help with your subscription", "Flood closes both bridges")
    found = metadata(
        html, before=["Help with your subscription", "Flood closes both bridges"], before_tag="h2"
    )
    assert found.title == "Flood closes both bridges"


@pytest.mark.parametrize(
    "title",
    [
        "강물 불어 다리 두 곳 모두 통제-정치ㅣ한강일보",
        "한강일보 :: 강물 불어 다리 두 곳 모두 통제",
        "강물 불어 다리 두 곳 모두 통제 < 지역 < 기사본문 - 강변신문",
        "한강일보: 정치: 강물 불어 다리 두 곳 모두 통제",
    ],
)
def test_a_declared_title_is_cut_to_the_line_that_is_printed(title: str) -> None:
    line = "강물 불어 다리 두 곳 모두 통제"
    assert metadata(f"<title>{title}</title>", before=[line], before_tag="h2").title == line


@pytest.mark.parametrize(
    "crumb",
    [
        "<nav><h1>{}</h1></nav>",
        "<ul><li>News</li><li><h1>{}</h1></li></ul>",
        '<div class="breadcrumb"><span>News</span><h1>{}</h1></div>',
    ],
)
def test_a_first_level_heading_among_the_crumbs_is_for_search_engines(crumb: str) -> None:
    told, printed = "Aville flood 2024: bridges, water, news", "Flood closes both bridges"
    html = titled(printed, told, told).replace(f"<h1>{told}</h1>", crumb.format(told))
    assert metadata(html, before=[told, printed], before_tag="h2").title == printed
    html = titled(told, told, told).replace(f"<h1>{told}</h1>", crumb.format(told))
    assert _titled(
        html, "<h2><span>Night on the quay</span><span>Flood closes the bridges of Aville</span></h2>"
    ) == ("Flood closes the bridges of Aville")


def _titled(html: str, heading: str) -> str | None:
    body = heading + "".join(f"<p>{number}. {LONG}</p>" for number in range(5))
    page = html.replace("</body>", f"{body}</body>").encode()
    found = examine(Page(url=None, content=page, content_type="text/html; charset=utf-8"), Site(name="x"))
    return found.metadata.title


def test_a_badge_in_the_heading_is_no_part_of_it() -> None:
    html = "<title>Flood closes both bridges - Uferpost</title><h1><span>PLUS</span>Flood closes both bridges</h1>"
    assert metadata(html).title == "Flood closes both bridges"


def test_a_heading_that_is_not_about_the_article_is_passed_over() -> None:
    html = "<title>Flood closes both bridges</title><h1>The Examiner</h1><h1>Most read</h1><h1>Flood closes both bridges</h1>"
    assert metadata(html).title == "Flood closes both bridges"
    assert (
        metadata('<meta property="og:title" content="Flood closes both bridges"><h1>Subscribe</h1>').title
        == "Flood closes both bridges"
    )


def test_a_kicker_in_the_heading_is_a_field_of_its_own() -> None:
    html = '<meta property="og:title" content="Flood closes both bridges"><h1>After the storm: Flood closes both bridges</h1>'
    found = metadata(html)
    assert (found.title, found.kicker) == ("Flood closes both bridges", "After the storm")


def test_two_sources_with_different_kickers_give_the_headline_that_they_share() -> None:
    html = '<meta property="og:title" content="Storm: Flood closes both bridges"><h1>In the north - Flood closes both bridges</h1>'
    assert metadata(html).title == "Flood closes both bridges"


def titled(headline: str, heading: str, graph: str, *, head: str = "", more: str = "") -> str:
    return ld(f'{{"@type": "NewsArticle", "headline": "{headline}"{more}}}').replace(
        "<body><p>x</p>", f'{head}<meta property="og:title" content="{graph}"></head><body><h1>{heading}</h1>'
    )


def test_structured_data_that_copies_the_page_s_title_or_summary_yields_to_the_heading() -> None:
    html = titled(
        "Flood news 2024 - The Examiner",
        "Flood closes both bridges",
        "Flood news 2024",
        head="<title>Flood news 2024 - The Examiner</title>",
        more=', "publisher": {"name": "The Examiner"}',
    )
    assert metadata(html).title == "Flood closes both bridges"
    summary = "The river rose two metres in the night and the council closed both bridges."
    html = titled(
        summary,
        "Flood closes both bridges",
        "Flood closes both bridges",
        more=f', "description": "{summary}"',
    )
    assert metadata(html).title == "Flood closes both bridges"


def test_a_heading_that_is_the_name_of_the_blog_is_told_by_the_page_s_title() -> None:
    html = (
        "<head><title>Notes from the River: Small floods and large bridges</title>"
        '<meta property="og:title" content="Small floods and large bridges"></head><h1>Notes from the River</h1>'
    )
    assert metadata(html).title == "Small floods and large bridges"


def test_the_section_at_the_end_of_the_page_s_title_is_no_part_of_the_headline() -> None:
    html = (
        '<head><title>Storm: Flood closes both bridges - Politics</title><meta property="article:section" content="Politics">'
        "</head><p>x</p>"
    )
    assert metadata(html).title == "Storm: Flood closes both bridges"


def test_the_template_of_the_host_decides_between_sources() -> None:
    html = '<meta property="og:title" content="Both bridges closed"><h1>Flood closes both bridges</h1>'
    assert (
        resolve(document(html), [], SiteTemplate(title_source="meta:og:title")).title == "Both bridges closed"
    )


def test_candidates_say_which_won_and_why() -> None:
    found = metadata(
        '<meta property="og:title" content="Both bridges closed"><h1>Flood closes both bridges</h1>'
    ).candidates["title"]
    assert {(item.source, item.won) for item in found} == {("meta:og:title", False), ("html:h1", True)}
    assert all(item.why for item in found if item.won)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("강물이 밤사이 불어 다리 두 곳 통제_정치ㅣ강물일보", "강물이 밤사이 불어 다리 두 곳 통제"),
        ("河水夜间上涨两米市政府关闭两座大桥--时政--河畔网", "河水夜间上涨两米市政府关闭两座大桥"),
        ("The Gazette | Local | Both bridges closed overnight", "Both bridges closed overnight"),
        ("Both bridges closed overnight · Rivers · The Gazette", "Both bridges closed overnight"),
    ],
)
def test_the_part_of_a_title_that_is_printed_is_the_headline(title: str, line: str) -> None:
    assert metadata(f"<title>{title}</title>", before=["Menu", line]).title == line


@pytest.mark.parametrize(
    "brand", ['<meta property="og:title" content="The Gazette">', "<title>The Gazette</title>"]
)
def test_the_sites_name_is_no_title_where_a_heading_is_printed(brand: str) -> None:
    html = (
        f'<meta property="og:site_name" content="The Gazette">{brand}<h1>Both bridges closed overnight</h1>'
    )
    assert metadata(html).title == "Both bridges closed overnight"


def test_what_is_told_to_search_engines_gives_way_to_a_heading_that_is_shared() -> None:
    html = (
        ld('{"@type": "NewsArticle", "headline": "Selling my car"}')
        .replace("<p>x</p>", "<h1>Seven things that changed after I sold my car</h1>")
        .replace("<head>", "<head><title>Selling my car</title>")
    )
    graph = '<meta property="og:title" content="Seven things that changed after I sold my car">'
    assert metadata(graph + html).title == "Seven things that changed after I sold my car"


def test_a_badge_in_the_heading_is_no_part_of_the_title() -> None:
    html = "<title>Both bridges closed overnight</title><h1><b>PLUS</b> Both bridges closed overnight</h1>"
    assert metadata(html).title == "Both bridges closed overnight"


@pytest.mark.parametrize(
    "heading",
    [
        '<span class="dachzeile">Verkehr</span> <span class="titel">Both bridges closed overnight</span>',
        '<small class="kicker">Verkehr:</small> Both bridges closed overnight',
        '<div class="overline">Verkehr |</div>Both bridges closed overnight',
    ],
)
def test_a_kicker_in_an_element_of_the_heading_is_no_part_of_the_headline(heading: str) -> None:
    found = metadata(f"<h1>{heading}</h1>")

    assert found.title == "Both bridges closed overnight"
    assert found.kicker == "Verkehr"


def test_a_kicker_that_is_told_with_the_headline_stays() -> None:
    title = "Verkehr: Both bridges closed overnight"
    heading = '<span class="kicker">Verkehr:</span> Both bridges closed overnight'

    assert metadata(f'<meta property="og:title" content="{title}"><h1>{heading}</h1>').title == title


@pytest.mark.parametrize(
    "heading", ["<span>Both</span> bridges closed", '<b class="x">Both bridges</b> closed']
)
def test_another_element_of_a_heading_is_a_part_of_it(heading: str) -> None:
    assert (metadata(f"<h1>{heading} overnight</h1>").title or "").endswith("bridges closed overnight")


def test_a_blog_s_name_before_a_colon_is_no_part_of_a_headline_that_is_printed() -> None:
    html = '<title>Reeds and Water: The heron is back</title><h1><a href="/">Reeds and Water</a></h1>'

    assert metadata(html, before=["The heron is back"], before_tag="h3").title == "The heron is back"
