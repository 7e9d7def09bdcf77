from __future__ import annotations

import pytest

from tests.extraction.pages import metadata

ADA = ("Ada Quill",)


@pytest.mark.parametrize(
    ("html", "people"),
    [
        ('<a class="p-author h-card" href="/ada">Ada Quill</a>', ADA),
        ('<aside class="post-author">Ada Quill</aside>', ADA),
        ('<div class="author-share">Ada Quill</div>', ADA),
        (
            '<div class="authors"><span>&amp;</span> <a href="/u/ada-quill">Ada Quill</a> Writer, Tides</div>',
            ADA,
        ),
        ('<div class="byline">Ada Quill Senior Harbour Reporter</div>', ADA),
        ('<div class="author_intro"><i>Mipsa</i> <a href="/author/mipsa">Mipsa</a></div>', ("Mipsa",)),
        ('<div class="testimonial"><span class="author">Carl Ode</span></div>', ()),
        ('<article class="card"><span class="author">Carl Ode</span></article>', ()),
        ('<aside><span class="author">Carl Ode</span></aside>', ()),
    ],
)
def test_where_an_element_stands_tells_whose_byline_it_is(html: str, people: tuple[str, ...]) -> None:
    assert metadata(f"<h1>Flood</h1>{html}").authors == people


@pytest.mark.parametrize("footer", ["<footer>", '<div class="post-footer">', '<div class="entry-footer">'])
def test_the_articles_own_footer_names_its_author(footer: str) -> None:
    end = "</footer>" if footer == "<footer>" else "</div>"
    page = f'<article><h1>Flood</h1><p>x</p>{footer}<span class="author">Ada Quill</span>{end}</article>'

    assert metadata(page).authors == ADA
    assert (
        metadata('<h1>Flood</h1><footer class="site"><p class="author">Carl Ode</p></footer>').authors == ()
    )


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ('By <a href="/staff/aq">Ada Quill</a> and Ben Marlow', ("Ada Quill", "Ben Marlow")),
        ('Von <a href="/autor/aq">Ada Quill</a>, Ben Marlow und Carl Ode', (*ADA, "Ben Marlow", "Carl Ode")),
        ('<a href="/staff/aq">Ada Quill</a> Chief Tide Officer', ADA),
    ],
)
def test_not_all_names_of_a_byline_lead_to_a_page(byline: str, people: tuple[str, ...]) -> None:
    assert metadata(f'<h1>Flood</h1><p class="byline">{byline}</p>').authors == people


@pytest.mark.parametrize("word", ["location", "-place", "_city"])
def test_where_an_author_is_names_nobody(word: str) -> None:
    html = f'<h1>Flood</h1><span class="author{word}">শিবচর</span>'

    assert metadata(html).authors == ()
