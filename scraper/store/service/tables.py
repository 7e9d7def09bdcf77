"""The tables of the service's own work as queries see them; migrations make them."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, Table, Text

from scraper.store.sql.tables import METADATA, Instant

runs = Table(
    "runs",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("job", Text),
    Column("site", Text),
    Column("state", Text),
    Column("after", Text),
    Column("shard", Text),
    Column("attempt", Integer),
    Column("queued", Instant),
    Column("started", Instant),
    Column("ended", Instant),
    Column("owner", JSON(none_as_null=True)),
    Column("heartbeat", Instant),
    Column("counts", JSON),
    Column("reason", Text),
    Column("may_pass", Boolean),
    Column("exit_code", Integer),
    Column("log", Text),
    Column("cancelled", Boolean),
    Column("command", JSON(none_as_null=True)),
)
"""One row a run. A run has at most one successor, and a shard of a site at most one run that is queued or
running. Of the first run of a shard, `after` is the shard itself."""

figures = Table(
    "figures",
    METADATA,
    Column("run", Text, primary_key=True),
    Column("site", Text),
    Column("at", Instant),
    Column("since", Instant),
    Column("figures", JSON),
)

alarms = Table(
    "alarms",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("site", Text),
    Column("signs", JSON),
    Column("since", Instant),
    Column("opened", Instant),
    Column("closed", Instant),
    Column("cause", Text),
    Column("message", Text),
    Column("example", Text),
)

deliveries = Table(
    "deliveries",
    METADATA,
    Column("row", BigInteger, primary_key=True),
    Column("alarm", BigInteger),
    Column("event", Text),
    Column("channel", Text),
    Column("attempts", Integer),
    Column("due", Instant),
    Column("error", Text),
)
"""One row an alarm's opening or closing and channel; `due` is NULL once it arrived or was given up."""

change_webhook = Table(
    "change_webhook",
    METADATA,
    Column("cursor", BigInteger),
    Column("message", Text),
    Column("until", BigInteger),
    Column("attempts", Integer),
    Column("due", Instant),
    Column("error", Text),
)
"""One row: changes up to `cursor` have arrived; those up to `until` are under way as `message`."""

pauses = Table("pauses", METADATA, Column("site", Text, primary_key=True), Column("since", Instant))

accounts = Table(
    "accounts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("password", Text),
    Column("scope", Text),
    Column("created", Instant),
)

sessions = Table(
    "sessions",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("account", Text),
    Column("created", Instant),
    Column("seen", Instant),
)

tokens = Table(
    "tokens",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("key", Text),
    Column("scope", Text),
    Column("created", Instant),
    Column("used", Instant),
)
"""Of sessions and tokens `key` is a digest: what their bearer holds is not stored."""

wishes = Table(
    "wishes",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("at", Instant),
    Column("account", Text),
    Column("kind", Text),
    Column("subject", Text),
    Column("runs", JSON),
    Column("outcome", Text),
)
"""What was asked for through the pages and the API: by whom, and the runs that carry it out."""

tallies = Table("tallies", METADATA, Column("name", Text, primary_key=True), Column("number", BigInteger))
"""Counts of all runs that ever ended: they only grow, whatever is forgotten of the runs."""
