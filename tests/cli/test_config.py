from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

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
