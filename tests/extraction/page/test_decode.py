from __future__ import annotations

import pytest

from scraper.extraction.page.decode import decode

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


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("x-sjis", "cp932"),
        ("windows-31j", "cp932"),
        ("x-x-big5", "big5hkscs"),
        ("dos-874", "cp874"),
        ("X-CP1254", "cp1254"),
        ("csISO58GB231280", "gb18030"),
        ("ks_c_5601-1989", "cp949"),
        ("logical", "iso8859-8"),
        ("koi", "koi8-r"),
        ("866", "cp866"),
    ],
)
def test_every_label_of_the_web_is_known(label: str, codec: str) -> None:
    text = "plain letters"

    assert decode(text.encode(codec), content_type=f"text/html; charset={label}") == (text, codec)


@pytest.mark.parametrize(
    "label", ["undefined", "null", "utf-7", "idna", "hex", "unicode_escape", "iso-2022-kr", "%s"]
)
@pytest.mark.parametrize("where", ["header", "meta", "type", "site"])
def test_what_is_no_label_is_not_believed(label: str, where: str) -> None:
    markup = {
        "meta": f"<meta charset={label}>",
        "type": f'<meta http-equiv=Content-Type content="text/html; charset={label}">',
    }.get(where, "")
    content_type = f"text/html; charset={label}" if where == "header" else None

    found = decode(
        (markup + TEXT).encode(), content_type=content_type, default=label if where == "site" else None
    )

    assert found == (markup + TEXT, "utf-8")


@pytest.mark.parametrize(
    "decoy",
    [
        b"<!-- <meta charset=koi8-r> -->",
        b"<script>document.write('<meta charset=koi8-r>')</script>",
        b"<title>The tag <meta charset=koi8-r></title>",
        b'<meta name="description" content="text; charset=koi8-r">',
        b"<meta charset=undefined>",
    ],
)
def test_a_declaration_is_one_that_browsers_read(decoy: bytes) -> None:
    content = (
        decoy
        + b'<meta http-equiv="content-type" content="text/html; charset=cp1251">'
        + "Мост".encode("cp1251")
    )

    assert decode(content)[1] == "cp1251"


def test_a_text_encoded_twice_is_decoded_twice() -> None:
    # the closing quotation mark has a byte that windows-1252 leaves undefined
    twice = TEXT.replace("”", "").encode().decode("cp1252") + "â€\x9d"

    assert decode(twice.encode())[0] == TEXT.replace("”", "") + "”"
    assert decode((TEXT + " Ã©").encode())[0] == TEXT + " Ã©"
