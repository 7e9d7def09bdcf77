"""What the service shows to Prometheus and to whoever asks whether it is well."""

from __future__ import annotations

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from scraper.errors import StoreError
from scraper.store.service.values import EXTRACTION, EXTRACTION_BOUNDS, RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from prometheus_client.metrics_core import Metric

    from scraper.store.service.service_store import Pace, ServiceStore

_RECENT = timedelta(days=1)
_UNBOUNDED = "+Inf"


class Collector:
    """Reads the figures from the database when they are asked for: every process shows the same."""

    def __init__(self, ledger: ServiceStore) -> None:
        """Read nothing yet."""
        self._ledger = ledger

    def collect(self) -> Iterator[Metric]:
        """Yield each metric; raises StoreError if the database does not answer."""
        now = self._ledger.runs.now()
        runs = GaugeMetricFamily(
            "scraper_runs", "Active runs, and those that ended in the last day.", labels=["state"]
        )
        counted = self._ledger.runs.count_states(now - _RECENT)
        for state in RunState:
            runs.add_metric([state.value], counted.get(state, 0))
        yield runs
        running = self._ledger.runs.find(states=[RunState.RUNNING])
        yield GaugeMetricFamily(
            "scraper_workers", "Processes with runs under way.", value=len({run.owner for run in running})
        )
        yield from _of_pace(self._ledger.pace())
        age = GaugeMetricFamily("scraper_heartbeat_age_seconds", "Of each running run.", labels=["site"])
        beats: dict[str, datetime] = {}
        for run in running:
            if run.heartbeat is not None:  # of a site's shards, the one that was silent longest
                beats[run.site] = min(run.heartbeat, beats.get(run.site, run.heartbeat))
        for site, beat in beats.items():
            age.add_metric([site], max(0.0, (now - beat).total_seconds()))
        yield age
        yield GaugeMetricFamily(
            "scraper_alarms", "Alarms that are open.", value=len(self._ledger.alarms.find())
        )
        yield self._needs_browser()
        articles = CounterMetricFamily("scraper_articles", "Articles stored.", labels=["site"])
        lag = GaugeMetricFamily(
            "scraper_newest_article_age_seconds",
            "Since the newest article of a site was first seen.",
            labels=["site"],
        )
        rejected = CounterMetricFamily("scraper_rejections", "Pages rejected.", labels=["site", "reason"])
        quarantined = GaugeMetricFamily("scraper_quarantined", "Pages that wait.", labels=["site", "reason"])
        for total in self._ledger.coverage.totals():
            articles.add_metric([total.site], total.articles)
            if total.latest is not None:
                lag.add_metric([total.site], max(0.0, (now - total.latest).total_seconds()))
            for reason, number in total.rejected.items():
                rejected.add_metric([total.site, reason], number)
            for reason, number in total.quarantined.items():
                quarantined.add_metric([total.site, reason], number)
        yield from (articles, lag, rejected, quarantined, self._extraction())

    def _needs_browser(self) -> GaugeMetricFamily:
        needs = self._ledger.coverage.render_needs()
        text = "Sites whose pages come out empty without one, and were not declared."
        return GaugeMetricFamily("scraper_needs_browser", text, value=sum(each.is_rendered for each in needs))

    def _extraction(self) -> HistogramMetricFamily:
        counted, sums = self._ledger.runs.tallies(), 0
        buckets = []
        for bound in EXTRACTION_BOUNDS:
            sums += counted.get(f"{EXTRACTION}{bound:g}", 0)
            buckets.append((_UNBOUNDED if bound == float("inf") else f"{bound:g}", sums))
        seconds = counted.get(f"{EXTRACTION}milliseconds", 0) / 1000
        return HistogramMetricFamily(
            "scraper_extraction_seconds",
            "That a page took in its worker.",
            buckets=buckets,
            sum_value=seconds,
        )


def _of_pace(pace: Pace) -> Iterator[Metric]:
    told = (
        ("scraper_runs_per_minute", "Runs that ended, by the last five minutes.", pace.runs_a_minute),
        ("scraper_queue_age_seconds", "Of the crawl that waits longest to be started.", pace.queue_age),
        ("scraper_batch_parts_waiting", "Parts of batches that wait for a slot.", pace.parts),
        ("scraper_lock_waits", "Processes that wait for another's lock in the database.", pace.lock_waits),
    )
    for name, text, value in told:
        if value is not None:
            yield GaugeMetricFamily(name, text, value=value)


def exposition(ledger: ServiceStore) -> bytes:
    """Return the metrics in Prometheus' text format. Raises StoreError."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Silent(Collector(ledger)))
    return generate_latest(registry)


def write_textfile(ledger: ServiceStore, path: Path) -> None:
    """Write the metrics for node_exporter's textfile collector; a reader never sees half a file."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(exposition(ledger))
    partial.replace(path)


class _Silent:
    """A collector that is not asked when it is registered, before the database may answer."""

    def __init__(self, collector: Collector) -> None:
        self.collect = collector.collect

    def describe(self) -> list[Metric]:
        return []


def listen(ledger: ServiceStore, host: str, port: int, is_well: Callable[[], bool]) -> ThreadingHTTPServer:
    """Serve /metrics and /healthz from a thread; the caller shuts the server down."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._metrics()
            elif self.path == "/healthz":
                well = is_well()
                self._answer(200 if well else 503, "text/plain", b"ok\n" if well else b"stuck\n")
            else:
                self._answer(404, "text/plain", b"there are /metrics and /healthz\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

        def _metrics(self) -> None:
            try:
                self._answer(200, CONTENT_TYPE_PLAIN_0_0_4, exposition(ledger))
            except StoreError:
                self._answer(503, "text/plain", b"the database does not answer\n")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer((host, port), Answers)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
