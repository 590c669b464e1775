"""What the page rests on: what was read, how it was read, what was set aside and why."""

from __future__ import annotations

import json
from typing import Any

import pyarrow.compute as pc

from data.schema import ALL, JOINS
from reports.sections.shared.blocks import (
    Block,
    Cell,
    Column,
    Fold,
    Grid,
    Paragraph,
    Row,
    Section,
    Terms,
    Tile,
    Tiles,
)
from reports.sections.shared.view import View
from reports.sections.shared.words import isolated

COMMENTS = "comments"
SHOWN_ROWS = 5  # row numbers named per source and reason
COUNTS = ("read", "kept", "known", "rejected")


def show_quality(view: View) -> Section | None:
    """Show the counts, the sources, the reasons, and what was decided about each source."""
    words, inputs = view.words, view.tables["inputs"].to_pylist()
    blocks: list[Block] = []
    gist = ""
    if inputs:
        said = [row for row in inputs if _content(row) == COMMENTS]  # orders are facts, not feedback
        sums = {name: sum(row[f"{name}_count"] for row in said) for name in COUNTS}
        blocks.append(
            Tiles(tuple(Tile(words(f"quality.{name}"), words.number(sums[name])) for name in COUNTS))
        )
        blocks.append(_sources(view, inputs))
        gist = " · ".join(f"{words(f'quality.{name}')}: {words.number(sums[name])}" for name in COUNTS)
    blocks += [*_joins(view), *_reasons(view)]
    undated = view.tables["documents"]["created_at"].null_count
    if undated:
        blocks.append(Paragraph(words.count("quality.undated", undated), "warning"))
    blocks += [_decisions(view, row) for row in inputs]
    if view.facts:
        blocks.append(Fold(words("quality.run"), (Terms(tuple(view.facts.items())),)))
    return Section("quality", words("quality.title"), blocks, gist=gist)


def _sources(view: View, inputs: list[dict[str, Any]]) -> Grid:
    words = view.words
    columns = (
        Column(words("quality.source")),
        Column(words("quality.format")),
        *(Column(words(f"quality.{name}"), is_number=True) for name in COUNTS),
    )
    rows = []
    for row in sorted(inputs, key=lambda row: (row["source"], row["input_hash"])):
        content = _content(row)
        kind = view.kind_name(row["source_kind"]) if row["source_kind"] else ""
        if content != COMMENTS and words.has(f"quality.join_{content}"):
            kind = words(f"quality.join_{content}")
        numbers = [row[f"{name}_count"] for name in COUNTS]
        cells = (Cell(words.number(number), order=float(number)) for number in numbers)
        rows.append(Row((Cell(row["source"], kind, order=row["source"]), Cell(row["source_format"]), *cells)))
    return Grid(words("quality.inputs"), columns, tuple(rows))


def _content(row: dict[str, Any]) -> str:
    """Say what a source holds: comments, or orders, tickets or customers that comments join to."""
    try:
        found = json.loads(row["decisions"] or "{}")
    except ValueError:
        return COMMENTS
    entry = found.get("content") if isinstance(found, dict) else None
    return str(entry.get("value", COMMENTS)) if isinstance(entry, dict) else COMMENTS


def _joins(view: View) -> list[Block]:
    """Show what share of the comments finds its order, its ticket, its customer."""
    words = view.words
    joins = view.tables.get("joins", JOINS.empty()).to_pylist()
    columns = (
        Column(words("quality.joins")),
        *(
            Column(words(f"quality.{name}"), is_number=True)
            for name in ("join_comments", "join_ids", "joined")
        ),
    )
    rows = []
    for row in (row for row in joins if row["source"] == ALL):
        counts = [Cell(words.number(n), order=float(n)) for n in (row["comment_count"], row["with_id_count"])]
        share = Cell(words.share(row["joined_share"]), order=row["joined_share"])
        rows.append(Row((Cell(words(f"quality.join_{row['operation']}")), *counts, share)))
    return [Grid(words("quality.joins"), columns, tuple(rows))] if rows else []


def _reasons(view: View) -> list[Block]:
    words, rejected = view.words, view.tables["rejected"].select(["source", "row", "reason"])
    if not rejected.num_rows:
        return []
    frame = rejected.filter(pc.is_valid(rejected["reason"])).to_pandas()
    groups = frame.groupby(["reason", "source"])["row"]
    counts = (
        groups.size()
        .rename("n")
        .reset_index()
        .sort_values(["n", "reason", "source"], ascending=[False, True, True])
    )
    first = groups.apply(lambda rows: sorted(rows)[:SHOWN_ROWS]).to_dict()
    columns = (
        Column(words("quality.reason")),
        Column(words("quality.records"), is_number=True),
        Column(words("quality.source")),
        Column(words("quality.where")),
    )
    shown = counts.head(view.rules.rejected)
    rows = tuple(
        Row((
            Cell(str(reason).replace("_", " "), order=str(reason)),
            Cell(words.number(count), order=float(count)),
            Cell(str(source), order=str(source)),
            Cell(_places(view, first[(reason, source)], int(count))),
        ))
        for reason, source, count in shown.itertuples(index=False)
    )  # fmt: skip
    return [Grid(words("quality.reasons"), columns, rows)]


def _places(view: View, rows: list[int], count: int) -> str:
    words = view.words
    if rows == [0]:
        return words("quality.whole_source")
    text = words("quality.row_list", rows=", ".join(words.number(row) for row in rows))
    rest = count - len(rows)
    return words("quality.and_more", list=text, n=words.number(rest)) if rest else text


def _decisions(view: View, row: dict[str, Any]) -> Fold:
    try:
        decisions = json.loads(row["decisions"] or "{}")
    except ValueError:
        decisions = {"": row["decisions"]}
    items = tuple(_flat(decisions if isinstance(decisions, dict) else {"": decisions}))
    return Fold(view.words("quality.decisions", source=isolated(row["source"])), (Terms(items),))


def _flat(values: dict[str, Any], above: str = "") -> list[tuple[str, str]]:
    items: list[tuple[str, str]] = []
    for name, value in values.items():
        label = f"{above} {name}".strip().replace("_", " ")
        if isinstance(value, dict):
            items += _flat(value, label)
        elif isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
            items.append((label, ", ".join(map(str, value))))
        else:
            items.append((label, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))
    return items
