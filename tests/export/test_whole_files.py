from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.export.whole_files import whole_file, whole_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole_file(path) as part:
        part.write_text("half")
        assert not path.exists()
        assert part.parent == tmp_path
    assert path.read_text() == "half"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_leads_to_what_is_replaced(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    link.symlink_to(real)
    with whole_file(link) as part:
        part.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_a_folder_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "folder"

    def fail() -> None:
        with whole_folder(path, is_ours=str.isdigit) as part:
            (part / "1").write_text("one")
            assert not path.exists()
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        fail()
    assert list(tmp_path.iterdir()) == []
