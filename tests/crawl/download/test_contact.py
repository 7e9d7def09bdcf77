from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.settings import Settings

from scraper.crawl.download.contact import is_local, require_contact
from scraper.crawl.download.loopback import loopback_settings
from scraper.crawl.download.public_only import allowed_networks
from scraper.crawl.download.replay import replay_settings
from scraper.errors import ConfigError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://paper.test/", True),
        ("https://127.0.0.1.example.com/", False),
        ("https://10.0.0.1/", False),
    ],
)
def test_what_stays_on_this_machine_is_known(url: str, *, expected: bool) -> None:
    assert is_local(url) is expected


def test_a_crawl_beyond_this_machine_needs_a_contact() -> None:
    with pytest.raises(ConfigError, match=r"https://a\.example/ is beyond this machine: set contact"):
        require_contact(["http://127.0.0.1/", None, "https://a.example/"], Settings())
    require_contact(["https://a.example/"], Settings({"NEWS_CONTACT": "editor@home.example"}))
    require_contact(["http://127.0.0.1/"], Settings())


def test_only_a_crawl_that_reaches_no_network_needs_no_contact() -> None:
    fixtures = str(Path(__file__).parents[3] / "fixtures")
    require_contact(["https://a.example/"], Settings(replay_settings(fixtures)))
    require_contact(["https://a.example/"], Settings(loopback_settings(1)))
    for name, value in (("NEWS_REPLAY", fixtures), ("NEWS_LOOPBACK_PORT", "1")):
        with pytest.raises(ConfigError, match="set contact"):
            require_contact(["https://a.example/"], Settings({name: value}))


def test_a_port_that_no_handler_reads_opens_no_network() -> None:
    assert allowed_networks(Settings({"NEWS_LOOPBACK_PORT": "1"})) == ()
    assert allowed_networks(Settings(loopback_settings(1))) != ()
