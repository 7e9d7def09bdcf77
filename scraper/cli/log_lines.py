"""What the command line logs on standard error: what this project says, of libraries only what is wrong."""

from __future__ import annotations

import logging

LIBRARIES = ("scrapy", "twisted", "asyncio", "filelock", "urllib3", "fsspec")
"""Loggers that tell how they work, which matters to whoever looks for a fault in them alone."""

OUR_LOG = {"LOG_INSTALL_ROOT_HANDLER": False, "STATS_DUMP": False}
"""Settings of Scrapy where it asks for a page beside a command's own work."""


class OnlyTroubleOfLibraries(logging.Filter):
    """Passes what libraries say from WARNING on, and whatever this project and its spiders say."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is worth its line."""
        return record.levelno >= logging.WARNING or record.name.partition(".")[0] not in LIBRARIES


def quieted(handler: logging.Handler, level: str) -> logging.Handler:
    """Return a handler that passes records from a level on; of libraries all of them at DEBUG alone."""
    handler.setLevel(level)
    if level != "DEBUG":
        handler.addFilter(OnlyTroubleOfLibraries())
    return handler


def plain_handler(level: str, form: str = "%(levelname)s %(name)s: %(message)s") -> logging.Handler:
    """Return what writes such lines to standard error."""
    handler = quieted(logging.StreamHandler(), level)
    handler.setFormatter(logging.Formatter(form, "%Y-%m-%d %H:%M:%S"))
    return handler
