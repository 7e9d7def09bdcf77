from __future__ import annotations

from datetime import date

from scraper.store.service.coverage import Day
from scraper.web.charts import HEIGHT, WIDTH, Chart, days_chart, outcome_counts, shares

MONDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 4)
BUSY = Day(
    site="", day=MONDAY, stored=6, revised=2, rejected={"list": 1}, quarantined={"extraction_crash": 1}
)
CALM = Day(site="", day=WEDNESDAY, stored=5, failed={"404": 2, "dns": 3})


def test_each_day_has_a_bar_as_high_as_its_number() -> None:
    chart = days_chart("Pages", [BUSY, CALM], MONDAY, WEDNESDAY)
    stored, revised, refused, *later = chart.pieces

    assert [row[0] for row in chart.rows] == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert (chart.most, chart.rows[1][1]) == (10, (0, 0, 0, 0, 0))
    assert (stored.kind, stored.height, stored.y) == ("stored", HEIGHT * 0.6, HEIGHT * 0.4)
    assert (revised.y, refused.kind, refused.y) == (HEIGHT * 0.2, "refused", 0)
    assert [piece.kind for piece in later] == ["stored", "failed"]
    assert max(piece.x + piece.width for piece in later) < WIDTH


def test_where_nothing_was_there_is_nothing_to_draw() -> None:
    assert days_chart("Pages", [], MONDAY, WEDNESDAY).pieces == []
    assert Chart(title="Pages", kinds=("stored",), rows=[]).most == 0
    assert shares(outcome_counts()) == []


def test_shares_fill_the_width_in_the_order_of_their_kinds() -> None:
    pieces = shares(outcome_counts(BUSY, CALM))

    assert [piece.kind for piece in pieces] == ["stored", "revised", "refused", "failed"]
    assert (pieces[0].x, pieces[0].width) == (0, 55)
    assert pieces[-1].x + pieces[-1].width == WIDTH
