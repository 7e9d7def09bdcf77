from __future__ import annotations

import pytest

from scraper.extraction.fields.attribution.names import is_organisation, is_person, names


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("By Ada Quill", ("Ada Quill",)),
        ("by ADA QUILL and BEN MARLOW", ("ADA QUILL", "BEN MARLOW")),
        ("Ada Quill, Ben Marlow & Carla Ode", ("Ada Quill", "Ben Marlow", "Carla Ode")),
        ("Written by: Ada Quill; Ben Marlow", ("Ada Quill", "Ben Marlow")),
        ("Ada Quill, staff writer", ("Ada Quill",)),
        ("Ada Quill (Aville)", ("Ada Quill",)),
        ("Ada Quill ada@examiner.example @adaquill", ("Ada Quill",)),
        ("Quill, Ada", ("Ada Quill",)),
        ("Marlow, Ben K.", ("Ben K. Marlow",)),
        ("Von Max Müller und Eva Öztürk", ("Max Müller", "Eva Öztürk")),
        ("Par Anne Lefèvre et Luc Roche", ("Anne Lefèvre", "Luc Roche")),
        ("Por Inés Peña y Juan Ríos", ("Inés Peña", "Juan Ríos")),
        ("di Carla Neri e Ugo Bassi", ("Carla Neri", "Ugo Bassi")),
        ("Door Jan de Boer en Els Smit", ("Jan de Boer", "Els Smit")),
        ("Av Kari Nordmann og Ola Berg", ("Kari Nordmann", "Ola Berg")),
        ("Ann Ek och Bo Lind", ("Ann Ek", "Bo Lind")),
        ("Jan Nowak i Ewa Lis", ("Jan Nowak", "Ewa Lis")),
        ("Анна Ли и Олег Ким", ("Анна Ли", "Олег Ким")),
        ("Ali Can ve Ece Su", ("Ali Can", "Ece Su")),
        ("記者 水野花", ("水野花",)),
        ("김하나 기자", ("김하나",)),
        ("Dr. Max Müller", ("Dr. Max Müller",)),
        ("Centre for Rivers and Lakes", ("Centre for Rivers and Lakes",)),
        ("admin", ()),
        ("https://examiner.example/ada", ()),
        ("", ()),
    ],
)
def test_a_byline_gives_its_names_as_printed(raw: str, expected: tuple[str, ...]) -> None:
    assert names(raw) == expected


def test_a_site_and_an_agency_joined_by_and_are_one_name() -> None:
    known = {"Le Héraut", "AFP"}
    assert names("Le Héraut et AFP", known.__contains__) == ("Le Héraut et AFP",)
    assert names("Luc Roche et AFP", known.__contains__) == ("Luc Roche", "AFP")


@pytest.mark.parametrize(
    "name", ["Ada Quill", "Ada van der Quill", "ADA QUILL", "Jean-Luc d’Arc", "J. K. Ode", "水野花", "김하나"]
)
def test_people_read_like_people(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "Updated 3 hours ago",
        "20 May 2014",
        "5 min read",
        "Examiner Staff",
        "read more",
        "Ada",
        "Photo Ada Quill",
        "Senior Reporter",
    ],
)
def test_the_furniture_of_a_page_does_not(name: str) -> None:
    assert not is_person(name)


@pytest.mark.parametrize(
    "name",
    ["Redaktion", "Examiner News Desk", "examiner.example.com", "Nachrichtenagentur", "Rivers Institute"],
)
def test_organisations_are_known_by_their_words(name: str) -> None:
    assert is_organisation(name)


@pytest.mark.parametrize("degree", ["CEPF®", "RDN", "MSc", "CFP", "AICP™", "M.D."])
def test_letters_behind_a_full_name_are_no_author(degree: str) -> None:
    assert names(f"Ada Quill, {degree}") == ("Ada Quill",)
    assert names(f"Ada Quill, {degree}, Ben Marlow") == ("Ada Quill", "Ben Marlow")


def test_capitals_behind_one_word_are_the_given_name() -> None:
    assert names("QUILL, ADA") == ("ADA QUILL",)


@pytest.mark.parametrize("text", ["© Ada Quill", "Conn.) Quill", "Ada Quill (Aville"])
def test_a_right_in_a_picture_and_a_cut_bracket_are_no_name(text: str) -> None:
    assert not is_person(text)
