"""Pages whose extraction came to no end stand apart from those that were judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

STATEMENTS = """
CREATE TABLE quarantine (
    address TEXT PRIMARY KEY,
    asked TEXT NOT NULL,
    url TEXT,
    site TEXT,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    raw_sha256 TEXT NOT NULL,
    fetched_at {instant} NOT NULL,
    status INTEGER NOT NULL
);

INSERT INTO quarantine
SELECT visits.address, visits.url, rejections.url, rejections.site, rejections.reason, rejections.detail,
    rejections.confidence, rejections.raw_sha256, rejections.fetched_at, rejections.status
FROM visits
JOIN fetches ON fetches.row = (SELECT max(last.row) FROM fetches AS last WHERE last.address = visits.address)
JOIN rejections ON rejections.row = (
    SELECT max(same.row) FROM rejections AS same
    WHERE same.site = visits.site AND same.reason = visits.reason AND same.raw_sha256 = fetches.raw_sha256
)
WHERE visits.outcome = 'rejected' AND visits.reason IN ({reasons});

UPDATE fetches SET outcome = 'quarantined' WHERE outcome = 'rejected' AND reason IN ({reasons});
UPDATE visits SET outcome = 'quarantined' WHERE outcome = 'rejected' AND reason IN ({reasons});
DELETE FROM rejections WHERE reason IN ({reasons});
"""
REASONS = "'extraction_timeout', 'extraction_crash'"


def migrate(connection: Connection) -> None:
    """Add the table, and move what earlier versions called rejected."""
    instant = "TIMESTAMP WITH TIME ZONE" if connection.dialect.name == "postgresql" else "TIMESTAMP"
    for statement in STATEMENTS.format(instant=instant, reasons=REASONS).split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement)
