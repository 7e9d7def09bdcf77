"""What was wished for, carried out by a real supervisor in real processes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.jobs.runner import Runner, Stop
from scraper.jobs.supervisor import Supervisor
from scraper.store import open_store
from scraper.store.service.front_desk import FrontDesk
from scraper.store.service.service_store import ServiceStore
from scraper.store.service.values import RunState
from scraper.urls import canonical_url
from tests.cli.running.test_service import paper
from tests.crawl.site import path, serving

if TYPE_CHECKING:
    from scraper.store.service.values import Run

pytestmark = pytest.mark.system


def test_a_supervisor_fetches_what_was_missed_and_judges_anew_once_it_is_wished(tmp_path: Path) -> None:
    """Takes 6 s: two real commands, one of which crawls."""
    url = f"sqlite:///{tmp_path}/news.db"
    with serving(paper(1)) as server, ServiceStore(url) as ledger, FrontDesk(url) as desk:
        missed = f"http://127.0.0.1:{server.port}{path(0)}"
        with open_store(url) as store, store.transaction():
            store.announce("127.0.0.1", "section", {canonical_url(missed): missed}, ledger.runs.now())
        asked = [each("", "127.0.0.1") for each in (desk.wishes.backfill, desk.wishes.rejudge)]
        made = _supervisor(ledger, url, tmp_path).run_due()
        crawled = ledger.runs.find(job="backfill")

    found = {run.id: run for run in made}
    told = [found[wish.runs[0]] for wish in asked]
    assert [(run.state, run.reason) for run in told] == [
        (RunState.SUCCEEDED, "1 asked for"),
        (RunState.SUCCEEDED, "nothing was left to do"),
    ], [Path(run.log or "").read_text() for run in told]
    assert [_folder(run).parent for run in crawled] == [tmp_path / "logs"]


def _folder(run: Run) -> Path:
    assert run.log is not None
    return Path(run.log).parent


def _supervisor(ledger: ServiceStore, url: str, folder: Path) -> Supervisor:
    around = {
        **os.environ,
        "SCRAPER_STORE": url,
        "SCRAPER_ARCHIVE": str(folder / "archive"),
        "SCRAPER_ALLOWED_NETWORKS": "127.0.0.0/8",
    }
    stop = Stop()
    runner = Runner(ledger.runs, logs=folder / "logs", stop=stop, environment=around)
    return Supervisor(ledger, [], runner, stop=stop, slots=2, channels=[])
