"""Page text that would steer a terminal comes out of no command."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.dedup.decide import decide
from scraper.model import Reason
from scraper.store import Quarantined, open_store
from tests.store.values import article, full_article, rejection

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

EVIL = "\x1b]0;x\x07\x1b[2J\x9b31m\u202e\u2066\x7f\r"
"""Sets the title, clears the screen, colours what follows, turns it round."""


@pytest.fixture
def ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A store of nothing else: an article and its revision, a copy of it, a rejection and a quarantined page."""
    monkeypatch.chdir(tmp_path)
    first = full_article()
    body = "\n".join(
        f"{EVIL}Paragraph {number} of the text goes on and on, {EVIL} it said." for number in range(9)
    )
    made = replace(
        first,
        title=f"Bridge {EVIL}",
        authors=(f"Ann {EVIL} Ode",),
        body=body,
        section=EVIL,
        publisher=EVIL,
        tags=(EVIL,),
    )
    edited = replace(made, title=f"Bridge {EVIL} opens", body=body.replace("goes on", f"went {EVIL} on"))
    copy = replace(article(3), title=made.title, body=body, site=f"gazette{EVIL}")
    with open_store("sqlite:///news.db") as store:
        saved = [store.save(decide(each, stored=store.find(each.canonical_url or ""), index=store.dedup))
                 for each in (made, edited, copy)]  # fmt: skip
        store.reject(rejection(1, detail=EVIL, url=f"https://a.example/{EVIL}"))
        stuck = rejection(2, reason=Reason.EXTRACTION_CRASH, detail=EVIL, url=f"https://a.example/b{EVIL}")
        store.quarantine(Quarantined(url=stuck.url or "", rejection=stuck))
    Path("page.html").write_text(
        f"<html lang=en><head><title>Bridge {EVIL}</title></head><body><article><h1>Bridge {EVIL}</h1>"
        f"<p class=byline>By Ann {EVIL} Ode</p>{f'<p>The bridge opened {EVIL} on Monday, it said.</p>' * 20}"
    )
    return {"first": str(saved[0]), "copy": str(saved[2])}


@pytest.mark.parametrize(
    "command",
    [
        "articles", "articles --json", "articles --search bridge", "show {first}", "show {first} --json", "show {copy}",
        "rejections", "rejections --json", "sites", "sites --json", "cluster {first}", "cluster {first} --json",
        "diff {first}", "diff {first} --json", "coverage", "alarms", "quarantine list", "quarantine list --json",
        "explain page.html", "explain page.html --json", "extract page.html", "config", "doctor",
    ],
)  # fmt: skip
def test_no_command_prints_what_a_terminal_obeys(
    ids: dict[str, str], run: Callable[..., Result], command: str
) -> None:
    done = run(*command.format(**ids).split())

    obeyed = [
        sign for sign in done.output if unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t"
    ]
    assert not obeyed + [sign for sign in done.output if sign in "\u202e\u2066"]
    if "--json" in command:
        assert all(json.loads(line) for line in done.stdout.splitlines())
