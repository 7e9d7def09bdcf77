"""How long the event loop of a crawl is blocked, and where; read by bench.crawl."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from pathlib import Path


def measure_blocks() -> Blocks:
    """Time every callback of the event loop in CPU seconds of its thread: a busy machine does not count."""
    blocks = Blocks()
    run = asyncio.events.Handle._run  # noqa: SLF001 - there is no other hook

    def timed(handle: asyncio.Handle) -> None:
        blocks.begin = time.monotonic()
        begin = time.thread_time()
        run(handle)
        spent = time.thread_time() - begin
        if spent > blocks.longest and blocks.is_counting:
            blocks.longest, blocks.stack = spent, blocks.seen or blocks.stack
        blocks.begin, blocks.seen = 0.0, ""

    asyncio.events.Handle._run = timed  # type: ignore[assignment,method-assign]  # noqa: SLF001
    threading.Thread(target=blocks.look, args=(threading.get_ident(),), daemon=True).start()
    return blocks


class Blocks:
    """The longest callback of the event loop, and where the loop stood in it."""

    def __init__(self) -> None:
        self.longest = self.begin = 0.0
        self.seen = self.stack = ""
        self.is_counting = False
        """From the first listing on: what Python loads before holds up nothing."""

    def look(self, thread: int) -> None:
        """Note the stack of the loop's thread whenever a callback takes long."""
        while True:
            time.sleep(0.01)
            begin = self.begin
            if begin and time.monotonic() - begin > 0.02:  # noqa: PLR2004 - seconds
                frames = traceback.extract_stack(sys._current_frames()[thread])[-8:]  # noqa: SLF001
                places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
                if self.begin == begin:
                    self.seen = " > ".join(places)
