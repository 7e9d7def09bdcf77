"""The commands of README and documentation: each is run, but for those that a table names with its reason."""

from __future__ import annotations

import gzip
import re
import shlex
import shutil
import tomllib
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb
import pytest

from scraper.store import open_store
from scraper.store.copies.rebuild import rebuild_index
from scraper.store.service.service_store import ServiceStore
from tests.cli.test_examples import parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typer.testing import Result

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "tests" / "data" / "versions" / "0.1.0"
"""What the demo left: its database and archive."""
REVISED = "b91f8cf41d52a9d7"
"""Of the demo, the article that its site edited; it stands for ID, and for an example's."""
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(
    r"(?:(?<=\n\n)|\A)(?: {4}.*\n(?:\n(?= {4}))?)+|^```(?:sh|bash|shell)\n(?P<fenced>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
PROGRAM = re.compile(r"(?:cd \S+ && )?(?:\.\.?/run|scraper|duckdb|docker|cp|pip|scrapy|systemctl|curl)\s")

NETWORK = "asks the network"
NOT_RUN = {
    r"\./run demo$": "tests/cli/crawling/test_demo.py and test_wheel.py run it",
    r"\./run test\b": "this is it",
    r"\./run bench ": "needs the corpora, and hours: its name is checked",
    r"\./run scraper (crawl|new-site|record) ": f"{NETWORK}; test_new_site.py runs the page of adding a site in order",
    r"\./run scraper (extract https|import addresses)": f"{NETWORK}; on loopback in the tests of each",
    r"\./run scraper fixtures check example_times": "a site that new-site makes: test_new_site.py runs it",
    r"scraper init /srv/news": "writes outside of the test: test_init.py runs it elsewhere",
    r"scraper (\S.* )?--queue\b|scraper worker ": "needs PostgreSQL: test_batch.py and test_worker.py run them",
    r"pip install ": f"{NETWORK}: the extra that it names is looked up",
    r"(cd \S+ && \.\./run |\./run )?scraper (\S.* )?web\b": "stays: tests/cli/running/test_web.py starts it",
    r"scraper (accounts \w+|tokens revoke) \w": "asks for a password or follows others: test_accounts.py runs them in order",
    r"docker |cp deploy/": "needs a container engine or systemd: test_deploy.py reads both files",
}
"""Commands that are only parsed, as expressions for their lines, and why."""


class Documented(NamedTuple):
    """A command in a page."""

    page: str
    line: str

    @property
    def why_not(self) -> str | None:
        """Return why it is not run."""
        return next((why for pattern, why in NOT_RUN.items() if re.match(pattern, self.line)), None)


def documented() -> Iterator[Documented]:
    for page in PAGES:
        for block in BLOCK.finditer(page.read_text()):
            for line in (block["fenced"] or block[0]).splitlines():
                said = re.sub(r"(?: {2,}| )#(?: .*)$", "", line.strip())
                if PROGRAM.match(said):
                    yield Documented(str(page.relative_to(ROOT)), said)


COMMANDS = sorted(set(documented()))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the commands name; the store and the archive are the demo's."""
    folder = tmp_path_factory.mktemp("documented")
    page = (ROOT / "fixtures/france24/wire-story/page.html").read_bytes()
    for name in ("demo/news.db", "news.db"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(gzip.decompress((DEMO / "news.db.gz").read_bytes()))
    for name in ("demo/archive", "archive"):
        shutil.copytree(DEMO / "archive", folder / name)
    files = {
        "page.html": page,
        "pages/page.html": page,
        "pages.jsonl": b'{"id": "a", "file": "page.html"}\n',
        "pages.csv": b"file,url\npage.html,https://paper.example/a\n",
        "dump.txt": b"\n".join(
            b"The ferry number %d came in at dawn, said the harbour." % at for at in range(40)
        ),
        "articles.jsonl.gz": (DEMO / "articles.jsonl.gz").read_bytes(),
        "articles.jsonl": gzip.decompress((DEMO / "articles.jsonl.gz").read_bytes()),
        "records.jsonl": gzip.decompress((DEMO / "articles.jsonl.gz").read_bytes()),
        "scraper.toml": b'[jobs.france24]\ncron = "0 0 1 1 *"\n',
        "scrapy.cfg": b"[settings]\ndefault = scraper.settings\n",
        "spiders/__init__.py": b"",
        "subscriptions.opml": b'<opml><body><outline xmlUrl="https://gull.example/feed"/></body></opml>',
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    with chdir(folder), open_store("sqlite:///news.db"):
        pass
    rebuild_index(f"sqlite:///{folder / 'news.db'}", lambda _: None)
    with ServiceStore(f"sqlite:///{folder / 'news.db'}") as service:
        service.runs.pause("france24")  # whose job is due: it never ran
    return folder


@pytest.mark.parametrize(
    "command", [each for each in COMMANDS if not each.why_not], ids=lambda each: each.line
)
def test_a_documented_command_runs(
    command: Documented,
    template: Path,
    tmp_path: Path,
    run: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCRAPER_WORKERS", "1")
    folder = tmp_path / "work"
    shutil.copytree(template, folder)
    where, _, line = command.line.rpartition(" && ")
    with chdir(folder / where.removeprefix("cd ")):
        words = [re.sub(r"^(?:ID|06fd3db9a9e0b5a1)$", REVISED, word) for word in shlex.split(line)]
        if words[0] == "duckdb":
            run("export", "--format", "parquet", "--out", "news.parquet")
            assert duckdb.connect().execute(words[-1]).fetchall()
            return
        words = words[words.index("scraper") + 1 :]
        if words[0] == "forget":
            words = [*words[:1], REVISED, *words[2:], "--yes"]
        done = run(*words)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.why_not], ids=lambda each: each.line)
def test_a_command_that_is_not_run_is_one_all_the_same(command: Documented) -> None:
    words = shlex.split(re.sub(r"^cd \S+ && ", "", command.line))
    if "scraper" in words[:2]:
        assert parsed(words[words.index("scraper") + 1 :])
    elif words[:2] == ["pip", "install"]:
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
        assert re.sub(r"news-scraper\[(.+)\]", r"\1", words[2]) in extras
    elif words[:2] == ["./run", "bench"]:
        assert (ROOT / "bench" / f"{words[2]}.py").is_file()
    else:
        assert words[0] in {"./run", "docker", "cp"}


def test_every_exception_is_one() -> None:
    assert not [
        why for pattern, why in NOT_RUN.items() if not any(re.match(pattern, each.line) for each in COMMANDS)
    ]
    assert len([each for each in COMMANDS if not each.why_not]) > len(
        [each for each in COMMANDS if each.why_not]
    )
