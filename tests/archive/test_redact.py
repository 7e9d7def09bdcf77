from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from scraper.archive.fixtures import read_cases
from scraper.archive.likeness import redact, structure
from scraper.archive.redact import invent, read_redaction, usual_words
from scraper.crawl.cases import Spiders

if TYPE_CHECKING:
    from scraper.archive.fixtures import Case


def redacted(page: str) -> str:
    return read_redaction(page).render(usual_words("en", "Aville Post"))


def test_words_change_and_markup_signs_digits_and_capitals_stay() -> None:
    page = "<p class=\"lead text\" id='ferry'>Ferry 12 sank, said FERRY-crew: &ldquo;sank!&rdquo;</p>"
    made = redacted(page)
    ferry, sank, crew, said = (invent(word) for word in ("ferry", "sank", "crew", "said"))

    assert made == (
        f"<p class=\"lead text\" id='ferry'>{ferry.title()} 12 {sank}, {said} {ferry.upper()}-{crew}:"
        f" &ldquo;{sank}!&rdquo;</p>"
    )


def test_the_same_word_becomes_the_same_wherever_it_stands() -> None:
    data = {
        "@type": "NewsArticle",
        "headline": 'Caf\u00e9 closes "soon"',
        "url": "https://a.example/cafe-closes",
    }
    page = (
        "<title>Caf&eacute; closes</title><meta content='Café closes' property='og:title'>"
        "<!-- <b>Café closes</b> --><img alt='Café closes' src='cafe closes.jpg'>"
        f"<script type='application/ld+json'>{json.dumps(data)}</script>"
        "<script>var shown = 'Café closes its doors', code = 'closes';</script>"
        "<style>.closes { color: red }</style><meta name='viewport' content='closes, closes'>"
    )
    made = redacted(page)
    new = f"{invent('café').title()} {invent('closes')}"

    assert made.count(new) == 5
    assert json.loads(made[made.index("{") : made.index("</script>")]) == data | {
        "headline": f'{new} "{invent("soon")}"'
    }
    assert "src='cafe closes.jpg'" in made
    assert "'closes'" in made, "a literal that is no sentence is code"
    assert ".closes { color: red }" in made
    assert "content='closes, closes'" in made


def test_what_is_nobodys_text_stays() -> None:
    page = "<p>The Aville Post (Reuters), on Monday 5 May 2031 at www.aville.example/ferry or ed@aville.example</p>"

    assert redacted(page) == page


@pytest.mark.parametrize("word", ["brücke", "мост", "橋", "γέφυρα", "جسر", "पुल", "bridge"])
def test_an_invented_word_is_another_of_the_same_length_and_script(word: str) -> None:
    made = "".join(invent(letter) for letter in word) if word == "橋" else invent(word)

    assert made != word
    assert len(made) == len(word)
    assert made.isascii() == word.isascii()


def cases(root: pytest.Config) -> list[Case]:
    return [
        case
        for case in read_cases(root.rootpath / "fixtures")
        if case.name in {"report", "undeclared-windows-1252", "consent"}
    ]


def test_the_extractor_makes_the_same_of_a_redacted_page(pytestconfig: pytest.Config) -> None:
    spiders = Spiders.load()
    for case in cases(pytestconfig):
        site = spiders.sites[case.site]
        extract = partial(spiders.extract, site=case.site)
        before = extract(case.page)
        found = redact(case.page, site, extract)
        after = extract(found.page)
        body = getattr(before, "body", "")

        assert structure(after) == structure(before)
        assert len(found.kept) < 10
        assert getattr(after, "title", "") != getattr(before, "title", "") or not body
        assert getattr(after, "body", "") != body or not body
        assert redact(case.page, site, extract) == found
