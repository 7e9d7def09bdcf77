from __future__ import annotations

import pytest

from scraper.model import Site
from tests.extraction.pages import ld, metadata


def test_the_publisher_is_the_site_s_declared_one_or_the_page_s() -> None:
    html = ld('{"@type": "NewsArticle", "publisher": {"@type": "Organization", "name": "Examiner Media"}}')
    assert metadata(html).publisher == "Examiner Media"
    assert metadata(html, site=Site(name="a", publisher="The Examiner")).publisher == "The Examiner"
    assert metadata('<meta property="og:site_name" content="Examiner">').publisher == "Examiner"


def test_tags_of_the_page_go_before_keywords_of_its_head() -> None:
    keywords = '<meta name="keywords" content="news, flood, weather">'
    assert metadata(keywords).tags == ("news", "flood", "weather")
    assert metadata(keywords + '<h1>x</h1><a rel="tag">#Flood</a><a rel="tag">Aville</a>').tags == (
        "Flood",
        "Aville",
    )


def test_the_section_comes_from_markup_or_breadcrumbs() -> None:
    assert metadata('<meta property="article:section" content="Weather">').section == "Weather"
    crumbs = (
        '<ul class="breadcrumb"><a>Home</a><a>Region</a><a>Flood in Aville</a></ul><h1>Flood in Aville</h1>'
    )
    assert metadata(crumbs).section == "Region"
    listed = (
        '{"@type": "BreadcrumbList", "itemListElement": [{"name": "Home"}, {"item": {"name": "Region"}}]}'
    )
    assert metadata(ld(listed)).section == "Region"


def test_kicker_and_standfirst_stand_around_the_heading() -> None:
    summary = "Both bridges stay closed until the water falls."
    found = metadata(
        f'<span class="kicker">Weather</span><h1>Flood in Aville</h1><p class="standfirst">{summary}</p>'
    )
    assert (found.kicker, found.standfirst) == ("Weather", summary)


@pytest.mark.parametrize("kicker", ["dachzeile", "volanta", "occhiello", "surtitre"])
@pytest.mark.parametrize("standfirst", ["article-sottotitolo", "bajada", "chapo"])
def test_languages_name_kicker_and_standfirst_in_their_own_words(kicker: str, standfirst: str) -> None:
    summary = "Both bridges stay closed until the water falls."
    found = metadata(
        f"<span class={kicker}>Weather</span><h1>Flood in Aville</h1><p class={standfirst}>{summary}</p>"
    )
    assert (found.kicker, found.standfirst) == ("Weather", summary)


def test_a_printed_description_is_the_standfirst() -> None:
    summary = "Both bridges stay closed until the water falls."
    found = metadata(f'<meta name="description" content="{summary}">', before=[summary])
    assert (found.description, found.standfirst) == (summary, summary)


def test_rights_and_licence() -> None:
    html = '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
    found = metadata(html, after=["© 2024 The Examiner. All rights reserved."])
    assert found.license_url == "https://creativecommons.org/licenses/by/4.0/"
    assert found.rights == "© 2024 The Examiner. All rights reserved."


def test_editors_sign_or_are_named() -> None:
    assert metadata(after=["— Examiner Editors"]).editors == ("Examiner Editors",)
    assert metadata(after=["(Reporting by Ada Quill; Editing by Ben Marlow and Carla Ode)"]).editors == (
        "Ben Marlow",
        "Carla Ode",
    )


def test_every_field_of_the_record_has_a_provenance() -> None:
    provenance = metadata("<p>").provenance
    expected = {
        *(
            "canonical_url",
            "declared_url",
            "publisher",
            "title",
            "kicker",
            "standfirst",
            "description",
            "authors",
            "editors",
            "credit",
        ),
        *(
            "dateline",
            "published",
            "modified",
            "created",
            "source_date",
            "section",
            "tags",
            "language",
            "rights",
        ),
        *("license_url", "images"),
    }
    assert set(provenance) == expected
    assert {name for name, origin in provenance.items() if origin.source != "absent"} == {"canonical_url"}
