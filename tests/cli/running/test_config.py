from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.config import SETTINGS
from scraper.crawl.run import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

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


def test_what_is_no_secret_is_shown(news: str, run: Callable[..., Result]) -> None:
    Path("scraper.toml").write_text(
        '[alarms]\nwebhook = "https://me:hush@chat.example/hooks/hush"\ncommand = ["notify-send", "news"]\n'
        'email = {to = "a@b.example", from = "c@d.example", port = 587}\n[jobs.paper]\nevery = "1h"\n'
    )
    found = json.loads(run("config", "--json").stdout)
    assert found["alarms"]["value"] == {
        "webhook": "https://chat.example/***",
        "command": ["notify-send", "news"],
        "email": {"to": "a@b.example", "from": "c@d.example", "port": 587},
    }
    assert found["jobs"]["value"] == {"paper": {"every": "1h"}}


@pytest.mark.parametrize(
    "secret",
    [
        'store = "postgresql://me:hush@db.example/news"',
        'store = "postgresql://db.example/news?user=me&password=hush"',
        'archive = "s3://key:hush@bucket/archive"',
        '[alarms]\nwebhook = "https://chat.example/hooks/hush"',
        '[alarms]\nwebhook = "https://me:hush@chat.example/"',
        '[alarms]\nwebhook = "https://me:pw@hush@chat.example"',
        '[alarms]\nwebhook = "https://chat.example?hush"',
        '[alarms]\nwebhook = "hush"',
        '[alarms]\nwebhook = ["hush"]',
        '[alarms]\nsms = "hush"',
        '[alarms.chat]\nroom = "a"\ntoken = "hush"',
        '[alarms]\nemail = {to = "a@b.example", from = "c@d.example", password = "hush"}',
        '[alarms]\nemail = "hush"',
        '[alarms]\ncommand = ["curl", "-H", "Authorization: Bearer hush-hush"]',
        '[alarms]\ncommand = ["curl", "https://me:hush@chat.example/"]',
        '[changes]\nwebhook = "https://reader.example/hush"\nsecret = {env = "NEWS_WEBHOOK_SECRET"}',
        '[changes]\nsecret = "whsec_hush"',
        '[changes]\nsecret = {value = "hush"}',
        '[changes]\nkey = "hush"',
        '[jobs.paper]\nevery = "1h"\narguments = ["--store", "postgresql://me:hush@db.example/news"]',
    ],
)
def test_no_secret_is_shown_wherever_it_stands(news: str, run: Callable[..., Result], secret: str) -> None:
    Path("scraper.toml").write_text(secret)
    shown = run("config").stdout + run("config", "--json").stdout
    assert "***" in shown
    assert "hush" not in shown


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


EVERY = {
    "store": "'sqlite:///a.db'", "contact": "'me@home.example'", "archive": "'pages'", "archive_listings": "true", "images": "'lead'",
    "no_capture_of": '["noarchive", "nosnippet"]', "no_article_of": '["noindex"]',
    "allowed_networks": '["10.1.0.0/16", "fd00::/8"]', "layouts": "false", "refetch_hours": "[1, 2.5]", "workers": "3",
    "log_level": "'warning'", "access": "{paper = {Cookie = {env = 'PAPER_COOKIE'}}}",
    "jobs": "{paper = {every = '30m'}}", "alarms": "{command = ['notify-send', 'news']}",
    "changes": "{secret = {file = '/run/secrets/news'}}", "web_names": '["news.example"]',
    "web_trusted_proxies": '["127.0.0.1", "fd00::/8"]',
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_that_is_set_is_shown(news: str, run: Callable[..., Result], name: str) -> None:
    Path("scraper.toml").write_text(f"{name} = {EVERY[name]}\n")
    found = json.loads(run("config", "--json").stdout)[name]
    rows = {line.split("\t")[0]: line.split("\t")[1:] for line in run("config").stdout.splitlines()}
    assert found["origin"] == rows[name][1] == "scraper.toml"
    assert found["value"] == tomllib.loads(f"v = {EVERY[name]}")["v"] or name == "log_level"
    assert "(" not in rows[name][0]
    assert "'" not in rows[name][0]
