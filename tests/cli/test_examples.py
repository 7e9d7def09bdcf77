"""The examples in the commands' help and in the documentation: each parses, and what needs no network runs."""

from __future__ import annotations

import gzip
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer

from scraper.cli.app import app
from scraper.crawl.listings.opml import ListedFeed, write_opml
from scraper.record import to_json, to_record
from scraper.store import open_store
from scraper.store.protocol import Source
from scraper.store.service.service_store import ServiceStore
from tests.cli.archive.test_quarantine import quarantined
from tests.store.values import NOON, article, full_article, revision_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typer.testing import Result

ROOT = Path(__file__).parents[2]
ROOT_COMMAND = typer.main.get_command(app)
ID = re.compile(r"\b[0-9a-f]{16}\b")
RUN = re.compile(r"\b\d{8}T\d{6}-[0-9a-f]+\b")
IN_DOCS = re.compile(r"^ {4,}(?:\./run )?(scraper .+?)(?: {2,}.*| +# .*)?$", re.MULTILINE)
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WrongUsage = typer.BadParameter.__mro__[1]
NOT_RUN = {
    "crawl": "asks the network",
    "new-site": "asks the network",
    "record": "asks the network",
    "demo": "has a test of its own",
    "import archive": "needs a WARC file of others",
    "serve": "stays",
    "accounts": "asks for a password, or for the account of one that ran before",
    "tokens revoke": "asks for the token of one that ran before",
    "web": "stays",
    "worker": "stays, and needs PostgreSQL",
}
"""Commands whose examples are only parsed, by how these begin; test_documented.py has those of the documentation."""


def commands(command: Any, *names: str) -> Iterator[tuple[str, Any]]:
    """Yield each command that does something, by the words that call it."""
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, *names, name)
    if names and (not hasattr(command, "commands") or command.invoke_without_command):
        yield " ".join(names), command


COMMANDS = dict(commands(ROOT_COMMAND))
EXAMPLES = [
    (name, example)
    for name, command in COMMANDS.items()
    for example in re.findall(r"Example:\s+(.+)", command.help or "")
]


def parts(example: str) -> tuple[dict[str, str], list[str]]:
    """Return the variables that an example sets and the arguments that it gives; what it pipes to is cut off."""
    words = shlex.split(example)
    if "|" in words:
        words = words[: words.index("|")]
    variables = {}
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    assert words[0] == "scraper", f"{example}: calls something else"
    return variables, words[1:]


def parsed(arguments: list[str]) -> str:
    """Return the name of the command that arguments call; WrongUsage where it does not take them."""
    command: Any = ROOT_COMMAND
    names: list[str] = []
    parent = None
    while True:
        parent = command.make_context(" ".join(names) or "scraper", arguments, parent=parent)
        arguments = [*parent._protected_args, *parent.args] if hasattr(command, "commands") else []
        if not arguments:
            assert " ".join(names) in COMMANDS, "no command"
            return " ".join(names)
        name, command, arguments = command.resolve_command(parent, arguments)
        names.append(name)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_in_its_help(name: str) -> None:
    assert [command for command, _ in EXAMPLES if command == name]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_an_example_calls_its_command_with_what_it_takes(name: str, example: str) -> None:
    assert parsed(parts(example)[1]) == name


@pytest.mark.parametrize("page", DOCS, ids=[page.name for page in DOCS])
def test_a_command_in_the_documentation_takes_what_it_is_given(page: Path) -> None:
    for example in IN_DOCS.findall(page.read_text()):
        assert parsed(parts(example)[1]), example


@pytest.mark.parametrize(
    "wrong",
    [
        "scraper",
        "scraper nothing",
        "scraper quarantine",
        "scraper archive nothing",
        "scraper articles france24",
        "scraper articles --seit france24",
        "scraper articles --limit many",
        "scraper articles --kind nothing",
        "scraper articles --json yes",
        "scraper articles --store sqlite:///news.db",
        "scraper show",
        "scraper show one two",
        "scraper pause",
        "scraper archive prune",
        "scraper archive prune --older-than",
        "scraper export --format pdf",
        "scraper serve --port 99999",
        "scraper --stores sqlite:///news.db articles",
    ],
)
def test_a_wrong_example_would_be_found(wrong: str) -> None:
    with pytest.raises((WrongUsage, AssertionError)):
        parsed(parts(wrong)[1])


def test_an_example_of_another_program_would_be_found() -> None:
    with pytest.raises(AssertionError):
        parts("python -m scraper articles")


@pytest.fixture
def filled(news: str) -> dict[str, str]:
    """A working directory with all that examples name; gives what stands in it for their ids."""
    page = (ROOT / "fixtures/france24/wire-story/page.html").read_bytes()
    Path("page.html").write_bytes(page)
    Path("pages").mkdir()
    Path("pages/page.html").write_bytes(page)
    Path("pages/manifest.jsonl").write_text('{"id": "a", "file": "page.html"}\n')
    record = to_json(to_record(article(), content_hash=""))
    Path("articles.jsonl.gz").write_bytes(gzip.compress(f"{record}\n".encode()))
    Path("scraper.toml").write_text('[jobs.paper]\nsites = ["paper"]\nevery = "1h"\n')
    Path("known.toml").write_text('[jobs.france24]\nevery = "1h"\n')
    Path("news.toml").write_text('store = "sqlite:///news.db"\n')
    Path("backups").mkdir()
    Path("scrapy.cfg").write_text("[settings]\ndefault = scraper.settings\n")
    Path("spiders").mkdir()
    Path("subscriptions.opml").write_bytes(write_opml("Mine", [ListedFeed(url="https://paper.example/feed")]))
    shutil.copytree(ROOT / "fixtures/france24", "fixtures/france24")
    with open_store("sqlite:///news.db") as store, store.transaction():
        store.save(revision_of(full_article(), 1))
        url = "https://gull.example/feed"
        store.record_source(Source(url=url, site="gull", kind="feed", fetched_at=NOON, result="read"))
    with ServiceStore("sqlite:///news.db") as service:
        service.runs.pause("paper")
    return {"article": news, "quarantined": quarantined(9)}


def queued() -> str:
    """Queue a run; return its id."""
    with ServiceStore("sqlite:///news.db") as service:
        run = service.runs.append(job="paper", site="gazette", after="")
    assert run is not None
    return run.id


RUNS = [
    pytest.param(name, example, id=example)
    for name, example in EXAMPLES
    if not any(re.match(rf"scraper {begin}\b", example) for begin in NOT_RUN)
    and "://" not in example.partition(" --url")[0].replace("sqlite://", "")
]


@pytest.mark.system
@pytest.mark.parametrize(("name", "example"), RUNS)
def test_an_example_that_needs_no_network_runs(
    name: str,
    example: str,
    filled: dict[str, str],
    run: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = filled["quarantined" if name.startswith("quarantine") else "article"]
    if name in {"jobs", "doctor"}:  # which know that the site of the others is invented
        monkeypatch.setenv("SCRAPER_CONFIG", "known.toml")
    variables, arguments = parts(RUN.sub(lambda _: queued(), ID.sub(known, example)))
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    done = run(*arguments)
    assert done.exit_code == 0, done.output
