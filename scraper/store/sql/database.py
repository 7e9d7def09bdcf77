"""One SQLite or PostgreSQL database: its transactions, and its errors in words that help."""

from __future__ import annotations

import json
import threading
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from scraper.errors import ConfigError, StoreError
from scraper.store.sql import migrations
from scraper.store.sql.deadline import NEVER, check_migration, listen_reading
from scraper.store.sql.failures import failure_of, shown_name, told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine

BUSY_SECONDS = 30
"""How long to wait for another process's write transaction; an ordinary batch takes 0.02 to 0.1 s."""
IDLE_SECONDS = 20
"""How long PostgreSQL lets a process that does nothing hold a transaction: one that was stopped loses it
before others, which wait for its locks, give up."""
ARTICLES = "articles"
"""The lock of whoever writes articles, fetches or what goes with them: one at a time."""
NO_LOCK = ""
"""The lock of whoever waits for nothing but the rows that it changes."""
_ONE_OF = {
    "sqlite": dict.fromkeys(("numbers", "texts"), "IN (SELECT value FROM json_each(?))"),
    "postgresql": {"numbers": "= ANY(?::bigint[])", "texts": "= ANY(?::text[])"},
}
_SILENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
"""A server that vanishes without a word is noticed after 25 s; the kernel's own limits are two hours."""


class Database:
    """A database with the tables of this version, for one thread at a time; others wait."""

    def __init__(self, url: str, *, patience: float | None = None, is_for_reading: bool = False) -> None:
        """`patience`: seconds to wait for another process's transaction.

        One that is for reading writes nothing, makes no tables, and keeps to `until`.
        """
        self._engine = make_engine(url, BUSY_SECONDS if patience is None else patience)
        self.until = NEVER
        """When, by the process's clock, what is read is broken off that is for reading."""
        if is_for_reading:
            listen_reading(self._engine, lambda: self.until)
        self.name = shown_name(self._engine.url)
        self._lock = threading.RLock()
        self._open: Connection | None = None
        self._raw: Any = None
        self._before_commit: list[Callable[[], None]] = []
        self._before_use: list[Callable[[bool], None]] = []
        self.turn = 0
        """Counts the transactions: what was read in this one is still so."""
        try:
            with self.read() as connection:
                found = migrations.version(connection)
            migrations.check_version(found, self.name)
            if found < migrations.TABLES_VERSION:
                check_migration(self.name, is_allowed=not is_for_reading)
                with self.write() as connection:
                    migrations.migrate(connection, self.name)
        except BaseException:
            self.close()
            raise

    @property
    def dialect(self) -> str:
        """The kind of database: sqlite or postgresql."""
        return self._engine.dialect.name

    @property
    def connect_arguments(self) -> Mapping[str, Any]:
        """What its driver is given to connect."""
        return self._engine.dialect.create_connect_args(self._engine.url)[1]

    @property
    def is_writing(self) -> bool:
        """True inside a write transaction: no other process changes anything."""
        return self._open is not None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database; inside a transaction, the transaction's."""
        with self._connected(writes=False) as connection:
            yield connection

    @contextmanager
    def write(self, *, apart: bool = False, lock: str = ARTICLES) -> Iterator[Connection]:
        """Give the connection of the open transaction, or of one that ends with this context.

        `apart`: it writes to tables of which nobody keeps anything in memory. `lock`: on PostgreSQL one such
        transaction at a time; without a name it waits for nothing but the rows that it changes.
        """
        with self._connected(writes=True, apart=apart, lock=lock) as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the only write transaction of all processes."""
        with self._lock:
            if self._open is not None:
                raise StoreError("a transaction is open already; transactions are not nested")
            with self._connected(writes=True):
                yield

    def run(
        self, statement: str, parameters: Sequence[Any] = (), *, writes: bool = False, apart: bool = False
    ) -> Sequence[Any]:
        """Run a statement with ? for its parameters and return its rows, at a fifth of SQLAlchemy's cost.

        `apart`: what is kept in memory does not concern it.
        """
        return self._run("execute", statement, parameters, writes=writes, apart=apart)

    def run_among(self, statement: str, values: Sequence[Any], *, apart: bool = False) -> Sequence[Any]:
        """Return the rows of a statement in which {numbers} or {texts} stands for: is one of the values."""
        if not values:
            return ()
        is_one, given = _ONE_OF[self.dialect], list(values)
        asked = json.dumps(given) if self.dialect == "sqlite" else given
        return self.run(statement.format(**is_one), [asked] * statement.count("{"), apart=apart)

    def run_many(self, statement: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run a writing statement for each sequence of parameters."""
        self._run("executemany", statement, parameters, writes=True)

    def put(self, statement: str, parameters: Sequence[Any], *, many: bool = False) -> None:
        """Write what was kept in memory until now: a statement of which nobody else is to be told."""
        self._run("executemany" if many else "execute", statement, parameters, writes=True, apart=True)

    def _run(
        self, method: str, statement: str, parameters: Sequence[Any], *, writes: bool, apart: bool = False
    ) -> Sequence[Any]:
        with self._lock:
            if self._raw is None:
                with self._connected(writes=writes) as connection:
                    return self._on(connection.connection, method, statement, parameters)
            if not apart:
                self._tell(writes=writes)
            return self._on(self._raw, method, statement, parameters)

    def _tell(self, *, writes: bool) -> None:
        for each in self._before_use:
            each(writes)

    def _on(self, raw: Any, method: str, statement: str, parameters: Sequence[Any]) -> Sequence[Any]:  # noqa: ANN401 - the driver's connection
        if self.dialect == "postgresql":
            statement = statement.replace("?", "%s")
        cursor = raw.cursor()
        try:
            getattr(cursor, method)(statement, parameters)
            return cursor.fetchall() if cursor.description else ()
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise failure_of(self.name, error) from error
        finally:
            cursor.close()

    def on_rollback(self, forget: Callable[[], None]) -> None:
        """Call the function whenever a transaction is undone: what it cached may be of what is no more."""
        event.listen(self._engine, "rollback", lambda _connection: forget())

    def before_commit(self, write: Callable[[], None]) -> None:
        """Call the function at the end of each write transaction, inside it."""
        self._before_commit.append(write)

    def before_use(self, write: Callable[[bool], None]) -> None:
        """Call the function inside a write transaction before each statement, with whether that writes.

        Whatever reads the tables finds there what was kept in memory until now.
        """
        self._before_use.append(write)

    def fold_log(self) -> None:
        """Bring what SQLite's log holds into its file, where nobody reads, and empty the log."""
        if self.dialect == "sqlite" and not self.is_writing:
            with self._lock, closing(self._engine.raw_connection()) as raw, closing(raw.cursor()) as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    @contextmanager
    def _connected(self, *, writes: bool, apart: bool = False, lock: str = ARTICLES) -> Iterator[Connection]:
        with self._lock, told(self.name):
            if self._open is not None:
                if not apart:
                    self._tell(writes=writes)
                yield self._open
                return
            with self._engine.connect() as connection:
                self.turn += 1
                connection.execution_options(writes=writes, lock=lock)
                with connection.begin():
                    if writes:  # what is done inside is part of it
                        self._open, self._raw = connection, connection.connection.dbapi_connection
                    try:
                        yield connection
                        if writes:
                            for write in self._before_commit:
                                write()
                    finally:
                        self._open = self._raw = None


def _parsed(url: str) -> sa.URL:
    """Return the parts of an address. ConfigError where a password ended too early: the host is none."""
    parsed = make_url(url)
    if parsed.get_backend_name() not in {"sqlite", "postgres", "postgresql"}:
        raise ConfigError(_no_address(url))
    if parsed.get_backend_name() == "sqlite" and parsed.host:
        raise ConfigError(_no_address(url))
    if parsed.get_backend_name() == "sqlite" and not parsed.database:
        raise ConfigError(
            f"store {url!r} names no file, and what it holds is gone when the command ends: write sqlite:///news.db"
        )
    if parsed.host and "@" in f"{parsed.host}{parsed.database}":
        raise ConfigError(_no_address(url))
    return parsed


def _no_address(url: str) -> str:
    """Return what is wrong with an address, and how the one that was probably meant is written."""
    shown = url.rpartition("@")[2]
    scheme, _, rest = url.partition(":")
    kind = scheme.partition("+")[0].lower()
    if kind == "sqlite":
        file = rest.lstrip("/")
        advice = f"a file's address has three slashes: sqlite:///{file or 'news.db'}"
    elif kind in {"postgres", "postgresql", "psql", "pgsql"}:
        advice = "write postgresql://NAME@HOST/DATABASE, and in a password %40 for @ and %2F for /"
    elif "://" in url:
        advice = f"{kind} is none of the databases that are known: write sqlite:///FILE or postgresql://HOST/DATABASE"
    else:
        advice = f"for a file write sqlite:///{shown}"
    return f"store {shown!r} is no database address: {advice}"


def make_engine(url: str, patience: float = BUSY_SECONDS) -> Engine:
    """Return an engine of one connection: the lock lets one thread at a time use it."""
    try:
        parsed = _parsed(url)
        if parsed.drivername in {"postgres", "postgresql"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.update_query_dict({**_SILENCE, **parsed.query})
        is_file = parsed.get_backend_name() == "sqlite"
        engine = sa.create_engine(
            parsed,
            poolclass=sa.QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_pre_ping=not is_file,
            json_serializer=_to_json,
            connect_args={"check_same_thread": False} if is_file else {},
            **({} if is_file else {"isolation_level": "READ COMMITTED"}),  # whatever the server's default
        )
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError(_no_address(url)) from error
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"store {shown_name(parsed)} needs the package {error.name}:"
            " pip install 'news-scraper[postgresql]'"
        ) from error
    {"sqlite": _listen_sqlite, "postgresql": _listen_postgresql}[engine.dialect.name](engine, patience)
    return engine


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _listen_sqlite(engine: Engine, patience: float) -> None:
    """Begin every transaction ourselves: the driver's deferred ones fail when they read, then write."""

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        path = cursor.execute("PRAGMA database_list").fetchone()[2]
        with suppress(OSError):  # of another's file
            if path and not Path(path).stat().st_size:  # new: what is read is nobody's but its owner's
                Path(path).chmod(0o600)
        cursor.execute(f"PRAGMA busy_timeout = {patience * 1000:.0f}")
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] not in {"wal", "memory"}:
            cursor.execute("PRAGMA journal_mode = WAL")
        # With WAL, NORMAL keeps every commit through a kill; a power cut may lose the last ones only.
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _listen_postgresql(engine: Engine, patience: float) -> None:
    """Let one transaction write articles at a time, as on SQLite: two verdicts never cross."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("writes"):
            return
        connection.exec_driver_sql(
            f"SELECT set_config('lock_timeout', '{patience:.0f}s', true),"
            f" set_config('idle_in_transaction_session_timeout', '{IDLE_SECONDS}s', true)"
        )
        if options["lock"] == ARTICLES:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended(current_schema(), 7))")
        elif options["lock"]:
            statement = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' ' || :lock, 8))"
            connection.execute(sa.text(statement), {"lock": options["lock"]})


def clock(connection: Connection) -> datetime:
    """Return the server's time; for a file, this machine's."""
    if connection.dialect.name == "postgresql":
        moment: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        return moment.astimezone(UTC)
    return datetime.now(UTC)
