from __future__ import annotations

from scraper.crawl.discovery.steps import MAX_LEVELS, Step, Steps, usual_places
from scraper.model import Site

SITE = Site(name="quay", domains=("quay.test",))


def queue(*steps: Step, most: int = 100) -> tuple[Steps, list[None]]:
    left: list[None] = []
    found = Steps(SITE, lambda: left.append(None), most)
    found.add(*steps)
    return found, left


def step(path: str, kind: str = "sitemap", host: str = "quay.test", **more: bool | int) -> Step:
    return Step(url=f"http://{host}{path}", kind=kind, **more)  # type: ignore[arg-type]


def taken(steps: Steps) -> list[str]:
    found: list[str] = []
    while steps:
        found += [each.url.removeprefix("http://") for _, each in steps.take((), 4)]
    return found


def test_feeds_come_before_pages_and_sitemaps_and_each_once() -> None:
    steps, _ = queue(step("/s"), step("/p", "section"), step("/f", "feed"), step("/s"))
    assert taken(steps) == ["quay.test/f", "quay.test/p", "quay.test/s"]


def test_what_lies_on_another_host_is_read_where_the_site_vouches_for_it() -> None:
    steps, _ = queue(step("/a", host="other.test"), step("/b", host="other.test", is_vouched=True))
    assert taken(steps) == ["other.test/b"]


def test_a_host_has_one_listing_at_a_time() -> None:
    steps, _ = queue(step("/1"), step("/2"), step("/3", host="m.quay.test"))
    assert [host for host, _ in steps.take((), 4)] == ["quay.test", "m.quay.test"]
    assert list(steps.take({"quay.test"}, 4)) == []
    assert (len(steps), steps.has("sitemap"), steps.has("feed")) == (1, True, False)


def test_depth_and_number_are_bounded() -> None:
    steps, left = queue(step("/deep", level=MAX_LEVELS + 1), step("/1"), step("/2"), most=1)
    assert (taken(steps), len(left)) == (["quay.test/1"], 1)


def test_the_usual_places_are_few() -> None:
    assert 5 < len(list(usual_places("http://quay.test/news/"))) < 25
    assert all(
        each.url.startswith("http://quay.test/") and each.is_guess
        for each in usual_places("http://quay.test/news/")
    )
