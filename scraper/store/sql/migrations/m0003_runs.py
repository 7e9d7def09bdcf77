"""Runs and what each found; alarms and their deliveries; pauses; what the sources announced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.sql.migrations.m0001_articles import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLES = """
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    site TEXT NOT NULL,
    state TEXT NOT NULL,
    after TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    queued {instant} NOT NULL,
    started {instant},
    ended {instant},
    owner {json},
    heartbeat {instant},
    counts {json} NOT NULL,
    reason TEXT,
    may_pass BOOLEAN NOT NULL,
    exit_code INTEGER,
    log TEXT,
    cancelled BOOLEAN NOT NULL,
    UNIQUE (job, site, after)
);
CREATE UNIQUE INDEX runs_one_active_a_site ON runs (site) WHERE state IN ('queued', 'running');
CREATE INDEX runs_by_time ON runs (queued);
CREATE INDEX runs_by_predecessor ON runs (after);
CREATE INDEX runs_by_job ON runs (job, site, queued);

CREATE TABLE figures (
    run TEXT PRIMARY KEY REFERENCES runs (id),
    site TEXT NOT NULL,
    at {instant} NOT NULL,
    since {instant} NOT NULL,
    figures {json} NOT NULL
);
CREATE INDEX figures_by_site ON figures (site, at);

CREATE TABLE alarms (
    id {serial},
    site TEXT NOT NULL,
    signs {json} NOT NULL,
    since {instant} NOT NULL,
    opened {instant} NOT NULL,
    closed {instant},
    cause TEXT NOT NULL,
    message TEXT NOT NULL,
    example TEXT
);
CREATE UNIQUE INDEX alarms_one_open_a_site ON alarms (site) WHERE closed IS NULL;

CREATE TABLE deliveries (
    row {serial},
    alarm BIGINT NOT NULL REFERENCES alarms (id),
    event TEXT NOT NULL,
    channel TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due {instant},
    error TEXT
);
CREATE INDEX deliveries_by_time ON deliveries (due);

CREATE TABLE pauses (
    site TEXT PRIMARY KEY,
    since {instant} NOT NULL
);

CREATE TABLE announced (
    address TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    site TEXT NOT NULL,
    source TEXT NOT NULL,
    announced_at {instant} NOT NULL
);
CREATE INDEX announced_by_site ON announced (site, announced_at);
CREATE INDEX fetches_by_site ON fetches (site, row);
"""


def migrate(connection: Connection) -> None:
    """Make the tables of the service's own work."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    for statement in TABLES.format(**names).split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement)
