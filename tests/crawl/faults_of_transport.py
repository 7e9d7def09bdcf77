"""Faults of time, connections, lengths, chunks, sizes and codings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.crawl.fault_server import TRIES, fault, good, head, label, packed, page_of, whole

if TYPE_CHECKING:
    from tests.crawl.fault_server import Asked


# time


@fault("failed/timeout", TRIES)
def silence(asked: Asked) -> None:
    asked.wait()


@fault("failed/timeout", TRIES)
def slow_headers(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 200 OK\r\n")
    asked.wait()


@fault("failed/timeout", TRIES)
def slow_body(asked: Asked) -> None:
    content = page_of(asked.host)
    asked.send(head(length=len(content)), content[:500])
    asked.wait()


@fault("failed/timeout", TRIES)
def drip(asked: Asked) -> None:
    asked.send(head())
    for byte in page_of(asked.host):
        asked.send(bytes([byte]))
        asked.wait(0.2)


@fault("failed/timeout", TRIES)
def drip_of_headers(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        asked.send(f"X-{number}: y\r\n".encode())
        asked.wait(0.2)


@fault("stored")
def slow_but_in_time(asked: Asked) -> None:
    content = page_of(asked.host)
    asked.send(head(length=len(content)))
    for at in range(0, len(content), 400):
        asked.send(content[at : at + 400])
        asked.wait(0.02)


# connections


@fault("failed/connection", TRIES)
def reset_at_once(asked: Asked) -> None:
    asked.reset()


@fault("failed/connection", TRIES)
def reset_in_headers(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
    asked.wait(0.1)
    asked.reset()


@fault("failed/cut", TRIES)
def reset_in_body(asked: Asked) -> None:
    asked.send(head(length=100_000), page_of(asked.host))
    asked.wait(0.1)
    asked.reset()


@fault("failed/connection", TRIES)
def closed_at_once(asked: Asked) -> None:
    del asked


@fault("failed/connection", TRIES)
def closed_in_headers(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 200 OK\r\nContent-Ty")


@fault("stored", 2)
def reset_then_fine(asked: Asked) -> None:
    asked.reset() if asked.number == 1 else good(asked)


# bodies that end early


@fault("failed/cut", TRIES, "cut-gzip", "cut-deflate", "cut-br", "cut-zstd")
def cut_packed(asked: Asked) -> None:
    coding = label(asked).partition("-")[2]
    content = packed(coding, page_of(asked.host))
    whole(asked, content[: len(content) // 2], "200 OK", f"Content-Encoding: {coding}")


@fault("failed/cut", TRIES)
def cut_gzip_without_length(asked: Asked) -> None:
    asked.send(head("200 OK", None, "Content-Encoding: gzip"), packed("gzip", page_of(asked.host))[:-40])


@fault("failed/cut", TRIES)
def gzip_without_trailer(asked: Asked) -> None:
    whole(asked, packed("gzip", page_of(asked.host))[:-8], "200 OK", "Content-Encoding: gzip")


@fault("failed/cut", TRIES)
def cut_chunks(asked: Asked) -> None:
    asked.send(
        head("200 OK", None, "Transfer-Encoding: chunked"), b"400\r\n", page_of(asked.host)[:1024], b"\r\n"
    )


@fault("failed/cut", TRIES)
def cut_without_length(asked: Asked) -> None:
    asked.send(head(), page_of(asked.host)[:-300].rpartition(b" ")[0])


@fault("failed/cut", TRIES)
def length_too_long(asked: Asked) -> None:
    content = page_of(asked.host)
    asked.send(head(length=len(content) + 5000), content)


@fault("stored", 2)
def length_too_short(asked: Asked) -> None:
    """What is missing shows only in the page itself; twice alike, it is what the server has to say."""
    content = page_of(asked.host)
    asked.send(head(length=len(content) - 60), content)


@fault("stored", 2)
def cut_then_whole(asked: Asked) -> None:
    content = page_of(asked.host)
    asked.send(head(), content if asked.number > 1 else content[: len(content) // 2])


@fault("stored")
def whole_without_length(asked: Asked) -> None:
    asked.send(head(), page_of(asked.host))


@fault("stored", 2)
def never_an_end_tag(asked: Asked) -> None:
    asked.send(head(), page_of(asked.host).replace(b"</article></body></html>", b""))


# lengths and chunks that lie


@fault("failed/connection", TRIES)
def length_of_words(asked: Asked) -> None:
    asked.send(head("200 OK", None, "Content-Length: many"), page_of(asked.host))


@fault("failed/connection", TRIES)
def two_lengths(asked: Asked) -> None:
    asked.send(head("200 OK", None, "Content-Length: 10", "Content-Length: 2000"), page_of(asked.host))


@fault("failed/connection", TRIES)
def negative_length(asked: Asked) -> None:
    asked.send(head("200 OK", -5), page_of(asked.host))


@fault("failed/cut", TRIES)
def chunk_size_of_words(asked: Asked) -> None:
    asked.send(head("200 OK", None, "Transfer-Encoding: chunked"), b"many\r\n", page_of(asked.host))


@fault("failed/cut", TRIES)
def chunk_larger_than_the_body(asked: Asked) -> None:
    asked.send(head("200 OK", None, "Transfer-Encoding: chunked"), b"7fffffff\r\n", page_of(asked.host))


# too much


@fault("failed/connection", TRIES)
def header_of_a_megabyte(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 1_000_000)


@fault("failed/connection", TRIES)
def endless_headers(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 200 OK\r\n")
    for _ in range(100_000):
        asked.send(b"X-Filler: " + b"y" * 1_000 + b"\r\n")


@fault("failed/too_large")
def endless_body(asked: Asked) -> None:
    asked.send(head())
    for _ in range(10_000):
        asked.send(b"<p>and so on</p>" * 100)


@fault("failed/too_large")
def endless_chunks(asked: Asked) -> None:
    asked.send(head("200 OK", None, "Transfer-Encoding: chunked"))
    for _ in range(10_000):
        asked.send(b"640\r\n", b"<p>and so on</p>" * 100, b"\r\n")


@fault("failed/too_large")
def length_of_terabytes(asked: Asked) -> None:
    asked.send(head(length=10**13), page_of(asked.host))
    asked.wait(1)


@fault("failed/too_large", 1, "bomb-gzip", "bomb-deflate", "bomb-br", "bomb-zstd")
def bomb(asked: Asked) -> None:
    coding = label(asked).partition("-")[2]
    whole(asked, packed(coding, b"<html>" + bytes(1_000_000)), "200 OK", f"Content-Encoding: {coding}")


@fault("failed/too_large")
def bomb_in_a_bomb(asked: Asked) -> None:
    inner = packed("gzip", packed("gzip", bytes(1_000_000)))
    whole(asked, inner, "200 OK", "Content-Encoding: gzip, gzip")


# codings that lie


@fault("stored", 2, "gzip-that-is-plain", "br-that-is-plain", "zstd-that-is-plain", "deflate-that-is-plain")
def plain(asked: Asked) -> None:
    whole(asked, page_of(asked.host), "200 OK", f"Content-Encoding: {label(asked).partition('-')[0]}")


@fault("stored", 2)
def br_that_is_gzip(asked: Asked) -> None:
    whole(asked, packed("gzip", page_of(asked.host)), "200 OK", "Content-Encoding: br")


@fault("stored", 2)
def honest_when_asked_for_identity(asked: Asked) -> None:
    if asked.headers.get("accept-encoding") == "identity":
        good(asked)
    else:
        whole(asked, bytes(range(256)) * 8, "200 OK", "Content-Encoding: gzip")


@fault("failed/encoding", 2)
def gzip_that_is_noise(asked: Asked) -> None:
    whole(asked, bytes(range(256)) * 8, "200 OK", "Content-Encoding: gzip")


@fault("stored")
def coding_that_is_a_charset(asked: Asked) -> None:
    whole(asked, page_of(asked.host), "200 OK", "Content-Encoding: UTF-8")


@fault("stored")
def gzip_twice(asked: Asked) -> None:
    content = packed("gzip", packed("gzip", page_of(asked.host)))
    whole(asked, content, "200 OK", "Content-Encoding: gzip, gzip")


@fault("stored")
def gzip_with_a_wrong_checksum(asked: Asked) -> None:
    content = packed("gzip", page_of(asked.host))[:-8] + bytes(8)
    whole(asked, content, "200 OK", "Content-Encoding: gzip")
