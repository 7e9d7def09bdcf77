from __future__ import annotations

import pytest

from scraper.jobs.outcome import EndedBy, judge_command, judge_run
from scraper.store.service.values import RunState


@pytest.mark.parametrize(
    ("counts", "exit_code", "state", "word"),
    [
        ({"announced": 9, "stored": 8, "rejected/list": 1, "source/read": 1}, 0, RunState.SUCCEEDED, "8 new"),
        ({"announced": 9, "not_due": 9, "source/read": 1}, 0, RunState.SUCCEEDED, "0 new"),
        ({"announced": 7, "not_due": 7, "source/not_modified": 2}, 0, RunState.SUCCEEDED, "0 new"),
        ({"announced": 0, "source/not_modified": 2}, 1, RunState.FAILED, "none has the address"),
        (
            {"announced": 1, "revisited": 1, "stored": 0, "source/read": 2},
            1,
            RunState.FAILED,
            "none has the address",
        ),
        ({"source/of_others": 7, "source/read": 1}, 0, RunState.SUCCEEDED, "0 new"),
        (
            {"announced": 2, "not_due": 1, "rejected/list": 1, "source/read": 1},
            1,
            RunState.FAILED,
            "none was an",
        ),
        ({"announced": 9, "source/read": 1}, 0, RunState.FAILED, "none was fetched"),
        ({"announced": 9, "fetched": 0, "errors": 9, "source/read": 1}, 0, RunState.FAILED, "own code"),
        ({"errors": 1}, 0, RunState.FAILED, "own code"),
        ({"announced": 9, "rejected/bot_wall": 9, "source/read": 1}, 0, RunState.FAILED, "bot_wall"),
        ({"announced": 9, "quarantined/extraction_crash": 9}, 0, RunState.FAILED, "extraction_crash"),
        ({"announced": 9, "rejected/out_of_range": 9, "source/read": 1}, 0, RunState.SUCCEEDED, "0 new"),
        ({"announced": 9, "failed/robots": 9, "source/read": 1}, 1, RunState.FAILED, "robots"),
        ({"source/failed/dns": 2}, 1, RunState.FAILED, "dns"),
        ({"announced": 9, "stored": 8, "source/read": 1, "source/failed/404": 1}, 3, RunState.PARTIAL, "404"),
        ({"announced": 9, "stored": 5, "failed/5xx": 4, "source/read": 1}, 0, RunState.PARTIAL, "5xx"),
        ({"announced": 9, "stored": 8, "errors": 1, "source/read": 1}, 3, RunState.PARTIAL, "own code"),
    ],
)
def test_the_state_of_a_run_comes_from_what_the_crawl_counted(
    counts: dict[str, int], exit_code: int, state: RunState, word: str
) -> None:
    outcome = judge_run(exit_code, counts)
    assert outcome.state is state
    assert word in outcome.reason


@pytest.mark.parametrize(
    ("counts", "may_pass"),
    [
        ({"source/failed/dns": 1}, True),
        ({"announced": 1, "failed/5xx": 1}, True),
        ({"announced": 1, "failed/429": 1}, True),
        ({"announced": 1, "failed/robots": 1}, False),
        ({"announced": 1, "failed/403": 1}, False),
    ],
)
def test_only_failures_that_may_be_over_soon_are_worth_another_attempt(
    counts: dict[str, int], *, may_pass: bool
) -> None:
    assert judge_run(1, counts).may_pass is may_pass


def test_a_crawl_that_was_killed_is_interrupted_and_due_again() -> None:
    outcome = judge_run(-9, None)
    assert (outcome.state, outcome.may_pass) == (RunState.INTERRUPTED, True)
    assert "SIGKILL" in outcome.reason


def test_a_crawl_that_left_no_counts_is_no_success() -> None:
    assert judge_run(0, None).state is RunState.FAILED


def test_wrong_usage_is_not_tried_again() -> None:
    outcome = judge_run(2, None)
    assert (outcome.state, outcome.may_pass) == (RunState.FAILED, False)


@pytest.mark.parametrize(
    ("ended_by", "state", "may_pass"),
    [
        (EndedBy.TIME_LIMIT, RunState.FAILED, False),
        (EndedBy.MEMORY_LIMIT, RunState.FAILED, False),
        (EndedBy.CANCELLED, RunState.INTERRUPTED, False),
        (EndedBy.STOPPED, RunState.INTERRUPTED, True),
        (EndedBy.LOST, RunState.INTERRUPTED, True),
    ],
)
def test_a_run_that_its_supervisor_ended_says_why(
    ended_by: EndedBy, state: RunState, *, may_pass: bool
) -> None:
    outcome = judge_run(-15, {"stored": 3}, ended_by)
    assert (outcome.state, outcome.may_pass) == (state, may_pass)


@pytest.mark.parametrize(
    ("exit_code", "counts", "ended_by", "state", "may_pass", "reason"),
    [
        (0, {"stored": 3, "unchanged": 0}, None, RunState.SUCCEEDED, False, "3 stored"),
        (0, {}, None, RunState.SUCCEEDED, False, "nothing was left to do"),
        (3, {"passed/torn": 1}, None, RunState.PARTIAL, False, "1 passed/torn"),
        (1, None, None, RunState.FAILED, True, "the database is away"),
        (0, None, None, RunState.FAILED, True, "the database is away"),
        (2, None, None, RunState.FAILED, False, "are wrong: the database is away"),
        (-9, None, None, RunState.FAILED, True, "killed by SIGKILL"),
        (0, {"stored": 3}, EndedBy.TIME_LIMIT, RunState.INTERRUPTED, True, "goes on where it stopped"),
        (-15, None, EndedBy.STOPPED, RunState.INTERRUPTED, True, "asked to stop"),
        (-15, None, EndedBy.CANCELLED, RunState.INTERRUPTED, False, "cancelled"),
        (-9, None, EndedBy.MEMORY_LIMIT, RunState.FAILED, False, "more memory"),
    ],
)
def test_a_part_of_a_batch_is_judged_by_how_its_command_ended(
    exit_code: int,
    counts: dict[str, int] | None,
    ended_by: EndedBy | None,
    state: RunState,
    *,
    may_pass: bool,
    reason: str,
) -> None:
    outcome = judge_command(exit_code, counts, ended_by, said="the database is away")
    assert (outcome.state, outcome.may_pass) == (state, may_pass)
    assert reason in outcome.reason


def test_a_site_that_another_crawl_is_at_is_tried_again() -> None:
    outcome = judge_run(4, None, said="paper is being crawled already")
    assert (outcome.state, outcome.may_pass) == (RunState.INTERRUPTED, True)
    assert outcome.reason == "paper is being crawled already"
