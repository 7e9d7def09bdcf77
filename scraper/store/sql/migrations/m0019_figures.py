"""What a run found, without a row of the table of runs: another queue keeps its runs elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.store.sql.migrations.m0001_articles import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from sqlalchemy import Connection

STATEMENTS = (
    """CREATE TABLE free_figures (
        run TEXT PRIMARY KEY,
        site TEXT NOT NULL,
        at {instant} NOT NULL,
        since {instant} NOT NULL,
        figures {json} NOT NULL
    )""",
    "INSERT INTO free_figures SELECT run, site, at, since, figures FROM figures",
    "DROP TABLE figures",
    "ALTER TABLE free_figures RENAME TO figures",
    "CREATE INDEX figures_by_site ON figures (site, at)",
)


def migrate(connection: Connection) -> None:
    """Make the table anew: SQLite drops no reference."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement.format(**names))
