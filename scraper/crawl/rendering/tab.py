"""One page in the browser: it is given its document and what it asks for, and read once it is quiet."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from scraper.crawl.causes import Refused
from scraper.crawl.rendering.devtools import BrowserGoneError, CommandError
from scraper.crawl.rendering.page_scripts import BEFORE, PRESS, QUIET, READ, SCROLL
from scraper.crawl.rendering.traffic import LOADED, GivenAnswer, TabRequest, TabVisit

if TYPE_CHECKING:
    from scraper.crawl.rendering.devtools import DevTools, ProtocolMessage
    from scraper.crawl.rendering.limits import RenderLimits
    from scraper.crawl.rendering.traffic import Traffic
    from scraper.rendering import Rendering

logger = logging.getLogger(__name__)

RENDER_CRASH, RENDER_HUNG = "render_crash", "render_hung"
RENDER_FAILED, RENDER_SIZE = "render_failed", "render_size"
"""Causes of pages that the browser did not make."""
_LOOK = 0.1
"""Seconds between two looks at what a page has taken."""
_GRACE = 5.0
"""Seconds that a page over its time has to be read as it stands: a script that never ends lets nobody in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedDocument:
    """What came for the page itself."""

    url: str
    content_type: str
    body: bytes


class Tab:
    """A page of its own in a context of the browser; a second one begins with nothing of the first."""

    def __init__(self, browser: DevTools, session: str, target: str, traffic: Traffic) -> None:
        """Know the page that was opened."""
        self._browser = browser
        self._session = session
        self._target = target
        self._traffic = traffic
        self.visit = TabVisit()
        self._document: ServedDocument | None = None
        self._crashed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answering: set[asyncio.Task[None]] = set()
        self._world = 0
        self._loading: set[str] = set()
        """What the page has begun to ask for and not taken yet, as itself tells: we may hear of it late."""
        self._turns = 0
        """How often that began or ended."""

    @classmethod
    async def open(cls, browser: DevTools, context: str, traffic: Traffic, agent: str) -> Tab:
        """Open an empty page that asks us for everything."""
        made = await browser.send("Target.createTarget", url="about:blank", browserContextId=context)
        target = made["targetId"]
        attached = await browser.send("Target.attachToTarget", targetId=target, flatten=True)
        tab = cls(browser, attached["sessionId"], target, traffic)
        browser.listen(tab._session, tab._hear)
        await tab._send("Page.enable")
        await tab._send("Network.enable", maxTotalBufferSize=0, maxResourceBufferSize=0)
        await tab._send("Fetch.enable", patterns=[{"urlPattern": "*"}])
        await tab._send("Emulation.setUserAgentOverride", userAgent=agent)
        await tab._send("Page.addScriptToEvaluateOnNewDocument", source=BEFORE)
        await tab._send("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
        return tab

    async def close(self) -> None:
        """Close the page; what is still on its way to it is given up."""
        self._browser.listen(self._session, None)
        for task in self._answering:
            task.cancel()
        with suppress(BrowserGoneError, CommandError, TimeoutError):
            await asyncio.wait_for(self._browser.send("Target.closeTarget", targetId=self._target), _GRACE)

    async def made(self, document: ServedDocument, limits: RenderLimits, rendering: Rendering) -> str:
        """Return the page as its scripts made it. Refused names what kept it from that."""
        work = asyncio.ensure_future(self._work(document, limits, rendering))
        watch = asyncio.ensure_future(self._watch(limits))
        tasks: set[asyncio.Future[Any]] = {work, watch}
        try:
            await asyncio.wait({*tasks, self._crashed}, return_when=asyncio.FIRST_COMPLETED)
            if self._crashed.done():
                raise Refused(RENDER_CRASH)
            if work.done():
                work.result()
            else:
                await _give_up(work)
            html = await asyncio.wait_for(self._run(READ, limits.size), _GRACE)
        except TimeoutError:
            raise Refused(RENDER_HUNG) from None
        except BrowserGoneError as error:
            raise Refused(RENDER_CRASH) from error
        except CommandError as error:
            logger.warning("%s could not be rendered: %s", document.url, error)
            raise Refused(RENDER_FAILED) from error
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if html is None:
            raise Refused(RENDER_SIZE)
        return str(html)

    async def _work(self, document: ServedDocument, limits: RenderLimits, rendering: Rendering) -> None:
        self._document = document
        told = await self._send("Page.navigate", url=document.url)
        if told.get("errorText"):
            raise CommandError(told["errorText"])
        await self._settle(limits)
        if rendering.consent and await self._run(PRESS, rendering.consent):
            await self._settle(limits)
        presses = rendering.most_presses
        for selector in rendering.buttons:
            while presses and await self._run(PRESS, selector):
                presses -= 1
                await self._settle(limits)
        length = -1.0
        for _ in range(rendering.scrolls):
            before, length = length, await self._run(SCROLL)
            if length == before:
                break
            await self._settle(limits)

    async def _settle(self, limits: RenderLimits) -> None:
        """Return once the page asks for nothing and does not change."""
        seen = (-1, -1)
        while self.visit.under_way or self._loading or seen != (self.visit.asked, self._turns):
            seen = self.visit.asked, self._turns
            await self._run(QUIET, 1000 * limits.quiet, 1000 * limits.seconds)
            await self.visit.idle.wait()

    async def _watch(self, limits: RenderLimits) -> None:
        """Return when a page has taken its time."""
        begun = last = monotonic()
        alone = 0.0
        while alone < limits.seconds and last - begun < limits.longest:
            await asyncio.sleep(_LOOK)
            now = monotonic()
            alone += 0.0 if self.visit.under_way else now - last
            last = now

    async def _run(self, function: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever it returns
        """Return what a function gives in a world of ours: no script of the page has changed its tools."""
        if not self._world:
            made = await self._send("Page.createIsolatedWorld", frameId=self._target)
            self._world = made["executionContextId"]
        called = f"({function})({', '.join(map(json.dumps, arguments))})"
        told = await self._send(
            "Runtime.evaluate",
            expression=called,
            contextId=self._world,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in told:
            raise CommandError(_thrown(told["exceptionDetails"]))
        return told["result"].get("value")

    async def _send(self, method: str, **parameters: object) -> ProtocolMessage:
        return await self._browser.send(method, self._session, **parameters)

    def _hear(self, event: str, told: ProtocolMessage) -> None:
        if event == "Fetch.requestPaused":
            self._begin(self._answer(told))
        elif event == "Network.requestWillBeSent" and told.get("type") in LOADED:
            self._loading.add(told["requestId"])
            self._turns += 1
        elif event in {"Network.loadingFinished", "Network.loadingFailed"}:
            self._loading.discard(told["requestId"])
            self._turns += 1
        elif event == "Page.javascriptDialogOpening":
            self._begin(self._quietly("Page.handleJavaScriptDialog", accept=False))
        elif event == "Target.attachedToTarget":
            self._begin(self._attached(told))
        elif event in {"Inspector.targetCrashed", "Inspector.detached"} and not self._crashed.done():
            self._crashed.set_result(None)

    def _begin(self, work: Any) -> None:  # noqa: ANN401 - a coroutine
        task = asyncio.ensure_future(work)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _attached(self, told: ProtocolMessage) -> None:
        """Let a worker of the page run, which asks as the page does; close a window that it opened."""
        info = told["targetInfo"]
        with suppress(BrowserGoneError, CommandError):
            if info["type"] == "page":
                await self._browser.send("Target.closeTarget", targetId=info["targetId"])
            else:
                await self._browser.send("Runtime.runIfWaitingForDebugger", told["sessionId"])

    async def _answer(self, told: ProtocolMessage) -> None:
        """Give the page what it asks for, or refuse it."""
        request, number = told["request"], told["requestId"]
        asked = TabRequest(
            url=request["url"],
            method=request["method"],
            kind=told["resourceType"],
            headers=request["headers"],
        )
        try:
            given = await self._given(asked, is_of_page=told.get("frameId") == self._target)
        except Refused:
            reason = "Aborted" if asked.kind == "Document" else "BlockedByClient"
            await self._quietly("Fetch.failRequest", requestId=number, errorReason=reason)
            return
        await self._quietly(
            "Fetch.fulfillRequest",
            requestId=number,
            responseCode=given.status,
            responseHeaders=[{"name": name, "value": value} for name, value in given.headers],
            body=base64.b64encode(given.body).decode(),
        )

    async def _given(self, asked: TabRequest, *, is_of_page: bool) -> GivenAnswer:
        """Return the document to the page itself, once, and else what it may be given."""
        document = self._document
        if asked.kind == "Document" and is_of_page and document is not None:
            self._document = None
            kind = (("Content-Type", document.content_type),)
            return GivenAnswer(status=200, headers=kind, body=document.body)
        return await self._traffic.answer(asked, self.visit)

    async def _quietly(self, method: str, **parameters: object) -> None:
        with suppress(BrowserGoneError, CommandError):
            await self._send(method, **parameters)


async def _give_up(work: asyncio.Task[None]) -> None:
    """End what a page over its time was waited for."""
    work.cancel()
    await asyncio.wait([work])


def _thrown(told: ProtocolMessage) -> str:
    return str(told.get("exception", {}).get("description") or told.get("text", "")).partition("\n")[0]
