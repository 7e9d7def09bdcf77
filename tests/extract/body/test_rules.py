from __future__ import annotations

import pytest

from scraper.extract.body.decide import body_text
from tests.extract.body.test_decide import MAIN, PARAGRAPHS, QUOTE, decisions, page_of


@pytest.mark.parametrize("wrapper", ["<div class='more' data-url='/2'>{}</div>", "<article>{}</article>"])
@pytest.mark.parametrize("byline", ["", "<p class='byline'>By Olav Brenna, 3 May 2024</p>"])
def test_what_stands_behind_another_headline_in_a_part_of_its_own_is_another_story(
    wrapper: str, byline: str
) -> None:
    other = [f"{paragraph} So it was told in Vennby, forty miles to the north." for paragraph in PARAGRAPHS]
    story = f"<h1>Vennby gets a new library</h1>{byline}" + "".join(f"<p>{text}</p>" for text in other)
    found = decisions(page_of(MAIN).replace("</main>", f"{wrapper.format(story)}</main>"), reasons=True)
    dropped = {decision.block.text: decision for decision in found if not decision.kept}

    assert set(other) <= set(dropped)
    assert {dropped[text].reasons[0].name for text in other} == {"another headline stands above it"}
    assert set(PARAGRAPHS) <= {decision.block.text for decision in found if decision.kept}


@pytest.mark.parametrize(
    "copy", ["<div class='print'><p>{}</p></div>", "<aside><q>{}</q></aside>", "<div>{}</div>"]
)
def test_a_text_that_stands_elsewhere_in_the_body_is_kept_once(copy: str) -> None:
    found = body_text(decisions(page_of(MAIN + copy.format(PARAGRAPHS[1]))))

    assert found.count(PARAGRAPHS[1]) == 1


def test_a_list_of_links_is_kept_where_a_sentence_with_a_colon_announces_it() -> None:
    names = ("Map of the old hall", "Letter of the traders", "Report of the university")
    links = "".join(f"<li><a href='/files/{at}'>{name}</a></li>" for at, name in enumerate(names))
    said = "<p>The council has published these papers on its own pages:</p>"
    found = body_text(
        decisions(page_of(MAIN + f"{said}<ul>{links}</ul><p>{PARAGRAPHS[4]} Others follow.</p>"))
    )

    assert set(names) <= set(found.split("\n"))


@pytest.mark.parametrize("level", ["h2", "h3", "h4"])
def test_a_heading_of_few_words_between_kept_paragraphs_is_kept(level: str) -> None:
    text = "".join(f"<{level}>Part {at}</{level}><p>{line}</p>" for at, line in enumerate(PARAGRAPHS))

    assert "Part 3" in body_text(decisions(page_of(f"<p>{QUOTE}</p>{text}"))).split("\n")


def test_what_follows_a_heading_of_comments_is_a_thread_whatever_it_is_called() -> None:
    said = "I have bought my fish in that hall for forty years and never saw a column move, not once."
    thread = f"<h3>2 comments</h3><ul><li>Olav: {said}</li><li>Turid: {said} Nor did my mother.</li></ul>"

    assert said not in body_text(decisions(page_of(MAIN + thread)))
