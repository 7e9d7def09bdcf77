"""Faults of redirects, statuses, the protocol, contents and robots.txt."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import TYPE_CHECKING

from tests.crawl.fault_server import PATH, TRIES, fault, good, head, label, packed, page_of, robots, whole

if TYPE_CHECKING:
    from tests.crawl.fault_server import Asked


# redirects


def moved(asked: Asked, where: str, status: str = "302 Found") -> None:
    whole(asked, b"", status, f"Location: {where}")


@fault("failed/redirects", 6)
def redirect_to_itself(asked: Asked) -> None:
    moved(asked, PATH)


@fault("failed/redirects", 1)
def redirect_for_ever(asked: Asked) -> None:
    moved(asked, f"{asked.path}x")


@fault("stored", 1)
def redirect_three_times(asked: Asked) -> None:
    good(asked) if asked.path.endswith("xxx") else moved(asked, f"{asked.path}x", "301 Moved")


@fault("failed/302", 1, "redirect-to-a-file", "redirect-to-data", "redirect-to-script", "redirect-to-ftp")
def redirect_off_the_web(asked: Asked) -> None:
    kind = label(asked).rpartition("-")[2]
    goals = {"file": "file:///etc/passwd", "data": "data:text/html,<p>x", "script": "javascript:alert(1)",
             "ftp": "ftp://fault.test/x"}  # fmt: skip
    moved(asked, goals[kind])


@fault("failed/offsite", 1, "redirect-to-private", "redirect-to-another-host")
def redirect_away(asked: Asked) -> None:
    moved(asked, "http://127.0.0.1:1/" if "private" in asked.host else "http://elsewhere.example/")


@fault("failed/302")
def redirect_nowhere(asked: Asked) -> None:
    whole(asked, b"", "302 Found")


@fault("failed/302")
def redirect_to_no_address(asked: Asked) -> None:
    moved(asked, "http://[::1")


# statuses


@fault("failed/401", 1, "status-401")
@fault("failed/403", 1, "status-403")
@fault("failed/404", 1, "status-404")
@fault("failed/407", 1, "status-407")
@fault("failed/408", TRIES, "status-408")
@fault("failed/410", 1, "status-410")
@fault("failed/418", 1, "status-418")
@fault("failed/451", 1, "status-451")
@fault("failed/5xx", TRIES, "status-500", "status-502", "status-503", "status-504")
@fault("failed/5xx", 1, "status-501", "status-505", "status-999")
@fault("failed/304", 1, "status-304")
def status(asked: Asked) -> None:
    number = label(asked).rpartition("-")[2]
    asked.send(head(f"{number} Whatever", 0)) if number == "304" else whole(
        asked, b"<p>no</p>", f"{number} Whatever"
    )


@fault("rejected/empty")
def status_204(asked: Asked) -> None:
    asked.send(head("204 No Content"))


@fault("rejected/empty")
def empty_body(asked: Asked) -> None:
    whole(asked, b"")


@fault("stored")
def continue_and_hints_first(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
    good(asked)


# asked to wait


@fault("stored", 2, "wait-429-seconds", "wait-503-seconds", "wait-429-date")
def wait_a_little(asked: Asked) -> None:
    _, number, form = label(asked).split("-")
    until = "1" if form == "seconds" else formatdate(time.time() + 2, usegmt=True)
    good(asked) if asked.number > 1 else whole(asked, b"", f"{number} Wait", f"Retry-After: {until}")


@fault("failed/429", TRIES)
def wait_for_ever(asked: Asked) -> None:
    whole(asked, b"", "429 Too Many Requests", f"Retry-After: {10**30}")


@fault("failed/429", TRIES, "wait-soon", "wait-until-long-ago", "wait-minus-one")
def wait_strangely(asked: Asked) -> None:
    said = {"wait-soon": "soon", "wait-until-long-ago": formatdate(0, usegmt=True), "wait-minus-one": "-1"}
    whole(asked, b"", "429 Too Many Requests", f"Retry-After: {said[label(asked)]}")


# the protocol


@fault("failed/connection", TRIES)
def http_0_9(asked: Asked) -> None:
    asked.send(page_of(asked.host))


@fault("failed/connection", TRIES)
def status_line_of_noise(asked: Asked) -> None:
    asked.send(b"\x00\xff\xfe\x01 200 \r\n\r\n", page_of(asked.host))


@fault("failed/connection", TRIES)
def status_of_words(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 fine OK\r\n\r\n", page_of(asked.host))


@fault("stored")
def header_without_colon(asked: Asked) -> None:
    whole(asked, page_of(asked.host), "200 OK", "this is no header")


@fault("stored")
def header_injection(asked: Asked) -> None:
    whole(asked, page_of(asked.host), "200 OK", "X-A: b\nX-Injected: \x1b[31mred\x07", "X-Nul: a\0b")


@fault("stored")
def huge_cookies(asked: Asked) -> None:
    whole(
        asked, page_of(asked.host), "200 OK", *(f"Set-Cookie: c{n}={'x' * 8000}; Path=/" for n in range(20))
    )


@fault("stored")
def more_behind_the_body(asked: Asked) -> None:
    good(asked)
    asked.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")


# contents that lie


@fault("stored", 1, "charset-utf-16", "charset-unknown", "charset-none")
def charset(asked: Asked) -> None:
    name = {"none": '""', "unknown": "klingon"}.get(label(asked).partition("-")[2], "utf-16")
    content = page_of(asked.host).replace(b"<head>", b"<head><meta charset='utf-8'>")
    whole(asked, content, kind=f"text/html; charset={name}")


@fault(
    "rejected/not_html", 1, "html-that-is-pdf", "html-that-is-png", "html-that-is-json", "html-that-is-zip"
)
def other_kinds(asked: Asked) -> None:
    content = {
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 20,
        "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        "json": b'{"articles": [' + b'{"title": "Ferry", "text": "It sails."},' * 50 + b"{}]}",
        "zip": b"PK\x03\x04" + bytes(range(256)) * 20,
    }
    whole(asked, content[label(asked).rpartition("-")[2]])


@fault("stored", 1, "kind-application-octet-stream", "kind-image-png", "kind-none")
def kind(asked: Asked) -> None:
    said = label(asked).partition("-")[2].replace("-", "/", 1)
    whole(asked, page_of(asked.host), kind="" if said == "none" else said)


# robots.txt


@robots("failed/robots_5xx", 0)
def error(asked: Asked) -> None:
    whole(asked, b"User-agent: *\nAllow: /\n", "500 Oops")


@robots("failed/robots_429", 0)
def too_many(asked: Asked) -> None:
    whole(asked, b"", "429 Too Many Requests")


@robots("failed/timeout", 0)
def hang(asked: Asked) -> None:
    asked.wait()


@robots("failed/connection", 0)
def reset(asked: Asked) -> None:
    asked.reset()


@robots("failed/too_large", 0)
def packed_bomb(asked: Asked) -> None:
    whole(asked, packed("gzip", bytes(1_000_000)), "200 OK", "Content-Encoding: gzip")


@robots("stored", 1)
def missing(asked: Asked) -> None:
    whole(asked, b"User-agent: *\nDisallow: /\n", "404 Not Found")


@robots("stored", 1)
def forbidden(asked: Asked) -> None:
    whole(asked, b"User-agent: *\nDisallow: /\n", "403 Forbidden")


@robots("stored", 1)
def binary(asked: Asked) -> None:
    whole(asked, bytes(range(256)) * 100, kind="text/plain")


@robots("stored", 1)
def page(asked: Asked) -> None:
    whole(asked, b"<!DOCTYPE html><html><p>We have no such page.</p></html>")


@robots("stored", 1)
def redirect_loop(asked: Asked) -> None:
    moved(asked, "/robots.txt")


@robots("failed/robots", 0)
def redirect_twice(asked: Asked) -> None:
    if asked.path.endswith("xx"):
        whole(asked, b"User-agent: *\nDisallow: /2031/\n", kind="text/plain")
    else:
        moved(asked, f"{asked.path}x")


@robots("stored", 1)
def off_the_web(asked: Asked) -> None:
    moved(asked, "file:///etc/passwd")


@robots("failed/robots", 0)
def huge(asked: Asked) -> None:
    """The rules at its start hold."""
    asked.send(head(kind="text/plain"), b"User-agent: *\nDisallow: /2031/\n")
    for _ in range(100_000):
        asked.send(b"# and so on, and so on, and so on\n" * 50)


@robots("failed/robots", 0)
def everything(asked: Asked) -> None:
    whole(asked, b"User-agent: *\nDisallow: /\n", kind="text/plain")
