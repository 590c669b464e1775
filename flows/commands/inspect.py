"""What `voc sources` and `voc inspect` answer: which exports are read, and what a run would make of one."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from data.intake.inputs import expand_inputs
from data.preview import Decision, Preview, preview_export
from data.sources.archives.members import open_archives
from data.sources.raw import About
from data.sources.recognise import SOURCES
from data.store import Store
from flows.engine.clock import today
from flows.engine.plan import ingest_plan
from flows.engine.run import Run
from flows.settings import AS_SHIPPED, Own


@dataclass(frozen=True)
class _Listed:
    """What is read but recognised in other ways than by a source."""

    name: str
    about: About


_DATABASE = _Listed(
    "database",
    About(
        title="databases",
        reads="postgresql://, mysql://, sqlite:///, duckdb:/// with table= or query=, and incremental=",
        signs="the URL; the rows are recognised like a file's",
        kind="told by the columns",
        gives="only rows since the last run; see docs/inputs.md",
    ),
)
_OPERATIONS = _Listed(
    "operations",
    About(
        title="orders, support tickets, customers",
        reads="any table",
        signs="an order, ticket or customer id with dates, amounts or states, and no comment",
        kind="none: facts that comments join to",
        gives="delay, value, freight, seller; first answer, solution; worth, tenure, departure",
    ),
)
_WIDTH = 100  # in a pipe, where no terminal says how wide it is


def list_sources() -> list[dict[str, str]]:
    """Give every source that recognises exports: name, title, what it reads and by which signs."""
    listed = [*(_Listed(source.name, source.about) for source in SOURCES), _DATABASE, _OPERATIONS]
    by_name = {source.name: source for source in listed}
    return [
        {
            "source": source.name,
            "title": source.about.title,
            "kind": source.about.kind,
            "reads": source.about.reads,
            "recognised_by": source.about.signs,
            "gives": source.about.gives,
        }
        for source in by_name.values()
    ]


def inspect_inputs(inputs: list[str], *, own: Own = AS_SHIPPED, rows: int) -> Iterator[Preview]:
    """Read exports as a run would, keep nothing, and say of each what would become of it.

    Args:
        inputs: files, folders, globs, archives or URLs.
        own: the user's settings.
        rows: records of each after which reading stops.

    Raises:
        InputError: an input does not exist.
        SourceError: an export cannot be read; the message names the setting that helps.
    """
    settings = own.load()
    run = Run(
        store=Store("memory://voc-inspect"),
        settings=settings,
        inputs=expand_inputs(inputs, schemes=settings["ingest"].schemes),
        as_of=None,
    )
    plan = ingest_plan(run, latest=today())
    for one in open_archives(run.inputs, plan.archives):
        yield preview_export(one, plan=plan, max_records=rows)


def sources_as_text(sources: Sequence[dict[str, str]]) -> str:
    """Lay the sources out as a table."""
    grid = Grid(box=None, pad_edge=False, show_edge=False)
    for name in ("source", "reads", "recognised by"):
        grid.add_column(name, overflow="fold")
    for one in sources:
        grid.add_row(escape(one["source"]), escape(one["reads"]), escape(one["recognised_by"]))
    return _drawn(grid)


_WORDS = {
    "encoding": "letters are coded as",
    "separator": "cells are parted by",
    "header_row": "columns are named in",
    "sheets": "sheets",
    "source": "export of",
    "content": "it holds",
    "kind": "kind of feedback",
    "format": "format",
    "text": "comment",
    "own_id": "id",
    "created_at": "date",
    "updated_at": "date of change",
    "declared_language": "language as declared",
    "customer_id": "customer",
    "order_id": "order",
    "location": "branch or place",
    "nps": "likelihood to recommend",
    "csat": "satisfaction",
    "ces": "effort",
}


def _in_words(one: Decision) -> tuple[str, str]:
    """Say what was decided and how, as a person would; the names of --json stand in one.what."""
    what, _, role = one.what.partition(": ")
    about = _WORDS.get(role or what, role or what)
    if what == "columns":
        return about, f"column {one.value}"
    if what == "scales":
        return f"{about} runs from", one.value
    if what == "dates":
        told = one.value.replace("true", "day before month").replace("false", "month before day")
        return f"order in {about}", told
    if what == "header_row":
        return about, "no record: it has no names" if one.value == "0" else f"record {one.value}"
    return about, "no tool known" if (what, one.value) == ("source", "general") else one.value


def preview_as_text(preview: Preview) -> str:
    """Lay a preview out for a person: what it is, how it is read, examples, what is set aside."""
    kind = f" ({preview.source_kind})" if preview.source_kind else ""
    some = (
        "" if preview.looked_at >= preview.record_count else f" (looked at the first {preview.looked_at:,})"
    )
    lines = [
        f"{preview.source} holds {preview.content}{kind}; it is read as {preview.source_format}",
        f"{preview.record_count:,} records{some}: {preview.kept_count:,} of {preview.read_count:,} "
        f"{preview.content} would be kept",
    ]
    parts = ["\n".join(lines), "How it is read", _decisions(preview)]
    parts += ["To decide otherwise (in a settings file: the same key under its section)", _changes(preview)]
    if preview.unused:
        parts.append(f"Kept as they are, as input_<name>: {', '.join(preview.unused)}")
    if preview.examples:
        parts += ["Examples (masked, cut)", _examples(preview.examples)]
    if preview.rejected:
        parts += ["Set aside", _rejections(preview)]
    elif preview.record_count:
        parts.append("Nothing would be set aside")
    else:
        parts.append("There is nothing in it but a header: a run would read no comment from it")
    parts += [f"Warning: {words}" for words in preview.warnings]
    return "\n\n".join(parts)


def _decisions(preview: Preview) -> str:
    grid = Grid(box=None, pad_edge=False, show_edge=False)
    for name in ("what", "decided", "why"):
        grid.add_column(name, overflow="fold", no_wrap=False)
    for one in preview.decisions:
        grid.add_row(*(escape(cell) for cell in (*_in_words(one), one.why)))
    return _drawn(grid)


def _changes(preview: Preview) -> str:
    grid = Grid(box=None, pad_edge=False, show_edge=False, show_header=False)
    lines: dict[str, list[str]] = {}
    for one in preview.decisions:
        if one.change:
            lines.setdefault(one.change, []).append(_in_words(one)[0])
    for change, about in lines.items():
        grid.add_row(f"  {escape(', '.join(about))}", escape(change))
    return _drawn(grid)


def _examples(examples: Sequence[dict[str, Any]]) -> str:
    blocks = []
    for row in examples:
        facts = ", ".join(
            f"{_WORDS.get(name, name)}: {_fact(value)}"
            for name, value in row.items()
            if name not in ("text", "row")
        )
        number = f"row {row['row']}  " if "row" in row else ""
        blocks.append(f"  {number}{facts}" + (f"\n    {row['text']}" if "text" in row else ""))
    return "\n".join(blocks)


def _fact(value: object) -> str:
    """Write a fact short: 4 for 4.0, a day alone for midnight."""
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).removesuffix("+00:00").removesuffix(" 00:00:00")


def _rejections(preview: Preview) -> str:
    return "\n".join(
        f"  {one.count:,} x {one.reason}: {one.detail} (row {', '.join(map(str, one.rows))}"
        f"{', ...' if one.count > len(one.rows) else ''})"
        for one in preview.rejected
    )


def _drawn(grid: Grid) -> str:
    page = io.StringIO()
    Console(file=page, width=max(_WIDTH, Console().width), no_color=True, highlight=False).print(grid)
    return "\n".join(line.rstrip() for line in page.getvalue().rstrip().splitlines())
