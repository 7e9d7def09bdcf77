from __future__ import annotations

from datetime import timedelta

import pytest

from scraper.errors import ConfigError
from scraper.jobs.job import Job, parse_jobs
from scraper.jobs.schedule import Every, OnFeed


def test_jobs_are_read_by_name_with_their_limits() -> None:
    tables = {
        "fast": {"on": "feed"},
        "big": {
            "sites": ["paper", "https://other.test/"],
            "every": "1h",
            "arguments": ["--limit", "50"],
            "time_limit": "20m",
            "memory_limit": "800M",
            "niceness": 5,
            "shards": 3,
        },
    }
    big, fast = parse_jobs(tables)
    assert fast == Job(name="fast", sites=("fast",), schedule=OnFeed())
    assert big == Job(
        name="big",
        sites=("paper", "https://other.test/"),
        schedule=Every(timedelta(hours=1)),
        arguments=("--limit", "50"),
        time_limit=timedelta(minutes=20),
        memory_limit=800 * 1024**2,
        niceness=5,
        shards=3,
    )
    assert (fast.parts, big.parts) == (("",), ("1/3", "2/3", "3/3"))


@pytest.mark.parametrize(
    "table",
    [
        "30m",
        {"evry": "30m"},
        {"every": "30m", "sites": "paper"},
        {"every": "30m", "arguments": [1]},
        {"every": "30m", "memory_limit": "lots"},
        {"every": "30m", "memory_limit": "0G"},
        {"every": "30m", "niceness": 20},
        {"every": "30m", "time_limit": "0s"},
        {"every": "30m", "shards": 0},
        {"every": "30m", "shards": "4"},
    ],
)
def test_a_job_that_is_wrong_is_refused_by_its_name(table: object) -> None:
    with pytest.raises(ConfigError, match="paper"):
        parse_jobs({"paper": table})


def test_the_name_of_backfills_is_taken() -> None:
    with pytest.raises(ConfigError, match="taken"):
        parse_jobs({"backfill": {"every": "30m"}})


def test_a_site_is_split_alike_in_all_its_jobs() -> None:
    daily = {"sites": ["paper"], "every": "1d", "shards": 4}
    with pytest.raises(ConfigError, match="shards = 1 for paper, but 4 in job daily"):
        parse_jobs({"daily": daily, "often": {"sites": ["paper"], "every": "30m"}})
    assert len(parse_jobs({"daily": daily, "often": {"sites": ["paper"], "every": "30m", "shards": 4}})) == 2
