from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result


def test_the_copy_is_a_store_that_lists_the_same_articles(news: str, run: Callable[..., Result]) -> None:
    done = run("backup", "copy.db")
    assert done.exit_code == 0
    assert "copy.db" in done.stdout
    copied = run("--store", "sqlite:///copy.db", "articles").stdout
    assert copied == run("articles").stdout
    assert Path("copy.db").stat().st_size > 0
