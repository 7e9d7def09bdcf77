from __future__ import annotations

import json
import logging

import pytest
import structlog

from scraper.cli.running.logs import LOG_JSON, RUN, configure_logs, run_handler

DATABASE = "postgresql://news:HUSH@db.home.example/news?password=HUSH"
PAGE = "https://paper.example/feed?token=HUSH"


@pytest.mark.parametrize("as_json", [True, False])
def test_a_supervisor_logs_no_secrets(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    configure_logs("INFO", as_json=as_json)
    log = structlog.get_logger()
    log.warning("the database does not answer", error=f'{DATABASE} with password="HUSH"')
    log.bind(site=PAGE).info(f"asked for {PAGE}")
    try:
        raise ConnectionError(DATABASE)  # noqa: TRY301
    except ConnectionError:
        log.exception("run lost", run="r")
    said = capsys.readouterr().err
    assert "HUSH" not in said
    assert said.count("paper.example/feed?token=***") == 2
    assert "Traceback" in said
    if as_json:
        assert [json.loads(line)["level"] for line in said.splitlines()] == ["warning", "info", "error"]


def test_a_crawl_of_a_run_logs_no_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    handler = run_handler({RUN: "r", LOG_JSON: "1"}, "INFO")
    assert handler is not None
    record = logging.LogRecord("scraper", logging.INFO, __file__, 1, "%s", (f'password="HUSH" {PAGE}',), None)
    handler.emit(record)
    said = json.loads(capsys.readouterr().err)
    assert (said["run"], said["event"]) == ("r", 'password="***" https://paper.example/feed?token=***')
