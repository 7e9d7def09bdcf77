from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/nothing", "text/html"), ("/feeds/nothing", "text/html"), ("/api/v1/nothing", "application/problem")],
)
def test_people_get_a_page_and_programs_a_problem(client: TestClient, path: str, kind: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith(kind)


def test_what_an_address_does_not_take_is_told_with_what_it_takes(client: TestClient) -> None:
    answer = client.post("/articles")
    assert (answer.status_code, ", ".join(sorted(answer.headers["allow"].split(", "), reverse=True))) == (
        405,
        "HEAD, GET",
    )
