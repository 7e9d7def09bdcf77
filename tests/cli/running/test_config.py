from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.crawl.run import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from typer.testing import Result


def test_every_setting_is_shown_with_its_origin(
    news: str, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("scraper.toml").write_text('store = "postgresql://me:secret@db.example/news"\n')
    monkeypatch.setenv("SCRAPER_WORKERS", "7")
    shown = run("config").stdout
    assert "store\tpostgresql://me:***@db.example/news\tscraper.toml" in shown
    assert "workers\t7\tenvironment SCRAPER_WORKERS" in shown
    found = json.loads(run("--store", "sqlite:///x.db", "-v", "config", "--json").stdout)
    assert found["store"] == {"value": "sqlite:///x.db", "origin": "option --store"}
    assert found["refetch_hours"] == {"value": [1.0, 6.0, 24.0, 168.0], "origin": "default"}
    assert found["log_level"]["value"] == "DEBUG"


def test_no_secret_is_shown(news: str, run: Callable[..., Result]) -> None:
    Path("scraper.toml").write_text(
        'store = "postgresql://db.example/news?user=me&password=hush"\n'
        'archive = "s3://key:hush@bucket/archive"\n'
        '[alarms]\nwebhook = "https://chat.example/hooks/hush"\n'
    )
    assert "hush" not in run("config").stdout + run("config", "--json").stdout
    assert "https://chat.example/***" in run("config").stdout


def test_a_crawl_takes_the_settings_in_force(
    news: str, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: dict[str, object] = {}

    def note(crawls: object, settings: dict[str, object], **_: object) -> list[Progress]:
        taken.update(settings)
        return [Progress(site="harbour", counts={}, reason="finished")]

    monkeypatch.setattr("scraper.crawl.run.run_crawls", note)
    Path("scraper.toml").write_text(
        'store = "sqlite:///a.db"\ncontact = "me@home.example"\nrefetch_hours = [2]\n'
    )
    run("crawl", "harbour", "--contact", "you@home.example")
    assert (taken["NEWS_STORE"], taken["NEWS_CONTACT"]) == ("sqlite:///a.db", "you@home.example")
    assert taken["NEWS_REFETCH_HOURS"] == [2.0]
