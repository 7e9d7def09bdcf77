"""One crawl of a site at a time, whoever started it: the delay that it is promised holds over all."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from scraper.errors import BusyError, StoreError
from scraper.shard import read_shard
from scraper.store.service.processes import is_alive, is_here, this_process
from scraper.store.service.values import STALE, Owner
from scraper.store.values import Lease, lost_lease
from scraper.urls import ascii_host

if TYPE_CHECKING:
    from scraper.crawl.store_thread import Writer
    from scraper.model import Site
    from scraper.shard import Shard
    from scraper.store.protocol import Store

BEAT = 2.0
"""Seconds between two signs of life."""
SURE = 5.0
"""Seconds after a sign of life in which the crawl may ask for more: who is cut off asks for nothing."""
LONGEST_SILENCE = STALE.total_seconds() - 10
"""Seconds without a sign of life after which a crawl ends: soon another machine takes the site."""
_LONG_AGO = float("-inf")


class SiteLease:
    """The right of one crawl to ask a site's hosts, kept in the store; it ends with its process."""

    def __init__(self, writer: Writer, site: Site, shard: Shard, run: str = "") -> None:
        """Hold nothing yet. The lease of a run goes by its name: who takes the run for dead ends it too."""
        self._writer = writer
        self._lease = Lease(
            id=run or secrets.token_hex(8),
            site=site.name,
            hosts=tuple(sorted({ascii_host(host) for host in site.domains})),
            shard=str(shard),
            holder=asdict(this_process()),
            since=datetime.now(UTC),
        )
        self._beating: asyncio.Task[None]
        self._beaten = _LONG_AGO

    @property
    def is_sure(self) -> bool:
        """True while the site is this crawl's for certain: a sign of life was written a moment ago."""
        return monotonic() - self._beaten < SURE

    async def take(self) -> None:
        """Hold it. BusyError where a living process has a host of it; the parts of a site go together."""
        other = await self._writer.read(self._taken_or_other)
        if other is not None:
            owner = Owner(**other.holder)
            raise BusyError(
                f"{self._lease.site} is being crawled already, since {other.since:%Y-%m-%d %H:%M} UTC by"
                f" process {owner.pid} on {owner.host} ({other.site}): run again when that has ended"
            )
        await self._writer.read(lambda store: store.fence(self._lease.id))
        self._beaten = monotonic()
        self._beating = asyncio.ensure_future(self._beat())

    def _taken_or_other(self, store: Store) -> Lease | None:
        with store.transaction():
            for other in store.leases():
                if not other.site:
                    continue  # of a part of a batch: it ends with its run
                if _is_over(other):
                    store.drop_lease(other.id)
                elif excludes(other, self._lease):
                    return other
            store.hold_lease(self._lease)
        return None

    async def _beat(self) -> None:
        """Show that this crawl lives until it ends, or the lease is lost: then it is to end."""
        while True:
            await asyncio.sleep(BEAT)
            is_held, asked = True, monotonic()
            with suppress(StoreError, TimeoutError):
                async with asyncio.timeout(max(BEAT, self._beaten + LONGEST_SILENCE - asked)):
                    is_held = await self._writer.read(lambda store: store.beat_lease(self._lease.id))
                self._beaten = asked
            if not is_held or monotonic() >= self._beaten + LONGEST_SILENCE:
                self._beaten = _LONG_AGO
                self._writer.give_up(lost_lease(self._lease.id))
                return

    async def give_back(self) -> None:
        """Let the next crawl begin."""
        self._beating.cancel()
        with suppress(StoreError):
            await self._writer.read(self._drop)

    def _drop(self, store: Store) -> None:
        store.fence(None)
        store.drop_lease(self._lease.id)


def _is_over(lease: Lease) -> bool:
    """Return whether the process that held it is dead."""
    owner = Owner(**lease.holder)
    return not is_alive(owner) if is_here(owner) else lease.silent > STALE


def excludes(one: Lease, other: Lease) -> bool:
    """Return whether two crawls would ask the same hosts, and are not two parts of one site."""
    first, second = read_shard(one.shard), read_shard(other.shard)
    is_together = one.hosts == other.hosts and first.of == second.of and first.number != second.number
    return not is_together and any(_is_same(host, near) for host in one.hosts for near in other.hosts)


def _is_same(host: str, other: str) -> bool:
    return host == other or host.endswith(f".{other}") or other.endswith(f".{host}")
