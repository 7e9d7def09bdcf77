"""Views for those who look at the database with tools of their own: articles, stories, coverage by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

ARTICLES_CURRENT = """
CREATE VIEW articles_current AS
SELECT
    a.id,
    a.canonical_url,
    a.site,
    {record}publisher{end} AS publisher,
    a.kind,
    a.in_doubt,
    {record}title{end} AS title,
    {record}standfirst{end} AS standfirst,
    {record}section{end} AS section,
    {record}authors{end} AS authors,
    {record}tags{end} AS tags,
    a.language,
    {record}published{end} AS published,
    CASE WHEN {record}published{end} IS NOT NULL THEN a.dated END AS published_at,
    {record}modified{end} AS modified,
    a.first_seen,
    a.fetched_at,
    a.gone,
    a.revision,
    l.kind AS relation_kind,
    l.to_id AS relation_to,
    l.score AS relation_score,
    coalesce(r.story, r.row) AS story,
    r.content_hash,
    length(r.body) AS characters,
    r.body
FROM articles a
JOIN revisions r ON r.article_id = a.id AND r.number = a.revision
LEFT JOIN relations l ON l.article_id = a.id AND l.revision = r.number AND l.position = 0
"""
STORIES = """
CREATE VIEW stories AS
SELECT
    c.story,
    f.article_id AS first_id,
    {first}title{end} AS title,
    {first}site{end} AS first_site,
    count(*) AS articles,
    count(DISTINCT c.site) AS sites,
    min(c.first_seen) AS first_seen,
    max(c.first_seen) AS last_seen
FROM articles_current c
JOIN revisions f ON f.row = c.story
GROUP BY c.story, f.article_id, {first}title{end}, {first}site{end}
"""
COVERAGE_DAILY = """
CREATE VIEW coverage_daily AS
SELECT
    site,
    day,
    sum(announced) AS announced,
    sum(CASE WHEN outcome <> 'failed' THEN fetches ELSE 0 END) AS fetched,
    sum(CASE WHEN outcome = 'stored' THEN fetches ELSE 0 END) AS stored,
    sum(CASE WHEN outcome = 'revised' THEN fetches ELSE 0 END) AS revised,
    sum(CASE WHEN outcome = 'unchanged' THEN fetches ELSE 0 END) AS unchanged,
    sum(CASE WHEN outcome = 'rejected' THEN fetches ELSE 0 END) AS rejected,
    sum(CASE WHEN outcome = 'quarantined' THEN fetches ELSE 0 END) AS quarantined,
    sum(CASE WHEN outcome = 'failed' THEN fetches ELSE 0 END) AS failed
FROM (
    SELECT site, {fetched_day} AS day, outcome, count(*) AS fetches, 0 AS announced
    FROM fetches GROUP BY 1, 2, 3
    UNION ALL
    SELECT site, {announced_day} AS day, NULL, 0, count(*) FROM announced GROUP BY 1, 2
) counted
GROUP BY site, day
"""
SQLITE = {
    "record": "json_extract(r.record, '$.",
    "first": "json_extract(f.record, '$.",
    "end": "')",
    "fetched_day": "date(fetched_at)",
    "announced_day": "date(announced_at)",
}
POSTGRESQL = {
    "record": "(r.record ->> '",
    "first": "(f.record ->> '",
    "end": "')",
    "fetched_day": "CAST(timezone('UTC', fetched_at) AS date)",
    "announced_day": "CAST(timezone('UTC', announced_at) AS date)",
}


def migrate(connection: Connection) -> None:
    """Make the views."""
    names = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    for statement in (ARTICLES_CURRENT, STORIES, COVERAGE_DAILY):
        connection.exec_driver_sql(statement.format(**names))
