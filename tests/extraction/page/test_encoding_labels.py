from __future__ import annotations

import pytest

from scraper.extraction.page.encoding_labels import codec_of


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("UTF8", "utf-8"),
        ("latin1", "cp1252"),
        ("ISO-8859-9", "cp1254"),
        ("\n x-mac-ukrainian ", "mac-cyrillic"),
        ("iso885915", "iso8859-15"),
        ("unicodeFFFE", "utf-16-be"),
        ("utf-7", None),
        ("cp437", None),
        ("", None),
    ],
)
def test_a_label_means_what_browsers_mean(label: str, codec: str | None) -> None:
    assert codec_of(label) == codec
    assert codec is None or "a".encode(codec)
