"""Pages made to break, hang or fool an extractor: named, and each made anew with the same bytes."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WORD = "Ellerymünde"
"""Stands in every page whose text is known, with an umlaut that a wrong encoding would spoil."""
STORY = (
    f"The harbour council of {WORD} voted on Tuesday to rebuild the old ferry pier before the winter storms. "
    "Two residents spoke against the plan, which costs less than the tram line of the northern quarter. "
)
TEXT = "".join(f"<p>Part {part}: {STORY}</p>" for part in range(6))


def page(
    *, head: str = "", before: str = "", after: str = "", text: str = TEXT, open_: str = "<html>"
) -> str:
    """Return a page with a known article, and what is hostile around it."""
    return (
        f"<!DOCTYPE html>{open_}<head><meta charset='utf-8'><title>Pier</title>{head}</head><body>{before}"
        f"<article><h1>The ferry pier of {WORD}</h1>{text}</article>{after}</body></html>"
    )


def _structure() -> dict[str, str]:
    deep = (
        "div",
        "span",
        "b",
        "font",
        "table",
        "ul",
        "center",
        "blockquote",
        "section",
        "x-widget",
        "em",
        "a",
    )
    cases = {f"nested_{tag}": page(before=f"<{tag}>" * 20_000) for tag in deep}
    cases |= {
        f"nested_{tag}_around": page(text=f"<{tag}>" * 400 + TEXT + f"</{tag}>" * 400) for tag in deep[:6]
    }
    many = (
        "p",
        "b",
        "i",
        "a",
        "br",
        "nav",
        "li",
        "td",
        "option",
        "h1",
        "img",
        "form",
        "input",
        "iframe",
        "script",
        "style",
        "svg",
        "select",
        "aside",
        "header",
    )
    cases |= {f"many_{tag}": page(after=f"<{tag}>x</{tag}>" * 3_000) for tag in many}
    cases |= {f"flood_{tag}": page(before=f"<{tag}>x</{tag}>" * 90_000) for tag in ("p", "a", "span")}
    return cases


def _markup() -> dict[str, str]:
    return {
        "nested_100000": page(before="<div>" * 100_000),
        "bold_in_one_paragraph": page(after="<p>" + "<b>x</b>" * 4_000 + "</p>"),
        "breaks_in_one_paragraph": page(after="<p>" + "x<br>" * 8_000 + "</p>"),
        "unclosed_paragraphs": page(after="<p>word" * 8_000),
        "unclosed_everything": page(after="<b><i><u><a><font>" * 2_000),
        "crossed_tags": page(after="<b><i>x</b></i>" * 10_000),
        "end_tags_only": page(before="</div>" * 50_000),
        "attributes_64000": page(before="<div " + " ".join(f"a{n}=1" for n in range(64_000)) + ">"),
        "attributes_repeated": page(before="<div " + "class=x " * 30_000 + ">"),
        "attribute_of_1_mb": page(before=f"<div class='{'x ' * 500_000}'>y</div>"),
        "class_words": page(text=f"<div class='{'article-body ' * 20_000}'>{TEXT}</div>"),
        "unclosed_attribute": page(after=f"<a href='{'x' * 200_000}"),
        "less_than_signs": page(after="<" * 200_000),
        "less_than_words": page(after="a < b " * 30_000),
        "greater_than_signs": page(after=">" * 500_000),
        "empty_comments": page(before="<!---->" * 50_000),
        "comment_starts": page(after="<!--" * 200_000),
        "unclosed_comment": page(after="<!-- never " + "closed " * 10_000),
        "comment_of_2_mb": page(before=f"<!--{'x' * 2_000_000}-->"),
        "cdata": page(before="<![CDATA[" * 20_000),
        "processing_instructions": page(before="<?php echo ?>" * 30_000),
    }


def _containers() -> dict[str, str]:
    return {
        "unclosed_script": page(after="<script>" + "var x = '<p>';" * 5_000),
        "script_of_2_mb": page(before=f"<script>{'x();' * 500_000}</script>"),
        "unclosed_title": page(head="<title>" + "never closed " * 5_000),
        "unclosed_textarea": page(after="<textarea>" + "x" * 100_000),
        "text_of_11_mb": page(text=f"<p>{STORY * 55_000}</p>" + TEXT),
        "word_of_1_mb": page(after=f"<p>{'x' * 1_000_000}</p>"),
        "spaces_1_mb": page(after=f"<p>{' ' * 1_000_000}</p>"),
        "newlines_1_mb": page(after=f"<pre>{chr(10) * 1_000_000}</pre>"),
        "tables_in_tables": page(before="<table><tr><td>" * 3_000),
        "table_of_9000_cells": page(after="<table>" + "<tr><td>1<td>2<td>3</tr>" * 3_000 + "</table>"),
        "definition_lists": page(after="<dl><dt>a<dd>b" * 5_000),
        "headings": page(after="".join(f"<h{n % 6 + 1}>Heading {n}</h{n % 6 + 1}>" for n in range(5_000))),
        "links_of_one_letter": page(after="".join(f"<a href='/{n}'>n</a> " for n in range(4_000))),
        "nested_forms": page(before="<form>" * 2_000),
        "nested_framesets": page(before="<frameset>" * 2_000),
        "nested_lists": page(before="<ul><li>" * 5_000),
        "nested_svg": page(before="<svg><g>" * 3_000),
        "nested_math": page(before="<math><mrow>" * 3_000),
        "templates": page(before="<template>" * 3_000),
        "two_bodies": page() + page(),
        "hundred_htmls": page() + "<html><body>" * 100,
        "no_end_tags": page().replace("</p>", "").replace("</article>", ""),
        "upper_case": page().upper().replace("UTF-8", "utf-8"),
        "tag_of_a_megabyte": page(after=f"<{'x' * 1_000_000}>"),
        "odd_tag_names": page(before="<a:b:c><_x><x.y><1><é>" * 1_000),
    }


def _ld(text: str) -> str:
    return page(head=f"<script type='application/ld+json'>{text}</script>")


def _linked_data() -> dict[str, str]:
    news = {"@type": "NewsArticle", "headline": "Pier"}
    odd = {
        "nan": '{"@type":"NewsArticle","headline":NaN,"datePublished":Infinity}',
        "number_headline": json.dumps(news | {"headline": 7, "author": 8, "datePublished": 9}),
        "list_headline": json.dumps(news | {"headline": ["a", ["b"]], "author": [[["x"]]]}),
        "object_everything": json.dumps({"@type": {"a": 1}, "headline": {"b": {}}, "author": {"name": {}}}),
        "null_everything": json.dumps(dict.fromkeys(("@type", "headline", "author", "image", "@graph"))),
        "type_list": json.dumps(news | {"@type": ["NewsArticle"] * 5_000}),
        "authors_3000": json.dumps(news | {"author": [{"name": f"Ann Writer{n}"} for n in range(3_000)]}),
        "keywords_20000": json.dumps(news | {"keywords": [f"k{n}" for n in range(20_000)]}),
        "graph_20000": json.dumps({"@graph": [news] * 20_000}),
        "deep_lists": "[" * 50_000,
        "deep_objects": '{"a":' * 50_000,
        "deep_valid": '{"@graph":[' * 400 + "]}" * 400,
        "open_string": '{"headline":"' + "x" * 500_000,
        "quotes": '\\"' * 100_000,
        "backslashes": '{"headline":"' + "\\" * 200_000 + '"}',
        "brackets": "(" * 200_000,
        "braces": "{}" * 100_000,
        "trailing_commas": '{"@type":"NewsArticle",' + "," * 100_000 + "}",
        "spaces": " " * 500_000,
        "over_1_mb": json.dumps(news | {"articleBody": "x" * 1_200_000}),
        "comment": "<!-- " + json.dumps(news) + " -->",
        "html_inside": json.dumps(news | {"headline": "<b>" * 20_000}),
        "entities": json.dumps(news | {"headline": "&amp;" * 20_000}),
        "surrogate": '{"@type":"NewsArticle","headline":"\\ud800 pier \\udfff"}',
        "nul": '{"@type":"NewsArticle","headline":"\\u0000 pier"}',
        "huge_number": '{"@type":"NewsArticle","wordCount":' + "9" * 100_000 + "}",
        "circular": json.dumps(
            {"@graph": [{"@id": "#a", "author": {"@id": "#b"}}, {"@id": "#b", "author": {"@id": "#a"}}]}
        ),
        "dates": json.dumps(news | {"datePublished": "1" * 50_000, "dateModified": "2031-" * 20_000}),
        "date_far": json.dumps(news | {"datePublished": "99999-99-99T99:99:99+99:99"}),
    }
    cases = {f"jsonld_{name}": _ld(text) for name, text in odd.items()}
    cases["jsonld_5000_blocks"] = page(head="<script type='application/ld+json'>{}</script>" * 5_000)
    return cases


def _metas() -> dict[str, str]:
    metas = {
        "authors_1000": "".join(f"<meta name=author content='Ann Writer{n}'>" for n in range(1_000)),
        "authors_10000": "".join(f"<meta property='article:author' content='A B{n}'>" for n in range(10_000)),
        "author_long": f"<meta name=author content='{'Ann and ' * 20_000}'>",
        "author_brackets": f"<meta name=author content='{'(' * 50_000}'>",
        "title_long": f"<meta property='og:title' content='{'Pier | ' * 50_000}'>",
        "title_dashes": f"<title>{'- ' * 50_000}</title>",
        "description_tags": f"<meta name=description content='{'&lt;b' * 50_000}'>",
        "keywords": f"<meta name=keywords content='{'a,' * 100_000}'>",
        "tags_20000": "<meta property='article:tag' content=x>" * 20_000,
        "refresh": "<meta http-equiv=refresh content='0;url=http://127.0.0.1/'>",
        "canonical_odd": "<link rel=canonical href='http://[::1'><link rel=canonical href='//'>",
        "canonical_long": f"<link rel=canonical href='https://example.com/{'a/' * 50_000}'>",
        "base_odd": "<base href='javascript:alert(1)'>",
        "date_long": f"<meta property='article:published_time' content='{'2031-05-02 ' * 10_000}'>",
        "image_data": f"<meta property='og:image' content='data:image/png;base64,{'A' * 500_000}'>",
        "microdata": "<span itemprop=author itemscope>" * 2_000,
        "language_odd": "<meta http-equiv=content-language content='" + "x-" * 20_000 + "'>",
    }
    return {f"meta_{name}": page(head=markup) for name, markup in metas.items()}


def _bait() -> dict[str, str]:
    lines = {
        "dates": "2031-05-02 " * 20_000,
        "digits": "1" * 200_000,
        "slashed_digits": "1/" * 100_000,
        "months": "May May 1 " * 20_000,
        "times": "12:00:" * 50_000,
        "by": "By " * 50_000,
        "by_names": "By Ann Writer and " * 10_000,
        "capitals": "A. B. " * 50_000,
        "brackets": "(" * 200_000,
        "nested_brackets": "([" * 50_000 + "])" * 50_000,
        "quotes": '"' * 200_000,
        "dashes": "- " * 100_000,
        "dots": "." * 500_000,
        "colons": "PHUKET: " * 30_000,
        "dateline": "AVILLE " * 20_000 + "(Reuters) -",
        "agencies": "(Reuters) (AP) (AFP) " * 10_000,
        "addresses": "http://a.b/?" + "a=b&" * 50_000,
        "mails": "a@b." * 50_000,
        "copyright": "© " * 50_000,
        "commas": "," * 500_000,
        "semicolons": "; " * 200_000,
        "combining": "a" + "\u0301" * 200_000,
        "joiners": "\u200d" * 200_000,
        "right_to_left": "\u202e" * 100_000,
        "tabs": "a\t" * 200_000,
        "pipes": "a | " * 50_000,
    }
    cases = {f"bait_{name}": page(before=f"<p>{line}</p>") for name, line in lines.items()}
    for name in ("dates", "digits", "by_names", "brackets", "colons"):
        cases[f"bait_{name}_byline"] = page(before=f"<div class='byline author date'>{lines[name]}</div>")
        cases[f"bait_{name}_time"] = page(before=f"<time datetime='{lines[name]}'>{lines[name]}</time>")
    cases["bait_bylines_5000"] = page(before="<span class=byline>By Ann Writer</span>" * 5_000)
    cases["bait_times_5000"] = page(before="<time datetime=2031-05-02>May 2</time>" * 5_000)
    return cases


def _declarations() -> dict[str, str]:
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    body = page().removeprefix("<!DOCTYPE html>")
    return {
        "doctype_40_kb": f"<!DOCTYPE html {'x ' * 20_000}>{body}",
        "doctype_unclosed": f"<!DOCTYPE html [ {'<!ENTITY a b' * 5_000}",
        "doctype_500": "<!DOCTYPE html>" * 500 + body,
        "billion_laughs": f"<!DOCTYPE html [<!ENTITY l0 'lol'>{laughs}]>{body.replace('</h1>', '&l11;</h1>')}",
        "external_entity": f"<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{body.replace('</h1>', '&x;</h1>')}",
        "external_dtd": f"<!DOCTYPE html SYSTEM 'http://127.0.0.1:1/x.dtd'>{body}",
        "entities_100000": page(after="&amp;" * 100_000),
        "entities_unknown": page(after="&nosuch;" * 50_000),
        "entities_unclosed": page(after="&" * 200_000),
        "entities_numbers": page(after="&#0;&#xD800;&#x110000;&#99999999999;" * 10_000),
        "entity_long": page(after=f"&#{'9' * 100_000};"),
        "xml_declared": f"<?xml version='1.0' encoding='utf-8'?>{page()}",
        "xml_wrong": f"<?xml version='1.0' encoding='utf-16'?>{page()}",
    }


def _encodings() -> dict[str, bytes]:
    good = page()
    other = good.replace("charset='utf-8'", "charset='{}'")
    cases = {
        f"charset_{name}": other.format(name).encode(name)
        for name in ("windows-1252", "iso-8859-1", "iso-8859-15", "mac-roman", "cp850", "utf-7")
        if name != "utf-7"
    }
    raw = good.encode()
    return cases | {
        "charset_unknown": other.format("x-no-such").encode(),
        "charset_codec_zip": other.format("zip").encode(),
        "charset_lies_latin1": other.format("iso-8859-1").encode(),
        "charset_lies_utf16": other.format("utf-16").encode(),
        "charset_lies_utf8": good.encode("cp1252"),
        "utf16_le": b"\xff\xfe" + good.encode("utf-16-le"),
        "utf16_be": b"\xfe\xff" + good.encode("utf-16-be"),
        "utf8_bom": b"\xef\xbb\xbf" + raw,
        "bad_byte": raw.replace(b"Tuesday", b"Tues\xffday", 1),
        "bad_bytes_20": raw.replace(b"winter", b"wint\xe9r"),
        "cut_in_a_character": raw[: raw.rindex("ü".encode()) + 1],
        "nuls": raw.replace(b"harbour", b"har\x00bour"),
        "control_characters": raw.replace(b"harbour", b"har\x01\x08\x1bbour"),
        "surrogates": raw.replace(b"harbour", b"har\xed\xa0\x80bour", 1),
        "noncharacters": good.replace("harbour", "har\uffff\ufffebour").encode(),
        "escape_sequences": good.replace("harbour", "\x1b[31mharbour\x1b[0m").encode(),
    }


def _binaries() -> dict[str, bytes]:
    noise = random.Random(8).randbytes
    raw = page().encode()
    magic = {
        "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "gif": b"GIF89a", "pdf": b"%PDF-1.7\n",
        "zip": b"PK\x03\x04", "gzip_magic": b"\x1f\x8b\x08", "elf": b"\x7fELF", "mp3": b"ID3\x03", "ogg": b"OggS",
    }  # fmt: skip
    return {f"binary_{name}": start + noise(20_000) for name, start in magic.items()} | {
        "binary_noise": noise(300_000),
        "binary_noise_in_page": raw[:400] + noise(5_000) + raw[400:],
        "binary_gzip_page": gzip.compress(raw, mtime=0),
        "binary_deflate_page": zlib.compress(raw),
        "binary_nuls": b"\x00" * 1_000_000,
        "binary_ff": b"\xff" * 1_000_000,
        "empty": b"",
        "one_byte": b"<",
        "spaces": b" " * 100_000,
        "plain_text": b"only words, no markup " * 100,
        "json": b'{"a": [1, 2, 3]}',
        "page_of_51_mb": raw + b" " * 51_000_000,
        "page_of_15_mb": raw + b"<p>x</p>" * 1_900_000,
    }


def _feeds() -> dict[str, bytes]:
    loc = "<url><loc>https://example.com/a</loc></url>"
    return {
        "feed_as_page": b"<?xml version='1.0'?><rss><channel><item><title>x</title></item></channel></rss>",
        "sitemap_as_page": f"<urlset>{loc * 50_000}</urlset>".encode(),
        "sitemap_index_as_page": b"<sitemapindex><sitemap><loc>x</loc></sitemap></sitemapindex>",
        "atom_as_page": b"<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>",
        "svg_as_page": b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 20_000,
        "opml_as_page": b"<opml>" + b"<outline text='x'>" * 20_000,
    }


FAMILIES: dict[str, Callable[[], dict[str, str] | dict[str, bytes]]] = {
    "structure": _structure,
    "markup": _markup,
    "containers": _containers,
    "linked data": _linked_data,
    "metas": _metas,
    "bait": _bait,
    "declarations": _declarations,
    "encodings": _encodings,
    "binaries": _binaries,
    "feeds": _feeds,
}


def hostile_pages() -> dict[str, bytes]:
    """Return every case by name."""
    return {
        name: content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        for family in FAMILIES.values()
        for name, content in family().items()
    }
