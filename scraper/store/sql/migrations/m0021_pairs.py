"""The pairs of texts that are copies, what the sweep has yet to look at, and residue by its paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLES = """
CREATE TABLE pairs (
    earlier {big} NOT NULL,
    later {big} NOT NULL,
    closeness {double} NOT NULL,
    PRIMARY KEY (earlier, later)
) {clustered};
CREATE INDEX pairs_by_later ON pairs (later);

CREATE TABLE unswept (document {big} PRIMARY KEY, is_linked INTEGER NOT NULL);

CREATE TABLE swept (document {big} NOT NULL);
INSERT INTO swept VALUES (0);

DROP TABLE residue;
CREATE TABLE residue (
    paragraph {big} PRIMARY KEY,
    texts {big} NOT NULL,
    seen {big} NOT NULL
)
"""


def migrate(connection: Connection) -> None:
    """Make the tables; an index that was made without them has to be made anew."""
    is_server = connection.dialect.name == "postgresql"
    names = {
        "clustered": "" if is_server else "WITHOUT ROWID",
        "double": "DOUBLE PRECISION" if is_server else "REAL",
        "big": "BIGINT" if is_server else "INTEGER",
    }
    for statement in TABLES.format(**names).split(";"):
        connection.exec_driver_sql(statement)
