from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.errors import StoreError
from scraper.store.service.front_desk import FrontDesk
from scraper.store.service.reader import Reader

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_at_the_desk_is_read_by_readers_who_can_write_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/news.db"
    with FrontDesk(url) as desk:
        wish = desk.wishes.pause("ana", "paper")
        reader = Reader(url)
        assert [*reader.runs.paused()] == ["paper"]
        assert reader.wishes.by_id(wish.id) == wish
        with pytest.raises(StoreError):
            reader.wishes.pause("ana", "gazette")
        reader.close()
