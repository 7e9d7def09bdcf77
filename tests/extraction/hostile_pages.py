"""Pages made to break, hang or fool an extractor: named, and each made anew with the same bytes.

None is large or deep: each goes beyond the limits of `tests.extraction.lowered`, a hundredth of the real ones, so that
no test depends on what other software makes of a page that the limits exist for.
"""

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
    cases = {f"nested_{tag}": page(before=f"<{tag}>" * 200) for tag in deep}
    cases |= {
        f"nested_{tag}_around": page(text=f"<{tag}>" * 40 + TEXT + f"</{tag}>" * 40) for tag in deep[:6]
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
    cases |= {f"many_{tag}": page(after=f"<{tag}>x</{tag}>" * 200) for tag in many}
    cases |= {f"flood_{tag}": page(before=f"<{tag}>x</{tag}>" * 900) for tag in ("p", "a", "span")}
    return cases


def _markup() -> dict[str, str]:
    return {
        "nested_without_end": page(before="<div>" * 1_000),
        "bold_in_one_paragraph": page(after="<p>" + "<b>x</b>" * 200 + "</p>"),
        "breaks_in_one_paragraph": page(after="<p>" + "x<br>" * 200 + "</p>"),
        "unclosed_paragraphs": page(after="<p>word" * 200),
        "unclosed_everything": page(after="<b><i><u><a><font>" * 200),
        "crossed_tags": page(after="<b><i>x</b></i>" * 200),
        "end_tags_only": page(before="</div>" * 500),
        "attributes": page(before="<div " + " ".join(f"a{n}=1" for n in range(640)) + ">"),
        "attributes_repeated": page(before="<div " + "class=x " * 300 + ">"),
        "attribute_long": page(before=f"<div class='{'x ' * 5_000}'>y</div>"),
        "class_words": page(text=f"<div class='{'article-body ' * 200}'>{TEXT}</div>"),
        "unclosed_attribute": page(after=f"<a href='{'x' * 2_000}"),
        "less_than_signs": page(after="<" * 2_000),
        "less_than_words": page(after="a < b " * 300),
        "greater_than_signs": page(after=">" * 5_000),
        "empty_comments": page(before="<!---->" * 500),
        "comment_starts": page(after="<!--" * 2_000),
        "unclosed_comment": page(after="<!-- never " + "closed " * 200),
        "comment_long": page(before=f"<!--{'x' * 20_000}-->"),
        "cdata": page(before="<![CDATA[" * 200),
        "processing_instructions": page(before="<?php echo ?>" * 300),
    }


def _containers() -> dict[str, str]:
    return {
        "unclosed_script": page(after="<script>" + "var x = '<p>';" * 200),
        "script_long": page(before=f"<script>{'x();' * 5_000}</script>"),
        "unclosed_title": page(head="<title>" + "never closed " * 200),
        "unclosed_textarea": page(after="<textarea>" + "x" * 1_000),
        "text_long": page(text=f"<p>{STORY * 550}</p>" + TEXT),
        "word_long": page(after=f"<p>{'x' * 10_000}</p>"),
        "spaces_many": page(after=f"<p>{' ' * 10_000}</p>"),
        "newlines_many": page(after=f"<pre>{chr(10) * 10_000}</pre>"),
        "tables_in_tables": page(before="<table><tr><td>" * 200),
        "table_of_many_cells": page(after="<table>" + "<tr><td>1<td>2<td>3</tr>" * 200 + "</table>"),
        "definition_lists": page(after="<dl><dt>a<dd>b" * 200),
        "headings": page(after="".join(f"<h{n % 6 + 1}>Heading {n}</h{n % 6 + 1}>" for n in range(200))),
        "links_of_one_letter": page(after="".join(f"<a href='/{n}'>n</a> " for n in range(200))),
        "nested_forms": page(before="<form>" * 200),
        "nested_framesets": page(before="<frameset>" * 200),
        "nested_lists": page(before="<ul><li>" * 200),
        "nested_svg": page(before="<svg><g>" * 200),
        "nested_math": page(before="<math><mrow>" * 200),
        "templates": page(before="<template>" * 200),
        "two_bodies": page() + page(),
        "hundred_htmls": page() + "<html><body>" * 100,
        "no_end_tags": page().replace("</p>", "").replace("</article>", ""),
        "upper_case": page().upper().replace("UTF-8", "utf-8"),
        "tag_name_long": page(after=f"<{'x' * 10_000}>"),
        "odd_tag_names": page(before="<a:b:c><_x><x.y><1><é>" * 200),
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
        "type_list": json.dumps(news | {"@type": ["NewsArticle"] * 200}),
        "authors_many": json.dumps(news | {"author": [{"name": f"Ann Writer{n}"} for n in range(200)]}),
        "keywords_many": json.dumps(news | {"keywords": [f"k{n}" for n in range(200)]}),
        "graph_long": json.dumps({"@graph": [news] * 200}),
        "deep_lists": "[" * 500,
        "deep_objects": '{"a":' * 500,
        "deep_valid": '{"@graph":[' * 40 + "]}" * 40,
        "open_string": '{"headline":"' + "x" * 5_000,
        "quotes": '\\"' * 1_000,
        "backslashes": '{"headline":"' + "\\" * 2_000 + '"}',
        "brackets": "(" * 2_000,
        "braces": "{}" * 1_000,
        "trailing_commas": '{"@type":"NewsArticle",' + "," * 1_000 + "}",
        "spaces": " " * 5_000,
        "over_the_limit": json.dumps(news | {"articleBody": "x" * 12_000}),
        "comment": "<!-- " + json.dumps(news) + " -->",
        "html_inside": json.dumps(news | {"headline": "<b>" * 200}),
        "entities": json.dumps(news | {"headline": "&amp;" * 200}),
        "surrogate": '{"@type":"NewsArticle","headline":"\\ud800 pier \\udfff"}',
        "nul": '{"@type":"NewsArticle","headline":"\\u0000 pier"}',
        "huge_number": '{"@type":"NewsArticle","wordCount":' + "9" * 1_000 + "}",
        "circular": json.dumps(
            {"@graph": [{"@id": "#a", "author": {"@id": "#b"}}, {"@id": "#b", "author": {"@id": "#a"}}]}
        ),
        "dates": json.dumps(news | {"datePublished": "1" * 500, "dateModified": "2031-" * 200}),
        "date_far": json.dumps(news | {"datePublished": "99999-99-99T99:99:99+99:99"}),
    }
    cases = {f"jsonld_{name}": _ld(text) for name, text in odd.items()}
    cases["jsonld_many_blocks"] = page(head="<script type='application/ld+json'>{}</script>" * 200)
    return cases


def _metas() -> dict[str, str]:
    metas = {
        "authors_many": "".join(f"<meta name=author content='Ann Writer{n}'>" for n in range(200)),
        "authors_as_properties": "".join(
            f"<meta property='article:author' content='A B{n}'>" for n in range(200)
        ),
        "author_long": f"<meta name=author content='{'Ann and ' * 200}'>",
        "author_brackets": f"<meta name=author content='{'(' * 500}'>",
        "title_long": f"<meta property='og:title' content='{'Pier | ' * 500}'>",
        "title_dashes": f"<title>{'- ' * 500}</title>",
        "description_tags": f"<meta name=description content='{'&lt;b' * 500}'>",
        "keywords": f"<meta name=keywords content='{'a,' * 1_000}'>",
        "tags_many": "<meta property='article:tag' content=x>" * 200,
        "refresh": "<meta http-equiv=refresh content='0;url=http://127.0.0.1/'>",
        "canonical_odd": "<link rel=canonical href='http://[::1'><link rel=canonical href='//'>",
        "canonical_long": f"<link rel=canonical href='https://example.com/{'a/' * 500}'>",
        "base_odd": "<base href='javascript:alert(1)'>",
        "date_long": f"<meta property='article:published_time' content='{'2031-05-02 ' * 200}'>",
        "image_data": f"<meta property='og:image' content='data:image/png;base64,{'A' * 5_000}'>",
        "microdata": "<span itemprop=author itemscope>" * 200,
        "language_odd": "<meta http-equiv=content-language content='" + "x-" * 200 + "'>",
    }
    return {f"meta_{name}": page(head=markup) for name, markup in metas.items()}


def _bait() -> dict[str, str]:
    lines = {
        "dates": "2031-05-02 " * 200,
        "digits": "1" * 2_000,
        "slashed_digits": "1/" * 1_000,
        "months": "May May 1 " * 200,
        "times": "12:00:" * 500,
        "by": "By " * 500,
        "by_names": "By Ann Writer and " * 200,
        "capitals": "A. B. " * 500,
        "brackets": "(" * 2_000,
        "nested_brackets": "([" * 500 + "])" * 500,
        "quotes": '"' * 2_000,
        "dashes": "- " * 1_000,
        "dots": "." * 5_000,
        "colons": "PHUKET: " * 300,
        "dateline": "AVILLE " * 200 + "(Reuters) -",
        "agencies": "(Reuters) (AP) (AFP) " * 200,
        "addresses": "http://a.b/?" + "a=b&" * 500,
        "mails": "a@b." * 500,
        "copyright": "© " * 500,
        "commas": "," * 5_000,
        "semicolons": "; " * 2_000,
        "combining": "a" + "\u0301" * 2_000,
        "joiners": "\u200d" * 2_000,
        "right_to_left": "\u202e" * 1_000,
        "tabs": "a\t" * 2_000,
        "pipes": "a | " * 500,
    }
    cases = {f"bait_{name}": page(before=f"<p>{line}</p>") for name, line in lines.items()}
    for name in ("dates", "digits", "by_names", "brackets", "colons"):
        cases[f"bait_{name}_byline"] = page(before=f"<div class='byline author date'>{lines[name]}</div>")
        cases[f"bait_{name}_time"] = page(before=f"<time datetime='{lines[name]}'>{lines[name]}</time>")
    cases["bait_bylines_many"] = page(before="<span class=byline>By Ann Writer</span>" * 200)
    cases["bait_times_many"] = page(before="<time datetime=2031-05-02>May 2</time>" * 200)
    return cases


def _declarations() -> dict[str, str]:
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 4))
    body = page().removeprefix("<!DOCTYPE html>")
    return {
        "doctype_long": f"<!DOCTYPE html {'x ' * 200}>{body}",
        "doctype_unclosed": f"<!DOCTYPE html [ {'<!ENTITY a b' * 200}",
        "doctype_often": "<!DOCTYPE html>" * 500 + body,
        "billion_laughs": f"<!DOCTYPE html [<!ENTITY l0 'lol'>{laughs}]>{body.replace('</h1>', '&l3;</h1>')}",
        "external_entity": f"<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{body.replace('</h1>', '&x;</h1>')}",
        "external_dtd": f"<!DOCTYPE html SYSTEM 'http://127.0.0.1:1/x.dtd'>{body}",
        "entities_many": page(after="&amp;" * 1_000),
        "entities_unknown": page(after="&nosuch;" * 500),
        "entities_unclosed": page(after="&" * 2_000),
        "entities_numbers": page(after="&#0;&#xD800;&#x110000;&#99999999999;" * 200),
        "entity_long": page(after=f"&#{'9' * 1_000};"),
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
    return {f"binary_{name}": start + noise(200) for name, start in magic.items()} | {
        "binary_noise": noise(3_000),
        "binary_noise_in_page": raw[:400] + noise(200) + raw[400:],
        "binary_gzip_page": gzip.compress(raw, mtime=0),
        "binary_deflate_page": zlib.compress(raw),
        "binary_nuls": b"\x00" * 10_000,
        "binary_ff": b"\xff" * 10_000,
        "empty": b"",
        "one_byte": b"<",
        "spaces": b" " * 1_000,
        "plain_text": b"only words, no markup " * 100,
        "json": b'{"a": [1, 2, 3]}',
        "page_of_most_bytes": raw + b" " * 510_000,
        "page_of_most_text": raw + b"<p>x</p>" * 19_000,
    }


def _feeds() -> dict[str, bytes]:
    loc = "<url><loc>https://example.com/a</loc></url>"
    return {
        "feed_as_page": b"<?xml version='1.0'?><rss><channel><item><title>x</title></item></channel></rss>",
        "sitemap_as_page": f"<urlset>{loc * 500}</urlset>".encode(),
        "sitemap_index_as_page": b"<sitemapindex><sitemap><loc>x</loc></sitemap></sitemapindex>",
        "atom_as_page": b"<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>",
        "svg_as_page": b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 200,
        "opml_as_page": b"<opml>" + b"<outline text='x'>" * 200,
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
