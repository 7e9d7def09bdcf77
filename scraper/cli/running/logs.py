"""Logs on standard error: lines for people, or JSON, without secrets; a run's crawl names its run in each."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

from scraper.cli.log_lines import quieted
from scraper.masking import presentable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from structlog.typing import EventDict, Processor, WrappedLogger

RUN, LOG_JSON = "SCRAPER_RUN", "SCRAPER_LOG_JSON"
"""What a supervisor tells its crawls in their environment."""
_STAMP = structlog.processors.TimeStamper(fmt="iso", utc=True)


def configure_logs(level: str, *, as_json: bool) -> None:
    """Log what a supervisor does."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _STAMP,
            structlog.processors.format_exc_info,
            _mask,
            _shape(as_json=as_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )


def run_handler(environ: Mapping[str, str], level: str) -> logging.Handler | None:
    """Return what shapes the log of a run's crawl; None for a crawl that belongs to no run."""
    run = environ.get(RUN)
    if not run:
        return None

    def name_run(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {"run": run, **event}

    handler = quieted(logging.StreamHandler(sys.stderr), level)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                _STAMP,
                name_run,
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _mask,
                _shape(as_json=bool(environ.get(LOG_JSON))),
            ],
        )
    )
    return handler


def _mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask each value before it is shaped: what JSON escapes is harder to recognise."""
    return {name: presentable(value) if isinstance(value, str) else value for name, value in event.items()}


def _shape(*, as_json: bool) -> Processor:
    if as_json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
