from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import lxml.html
import numpy as np
import pytest

from scraper.extraction.body.block_measures import BlockMeasures
from scraper.extraction.body.decide import body_text, decide_blocks
from scraper.extraction.body.features import describe
from scraper.extraction.body.reference_texts import ReferenceTexts
from scraper.extraction.body.trees import MODEL_VERSION, body_model, read_model
from scraper.extraction.page.document import Document, parse
from scraper.model import Page, Site

if TYPE_CHECKING:
    from scraper.extraction.page.blocks import Decision

PARAGRAPHS = (
    (
        "PORT ELLA (Kestrel News) - The harbour council voted on Tuesday to close the old fish market for two"
        " years, saying that the roof could no longer be repaired safely."
    ),
    (
        "About forty traders work in the hall, which was built in 1911. Most of them were told of the decision by"
        " letter, and several said that they had learned of it from a neighbour."
    ),
    (
        "“We were promised a place in the new hall,” said Marta Oyelaran, who has sold crabs there since she was a"
        " girl. “Nobody can tell us now when it will open, or what the rent will be.”"
    ),
    (
        "The council's engineers had warned in March that three of the iron columns were cracked. A report by the"
        " university, published last week, found that the sea wall beneath them had moved by four centimetres."
    ),
    (
        "Work on the columns is to begin in the spring. Until then the traders may use the car park behind the"
        " station, where the council will put up tents and lay on water and electricity."
    ),
    "A hearing on the new rents is planned for the second week of December, the council said in a statement.",
)
SUBHEAD = "A hall with a history"
QUOTE = "Nobody asked the people who get up at three in the morning to unload the boats, and it shows."
LIST = (
    "The hall closes to the public on 12 January.",
    "Tents open behind the station on 15 January.",
)
DROPPED = {
    "title": "Port Ella closes its fish market for two years",
    "byline": "By Ines Halloran",
    "caption": "Traders in the old hall of Port Ella. Photo: Kestrel Pictures",
    "share prompt": "Share this article on Facebook",
    "advertisement": "Advertisement",
    "related stories": "Ferry to Saint Brannoc stops for the winter",
    "newsletter line": "Sign up for our newsletter and get the best of Port Ella in your inbox every morning.",
    "author biography": "Ines Halloran is a reporter for the Kestrel who covers the harbour and the islands.",
    "tag": "Fish market",
    "comment": "Typical of this council, they should all resign at once!!!",
    "copyright": "© 2024 The Kestrel. All rights reserved.",
    "menu": "Sport",
}


def page_of(main: str) -> str:
    return f"""<!doctype html><html lang="en"><head><title>{DROPPED["title"]} | The Kestrel</title>
<meta property="og:title" content="{DROPPED["title"]}"></head><body>
<header><nav class="menu"><ul><li><a href="/news">News</a></li><li><a href="/sport">{DROPPED["menu"]}</a></li>
<li><a href="/weather">Weather</a></li></ul></nav></header>
<main><article class="story"><h1 class="headline">{DROPPED["title"]}</h1>
<p class="byline">{DROPPED["byline"]}</p>
<div class="share-buttons"><a href="/fb">{DROPPED["share prompt"]}</a></div>
<figure><img src="/hall.jpg"><figcaption>{DROPPED["caption"]}</figcaption></figure>
<div class="article-body">{main}</div>
<div class="newsletter-signup"><p>{DROPPED["newsletter line"]}</p></div>
<div class="author-bio"><p>{DROPPED["author biography"]}</p></div>
<ul class="tags"><li><a href="/t/1">{DROPPED["tag"]}</a></li><li><a href="/t/2">Harbour</a></li></ul>
</article>
<aside class="related-stories"><h3>Related stories</h3><ul><li><a href="/1">{DROPPED["related stories"]}</a></li>
<li><a href="/2">Island school wins prize for its garden</a></li></ul></aside>
<section class="comments"><h3>Comments</h3><div class="comment"><p>{DROPPED["comment"]}</p></div></section>
</main><footer><p>{DROPPED["copyright"]}</p></footer></body></html>"""


MAIN = (
    f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><div class='ad-slot'>{DROPPED['advertisement']}</div>"
    f"<p>{PARAGRAPHS[2]}</p><h2>{SUBHEAD}</h2><p>{PARAGRAPHS[3]}</p><blockquote><p>{QUOTE}</p></blockquote>"
    f"<p>{PARAGRAPHS[4]}</p><ul><li>{LIST[0]}</li><li>{LIST[1]}</li></ul><p>{PARAGRAPHS[5]}</p>"
)


def read(markup: str) -> Document:
    page = Page(url="https://kestrel.example/1", content=markup.encode(), fetched_at=datetime.now(UTC))
    return parse(page, Site(name="test"))


def decisions(markup: str = page_of(MAIN), *, reasons: bool = False) -> list[Decision]:
    return decide_blocks(read(markup), reasons=reasons)


@pytest.mark.parametrize("kind", DROPPED)
def test_what_is_no_part_of_the_text_is_dropped(kind: str) -> None:
    dropped = [decision.block.text for decision in decisions() if not decision.kept]

    assert DROPPED[kind] in dropped


@pytest.mark.parametrize("text", [*PARAGRAPHS, SUBHEAD, QUOTE, *LIST])
def test_paragraphs_subheads_quotes_and_lists_are_kept(text: str) -> None:
    assert text in body_text(decisions()).split("\n")


def test_every_block_has_a_decision_in_the_order_of_the_page() -> None:
    found = decisions()

    assert [decision.block.index for decision in found] == list(range(len(found)))
    assert all(0 <= decision.score <= 1 for decision in found)


def test_paragraphs_between_line_breaks_are_lines_of_the_body() -> None:
    found = decisions(page_of("<div class='text'>" + "<br><br>".join(PARAGRAPHS) + "</div>"))

    assert [line for line in body_text(found).split("\n") if line in PARAGRAPHS] == list(PARAGRAPHS)


@pytest.mark.parametrize("named", ["div class='comments'", "footer class='page-footer'"])
def test_an_article_that_the_first_choice_misses_is_found_where_the_prose_stands(named: str) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    found = body_text(decisions(page_of(f"<{named}>{text}</{named.split(maxsplit=1)[0]}>")))

    assert [line for line in found.split("\n") if line in PARAGRAPHS] == list(PARAGRAPHS)


def test_a_page_is_described_alike_however_often_it_was_before() -> None:
    segments = read(page_of(MAIN)).segments
    measures = BlockMeasures(segments, ReferenceTexts())

    for kept in ((), PARAGRAPHS, (), PARAGRAPHS):
        anew = describe(BlockMeasures(segments, ReferenceTexts()), kept)
        again = describe(measures, kept)
        assert anew.read == again.read
        assert np.array_equal(anew.rows, again.rows)


def test_a_link_that_says_that_it_leads_to_another_story_is_dropped_with_that_reason() -> None:
    line = "Read more: <a href='/2'>Ferry to Saint Brannoc stops for the winter, and nobody knows why</a>"
    found = decisions(page_of(MAIN.replace("<h2>", f"<p>{line}</p><h2>")), reasons=True)
    lead = next(decision for decision in found if decision.block.text.startswith("Read more"))

    assert not lead.kept
    assert [reason.name for reason in lead.reasons] == ["a link to another story, which says so"]


def test_the_same_page_gives_the_same_decisions_and_stays_as_it_is() -> None:
    document = read(page_of(MAIN))
    assert document.tree is not None
    before = lxml.html.tostring(document.tree)

    assert decide_blocks(document) == decide_blocks(document)
    assert lxml.html.tostring(document.tree) == before


def test_reasons_come_when_asked_for_and_the_weightiest_first() -> None:
    found = decisions(reasons=True)
    weights = [abs(reason.weight) for reason in found[0].reasons]

    assert weights
    assert weights == sorted(weights, reverse=True)
    assert not any(decision.reasons for decision in decisions())


@pytest.mark.parametrize(
    "markup", ["", "<", "<p></p>", "<p>—</p>", "plain words", "<div>" * 200, "<b>" * 200 + "x"]
)
def test_a_page_without_an_article_has_no_body(markup: str) -> None:
    assert body_text(decisions(markup)) == ""


def test_a_model_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="train it again"):
        read_model({"version": MODEL_VERSION + 1})


def test_contributions_add_up_to_the_score() -> None:
    model = body_model()
    row = model.limit[0, 0].repeat(len(model.columns)).astype("float32")
    total = sum(tree.value[0] for tree in model.trees) + sum(model.contributions(row).values())

    assert model.scores(row.reshape(1, -1))[0] == pytest.approx(1 / (1 + 2.718281828459045**-total), abs=1e-4)
