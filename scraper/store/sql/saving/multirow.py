"""Many rows of a table written in one statement; used by what keeps rows in memory until then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, Double, Integer, LargeBinary, Text
from sqlalchemy.dialects import postgresql, sqlite

from scraper.store.sql.tables import Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Table

    from scraper.store.sql.database import Database

_DIALECTS = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),  # type: ignore[no-untyped-call]
}
_ARRAYS = {
    Text: "text[]",
    Integer: "integer[]",
    BigInteger: "bigint[]",
    Double: "double precision[]",
    Instant: "timestamptz[]",
    LargeBinary: "bytea[]",
    JSON: "text[]",
}
"""PostgreSQL takes the rows as an array a column: one statement however many they are."""


class RowWriter:
    """Writes rows of some columns of a table; what a JSON column holds is given as its text."""

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        *,
        over: str = "",
        expressions: Mapping[str, str] | None = None,
    ) -> None:
        """`over`: the key under which a row replaces the earlier one, in these columns.

        `expressions` are what PostgreSQL makes of a column's value.
        """
        self._columns = [table.c[name] for name in columns]
        self._types = [type(column.type) for column in self._columns]
        names = ", ".join(columns)
        replaced = ", ".join(f"{name} = excluded.{name}" for name in columns if name != over)
        conflict = f" ON CONFLICT ({over}) DO UPDATE SET {replaced}" if over else ""
        marks = ", ".join("?" * len(columns))
        json = {
            column.name: f"CAST({column.name} AS json)"
            for column in self._columns
            if isinstance(column.type, JSON)
        }
        made = json | dict(expressions or {})
        values = ", ".join(made.get(name, name) for name in columns)
        arrays = ", ".join(f"CAST(? AS {_ARRAYS.get(kind, 'text[]')})" for kind in self._types)
        insert = f"INSERT INTO {table.name} ({names})"
        self._statements = {
            "sqlite": f"{insert} VALUES ({marks}){conflict}",
            "postgresql": f"{insert} SELECT {values} FROM unnest({arrays}) AS given ({names}){conflict}",  # noqa: S608 - our own names
        }
        self._processors: dict[str, list[Callable[[Any], Any] | None]] = {
            name: [
                column.type.dialect_impl(dialect).bind_processor(dialect)
                if isinstance(column.type, Instant)
                else None
                for column in self._columns
            ]
            for name, dialect in _DIALECTS.items()
        }

    def write(self, database: Database, rows: Sequence[Sequence[Any]]) -> None:
        """Write the rows, in order; of those that replace another, none twice."""
        if not rows:
            return
        columns = [
            [process(value) for value in values] if process else values
            for values, process in zip(
                zip(*rows, strict=True), self._processors[database.dialect], strict=True
            )
        ]
        statement = self._statements[database.dialect]
        if database.dialect == "postgresql":
            database.put(statement, [list(values) for values in columns])
        else:
            database.put(statement, list(zip(*columns, strict=True)), many=True)
