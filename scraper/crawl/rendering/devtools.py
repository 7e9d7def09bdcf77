"""Chromium's DevTools protocol over two pipes: commands are answered, events are told to their session."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import signal
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ProtocolMessage: TypeAlias = "dict[str, Any]"
_END = b"\0"
"""Behind each message."""
_IN, _OUT = 3, 4
"""The descriptors on which Chromium reads commands and writes what comes of them."""
_ABOVE = 10
"""Descriptors that stand for nothing yet when the two are put where they belong."""


class BrowserGoneError(Exception):
    """The browser ended, or a command can no longer reach what it was meant for."""


class CommandError(Exception):
    """The browser refused a command."""


class DevTools:
    """A browser that this process started: it ends when the pipes do, also where this process is killed."""

    def __init__(self, pid: int, into: asyncio.WriteTransport) -> None:
        """Know the process and where commands go."""
        self.pid = pid
        """The process that all others of the browser belong to."""
        self._into = into
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[ProtocolMessage]] = {}
        self._listeners: dict[str, Callable[[str, ProtocolMessage], None]] = {}
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done once the browser is no longer there."""

    @classmethod
    async def start(cls, command: Sequence[str]) -> Self:
        """Start a browser in a session of its own. OSError where it cannot be started."""
        loop = asyncio.get_running_loop()
        its_in, our_out = os.pipe()
        our_in, its_out = os.pipe()
        try:
            pid = _spawn(command, its_in, its_out)
        except BaseException:
            os.close(our_out)
            os.close(our_in)
            raise
        finally:
            os.close(its_in)
            os.close(its_out)
        into, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(our_out, "wb", 0))
        browser = cls(pid, into)
        await loop.connect_read_pipe(lambda: _Reader(browser), os.fdopen(our_in, "rb", 0))
        return browser

    async def send(self, method: str, session: str | None = None, **parameters: object) -> ProtocolMessage:
        """Return what a command gives. BrowserGoneError where nothing answers any more, else CommandError."""
        if self.gone.done():
            raise BrowserGoneError(method)
        number = next(self._numbers)
        answer: asyncio.Future[ProtocolMessage] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        message: ProtocolMessage = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        self._into.write(json.dumps(message).encode() + _END)
        try:
            return await answer
        finally:
            self._waiting.pop(number, None)

    def listen(self, session: str, listener: Callable[[str, ProtocolMessage], None] | None) -> None:
        """Tell a listener the events of a session; None ends that."""
        if listener is None:
            self._listeners.pop(session, None)
        else:
            self._listeners[session] = listener

    async def end(self, patience: float) -> None:
        """Return once no process of the browser is left: it may close, and is killed after that."""
        ended = asyncio.ensure_future(asyncio.to_thread(os.waitpid, self.pid, 0))
        with suppress(BrowserGoneError, CommandError, TimeoutError):
            await asyncio.wait_for(self.send("Browser.close"), patience)
        self._into.close()
        await asyncio.wait([ended], timeout=patience)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        await asyncio.wait([ended])
        self.heard_end()

    def heard(self, message: bytes) -> None:
        """Hand on an answer or an event."""
        told = json.loads(message)
        answer = self._waiting.get(told.get("id", 0))
        if answer is not None and not answer.done():
            if "error" in told:
                answer.set_exception(CommandError(told["error"].get("message", "")))
            else:
                answer.set_result(told.get("result", {}))
        elif "method" in told and (listener := self._listeners.get(told.get("sessionId", ""))):
            listener(told["method"], told.get("params", {}))

    def heard_end(self) -> None:
        """Fail all that waits: nothing will answer."""
        if not self.gone.done():
            self.gone.set_result(None)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(BrowserGoneError("the browser ended"))


class _Reader(asyncio.Protocol):
    """Cuts what comes into messages."""

    def __init__(self, browser: DevTools) -> None:
        self._browser = browser
        self._begun: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        first, *rest = data.split(_END)
        self._begun.append(first)
        for each in rest:
            whole, self._begun = b"".join(self._begun), [each]
            self._browser.heard(whole)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._browser.heard_end()


def _spawn(command: Sequence[str], its_in: int, its_out: int) -> int:
    """Start a program, in a session of its own, that finds these two descriptors where Chromium looks."""
    above = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, _ABOVE) for each in (its_in, its_out)]
    nothing = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(_IN)]
    pipes = [(os.POSIX_SPAWN_DUP2, each, number) for each, number in zip(above, (_IN, _OUT), strict=True)]
    try:
        return os.posix_spawn(
            command[0], list(command), os.environ, file_actions=[*nothing, *pipes], setsid=True
        )
    finally:
        for each in above:
            os.close(each)
