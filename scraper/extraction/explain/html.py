"""An explanation as one HTML page that loads and runs nothing; written by scraper explain --html."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from scraper.extraction.explain.explanation import legible, reading, weighed
from scraper.extraction.page.reading import HEADINGS

_REASONS = 12
"""Reasons that are shown of a block; the JSON form has all."""


def to_html(explanation: dict[str, Any]) -> str:
    """Return the page: its verdict, its fields, then every block, the dropped ones greyed out.

    The reasons of a block show while the pointer is on it or the keyboard's focus (Tab) has reached it.
    """
    judgement = explanation["judgement"]
    title = next((str(f["value"]) for f in explanation["fields"] if f["name"] == "title" and f["value"]), "")
    state = "rejected" if judgement["reason"] else "stored"
    blocks = explanation["blocks"]
    lines = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        '<meta http-equiv="Content-Security-Policy" ',
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>Explained: {_safe(title or explanation['url'] or 'a page')}</title>",
        f'<style>{_style()}</style></head><body class="{state}">',
        f"<header><h1>{_safe(title or 'No title')}</h1>{_facts(explanation)}</header>",
        f"<section><h2>Verdict</h2>{_verdict(judgement)}</section>",
        f"<section><h2>Fields</h2>{_fields(explanation['fields'])}</section>",
        f"<section><h2>Blocks: {explanation['kept']} of {len(blocks)} kept</h2>",
        '<label class="switch"><input type="checkbox" id="dropped" checked>',
        "Show what was dropped. Point at a block, or reach it with Tab, for its reasons.</label></section>",
        f"<main>{''.join(map(_block, blocks))}</main>",
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


@cache
def _style() -> str:
    return files("scraper.extraction.explain").joinpath("page.css").read_text(encoding="utf-8")


def _safe(text: object) -> str:
    return escape(legible(str(text)), quote=True)


def _facts(explanation: dict[str, Any]) -> str:
    facts = (
        explanation["url"],
        f"site {explanation['site']}",
        f"status {explanation['status']}",
        explanation["encoding"],
        explanation["fetched_at"],
        f"sha256 {explanation['raw_sha256'][:12]}",
    )
    return f'<p class="facts">{" · ".join(_safe(fact) for fact in facts if fact)}</p>'


def _verdict(judgement: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr>{_weight(signal['weight'])}<td>{_safe(signal['says'])}</td></tr>"
        for signal in judgement["signals"]
    )
    name, _, rest = judgement["said"].partition(", ")
    said = f'<span class="badge">{_safe(name)}</span><span class="small">{_safe(rest)}</span>'
    if rows:
        said += f'<br><span class="small">{_safe(weighed(judgement))}</span>'
    return f"<p>{said}</p>" + (f"<table>{rows}</table>" if rows else f"<p>{_safe(judgement['evidence'])}</p>")


def _fields(fields: list[dict[str, Any]]) -> str:
    return f"<table>{''.join(map(_field, fields))}</table>"


def _field(field: dict[str, Any]) -> str:
    value, source = field["value"], field["source"]
    if value in (None, [], ""):
        shown = '<span class="absent">none</span>'
    else:
        shown = _safe(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    origin = ""
    if source and source != "absent":
        origin = f'<span class="small">{_safe(source)} · {field["confidence"]:.2f}</span>'
    rows = "".join(map(_candidate, field["candidates"]))
    count = f"{len(field['candidates'])} candidate{'s' * (len(field['candidates']) > 1)}"
    more = f"<details><summary>{count}</summary><table>{rows}</table></details>" if rows else ""
    return f"<tr><th>{_safe(field['name'])}</th><td>{shown} {origin}{more}</td></tr>"


def _candidate(candidate: dict[str, Any]) -> str:
    cells = (candidate["source"], reading(candidate), candidate["why"])
    won = ' class="won"' if candidate["won"] else ""
    return (
        f'<tr{won}><td class="n">{candidate["score"]:.2f}</td>'
        + "".join(f"<td>{_safe(cell)}</td>" for cell in cells)
        + "</tr>"
    )


def _block(block: dict[str, Any]) -> str:
    state = "kept" if block["kept"] else "dropped"
    heading = " heading" if block["tag"] in HEADINGS else ""
    rows = "".join(
        f"<tr>{_weight(reason['weight'])}<td>{_safe(reason['name'])}</td></tr>"
        for reason in block["reasons"][:_REASONS]
    )
    if (more := len(block["reasons"]) - _REASONS) > 0:
        rows += f'<tr><td></td><td class="absent">and {more} that weigh less</td></tr>'
    said = f"{state} · score {block['score']:.2f} · &lt;{_safe(block['tag'])}&gt;"
    why = f'<span class="why" role="note">{said}<table>{rows}</table></span>'
    return f'<div class="{state}{heading}" tabindex="0">{_safe(block["text"])}{why}</div>\n'


def _weight(weight: float) -> str:
    return f'<td class="n {"for" if weight > 0 else "against"}">{weight:+.2f}</td>'
