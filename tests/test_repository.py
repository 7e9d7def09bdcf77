"""The house rules: what no linter says."""

from __future__ import annotations

import ast
import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.export.formats import WRITERS, Format
from scraper.model import (
    Article,
    Credit,
    Dateline,
    Image,
    Kind,
    KindVerdict,
    Provenance,
    Reason,
    Relation,
    RelationKind,
)
from scraper.record import to_record
from scraper.text_blocks import Cell, TextBlock, TextMark

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    path for folder in ("scraper", "spiders", "tests", "bench") for path in (ROOT / folder).rglob("*.py")
)
SHIPPED = [path for path in MODULES if path.relative_to(ROOT).parts[0] in {"scraper", "spiders"}]
SPIDERS = sorted(
    path.stem for path in (ROOT / "spiders").glob("*.py") if path.stem not in {"__init__", "news"}
)
"""The spiders of one site each: news crawls any site and has no pages of its own."""
MODULE_LINES = 400
LONGER = {
    "tests/store/test_contract.py": "one contract: every store is run through all of it",
    "tests/store/service/test_runs.py": "one contract: every queue is run through all of it",
    "tests/extraction/verdict_pages.py": "pages as literals: there is nothing to follow",
}
FUNCTION_LINES = 45
"""The habit is about 40: here it ends, docstring aside."""
RUN_LINES = 40
RUNS = {
    "scraper/__main__.py",
    "scraper/cli/app.py",
    "scraper/crawl/pages/preloaded.py",
    "scraper/jobs/leash.py",
}
"""What Python runs as a program, the table of its commands, and what is loaded before workers are forked."""
TESTED_TOGETHER = {
    "tests/archive/test_warc.py": ("archive/place", "archive/prune", "archive/reader", "archive/verify"),
    "tests/jobs/test_change_webhook.py": ("jobs/posting", "store/service/change_deliveries"),
    "tests/export/test_markdown.py": ("export/outline",),
    "tests/web/pages/test_articles.py": ("web/article_query",),
    "tests/web/api/test_answering.py": ("web/api/description", "web/api/operations", "web/conditional"),
    "tests/jobs/test_supervisor.py": ("jobs/execution", "jobs/tick"),
    "tests/fixtures/test_redact.py": ("fixtures/likeness", "fixtures/word_places"),
    "tests/cli/test_fixtures.py": ("crawl/rework/fixture_cases", "crawl/rework/record_case"),
    "tests/cli/crawling/test_new_site.py": ("crawl/discovery/first_look",),
    "tests/cli/stored/test_judge.py": (
        *("crawl/pages/corrections", "crawl/pages/stored_work", "crawl/rework/judging"),
    ),
    "tests/cli/stored/test_articles.py": (
        *("cli/app", "cli/context", "cli/stored/filters", "cli/stored/hits", "cli/printing"),
        "cli/running/reindex",
    ),
    "tests/dedup/test_kernel.py": ("dedup/in_c", "dedup/in_numpy"),
    "tests/store/copies/test_sweep.py": ("store/copies/component",),
    "tests/store/copies/test_batch.py": ("store/copies/frames", "store/copies/records", "store/copies/texts"),
    "tests/cli/reading/test_dedup.py": ("dedup/diff", "store/copies/stories", "store/copies/rebuild"),
    "tests/cli/crawling/test_demo.py": ("cli/crawling/crawl",),
    "tests/cli/reading/test_extract.py": (
        "cli/progress",
        "cli/reading/source",
        "extraction/article",
        "extraction/page/document",
        "model",
        "record",
    ),
    "tests/crawl/test_faults.py": (
        *("crawl/download/unpacking", "crawl/download/whole_body"),
        *("crawl/download/handler", "crawl/download/retry"),
    ),
    "tests/crawl/rendering/test_renderer.py": (
        *("crawl/rendering/browsing", "crawl/rendering/chromium", "crawl/rendering/devtools"),
        *("crawl/rendering/limits", "crawl/rendering/tab", "crawl/rendering/traffic"),
    ),
    "tests/crawl/test_spider.py": (
        *("crawl/context", "crawl/responses"),
        *(
            "crawl/addon",
            "crawl/courtesy/delays",
            "crawl/causes",
            "crawl/discovery/known_pages",
            "crawl/download/side_requests",
        ),
        *("crawl/pages/pipelines", "crawl/run", "crawl/pages/saving"),
    ),
    "tests/cli/crawling/test_import_sources.py": ("crawl/listed",),
    "tests/crawl/discovery/test_shards.py": ("shard",),
    "tests/crawl/rework/test_importing.py": (
        "cli/crawling/importing",
        "crawl/download/replay",
        "fixtures/replies",
    ),
    "tests/crawl/rework/test_reextracting.py": ("cli/archive/reextract",),
    "tests/dedup/test_decide.py": ("dedup/index", "dedup/memory_index"),
    "tests/extraction/body/test_decide.py": (
        *(
            "extraction/body/reference_texts",
            "extraction/body/features",
            "extraction/words/lexicon",
            "extraction/body/block_measures",
            "extraction/body/container_features",
        ),
        *("extraction/body/trees", "extraction/words/wording"),
    ),
    "tests/extraction/explain/test_explanation.py": ("extraction/explain/html",),
    "tests/extraction/fields/test_small_fields.py": (
        *("extraction/words/spelling", "extraction/fields/context", "extraction/fields/candidates"),
        *("extraction/page/markup", "extraction/fields/metadata"),
    ),
    "tests/extraction/verdict/test_judge.py": (
        *("extraction/page/filetype", "extraction/page/composition"),
        *("extraction/verdict/signals", "extraction/verdict/weights", "extraction/verdict/witnesses"),
        "extraction/verdict/observations",
    ),
    "tests/store/sql/saving/test_pending.py": ("store/sql/saving/multirow",),
    "tests/store/test_search.py": (
        *("store/memory_search", "store/search/engine", "store/search/expressions"),
        *("store/search/rare_words", "store/sql/searching/entries", "store/sql/searching/reading"),
    ),
    "tests/store/service/test_reader.py": ("store/sql/deadline",),
    "tests/store/sql/test_database.py": (
        "store/sql/failures",
        *(
            f"store/sql/migrations/{path.stem}"
            for path in sorted((ROOT / "scraper" / "store" / "sql" / "migrations").glob("m*.py"))
        ),
    ),
    "tests/store/search/test_query.py": ("errors",),
    "tests/store/test_contract.py": (
        *(
            "store/protocol",
            "store/listing_date",
            "store/memory",
            "store/memory_rows",
            "store/values",
            "store/sql/rows",
            "store/sql/store",
        ),
        *(
            "store/sql/articles",
            "store/sql/corrections",
            "store/sql/hosts",
            "store/sql/index",
            "store/sql/log",
            "store/sql/quarantine",
            "store/storable",
            "store/sql/tables",
        ),
        *(
            "store/sql/identity",
            "store/sql/leases",
        ),
    ),
    "tests/cli/running/test_service.py": ("cli/running/coverage", "cli/running/jobs"),
    "tests/jobs/test_runner.py": ("jobs/leash", "store/service/processes"),
    "tests/jobs/alarms/test_watch.py": ("jobs/alarms/signs", "jobs/alarms/volume"),
    "tests/store/service/test_runs.py": (
        *(
            "store/service/values",
            "store/service/service_store",
            "store/service/queue",
            "store/service/tables",
        ),
    ),
    "tests/jobs/test_batch.py": ("cli/running/parts",),
    "tests/export/test_formats.py": ("export/parquet",),
}
"""Modules that are parts of one thing, which a test runs as a whole; any other has a test of its name."""
PER_MACHINE = re.compile(
    r"(?<![\w.:/>=\"'-])/(?:home|root|Users|work|tmp)/\w"  # the folder of somebody
    r"|py" r"pi\.org|python" r"hosted|--index" r"-url|--find" r"-links \S+://"  # where packages came from
)  # fmt: skip
RECORD = to_record(
    Article(
        url=None, canonical_url=None, site=None, body="", raw_sha256="", fetched_at=None, extractor="test"
    ),
    content_hash="",
)
NESTED = {
    "verdict": KindVerdict,
    "blocks": TextBlock,
    "blocks.marks": TextMark,
    "blocks.cells": Cell,
    "credit": Credit,
    "dateline": Dateline,
    "images": Image,
    "provenance": Provenance,
    "relation": Relation,
}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def definitions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, kinds)]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_the_layers_import_in_one_direction_only() -> None:
    script = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([script, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_no_module_is_too_long() -> None:
    lines = {named(path): len(path.read_text().splitlines()) for path in MODULES}

    assert {name for name, count in lines.items() if count > MODULE_LINES} <= set(LONGER)


def test_no_function_is_too_long() -> None:
    long = [
        f"{named(path)}:{node.lineno} {node.name} has {length(node)}"
        for path in MODULES
        for node in definitions(path)
        if not isinstance(node, ast.ClassDef) and length(node) > FUNCTION_LINES
    ]

    assert not long, f"over {FUNCTION_LINES} lines"


def test_nothing_runs_when_a_module_is_imported() -> None:
    allowed = (
        ast.Import,
        ast.ImportFrom,
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.ClassDef,
        ast.Assign,
        ast.AnnAssign,
        ast.AugAssign,
    )
    doing = [
        f"{named(path)}:{node.lineno}"
        for path in SHIPPED
        if named(path) not in RUNS
        for node in ast.parse(path.read_bytes()).body
        if not isinstance(node, allowed) and not is_docstring(node) and not is_for_types(node)
    ]

    assert not doing, "a statement other than an import, a definition or a constant"


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_for_types(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def test_tests_mirror_the_package() -> None:
    together = {module for modules in TESTED_TOGETHER.values() for module in modules}
    missing = [
        named(path)
        for path in SHIPPED
        if path.is_relative_to(ROOT / "scraper") and path.stem not in {"__init__", "__main__"}
        if any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in definitions(path))
        if path.relative_to(ROOT / "scraper").with_suffix("").as_posix() not in together
        if not (ROOT / "tests" / path.relative_to(ROOT / "scraper").with_name(f"test_{path.name}")).is_file()
    ]

    assert not missing, "has no test of its name, nor a line in TESTED_TOGETHER that says what runs it"


@pytest.mark.parametrize(("test", "modules"), TESTED_TOGETHER.items(), ids=TESTED_TOGETHER)
def test_what_is_tested_together_still_stands(test: str, modules: tuple[str, ...]) -> None:
    assert (ROOT / test).is_file()
    assert not [name for name in modules if not (ROOT / "scraper" / f"{name}.py").is_file()]


def documented() -> dict[str, str]:
    rows = re.findall(
        r"^\| `([\w.]+)` \| [^|]+ \| (.+) \|$",
        (ROOT / "docs" / "reference" / "fields.md").read_text(),
        re.MULTILINE,
    )
    assert len(rows) == len({name for name, _ in rows}), "a field has two rows"
    return dict(rows)


def test_every_field_of_the_record_is_documented_in_its_order() -> None:
    assert [name for name in documented() if "." not in name] == list(RECORD)


def test_every_part_of_a_field_is_documented() -> None:
    parts = {f"{name}.{part.name}" for name, kind in NESTED.items() for part in dataclasses.fields(kind)}

    assert {name for name in documented() if "." in name} == parts


@pytest.mark.parametrize("name", documented())
def test_a_field_is_documented_in_one_sentence(name: str) -> None:
    sentence = documented()[name]

    assert sentence[0].isupper() or sentence[0] == "`"
    assert sentence.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", sentence)


def test_every_relation_is_documented() -> None:
    text = (ROOT / "docs" / "reference" / "fields.md").read_text()

    assert not [kind for kind in RelationKind if f"`{kind}`" not in text]


def test_every_kind_of_page_is_stored_or_has_a_reason_and_is_documented() -> None:
    told = (ROOT / "docs" / "reference" / "verdicts.md").read_text()

    assert {kind for kind in Kind if not kind.is_stored} <= {*Reason}
    assert not [kind for kind in Kind if f"`{kind}`" not in told]


def test_every_export_format_has_a_writer() -> None:
    assert set(WRITERS) == set(Format)


def test_the_lock_file_names_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()

    assert "--hash=sha256:" in lock
    assert "://" not in lock


def test_run_stays_short() -> None:
    assert len((ROOT / "run").read_text().splitlines()) <= RUN_LINES


def test_no_file_names_a_machine_or_where_packages_came_from() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("no Git checkout: the rule is for what is committed")
    paths = [ROOT / name for name in listed.stdout.splitlines() if not name.startswith("fixtures/")]
    found = [
        f"{named(path)}: {match[0]}"
        for path in paths
        if path.is_file() and path != Path(__file__)
        if (match := PER_MACHINE.search(path.read_text(errors="replace")))
    ]

    assert not found


def test_every_spider_has_fixtures_and_every_fixture_a_spider() -> None:
    assert [path.name for path in sorted((ROOT / "fixtures").iterdir())] == SPIDERS


LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)")
CODE_PATH = re.compile(r"`((?:scraper|spiders|tests|bench|docs|fixtures)/[\w./-]*)`")


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")) + sorted(ROOT.glob("*.md")), ids=named)
def test_what_a_page_of_the_documentation_names_is_there(page: Path) -> None:
    text = page.read_text()
    paths = [] if page.name == "CHANGELOG.md" else CODE_PATH.findall(text)

    assert not [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    assert not [
        path for path in paths if not re.search("NAME|VERSION|example_", path) and not (ROOT / path).exists()
    ]


def test_the_architecture_has_a_row_for_every_package() -> None:
    text = (ROOT / "docs" / "explanation" / "architecture.md").read_text()
    packages = {named(path.parent) for path in (ROOT / "scraper").glob("*/__init__.py")}

    assert packages == set(re.findall(r"^\| `(scraper/\w+)` \|", text, re.MULTILINE))
