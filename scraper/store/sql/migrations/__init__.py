"""The steps that make a database of any earlier version one of this version; steps are only ever appended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from scraper.errors import SchemaError
from scraper.store.sql.migrations import (
    m0001_articles,
    m0002_dedup,
    m0003_runs,
    m0004_archive,
    m0005_templates,
    m0006_hosts,
    m0007_quarantine,
    m0008_unswept,
    m0009_tallies,
    m0010_shards,
    m0011_rejection_ids,
    m0012_verdicts,
    m0013_gone,
    m0014_forgotten,
    m0015_leases,
    m0016_disbelieved,
    m0017_vain,
    m0018_corrections,
    m0019_figures,
    m0020_run_indexes,
    m0021_pairs,
    m0022_layouts,
    m0023_views,
    m0024_changes,
    m0025_change_webhook,
    m0026_search,
    m0027_commands,
    m0028_coverage,
    m0029_accounts,
    m0030_render_needs,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

STEPS: Sequence[Callable[[Connection], None]] = (
    m0001_articles.migrate,
    m0002_dedup.migrate,
    m0003_runs.migrate,
    m0004_archive.migrate,
    m0005_templates.migrate,
    m0006_hosts.migrate,
    m0007_quarantine.migrate,
    m0008_unswept.migrate,
    m0009_tallies.migrate,
    m0010_shards.migrate,
    m0011_rejection_ids.migrate,
    m0012_verdicts.migrate,
    m0013_gone.migrate,
    m0014_forgotten.migrate,
    m0015_leases.migrate,
    m0016_disbelieved.migrate,
    m0017_vain.migrate,
    m0018_corrections.migrate,
    m0019_figures.migrate,
    m0020_run_indexes.migrate,
    m0021_pairs.migrate,
    m0022_layouts.migrate,
    m0023_views.migrate,
    m0024_changes.migrate,
    m0025_change_webhook.migrate,
    m0026_search.migrate,
    m0027_commands.migrate,
    m0028_coverage.migrate,
    m0029_accounts.migrate,
    m0030_render_needs.migrate,
)
"""The step at place n makes version n + 1."""
TABLES_VERSION = len(STEPS)


def version(connection: Connection) -> int:
    """Return the version of the database's tables; 0 where there are none."""
    if not sa.inspect(connection).has_table("schema_version"):
        return 0
    return int(connection.scalar(sa.text("SELECT max(version) FROM schema_version")) or 0)


def check_version(found: int, name: str) -> None:
    """Raise SchemaError for a database that a later version of this project made."""
    if found > TABLES_VERSION:
        raise SchemaError(
            f"{name} has tables of version {found}, this program knows versions up to {TABLES_VERSION}: "
            "update the program, or name another database"
        )


def migrate(connection: Connection, name: str) -> None:
    """Run the missing steps in the open transaction; a process that waited for it finds none."""
    found = version(connection)
    check_version(found, name)
    if found == 0:
        connection.execute(sa.text("CREATE TABLE schema_version (version INTEGER PRIMARY KEY)"))
    for number, step in enumerate(STEPS[found:], start=found + 1):
        step(connection)
        connection.execute(sa.text("INSERT INTO schema_version VALUES (:version)"), {"version": number})
