"""When the last capture of an archive file was made, so that old files are known; read by archive prune."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastwarc.warc import ArchiveIterator

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.archive.place import Place


def last_capture(place: Place, name: str) -> datetime | None:
    """Return when the latest record of a file was made; None for a file without one."""
    latest: datetime | None = None
    with place.open(name) as stream:
        try:
            for record in ArchiveIterator(stream, parse_http=False):
                if latest is None or record.record_date > latest:
                    latest = record.record_date
        except OSError:  # a damaged end: what was read before counts
            return latest
    return latest
