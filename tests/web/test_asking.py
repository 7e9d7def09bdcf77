from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("after=x", "after = &#39;x&#39; is no whole number"),
        ("after=-1", "no whole number"),
        (f"after={'9' * 30}", "no whole number"),
        (f"after={'9' * 19}", "no whole number"),
        ("kind=list%3Cb", "is none of article"),
        ("sort=worst", "is none of relevance, newest"),
        (f"q={'a' * 501}", "at most 500 characters"),
    ],
)
def test_what_cannot_be_asked_is_told_by_its_name(client: TestClient, query: str, told: str) -> None:
    answer = client.get(f"/articles?{query}")

    assert answer.status_code == 400
    assert told in answer.text
