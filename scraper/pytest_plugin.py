"""pytest --news-fixtures DIR: every field of every fixture below the folder is a test, in any project.

Loaded by pytest wherever this package is installed, so it imports nothing until it is asked for something.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.crawl.rework.fixture_cases import Spiders
    from scraper.fixtures.cases import Case

OPTION = "--news-fixtures"
TRUTH = "article.json"
SPIDERS: pytest.StashKey[Spiders] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    group = parser.getgroup("news-scraper")
    group.addoption(
        OPTION,
        metavar="DIR",
        type=Path,
        help="Test the news fixtures below this folder (<site>/<case>/article.json), a test a field.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Collect the folder beside what else is collected. UsageError for a folder that is not there."""
    root = config.getoption(OPTION)
    if root is None:
        return
    folder = (config.invocation_params.dir / root).resolve()
    if not folder.is_dir():
        raise pytest.UsageError(f"{OPTION} {root}: there is no such folder")
    named = [(config.invocation_params.dir / each.partition("::")[0]).resolve() for each in config.args]
    if not any(each == folder or each in folder.parents or folder in each.parents for each in named):
        config.args.append(str(folder))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CaseFile | None:
    """Collect the truth of a case below the folder that was named."""
    root = parent.config.getoption(OPTION)
    if root is None or file_path.name != TRUTH:
        return None
    folder = (parent.config.invocation_params.dir / root).resolve()
    if file_path.parents[2] != folder:
        return None
    return CaseFile.from_parent(parent, path=file_path)


class CaseFile(pytest.File):
    """A case: its fields are the tests."""

    def collect(self) -> Iterator[FieldTest]:
        """Yield a test for each field of the truth."""
        for field in self.case.truth:
            yield FieldTest.from_parent(self, name=field)

    @cached_property
    def case(self) -> Case:
        """What the folder holds."""
        from scraper.errors import InputError
        from scraper.fixtures.cases import read_case

        try:
            return read_case(self.path.parent)
        except InputError as error:
            raise self.CollectError(str(error)) from error

    @cached_property
    def found(self) -> dict[str, Any]:
        """What the extractor makes of the page."""
        from scraper.crawl.rework.fixture_cases import Spiders

        stash = self.config.stash
        if SPIDERS not in stash:
            stash[SPIDERS] = Spiders.load()
        return stash[SPIDERS].found(self.case)


class FieldTest(pytest.Item):
    """One field of a case."""

    def __init__(self, *, name: str, parent: CaseFile, **kwargs: Any) -> None:  # noqa: ANN401 - pytest's own
        super().__init__(name, parent, **kwargs)
        self.file = parent
        if name in parent.case.wrong_today:
            self.add_marker(pytest.mark.xfail(reason="wrong_today in meta.json", strict=True))

    def runtest(self) -> None:
        """Hold what was found against what is true."""
        from scraper.fixtures.truth import differences

        if found := differences({self.name: self.file.case.truth[self.name]}, self.file.found):
            raise FieldError("\n".join(found[0].lines()))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        """Return the difference alone, for a field that is wrong."""
        if isinstance(excinfo.value, FieldError):
            return f"- what is true, + what was found\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where the test stands: site, case and field name it."""
        case = self.file.case
        return self.path, None, f"{case.site}/{case.name}/{self.name}"


class FieldError(AssertionError):
    """A field that the extractor gets wrong; its text is the difference."""
