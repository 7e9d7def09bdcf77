from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING

from scraper.extraction.article import examine, extract_article
from scraper.model import Article, Kind, Page, Reason, Rejection, Site

if TYPE_CHECKING:
    from pathlib import Path

SITE = Site(name="example")
BODY = (
    "HARSK: The port authority closed the northern harbour on Tuesday after a storm tore two ferries from their moorings, the harbour master said.",
    "No one was hurt, but the smaller of the two boats ran aground on the breakwater and will have to be lifted off by crane.",
    "“We had eleven minutes between the warning and the first gust,” said Ida Lornsen, who was on duty in the tower. “That was just enough to clear the piers.”",
    "Engineers began to inspect the damaged landing in the afternoon. They expect the work to last until the end of the month.",
    "WINTER TIMETABLE",
    "Until then the ferries to Lindel and Saltow will leave from the fishing harbour, half an hour later than the timetable says.",
    "The storm had been announced for the evening. It came six hours early, which the weather service explained with a change of the wind over the strait.",
)
BEFORE = """Harsk Courier
    Home | News | Sport | Weather | Subscribe

* Read more

Fish prices fall for the third week

* Read more

Choir of Lindel sings in the capital

* Read more

Storm closes northern harbour of Harsk

By Tom Verrick

20 May 2024

"""
AFTER = """

[Source: Strait News Agency, Harsk, 20May24]

Share this article

Related articles

Fish prices fall for the third week

Leave a Reply

Copyright 2024 Harsk Courier. All rights reserved.
"""


def page(text: str, *, status: int = 200) -> Page:
    return Page(url=None, content=text.encode(), is_text=True, status=status)


def body(text: str) -> list[str]:
    result = extract_article(page(text), SITE)
    assert isinstance(result, Article), result
    return result.body.split("\n")


def test_the_lines_of_the_article_are_kept_and_what_stands_around_them_is_not() -> None:
    assert body(BEFORE + "\n\n".join(BODY) + AFTER) == list(BODY)


def test_a_dump_with_bullets_and_indentation_gives_the_same_text() -> None:
    menu = "\n".join(
        f"      + {word}" for word in ("Politics", "Business", "Sport", "Culture", "Weather", "Jobs")
    )
    text = (
        f"  * Menu\n{menu}\n\n" + "\n\n".join(f"        {line}" for line in BODY) + f"\n\n  * More\n{menu}\n"
    )
    assert body(text) == list(BODY)


def test_an_advertisement_line_inside_the_article_goes() -> None:
    lines = [*BODY[:3], "Advertisement", *BODY[3:]]
    assert body(BEFORE + "\n\n".join(lines) + AFTER) == list(BODY)


def test_a_summary_that_the_first_paragraph_tells_again_is_no_part_of_the_body() -> None:
    summary = (
        "HARSK: The port authority closed the northern harbour on Tuesday after a storm tore two ferries loose, "
        "the harbour master told reporters."
    )
    assert body(BEFORE + summary + "\n\n" + "\n\n".join(BODY) + AFTER) == list(BODY)


def test_every_line_has_its_decision_in_order_so_that_others_can_read_what_was_dropped() -> None:
    decisions = examine(page(BEFORE + "\n\n".join(BODY) + AFTER), SITE, reasons=True).decisions
    assert [decision.block.index for decision in decisions] == list(range(len(decisions)))
    assert {decision.block.tag for decision in decisions} == {"line"}
    texts = [decision.block.text for decision in decisions]
    assert texts[0] == "Harsk Courier"
    assert "[Source: Strait News Agency, Harsk, 20May24]" in texts
    assert all(decision.reasons for decision in decisions)


def test_a_dump_without_an_article_is_rejected() -> None:
    result = extract_article(page("Menu\nHome\nNews\nLog in\n"), SITE)
    assert isinstance(result, Rejection)
    assert result.reason is Reason.EMPTY
    assert isinstance(extract_article(page(""), SITE), Rejection)


def test_a_dump_of_an_error_is_an_error_whatever_it_says() -> None:
    judgement = examine(page("\n\n".join(BODY), status=404), SITE).judgement
    assert judgement.kind is Kind.ERROR


def test_the_sample_dumps_are_found_nearly_to_the_word(shared: Path) -> None:
    for line in (shared / "samples" / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        text = (shared / "samples" / truth["file"]).read_text(encoding="utf-8")
        found, true = (
            Counter(re.findall(r"\w+", part.lower())) for part in ("\n".join(body(text)), truth["body"])
        )
        hits = (found & true).total()
        assert 2 * hits / (found.total() + true.total()) >= 0.995, truth["id"]
