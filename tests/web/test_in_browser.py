"""The pages in a real Chromium: what people do there, with and without script, on a phone, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe

from scraper.store.service.front_desk import FrontDesk
from scraper.store.service.service_store import ServiceStore
from tests.web.browsing import PHONE, chromium, fill_store, looking, served_pages
from tests.web.visitors import EDITOR, OPERATOR, PASSWORD, add_people

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.system


class Place(NamedTuple):
    """Pages that are served."""

    address: str
    url: str
    """Of their store."""
    paths: Mapping[str, str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Pages of this machine: nobody logs in."""
    folder = tmp_path_factory.mktemp("here")
    url = f"sqlite:///{folder}/news.db"
    paths = fill_store(url, folder)
    with served_pages(url) as address:
        yield Place(address, url, paths)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Pages for those who log in."""
    folder = tmp_path_factory.mktemp("elsewhere")
    url = f"sqlite:///{folder}/news.db"
    paths = fill_store(url, folder)
    with FrontDesk(url) as desk:
        add_people(desk)
    with served_pages(url, must_login=True) as address:
        yield Place(address, url, paths)


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").or_(page.get_by_role("alert")).wait_for()


def told(page: Page, said: str) -> None:
    """Wait until the page says what became of a wish."""
    page.get_by_role("status").filter(has_text=said).wait_for()


def test_one_logs_in_pauses_a_source_sees_who_did_it_and_logs_out(browser: Browser, elsewhere: Place) -> None:
    with looking(browser) as page:
        page.goto(f"{elsewhere.address}/jobs?site=harbour")
        assert page.url.endswith("/login?next=%2Fjobs%3Fsite%3Dharbour")
        log_in(page, OPERATOR)
        assert page.url == f"{elsewhere.address}/jobs?site=harbour"
        page.get_by_role("button", name="Pause harbour").click()
        told(page, "Pause, harbour")
        page.get_by_role("button", name="Resume harbour").wait_for()
        with ServiceStore(elsewhere.url) as ledger:
            assert "harbour" in ledger.runs.paused()
        page.get_by_role("link", name="What was asked for").click()
        page.get_by_role("row", name="Pause harbour").filter(has_text=OPERATOR).wait_for()
        page.get_by_role("button", name="Log out").click()
        page.get_by_role("heading", name="Log in").wait_for()
        page.goto(f"{elsewhere.address}/jobs")
        page.get_by_role("heading", name="Log in").wait_for()


def test_all_of_it_works_without_script_on_a_phone(browser: Browser, elsewhere: Place) -> None:
    with looking(
        browser, java_script_enabled=False, viewport={"width": PHONE, "height": 640}, is_mobile=True
    ) as page:
        page.goto(f"{elsewhere.address}/jobs?site=herald")
        log_in(page, OPERATOR)
        page.get_by_role("button", name="Resume herald").click()
        page.get_by_role("button", name="Run now herald, job split").click()
        told(page, "its run is queued")
        page.get_by_role("button", name="Cancel 1/2 herald").click()
        told(page, "it is taken back")
        page.get_by_role("link", name="Articles", exact=True).click()
        page.get_by_label("Words to search for").fill("ferry 17")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Ferry 17").first.click()
        page.get_by_role("heading", level=1, name="Ferry 17").wait_for()


def test_who_may_only_read_finds_no_button(browser: Browser, elsewhere: Place) -> None:
    with looking(browser) as page:
        page.goto(f"{elsewhere.address}/jobs")
        log_in(page, EDITOR)
        assert page.get_by_role("button").all_inner_texts() == ["Search", "Log out", "Show"]


def test_a_stale_form_is_refused_in_words(browser: Browser, elsewhere: Place) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{elsewhere.address}/jobs")
    log_in(page, OPERATOR)
    another = context.new_page()
    another.goto(f"{elsewhere.address}/login")
    page.goto(f"{elsewhere.address}/jobs?site=gazette")
    context.clear_cookies()
    another.goto(f"{elsewhere.address}/login")
    log_in(another, OPERATOR)
    page.get_by_role("button", name="Pause gazette").click()
    assert "This form is of an earlier login" in page.get_by_role("alert").inner_text()
    context.close()


def test_a_page_is_walked_through_by_keyboard(browser: Browser, here: Place) -> None:
    with looking(browser) as page:
        page.goto(f"{here.address}/jobs?site=gazette")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        button = page.get_by_role("button", name="Pause gazette")
        for _ in range(20):
            page.keyboard.press("Tab")
            if button.evaluate("element => element === document.activeElement"):
                break
        page.keyboard.press("Enter")
        told(page, "Pause, gazette")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_fault_that_axe_knows(browser: Browser, here: Place, scheme: str) -> None:
    """Takes 10 s: every page is held against WCAG AA."""
    faults: dict[str, str] = {}
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    for name, path in here.paths.items():
        page.goto(f"{here.address}{path}")
        found = Axe().run(page)
        if found.violations_count:
            faults[name] = found.generate_report()
    context.close()
    assert not faults, "\n".join(f"{name}: {told}" for name, told in faults.items())


def test_the_page_to_log_in_has_none_either(browser: Browser, elsewhere: Place) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{elsewhere.address}/jobs")
    log_in(page, OPERATOR, "not the password")
    found = Axe().run(page)
    context.close()
    assert not found.violations_count, found.generate_report()


def test_no_page_is_wider_than_a_phone(browser: Browser, here: Place) -> None:
    wide = {}
    context = browser.new_context(viewport={"width": PHONE, "height": 640})
    page = context.new_page()
    for name, path in here.paths.items():
        page.goto(f"{here.address}{path}")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE:
            wide[name] = width
    context.close()
    assert not wide
