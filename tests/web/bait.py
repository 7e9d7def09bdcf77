"""Texts that would run, load or break out where a page wrote them as they are; and what a page must not hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import lxml.html

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "bait"
"""The name of every element, class and attribute that bait would bring."""
BAIT = (
    "<script>bait()</script>",
    "</title><script>bait()</script>",
    "</textarea><script>bait()</script>",
    "</style><script>bait()</script>",
    "</summary></details><bait-element>",
    '"><bait-element>',
    "'><bait-element>",
    '" onfocus="bait()" autofocus="',
    "' onmouseover='bait()",
    "` onclick=bait() `",
    " onload=bait()",
    "<img src=x onerror=bait()>",
    "<svg onload=bait()>",
    "<svg><script href=data:,bait() />",
    "<math><mtext><bait-element>",
    "<iframe srcdoc='<script>bait()</script>'>",
    "<iframe src=javascript:bait()>",
    "<object data=javascript:bait()>",
    "<embed src=javascript:bait()>",
    "<a href=javascript:bait()>go</a>",
    "<form action=javascript:bait()><button>go</button></form>",
    "<input onfocus=bait() autofocus>",
    "<body onload=bait()>",
    "<base href=//bait.example/>",
    "<meta http-equiv=refresh content='0;url=//bait.example/'>",
    "<link rel=stylesheet href=//bait.example/>",
    "<style>@import '//bait.example/';</style>",
    "<details open ontoggle=bait()>",
    "<video><source onerror=bait()></video>",
    "<template><bait-element></template>",
    "<noscript><bait-element></noscript>",
    "<!--><bait-element>-->",
    "<![CDATA[<bait-element>]]>",
    "&lt;script&gt;bait()&lt;/script&gt;",
    "&#60;bait-element&#62;",
    "{{ 7 * 7 }}{% for bait in () %}{{ config }}",
    "javascript:bait()",
    "data:text/html,<script>bait()</script>",
    "\u202e<bait-element>\u2066",
    "\x00<\x00bait-element>\x1b[31m",
)


def found_bait(markup: str) -> Iterator[str]:
    """Yield what a page holds that runs, that loads or leads to a script, or that bait brought."""
    tree = lxml.html.document_fromstring(
        markup.encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8")
    )
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in {"script", "base", "object", "embed", "noscript"} or MARK in element.tag:
            yield f"<{element.tag}>"
        if element.tag == "meta" and element.get("http-equiv"):
            yield "meta"
        for name, value in ((str(key), str(value)) for key, value in element.attrib.items()):
            is_address = name in {"href", "src", "action", "formaction", "data", "srcdoc", "xlink:href"}
            if name.startswith("on") or MARK in name or (is_address and _leads_wrong(value)):
                yield f"<{element.tag} {name}={value!r}>"


def _leads_wrong(value: str) -> bool:
    scheme = re.match(r"[\s\x00-\x20]*([a-z][a-z0-9+.-]*):", value, re.IGNORECASE)
    return scheme is not None and scheme[1].lower() not in {"http", "https"}
