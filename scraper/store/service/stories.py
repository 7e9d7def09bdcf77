"""The stories of a day: articles that copies lead from one to the other, those with most sites first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scraper.model import ArticleId
from scraper.store.listing_date import first_instant
from scraper.store.sql.tables import IS_CURRENT, articles, relations, revisions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row, Select

    from scraper.store.sql.database import Database

PRINTED_BY = 8
"""Articles that are named of a story, those of the earliest dates."""
_ARTICLE = (articles.c.id, articles.c.site, articles.c.dated, articles.c.first_seen, articles.c.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """An article without its text."""

    id: ArticleId
    site: str | None
    title: str | None
    language: str | None
    dated: datetime
    first_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStory:
    """What was printed of a story on one day (UTC)."""

    sites: int
    articles: int
    story: int
    """As the index of copies numbers it."""
    printed: tuple[Headline, ...] = ()
    """The first of its articles on that day, at most `PRINTED_BY`."""

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it stands among the stories of its day."""
        return self.sites, self.articles, self.story


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionMark:
    """A revision without its text."""

    number: int
    fetched_at: str
    """An instant in UTC."""
    modified: str | None
    """As its page says."""
    title: str | None
    characters: int
    is_silent: bool
    """The text changed and the page's date of modification did not."""


class PrintedStories:
    """What was printed when. Every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        """Use the database's tables."""
        self._database = database

    def of_day(
        self, day: date, *, limit: int, after: tuple[int, int, int] | None = None
    ) -> Sequence[DayStory]:
        """Return the stories of a day, those on most sites first, after the place of another one."""
        begin = first_instant(day)
        printed = _printed(begin).subquery()
        columns = (sa.func.count(sa.distinct(printed.c.site)), sa.func.count(), printed.c.story)
        names = ("sites", "articles", "story")
        grouped = (
            sa.select(*(column.label(name) for column, name in zip(columns, names, strict=True)))
            .group_by(printed.c.story)
            .subquery()
        )
        place = sa.tuple_(grouped.c.sites, grouped.c.articles, grouped.c.story)
        order = [grouped.c[name].desc() for name in names]
        statement = sa.select(grouped).order_by(*order).limit(limit)
        if after is not None:
            statement = statement.where(place < sa.tuple_(*after))
        with self._database.read() as connection:
            found = connection.execute(statement).all()
            named: dict[int, list[Headline]] = {row.story: [] for row in found}
            for row in connection.execute(_named(begin, list(named))):
                named[row.story].append(_headline(row))
        return [DayStory(**row._mapping, printed=tuple(named[row.story])) for row in found]  # noqa: SLF001

    def just_in(self, limit: int) -> Sequence[Headline]:
        """Return the articles that were first seen last, the latest first."""
        statement = _headlines().order_by(articles.c.first_seen.desc(), articles.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [_headline(row) for row in connection.execute(statement)]

    def revisions(self, article_id: ArticleId, *, limit: int) -> Sequence[RevisionMark]:
        """Return the last revisions of an article, the latest first."""
        told = [
            revisions.c.record[name].as_string().label(name) for name in ("fetched_at", "modified", "title")
        ]
        is_first = relations.c.position == 0
        is_of = (relations.c.article_id == revisions.c.article_id) & (
            relations.c.revision == revisions.c.number
        )
        statement = (
            sa.select(revisions.c.number, *told, sa.func.length(revisions.c.body).label("characters"))
            .add_columns(relations.c.evidence)
            .outerjoin(relations, is_of & is_first)
            .where(revisions.c.article_id == article_id)
            .order_by(revisions.c.number.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            found = connection.execute(statement).all()
        return [_mark(row) for row in found]

    def last_day(self, before: date) -> date | None:
        """Return the last day before another one on which articles are dated."""
        return self._day(articles.c.dated < first_instant(before), articles.c.dated.desc())

    def first_day(self, after: date) -> date | None:
        """Return the first day after another one on which articles are dated."""
        return self._day(articles.c.dated >= first_instant(after) + timedelta(days=1), articles.c.dated)

    def _day(self, condition: ColumnElement[bool], order: ColumnElement[Any]) -> date | None:
        statement = sa.select(articles.c.dated).where(condition).order_by(order).limit(1)
        with self._database.read() as connection:
            found = connection.scalar(statement)
        return found.date() if found else None


def _headlines(*more: ColumnElement[Any]) -> Select[Any]:
    title = revisions.c.record["title"].as_string().label("title")
    return sa.select(*_ARTICLE, title, *more).join(revisions, IS_CURRENT)


def _printed(begin: datetime) -> Select[Any]:
    """Return the articles of a day, each with its story."""
    story = sa.func.coalesce(revisions.c.story, revisions.c.row).label("story")
    return (
        sa.select(articles.c.id, articles.c.site, articles.c.dated, story)
        .join(revisions, IS_CURRENT)
        .where(articles.c.dated >= begin, articles.c.dated < begin + timedelta(days=1))
    )


def _named(begin: datetime, stories: Sequence[int]) -> Select[Any]:
    """Return the first articles of each of some stories of a day."""
    printed = _printed(begin).subquery()
    number = sa.func.row_number().over(partition_by=printed.c.story, order_by=(printed.c.dated, printed.c.id))
    ranked = (
        sa.select(printed.c.id, printed.c.story, number.label("number"))
        .where(printed.c.story.in_(stories))
        .subquery()
    )
    return (
        _headlines(ranked.c.story)
        .join(ranked, ranked.c.id == articles.c.id)
        .where(ranked.c.number <= PRINTED_BY)
        .order_by(articles.c.dated, articles.c.id)
    )


def _headline(row: Row[Any]) -> Headline:
    return Headline(
        id=ArticleId(row.id),
        site=row.site,
        title=row.title,
        language=row.language,
        dated=row.dated,
        first_seen=row.first_seen,
    )


def _mark(row: Row[Any]) -> RevisionMark:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    evidence = values.pop("evidence") or {}
    return RevisionMark(**values, is_silent="silent_edit" in evidence)
