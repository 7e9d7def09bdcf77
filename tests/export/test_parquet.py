from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.errors import InputError
from scraper.export.formats import Format, write_file
from scraper.export.parquet import ROWS
from scraper.model import Article, Credit, StoredArticle
from scraper.record import article_id
from tests.store.values import article, full_article, minutes

if TYPE_CHECKING:
    from collections.abc import Iterable

pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow (extra parquet) is not installed")

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "data.md"
NULL = "__HIVE_DEFAULT_PARTITION__"


def stored(of: Article) -> StoredArticle:
    return StoredArticle(
        id=article_id(of), article=of, content_hash="1:ab", relation=None, first_seen=minutes(0)
    )


def exported(articles: Iterable[Article], folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file of a dataset."""
    write_file(map(stored, articles), Format.PARQUET_DATASET, folder)
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def of(number: int, site: str | None, published: str | None, **fields: Any) -> Article:
    return replace(article(number), site=site, published=published, **fields)


@pytest.mark.parametrize(
    ("site", "published", "folder"),
    [
        ("paper", "2026-10", "month=2026-10/site=paper"),
        ("paper", "2026-10-31T23:30:00-02:00", "month=2026-11/site=paper"),
        ("paper", "2026", f"month={NULL}/site=paper"),
        (None, None, f"month={NULL}/site={NULL}"),
        ("../a b=c", "2026-10-02", "month=2026-10/site=..%2Fa%20b%3Dc"),
        ("газета", "2026-10-02", "month=2026-10/site=%D0%B3%D0%B0%D0%B7%D0%B5%D1%82%D0%B0"),
    ],
)
def test_an_article_lies_in_the_folder_of_its_month_and_site(
    tmp_path: Path, site: str | None, published: str | None, folder: str
) -> None:
    assert list(exported([of(1, site, published)], tmp_path / "news")) == [f"{folder}/articles.parquet"]


def test_a_dataset_reads_as_the_one_file_does(tmp_path: Path) -> None:
    articles = [full_article(), of(2, "b/c", "2026-10-02"), of(3, "007", "2026-11"), of(4, None, None)]
    exported(articles, tmp_path / "news")
    write_file(map(stored, articles), Format.PARQUET, tmp_path / "news.parquet")

    def rows(path: Path) -> list[dict[str, Any]]:
        return sorted(pq.read_table(path).to_pylist(), key=lambda row: str(row["id"]))

    dataset = rows(tmp_path / "news")
    months = [row.pop("month") for row in dataset]
    assert {"2026-10", "2026-11", None} <= set(months)
    assert dataset == rows(tmp_path / "news.parquet")


def test_many_partitions_in_any_mixture_have_one_file_each_in_the_order_of_the_store(tmp_path: Path) -> None:
    count = 2 * ROWS + 100
    articles = [of(number, f"s{number % 70}", f"2026-0{number % 9 + 1}") for number in range(count)]
    files = exported(articles, tmp_path / "news")
    assert len(files) == 630
    assert files == exported(articles, tmp_path / "again")
    first = pq.ParquetFile(tmp_path / "news" / "month=2026-01" / "site=s0" / "articles.parquet").read()
    assert first["id"].to_pylist() == [
        article_id(one) for one in articles if (one.site, one.published) == ("s0", "2026-01")
    ]


def test_a_large_partition_is_written_by_row_groups(tmp_path: Path) -> None:
    exported((of(number, "s", "2026-01") for number in range(ROWS + 1)), tmp_path / "news")
    assert pq.ParquetFile(next(tmp_path.rglob("*.parquet"))).num_row_groups == 2


def test_a_dataset_takes_the_place_of_an_older_one_alone(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    exported([of(1, "old", "2026-10")], folder)
    exported([of(1, "new", "2026-10")], folder)
    assert [path.name for path in (folder / "month=2026-10").iterdir()] == ["site=new"]
    (folder / "month=2026-10" / "site=new" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds month=2026-10/site=new/notes\.txt, which no export wrote"):
        exported([of(1, "new", "2026-10")], folder)


def test_an_export_that_breaks_off_leaves_the_older_dataset(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    before = exported([of(1, "old", "2026-10")], folder)

    def broken() -> Iterable[Article]:
        yield from (of(number, "new", "2026-10") for number in range(ROWS + 1))
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        exported(broken(), folder)
    assert [path.name for path in tmp_path.iterdir()] == ["news"]
    assert (folder / next(iter(before))).read_bytes() == next(iter(before.values()))


def test_the_recipe_for_duckdb_gives_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb (group dev) is not installed")
    section = DOCUMENT.read_text().partition("### By month and site")[2]
    recipe = re.search(r"```sql\n(.+?)```", section, re.DOTALL)
    assert recipe is not None
    agency = Credit(agencies=("Reuters",))
    exported(
        [
            of(1, "7", "2026-10-01", body="four", credit=agency),
            of(2, "7", "2026-10-31T23:00:00Z", body="sixsix"),
            of(3, "8", "2026-10", body="five5"),
            of(4, "8", "2026-11-01"),
            of(5, "8", "2026"),
            of(6, "8", None),
        ],
        tmp_path / "news",
    )
    monkeypatch.chdir(tmp_path)
    with duckdb.connect() as connection:
        assert connection.execute(recipe[1]).fetchall() == [("7", 2, 1, 5.0), ("8", 1, 0, 5.0)]
        counted = connection.execute("SELECT month, count(*) FROM 'news/*/*/*.parquet' GROUP BY month")
        assert dict(counted.fetchall()) == {"2026-10": 3, "2026-11": 1, None: 2}
