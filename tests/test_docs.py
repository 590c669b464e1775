"""Generated pages say what the code says."""

import re
import tomllib
from pathlib import Path

import pytest

from data.schema import TABLES
from flows.commands.docs import describe_sources, describe_tables

ROOT = Path(__file__).parent.parent
FOLDERS = ("data", "nlp", "reports", "flows", "benchmarks", "tests", "docs")
READ = {".py", ".md", ".toml", ".html", ".css", ".js"}
PATH = re.compile(rf"(?<![\w./:-])(?:{'|'.join(FOLDERS)})/[\w./-]*\.(?:py|md|toml|tsv|html|css|js)\b")


def test_tables_page_is_generated_from_the_schema():
    assert (ROOT / "docs/tables.md").read_text(encoding="utf-8") == describe_tables(), "run `make docs`"


def test_sources_page_lists_every_source():
    page = (ROOT / "docs/sources.md").read_text(encoding="utf-8")
    assert page == describe_sources(page), "run `make docs`"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_names_the_file_that_writes_it(table):
    assert (ROOT / table.written_by).exists()
    assert set(table.key) <= set(table.columns.names)
    assert set(table.sort_by) <= set(table.columns.names)


def test_every_direct_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.split(r"[\[<>=]", one)[0].replace("_", "-").lower() for one in direct}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0].replace("_", "-") for line in lock if "==" in line}
    assert names - pinned == set()


@pytest.mark.parametrize("folder", [*FOLDERS, "."])
def test_every_path_that_is_named_exists(folder):
    pattern = "*" if folder == "." else "**/*"
    files = [f for f in (ROOT / folder).glob(pattern) if f.suffix in READ and f.name != "CHANGELOG.md"]
    named = {(str(f.relative_to(ROOT)), path) for f in files for path in PATH.findall(f.read_text("utf-8"))}
    assert files
    assert sorted((file, path) for file, path in named if not (ROOT / path).exists()) == []
