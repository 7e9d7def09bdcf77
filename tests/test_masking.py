from __future__ import annotations

import io
import logging

import pytest

from scraper.masking import MaskingFormatter, hide, hide_user_info, masked, printable


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://me:HUSH@db.example/news",
        "postgresql://db.example/news?user=me&password=HUSH",
        "https://HUSH@paper.example/",
        "https://me:p@HUSH@paper.example/",
        "http://me:HUSH@127.0.0.1:8080 refused",
        "host=db.example user=me password=HUSH dbname=news",
        "GET https://paper.example/a?page=2&token=HUSH&x=1 (404)",
        "https://paper.example/feed?access_token=HUSH",
        "https://paper.example/feed?api_key=HUSH#top",
        "https://paper.example/feed?API-Key=HUSH",
        "https://s3.example/a?X-Amz-Signature=HUSH&X-Amz-Credential=HUSH%2F2031",
        "https://paper.example/login?next=%2Fa%3Ftoken%3DHUSH",
        "https://paper.example/a?sig=HUSH",
        "Authorization: Bearer HUSH.HUSH-HUSH",
        "{'Authorization': [b'Basic HUSHHUSH==']}",
        "https://hooks.example/a?client_secret='HUSH'",
        "postgresql://me:p@HUSH@db.example/news",
        "postgresql://me:p/HUSH@db.example/news",
        "postgresql://me:12/HUSH@db.example/news",
        "postgresql://me:p@s/HUSH@db.example",
        "postgresql://me:p#?HUSH@db.example/news",
        "postgresql+psycopg://me:p HUSH@db.example:5432/news",
        "postgresql://me:it's \"HUSH@db.example/news",
        "redis://:HUSH@db.example/0",
        "https://me:p/HUSH@paper.example/",
        "password='two HUSH words' dbname=news",
        r"password='a\'HUSH' dbname=news",
        "{'password': 'two HUSH words'}",
        '{"api_key": "HUSH"}',
    ],
)
def test_secrets_are_masked_wherever_they_stand(text: str) -> None:
    assert "HUSH" not in masked(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "{'STORE': 'postgresql://me:p/w@db/news', 'CONTACT': 'bob@b.example/x'}",
            "{'STORE': 'postgresql://***@db/news', 'CONTACT': 'bob@b.example/x'}",
        ),
        (
            '{"url": "https://me:p@a.example/?token=q", "n": 1}',
            '{"url": "https://***@a.example/?token=***", "n": 1}',
        ),
        ("<GET https://me:p@a.example/> to <b@c.example>", "<GET https://***@a.example/> to <b@c.example>"),
        ("postgresql://me:p@db/news; ask ops@a.example", "postgresql://***@db/news; ask ops@a.example"),
        ("password='p w', host='db'", "password='***', host='db'"),
        ("{'password': 'p', 'host': 'db'}", "{'password': '***', 'host': 'db'}"),
    ],
)
def test_what_stands_around_a_secret_stays(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_a_hidden_password_is_masked_as_it_is_written_and_as_it_is_meant() -> None:
    hide_user_info("postgresql://me:q%40z/qhush@db.example/news")
    assert masked('connection to "q@z/qhush" failed, q%40z/qhush') == 'connection to "***" failed, ***'


@pytest.mark.parametrize(
    "text",
    [
        "https://paper.example:8080/@writer/story refused, ask ops@paper.example/x",
        "https://paper.example: refused, ask ops@paper.example",
        "postgresql://db.example:5432/news refused, ask ops@paper.example/x",
        "sqlite:////home/me@work/news.db",
        "https://paper.example/2031/05/token-of-thanks?page=2&key=story",
        "mail editor@paper.example about the signature of the treaty",
        "the password is not told",
        "https://paper.example/@writer/story",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


def test_a_log_masks_arguments_and_tracebacks() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskingFormatter(logging.Formatter("%(levelname)s %(message)s")))
    log = logging.getLogger("masked")
    log.addHandler(handler)
    log.propagate = False
    try:
        raise ConnectionError("postgresql://me:HUSH@db.example/news")  # noqa: TRY301
    except ConnectionError:
        log.exception("could not read %s", "https://me:HUSH@paper.example/?token=HUSH")

    assert "HUSH" not in stream.getvalue()
    assert "ERROR could not read https://***@paper.example/?token=***" in stream.getvalue()
    assert "Traceback" in stream.getvalue()


def test_signs_that_a_terminal_obeys_become_spaces() -> None:
    assert printable("a\x1b[31mb\u202ec\td\n\x9b1me") == "a [31mb c d  1me"
    assert printable("می\u200cروم") == "می\u200cروم"
    assert printable("a\nb\x1b", keep_lines=True) == "a\nb "


def test_a_log_line_carries_no_escape_sequence() -> None:
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(MaskingFormatter(None))
    handler.handle(
        logging.makeLogRecord({"msg": "%s could not be read", "args": ("http://a/\x1b[2J\x9b1m",)})
    )
    assert log.getvalue() == "http://a/ [2J 1m could not be read\n"


def test_a_secret_that_is_a_word_of_parameters_hides_no_other_secret() -> None:
    hide("secret", "password", "client")
    assert "HUSH" not in masked("https://hooks.example/a?client_secret='HUSH' password=HUSH")
