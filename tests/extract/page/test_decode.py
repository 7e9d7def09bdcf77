from __future__ import annotations

import pytest

from scraper.extract.page.decode import decode

TEXT = "Città, façade, “quoted” – and €5"


@pytest.mark.parametrize(
    ("content", "content_type", "default", "encoding"),
    [
        (TEXT.encode("cp1252"), "text/html; charset=windows-1252", None, "cp1252"),
        (TEXT.encode("cp1252"), "text/html; charset=iso-8859-1", None, "cp1252"),
        (b'<meta charset="windows-1252">' + TEXT.encode("cp1252"), "text/html", None, "cp1252"),
        (TEXT.encode(), None, None, "utf-8"),
        (TEXT.encode(), "text/html; charset=nonsense", None, "utf-8"),
        (TEXT.encode(), "text/html; charset=iso-8859-1", None, "utf-8"),
        (TEXT.encode("cp1252"), None, "windows-1252", "cp1252"),
        (TEXT.encode("cp1252"), "text/html; charset=utf-8", "windows-1252", "cp1252"),
        (TEXT.encode("utf-16"), None, None, "utf-16-le"),
    ],
)
def test_the_encoding_is_declared_or_utf8_or_the_sites_default(
    content: bytes, content_type: str | None, default: str | None, encoding: str
) -> None:
    assert decode(content, content_type=content_type, default=default)[1] == encoding


def test_one_bad_byte_does_not_turn_utf8_into_something_else() -> None:
    text, encoding = decode((TEXT * 40).encode() + b"\xff", content_type="text/html; charset=utf-8")
    assert encoding == "utf-8"
    assert text.startswith(TEXT)


def test_what_no_database_takes_is_removed() -> None:
    assert decode(b"a\x00b\x1bc")[0] == "abc"
