"""Real crawls of pages that their scripts make, by the Chromium of this machine."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from scraper import settings as own
from scraper.crawl.download.replay import replay_settings
from scraper.crawl.rendering.chromium import find_browser
from scraper.fixtures.cases import ReplyAddress
from scraper.fixtures.server import FixtureServer
from scraper.store import ArticleQuery, open_store
from tests.crawl.rendering.scripted import (
    APP,
    BROKEN,
    CDN,
    CONSENT,
    DAY,
    SETTINGS,
    as_json,
    descendants,
    paragraphs,
    script,
    scripted,
    shell,
    shown,
)
from tests.crawl.site import HOST, Ended, crawl, crawl_all, html, path, serving, site, start
from tests.crawl.test_ssrf import ANSWERS, INSIDE, OUTSIDE, PAGES, PRIVATE, SITE, _serving
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.fixtures.cases import Reply
    from scraper.fixtures.replies import Recording

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(find_browser() is None, reason="no Chromium is installed"),
]

HIDDEN = "/2031/05/02/of-private-data"


class Seen(NamedTuple):
    ended: Ended
    bodies: dict[str, str]
    sources: dict[str, dict[str, str]]
    asked: list[str]


def look(tmp: Path, replies: dict[str, Reply], target: str = f"http://{HOST}/", **settings: Any) -> Seen:
    """Crawl a site, and return what came of it."""
    with serving(site(**scripted(**replies))) as server:
        ended = crawl(server.port, tmp / "a.db", target, {**SETTINGS, **settings})
        asked = [f"{each.address.host}{each.address.path}" for each in server.exchanges]
    bodies, sources = {}, {}
    with open_store(f"sqlite:///{tmp}/a.db") as store:
        for each in store.articles(ArticleQuery()):
            where = (each.article.url or "").partition(HOST)[2]
            bodies[where] = each.article.body
            sources[where] = {name: found.source for name, found in each.article.provenance.items()}
    return Seen(ended, bodies, sources, asked)


FLOOD = "for (let at = 0; at < 5000; at++) fetch('/data/' + at + '.json').catch(() => 0);"
WAYS = {
    f"{DAY}/by-a-fetch-of-json": shell(
        1, "fetch('/data/one.json').then(each => each.json()).then(each => show(each))"
    ),
    f"{DAY}/by-a-late-insertion": shell(2, f"setTimeout(() => {shown(2)}, 300)"),
    f"{DAY}/in-a-shadow-tree": shell(
        3,
        f"show({json.dumps(paragraphs(3))}, document.getElementById('app').attachShadow({{mode: 'closed'}}))",
    ),
    f"{DAY}/by-a-worker": shell(
        4,
        "const code = `fetch('http://" + HOST + "/data/four.json').then(each => each.json())"
        ".then(each => postMessage(each))`;"
        "new Worker(URL.createObjectURL(new Blob([code]))).onmessage = told => show(told.data);",
    ),
    f"{DAY}/behind-a-consent-overlay": shell(
        5,
        f"{shown(5)}; const over = document.createElement('div'); over.setAttribute('role', 'dialog');"
        f"over.id = 'cookie-consent'; over.innerHTML = '<h2>Your privacy</h2><p>{CONSENT}</p>"
        "<button id=accept>Accept</button>'; document.body.append(over);"
        "document.getElementById('accept').onclick = () => fetch('/clicked')",
    ),
    f"{DAY}/that-never-rests": shell(6, f"{shown(6)}; setInterval(() => document.title += '.', 50)"),
    f"{DAY}/that-never-ends": shell(7, f"{shown(7)}; while (true) {{}}"),
    f"{DAY}/that-floods": shell(8, shown(8) + ";" + FLOOD),
    f"{DAY}/that-leads-away": shell(9, f"{shown(9)}; document['location'] = '/elsewhere'"),
    HIDDEN: shell(
        10,
        "fetch('/private/ten.json').then(each => each.json()).then(each => show(each))"
        f".catch(() => {shown(10)})",
    ),
    "/data/one.json": as_json(paragraphs(1)),
    "/data/four.json": as_json(paragraphs(4)),
    "/private/ten.json": as_json(["What robots.txt forbids."]),
}


TEXTS = {
    "by-a-fetch-of-json": 1,
    "by-a-late-insertion": 2,
    "in-a-shadow-tree": 3,
    "by-a-worker": 4,
    "behind-a-consent-overlay": 5,
    "that-never-rests": 6,
    "that-floods": 8,
    "that-leads-away": 9,
    "of-private-data": 10,
}


def test_a_text_that_a_script_brings_is_the_article_and_what_it_asks_for_is_asked_politely(
    tmp_path: Path,
) -> None:
    """One crawl of all ways: a script that never ends costs its own page; scripts are asked for once."""
    seen = look(tmp_path, WAYS, NEWS_RENDER_REQUESTS=5, NEWS_RENDER_PAGES=3, NEWS_RENDER_MEMORY=4000)
    counts, asked = seen.ended.counts, [where.removeprefix(HOST) for where in seen.asked]

    assert seen.bodies == {f"{DAY}/{where}": whole(number) for where, number in TEXTS.items()}
    assert {sources["page"] for sources in seen.sources.values()} == {"rendered"}
    assert counts["failed/render_hung"] == 1
    assert counts["render/browsers"] == 2
    assert counts["fetched"] == len(TEXTS)
    assert counts["rendered"] == len(TEXTS) + 1  # the home page
    assert "/private/ten.json" not in asked
    assert counts["render/refused/robots"] == 1
    assert sum(where.startswith("/data/") and where[6].isdigit() for where in asked) == 5
    assert counts["render/refused/requests"] > 0
    assert asked.count("/app.js") == 1
    assert not {"/style.css", "/icon.png", "/favicon.ico", "/elsewhere", "/clicked"} & set(asked)


def test_a_site_says_what_is_pressed_how_far_is_scrolled_and_what_else_is_loaded(tmp_path: Path) -> None:
    """Another one, which names an element as no browser understands it, is told so."""
    more = (
        "let left = 2; const more = document.createElement('button'); more.className = 'more';"
        "more.onclick = () => { show([texts[4 - left]]); if (!--left) more.remove(); };"
        "document.body.append(more);"
    )
    endless = "document.body.append(Object.assign(document.createElement('button'),{className: 'more'}));"
    grown = (
        "let at = 0; document.body.style.height = '5000px'; addEventListener('scroll', () => {"
        " if (at < 4) show([texts[at++]]); document.body.style.height = 5000 + 1000 * at + 'px' });"
    )
    pages = {
        f"{DAY}/behind-a-button": shell(
            1,
            f"const texts = {json.dumps(paragraphs(1))}; show(texts.slice(0, 2)); {more}",
        ),
        f"{DAY}/with-an-endless-button": shell(2, f"{shown(2)}; {endless}"),
        f"{DAY}/that-grows-by-scrolling": shell(3, f"const texts = {json.dumps(paragraphs(3))}; {grown}"),
        f"{DAY}/that-wants-consent": shell(
            4, f"document.getElementById('accept').onclick = () => {shown(4)}", "<div id='app'></div>"
            "<button id='accept'>Accept all</button>"
        ),
        f"{DAY}/of-a-script-of-others": shell(
            5, f"setTimeout(() => window.theirs && {shown(5)}, 150)",
            f"<div id='app'></div><script src='http://{CDN}/theirs.js'></script>"
            "<script src='http://tracker.test/count.js'></script>",
        ),
    }  # fmt: skip
    theirs = {
        ReplyAddress(CDN, "/theirs.js"): script("window.theirs = true"),
        ReplyAddress(BROKEN, "/"): html("<a href='/world/'>World</a>"),
    }
    with serving(site(**scripted(**pages)) | theirs) as server:
        given = {**SETTINGS, "NEWS_RENDER": False}
        _, broken = crawl_all(server.port, tmp_path / "a.db", ["declared", "broken"], given)
        hosts = {each.address.host for each in server.exchanges}
    with open_store(f"sqlite:///{tmp_path}/a.db") as store:
        bodies = {each.article.url: each.article.body for each in store.articles(ArticleQuery())}

    assert {
        f"http://{HOST}{where}": body for where, body in zip(pages, map(whole, range(1, 6)), strict=True)
    } == bodies
    assert hosts == {HOST, CDN, BROKEN}
    assert broken.exit_code == 1
    assert broken.counts["source/failed/render_failed"] == 1


def whole(number: int) -> str:
    return "\n".join(paragraphs(number))


class Heard:
    """Tells once, when a page has asked for what only these tests know."""

    def __init__(self, recording: Recording, told: Callable[[], object]) -> None:
        self.recording = recording
        self.told = [told]

    def find(self, url: str, /) -> Reply | None:
        if url.endswith("/data/fatal.json") and self.told:
            self.told.pop()()
        return self.recording.find(url)


def telling(told: Callable[[], object]) -> type[FixtureServer]:
    class Telling(FixtureServer):
        def __init__(self, recording: Recording) -> None:
            super().__init__(Heard(recording, told))

    return Telling


def kill_browser() -> None:
    for pid in descendants():
        os.kill(pid, signal.SIGKILL)


def test_a_crash_of_the_browser_costs_one_page_also_when_it_is_replayed_and_nothing_survives_the_crawl(
    tmp_path: Path,
) -> None:
    pages = {
        f"{DAY}/that-takes-it-down": shell(1, f"fetch('/data/fatal.json').then(() => 0); {shown(1)}"),
        f"{DAY}/that-comes-after-it": shell(2, shown(2)),
        f"{DAY}/that-comes-last-of-all": shell(3, shown(3)),
    }
    archive = str(tmp_path / "archive")
    given = {**SETTINGS, "NEWS_ARCHIVE": archive, "NEWS_ARCHIVE_LISTINGS": True}
    with serving(site(**scripted(**pages)), telling(kill_browser)) as server:
        ended = crawl(server.port, tmp_path / "a.db", f"http://{HOST}/", given)
    replayed = crawl(1, tmp_path / "b.db", f"http://{HOST}/", replay_settings(archive))

    assert ended.counts["failed/render_crash"] == replayed.counts["failed/render_crash"] == 1
    assert ended.counts["stored"] == replayed.counts["stored"] == 2
    assert not descendants()


def test_a_crawl_that_is_killed_leaves_no_browser_behind(tmp_path: Path) -> None:
    reached = threading.Event()

    page = shell(1, "fetch('/data/fatal.json').finally(() => { while (true) {} })")
    with serving(site(**scripted(**{f"{DAY}/that-never-ends": page})), telling(reached.set)) as server:
        started = start(server.port, tmp_path / "a.db", settings={**SETTINGS, "NEWS_RENDER_SECONDS": 600})
        assert reached.wait(PATIENCE)
        before = descendants()
        os.kill(started.process.pid or 0, signal.SIGKILL)
        started.process.join()

    assert before
    while any(is_running(pid) for pid in before):
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


PRIVATE_WAYS = """
const inside = 'INSIDE';
fetch(inside + '/by-fetch').catch(() => 0);
fetch('/2031/05/02/a-redirect-to-an-address').catch(() => 0);
fetch('/2031/05/02/a-redirect-to-a-name').catch(() => 0);
fetch('NAMED/by-name').catch(() => 0);
new WebSocket(inside.replace('http', 'ws') + '/by-socket');
new EventSource(inside + '/by-events');
navigator.sendBeacon(inside + '/by-beacon', 'x');
new Image().src = inside + '/by-image';
new Worker(URL.createObjectURL(new Blob([`fetch('${inside}/by-worker')`])));
new SharedWorker(URL.createObjectURL(new Blob([`fetch('${inside}/by-shared-worker')`])));
navigator.serviceWorker && navigator.serviceWorker.register('/worker.js').catch(() => 0);
for (const [name, given] of [['iframe', {src: '/by-frame'}], ['object', {data: '/by-object'}],
    ['video', {src: '/by-video'}], ['link', {rel: 'prefetch', href: '/by-prefetch'}],
    ['link', {rel: 'preconnect', href: '/'}], ['script', {src: '/by-script'}]]) {
  for (const key of ['src', 'data', 'href']) if (given[key]) given[key] = inside + given[key];
  document.body.append(Object.assign(document.createElement(name), given));
}
const peer = new RTCPeerConnection({iceServers: [{urls: inside.replace('http://', 'stun:')}]});
peer.createDataChannel('x');
peer.createOffer().then(each => peer.setLocalDescription(each));
setTimeout(() => { window.open(inside + '/by-window'); document['location'] = inside + '/by-leaving' }, 50);
"""


def test_no_way_out_of_a_page_leads_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside: list[str] = []
    inside: list[str] = []
    with _serving((OUTSIDE, 0), outside) as port, _serving((INSIDE, port), inside):
        named = f"http://{PRIVATE}:{port}"
        tries = PRIVATE_WAYS.replace("INSIDE", f"http://{INSIDE}:{port}").replace("NAMED", named)
        lead = f"<meta property='og:image' content='http://{INSIDE}:{port}/by-lead.png'></head>"
        content = shell(1, f"{APP}{shown(1)};{tries}").content.replace(b"</head>", lead.encode())
        monkeypatch.setitem(PAGES, path(1), content)
        settings = {
            **SETTINGS,
            "DOWNLOAD_HANDLERS": own.DOWNLOAD_HANDLERS,
            "TWISTED_DNS_RESOLVER": "tests.crawl.resolver.ScriptedResolver",
            "ANSWERS": ANSWERS,
            "NEWS_ALLOWED_NETWORKS": [f"{OUTSIDE}/32"],
            "NEWS_IMAGES": "lead",
            "NEWS_ARCHIVE": str(tmp_path / "archive"),
        }
        ended = crawl(1, tmp_path / "a.db", f"http://{SITE}:{port}{path(1)}", settings)

    assert inside == []
    assert ended.counts["stored"] == ended.counts["rendered"] == 1
    assert ended.counts["images/failed/private_address"] == 1
    assert ended.counts["render/refused/private_address"] >= 3
    assert ended.counts["render/refused/dns"] == 2
    assert ended.counts["render/refused/unneeded"] >= 5


def test_what_a_page_has_begun_to_ask_for_is_waited_for_however_soon_it_is_quiet(tmp_path: Path) -> None:
    chain = "fetch('/data/first.json').then(() => fetch('/data/one.json')).then(each => each.json())"
    pages = {
        f"{DAY}/by-a-fetch-after-a-fetch": shell(1, f"{chain}.then(each => show(each))"),
        "/data/first.json": as_json([]),
        "/data/one.json": as_json(paragraphs(1)),
    }
    seen = look(tmp_path, pages, NEWS_RENDER_QUIET=0.01, NEWS_RENDER_SECONDS=60)
    assert list(seen.bodies) == [f"{DAY}/by-a-fetch-after-a-fetch"]
