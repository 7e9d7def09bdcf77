from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.config import SETTINGS, Config, load_config, shown
from scraper.errors import ConfigError
from scraper.jobs.alarms.deliver import parse_channels

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Write scraper.toml into the working directory."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> Path:
        path = tmp_path / "scraper.toml"
        path.write_text(text)
        return path

    return write


def test_without_file_and_environment_the_defaults_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = load_config(environ={})
    assert config == Config()
    assert config.origin("store") == "default"


def test_options_go_before_the_environment_before_the_file(written: Callable[[str], Path]) -> None:
    written('store = "sqlite:///file.db"\nworkers = 3\ncontact = "a@b.example"\nrefetch_hours = [1, 12.5]\n')
    config = load_config(
        environ={"SCRAPER_STORE": "sqlite:///env.db", "SCRAPER_WORKERS": "4"},
        given={"store": "sqlite:///option.db"},
    )
    assert (config.store, config.workers, config.contact) == ("sqlite:///option.db", 4, "a@b.example")
    assert config.refetch_hours == (1.0, 12.5)
    origins = [config.origin(name) for name in ("store", "workers", "contact", "log_level")]
    assert origins == ["option --store", "environment SCRAPER_WORKERS", "scraper.toml", "default"]


def test_the_environment_names_another_file(written: Callable[[str], Path], tmp_path: Path) -> None:
    written("workers = 3")
    (tmp_path / "other.toml").write_text("workers = 5")
    assert load_config(environ={"SCRAPER_CONFIG": "other.toml"}).workers == 5
    assert load_config(tmp_path / "scraper.toml", environ={"SCRAPER_CONFIG": "other.toml"}).workers == 3


def test_numbers_in_the_environment_are_read() -> None:
    config = load_config(environ={"SCRAPER_REFETCH_HOURS": "2, 8", "SCRAPER_LOG_LEVEL": "debug"})
    assert (config.refetch_hours, config.log_level) == ((2.0, 8.0), "DEBUG")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "wokers = 3",
            r"scraper\.toml: unknown key wokers; there are store, contact, archive, archive_listings, images, no_capture_of, no_article_of, allowed_networks, refetch_hours, layouts, workers, log_level, web_names, web_trusted_proxies, access",
        ),
        ('workers = "3"', r"scraper\.toml: workers = '3' must be a whole number from 0"),
        ("workers = true", "workers = True must be a whole number"),
        ("workers = -1", "workers = -1 must be"),
        ("refetch_hours = [6, 1]", r"refetch_hours = \[6, 1\] must be a list of ascending numbers"),
        ("refetch_hours = [nan]", "refetch_hours"),
        ("refetch_hours = 6", "refetch_hours"),
        ('log_level = "loud"', "log_level = 'loud' must be one of DEBUG"),
        ('contact = "a\\nb"', "contact"),
        ('store = ""', "store"),
        ("workers =", r"scraper\.toml is not TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_the_key_and_what_is_allowed(
    written: Callable[[str], Path], text: str, message: str
) -> None:
    written(text)
    with pytest.raises(ConfigError, match=message):
        load_config(environ={})


def test_a_wrong_value_in_the_environment_names_the_variable() -> None:
    with pytest.raises(ConfigError, match="environment SCRAPER_WORKERS: workers = 'many' must be"):
        load_config(environ={"SCRAPER_WORKERS": "many"})


def test_a_named_file_must_be_there() -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: there is no such configuration file"):
        load_config(Path("none.toml"), environ={})


def test_the_password_of_the_store_is_not_shown() -> None:
    config = Config(store="postgresql://me:secret@db.example/news")
    assert shown(config, "store") == "postgresql://me:***@db.example/news"
    config = Config(store="postgresql://me:se@cr/e#t '@db.example/news")
    assert shown(config, "store") == "postgresql://me:***@db.example/news"
    config = Config(store="postgresql+psycopg://me:s:e%40c@[::1]:5432/news?options=x")
    assert "e%40c" not in str(shown(config, "store"))
    assert (
        shown(Config(store="postgresql://me@db.example:5432/news"), "store")
        == "postgresql://me@db.example:5432/news"
    )


def test_every_setting_says_how_it_is_seen() -> None:
    """A setting without a rule cannot be seen at all."""
    assert all(shown(Config(), name) is not None for name in SETTINGS)


@pytest.mark.parametrize("name", ["sms", "chat", "webhooks", "Webhook", ""])
def test_a_channel_that_does_not_say_how_it_is_seen_is_masked_and_refused(name: str) -> None:
    table = {name: "hush", "webhook": "https://chat.example/hush"}
    assert "hush" not in str(shown(Config(alarms=table), "alarms"))
    with pytest.raises(ConfigError, match=f"unknown key {name}"):
        parse_channels(table, {})


@pytest.mark.parametrize(
    "table",
    [
        'Cookie = "session=hush"',
        "Cookie = {env = 7}",
        'Cookie = {value = "hush"}',
        '"Coo kie" = {env = "A"}',
        "Cookie = {}",
    ],
)
def test_a_header_is_never_written_into_the_file(written: Callable[[str], Path], table: str) -> None:
    written(f"[access.paper]\n{table}\n")
    with pytest.raises(ConfigError, match=r"access = \*\*\* must be tables") as refused:
        load_config(environ={})
    assert "hush" not in str(refused.value)


def test_where_a_header_stands_is_shown(written: Callable[[str], Path]) -> None:
    written('[access.paper]\nCookie = {env = "PAPER_COOKIE"}\n')
    assert shown(load_config(environ={}), "access") == {"paper": {"Cookie": {"env": "PAPER_COOKIE"}}}
