from __future__ import annotations

import pytest

from scraper.cli.app import check_system
from scraper.errors import ConfigError


@pytest.mark.parametrize("platform", ["darwin", "win32", "freebsd14"])
def test_another_system_is_told_what_is_needed(platform: str) -> None:
    with pytest.raises(ConfigError, match=f"Linux alone, not on {platform}"):
        check_system(platform)


def test_linux_is_what_it_runs_on() -> None:
    check_system("linux")
