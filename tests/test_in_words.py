from __future__ import annotations

import pytest

from scraper.crawl import causes
from scraper.crawl.download.public_only import PRIVATE
from scraper.crawl.download.replay import MISSING
from scraper.crawl.pages import accounts
from scraper.in_words import CAUSE_WORDS, REASON_WORDS, cause_in_words
from scraper.model import Reason

KNOWN = {
    *(cause for _, cause in (*causes._CAUSES, *causes._IGNORED)),
    *causes.UNASKED,
    *(PRIVATE, MISSING, accounts.PIPELINE, accounts.SPIDER, accounts.DROPPED, "tls", "ignored", "offsite"),
}


def test_every_cause_and_every_reason_has_words() -> None:
    assert set(CAUSE_WORDS) >= KNOWN
    assert set(REASON_WORDS) == set(Reason)


@pytest.mark.parametrize("cause", ["robots_timeout", "continuation/empty", "503", "ZeroDivisionError"])
def test_what_is_made_of_causes_has_words_too(cause: str) -> None:
    assert " " in cause_in_words(cause)
