"""Addresses: one article, one address.

The rules are short and our own, because the libraries each miss some: AMP in path, query, host and at the
ampproject.org cache, hosts for phones, print forms, and http beside https.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

import idna

from scraper.writing import with_few_marks

TRACKING = re.compile(
    r"""(?: utm_ | pk_ | mtm_ | matomo_ | ns_ | at_ | hsa_ | amp_ | __hs ) .*
    | fbclid | gclid | gclsrc | dclid | gbraid | wbraid | msclkid | yclid | twclid | ttclid | igshid
    | igsh | li_fat_id | mc_cid | mc_eid | _ga | _gl | _hsenc | _hsmi | hsctatracking | mkt_tok | vero_id
    | vero_conv | oly_anon_id | oly_enc_id | wickedid | rb_clickid | s_cid | s_kwcid | ncid | cmpid | cmp
    | campaign_id | cmp_id | icid | ito | icmp | smid | smtyp | spref | sref | sr_share | soc_src | soc_trk
    | ref_src | ref_url | referrer | xtor | guccounter | guce_referrer | guce_referrer_sig | feature_cid
    | echobox | wt_mc | wt_zmc | rss | partner | __twitter_impression | usqp | outputtype | fb_action_ids
    | fb_action_types | fb_source | fb_ref""",
    re.IGNORECASE | re.VERBOSE,
)
"""Query parameters that name the reader, the campaign or the feed, never the article."""
FROM = frozenset({"ref", "referer", "src", "source", "via", "from", "origin"})
"""Query parameters that name the page or place the reader came from, where their value has no digit: else it
may be what names the article."""
BEARER_NAMES = r"""(?:[\w-]+[_-])?(?:token|jwt|secret|signature|password|passwd|passphrase|api_?key)
    | api-key | access[_-]key(?:[_-]id)? | pwd | sig | hmac | credentials? | session_?id | phpsessid
    | (?:x-amz|x-goog|x-oss)-[\w-]+ | awsaccesskeyid"""
"""Query parameters that let their bearer in; verbose, for re."""
_BEARER = re.compile(BEARER_NAMES, re.IGNORECASE | re.VERBOSE)
_DIGIT = re.compile(r"\d|%[0-9A-Fa-f]{2}")
RENDERING = {
    "amp": {"", "1", "true", "yes"},
    "print": {"", "1", "true", "yes", "y"},
    "printable": {"", "1", "true", "yes"},
    "output": {"amp", "print"},
    "view": {"amp", "print"},
    "mode": {"amp", "print"},
    "format": {"amp", "print"},
    "m": {"1"},
    "mobile": {"", "1", "true"},
}
"""Query parameters whose listed values ask for another rendering of the same article."""
PHONE_LABELS = frozenset({"m", "mobile", "amp", "touch", "wap"})
DEFAULT_PORTS = {"http": 80, "https": 443}
INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|shtml|jsp)$", re.IGNORECASE)
RENDERING_PATH = re.compile(
    r"/amp(?:\.html?)?/?$|\.amp(?=\.html?$|$)|-amp(?=\.html?$)|(?<=.)/print(?:able)?/?$|;jsessionid=[^/]*$",
    re.IGNORECASE,
)
AMP_CACHE = re.compile(r"^/[a-z](?:/s)?/(?P<rest>[^/]+\..*)$")
PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$'()*,;:@/")
"""The bytes that a path or query shows as they are; every other is percent-encoded."""
ALL_PLAIN = re.compile(r"[A-Za-z0-9\-._~!$'()*,;:@/]*")
_WHOLE = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?/[A-Za-z0-9\-._~%/@,]*(?:\?[A-Za-z0-9\-._~%/@,=&+:]+)?")
"""An address that nothing is to be joined to: joining would parse it twice to say the same."""
UNSEEN = re.compile(r"[\s\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")
"""White space, control characters and others that print nothing."""
MISSING_HOST = re.compile(r"^(https?:)/*", re.IGNORECASE)


def canonical_url(url: str) -> str:
    """Return the address that names the article: the same for its AMP, phone, print and tracked forms.

    An identity, not a place to fetch from: http becomes https. Never fails: what is no http address comes
    back stripped of white space. ``canonical_url(canonical_url(x)) == canonical_url(x)``.

    >>> canonical_url("HTTP://M.Example.com:80/a/b/amp/?utm_source=x&b=2&a=1#top")
    'https://example.com/a/b?a=1&b=2'
    """
    address = UNSEEN.sub("", url)
    # one pass may uncover what the next removes: /%61mp/story, an address in an AMP cache
    while (folded := _fold(address)) != address:
        address = folded
    return address


def without_secrets(url: str) -> str:
    """Return the address without user info and the parameters that let their bearer in.

    >>> without_secrets("https://me:pw@a.example/x?page=2&X-Amz-Signature=0f#top")
    'https://a.example/x?page=2#top'
    """
    if "@" not in url and "=" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    open_pairs = {
        name: "&".join(pair for pair in pairs.split("&") if not _BEARER.fullmatch(pair.partition("=")[0]))
        for name, pairs in (("query", parts.query), ("fragment", parts.fragment))
    }
    found = parts._replace(netloc=parts.netloc.rpartition("@")[2], **open_pairs)
    return url if found == parts else found.geturl()


def without_user_info(url: str) -> str:
    """Return the address without the name and password before its host.

    >>> without_user_info("https://me:pw@a.example/x")
    'https://a.example/x'
    """
    if "@" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else url


def absolute_url(base: str, address: str) -> str | None:
    """Return an address as a page at `base` means it; None for one that no program can read.

    >>> absolute_url("https://example.com/a", "/b"), absolute_url("https://example.com/", "http://[::1")
    ('https://example.com/b', None)
    """
    address = address.strip()
    if _WHOLE.fullmatch(address):
        return address
    try:
        joined = urljoin(base, address)
        return joined if joined.isascii() else web_url(joined)
    except ValueError:
        return None


@lru_cache(1024)  # a page's addresses are named again and again while it is decided on
def _fold(address: str) -> str:
    """Return the address with each rule applied once."""
    try:
        parts = urlsplit(MISSING_HOST.sub(r"\1//", address))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return address
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not host:
        return address
    if cached := _from_amp_cache(host, parts.path):
        return cached + (f"?{parts.query}" if parts.query else "")
    authority = _host(host)
    if not authority:
        return address
    if port not in {None, *DEFAULT_PORTS.values()}:
        authority = f"{authority}:{port}"
    query = _query(parts.query)
    return f"https://{authority}{_path(parts.path)}{'?' + query if query else ''}"


def _from_amp_cache(host: str, path: str) -> str | None:
    """Return the address inside an AMP cache's address, such as cdn.ampproject.org/c/s/example.com/story."""
    is_viewer = host in {"www.google.com", "google.com"} and path.startswith("/amp/")
    if not is_viewer and not host.endswith("ampproject.org"):
        return None
    found = AMP_CACHE.match(path.removeprefix("/amp") if is_viewer and path.startswith("/amp/s/") else path)
    rest = found["rest"] if found else None
    if is_viewer:
        rest = path.removeprefix("/amp/").removeprefix("s/")
    return f"https://{rest}" if rest and "." in rest.split("/")[0] else None


def _host(host: str) -> str:
    """Return the host in ASCII, without a trailing dot, www and labels for phones and AMP.

    www goes because sites answer on both; a label goes only where two others remain.
    """
    host = unicodedata.normalize("NFKC", host).lower().strip(".")
    if ":" in host:
        return f"[{host}]"
    name = ascii_host(host)
    labels = name.split(".")
    if labels[-1].isdigit():
        return name  # an IPv4 address
    if len(labels) > 2 and labels[0] == "www":  # noqa: PLR2004 - a name and its ending must remain
        labels = labels[1:]
    if len(labels) > 2 and labels[0] in PHONE_LABELS:  # noqa: PLR2004
        labels = labels[1:]
    return ".".join(labels)


def ascii_host(host: str) -> str:
    """Return a host as names are resolved, in small letters: IDNA 2008, in which ß is not ss.

    >>> ascii_host("Bücher.test"), ascii_host("straße.test")
    ('xn--bcher-kva.test', 'xn--strae-oqa.test')
    """
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:  # signs that no registry takes, which browsers resolve all the same
        try:
            return host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return quote(host, safe=".")


def web_url(url: str) -> str:
    """Return an address that can be asked for: its host in ASCII.

    >>> web_url("http://bücher.test:8080/ä")
    'http://xn--bcher-kva.test:8080/ä'
    """
    parts = urlsplit(url)
    if parts.netloc.isascii() or not parts.hostname:
        return url
    user, at, _ = parts.netloc.rpartition("@")
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{user}{at}{ascii_host(parts.hostname)}{port}").geturl()


def _path(path: str) -> str:
    """Return the path without AMP and index pages, dot segments resolved, percent-encoding in one form."""
    path = re.sub(r"/{2,}", "/", path)
    path = _without_dots(path)
    while path.lower().startswith("/amp/") and len(path) > len("/amp/"):
        path = path[4:]
    while (shorter := _without_rendering(path)) != path:
        path = shorter
    return _percent(path) or "/"


def _without_rendering(path: str) -> str:
    """Return the path without what its last segment says of the rendering; only that segment is looked at."""
    path = path.rstrip("/")
    start = max(path.rfind("/") - 1, 0)
    return path[:start] + RENDERING_PATH.sub("", INDEX_PAGE.sub("", path[start:]))


def _without_dots(path: str) -> str:
    """Return the path with ``.`` and ``..`` resolved as RFC 3986 does."""
    if "." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    """Return the parameters that name the article, sorted."""
    kept = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if not pair or TRACKING.fullmatch(name) or value.lower() in RENDERING.get(name.lower(), ()):
            continue
        if _BEARER.fullmatch(name) or (name.lower() in FROM and not _DIGIT.search(value)):
            continue
        kept.append(_percent(name) + ("=" + _percent(value) if value else ""))
    return "&".join(sorted(dict.fromkeys(kept)))


def _percent(text: str) -> str:
    """Return the text percent-encoded once: what stands plain, encoded or in parts of letters is the same."""
    if ALL_PLAIN.fullmatch(text):
        return text
    raw = unquote_to_bytes(text.encode("utf-8", "replace"))
    if not raw.isascii():
        with suppress(UnicodeDecodeError):
            raw = unicodedata.normalize("NFC", with_few_marks(raw.decode())).encode()
    return "".join(chr(byte) if byte in PLAIN else f"%{byte:02X}" for byte in raw)
