"""The example of docs/how-to/web.md, run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.store import open_store
from scraper.web.application import WebParts, make_application
from scraper.web.serving import Served
from tests.store.values import article, verdict

if TYPE_CHECKING:
    import pytest

    from scraper.web.readers import Readers

GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "web.md"


def test_ten_lines_read_every_page_of_a_search(
    readers: Readers, store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"```python\n(.+?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    with open_store(store_url) as store, store.transaction():
        for number in range(100, 250):
            store.save(verdict(article(number, title=f"Harbour {number}")))
    with Served(make_application(WebParts(readers=readers)), "127.0.0.1", 0) as served:
        exec(example.replace("http://127.0.0.1:9465/", served.address), {})
    titles = re.findall(r"Harbour \d+", capsys.readouterr().out)

    assert len(set(titles)) == len(titles) == 150
