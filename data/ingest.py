"""Exports -> FEEDBACK, REJECTED, INPUTS, REPLACED, operations: read, clean, mask, recognise repeats.

One ingest is one transaction: its parts count from the moment that the ledger names them. What an interrupted
ingest left behind is swept away by the next one, which reads the same files again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from data.clean import Cleaned, SourceFacts, clean_comments
from data.cleaning.groups import count_common
from data.disk.ledger import known_inputs, known_marks, sweep
from data.identify.copies import CopyCount
from data.identify.history import History, one_frame
from data.identify.identity import REMEMBERED, SUPERSEDED, KnownComments, Resolved
from data.intake.ahead import map_ahead
from data.intake.inputs import Input, hash_input, hash_or_problem, no_content
from data.intake.losses import StatedColumns, find_loss, whole_source
from data.intake.plan import IngestPlan, open_input, source_facts
from data.intake.rereading import former_comments, gone_comments
from data.operations.gather import GatheredOperations
from data.schema import EMPLOYEE, FEEDBACK, INPUTS, REJECTED, REPLACED, VERSIONS
from data.sources.archives.members import open_archives
from data.sources.raw import RawBatch, SourceError
from data.sources.recognise import Export
from data.store import Store, stamp_of
from data.table import Table


@dataclass
class IngestFacts:
    """What one ingest did: one INPUTS row per source that was read, and the names of unchanged sources."""

    read: list[dict[str, Any]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    new_parts: list[str] = field(default_factory=list)


def ingest(
    inputs: Sequence[Input],
    store: Store,
    *,
    plan: IngestPlan,
    on_progress: Callable[[str, int], None] = lambda name, rows: None,
) -> IngestFacts:
    """Read every input that is new or has changed; add what is new in it.

    Args:
        inputs: the sources; read in the order of their names.
        store: the output.
        plan: how to read them.
        on_progress: called with a source's name and the rows read of it so far.

    Returns:
        What was read, left as it was, and refused. A source that cannot be read at all is one REJECTED row.

    Raises:
        StoreError: the output cannot be written; nothing of this ingest counts then.
        SourceError: the settings name a column that no source has; nothing counts then either.
    """
    facts = IngestFacts()
    read_before = known_inputs(store, plan.reading)
    changed, contents = [], set()
    for given in open_archives(inputs, plan.archives):
        one, digest = (given, None) if given.database else hash_or_problem(given)
        if one.database is not None:  # only the database knows what is new
            changed.append(one)
            continue
        if digest is None:
            facts.failed.append((one.name, one.problem))
        elif (one.name, digest) in read_before:
            facts.unchanged.append(one.name)
        else:
            changed.append(one)
            contents.add((one.name, digest))
    if not changed and not facts.failed:
        return facts
    writer = _Ingest(store, plan, facts, contents)
    for one in changed:
        writer.read(one, on_progress)
    if not read_before:  # later, the file that has a column may be one that did not change
        writer.stated.check()
    writer.finish()
    return facts


class _Ingest:
    """One running ingest: what is buffered, and what goes to the disk."""

    def __init__(
        self, store: Store, plan: IngestPlan, facts: IngestFacts, contents: set[tuple[str, str]]
    ) -> None:
        self._store, self._plan, self._facts = store, plan, facts
        done = store.ledger()
        self._number = f"{len(done) + 1:04d}"
        sweep(store)
        self._known, gone = KnownComments(), gone_comments(store)
        for part in store.finished_parts():
            ids = store.read(FEEDBACK, part, list(REMEMBERED)).to_pandas()
            self._known.remember(ids[~ids["feedback_id"].isin(gone)], part)
        self._former = former_comments(store, contents)
        self._known.expect(self._former)
        self._whole: set[str] = set()  # sources that were read to their end
        self._buffer: list[pd.DataFrame] = []
        self._rejected: list[pd.DataFrame] = []
        self._replaced: list[tuple[str, str]] = []
        self._marks = known_marks(store, plan.reading)
        self._operations = GatheredOperations(plan.keying)
        self._history = History(store)
        self.stated = StatedColumns(plan.options)
        self._rows: dict[str, dict[str, Any]] = {}

    def read(self, one: Input, on_progress: Callable[[str, int], None]) -> None:
        """Read one source to its end."""
        try:
            export, rows = open_input(one, self._plan, self._marks.get(one.name))
        except SourceError as error:
            self._refuse(one, str(error) if one.database else self._plan.masked(str(error)))
            return
        self.stated.see(export.names)
        counts, self._copies = self._start(one, export), CopyCount()
        rejected_before = len(self._rejected)
        try:
            if self._read_batches(one, export, counts, on_progress):
                self._whole.add(one.name)
                counts["mark"] = rows.mark if rows else None
        finally:
            if rows:
                rows.close()
        if export.content != "comments":
            counts["kept_count"], left = self._operations.close_source(export.content)
            self._set_aside(one.name, export.input_hash, left)
        if export.facts_content:
            self._take_facts(export, export.facts_content)
        export.decisions.update(self._copies.decision())
        aside = self._rejected[rejected_before:]
        loss = find_loss(one.name, aside, counts["read_count"], self._plan.source_rules)
        export.decisions["warnings"] += [loss] if loss else []
        told = self._plan.masked(export.decisions)
        counts["decisions"] = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)

    def _take_facts(self, export: Export, content: str) -> None:
        """Read what a file of comments says of operations, too; it is counted apart from its comments."""
        for batch in export.facts():
            self._operations.take(batch.comments)
        kept, aside = self._operations.close_source(content)
        why = f"facts that the file holds beside its comments; {len(aside)} were set aside"
        export.decisions[content] = {"value": kept, "why": why}

    def _read_batches(
        self, one: Input, export: Export, counts: dict[str, Any], on_progress: Callable[[str, int], None]
    ) -> bool:
        """Read all batches; give whether the source was read to its end."""
        try:
            for batch, cleaned in map_ahead(self._clean, self._with_facts(one, export)):
                self._take_batch(one, export, batch, counts)
                if cleaned is not None:
                    self._take_comments(one, export, cleaned, counts)
                on_progress(one.name, counts["read_count"])
        except SourceError as error:  # the file breaks off: what was read of it stays
            self._facts.failed.append((one.name, str(error)))
            self._rejected.append(whole_source(one.name, export.input_hash, "unreadable_rest", str(error)))
            return False
        return True

    def _with_facts(self, one: Input, export: Export) -> Iterator[tuple[RawBatch, SourceFacts | None]]:
        """Read batch by batch; the first one with comments tells which columns are personal."""
        facts = None
        for batch in export.batches(max(self._plan.rules.chunk_rows, self._plan.source_rules.sample_rows)):
            if facts is None and export.content == "comments" and len(batch.comments):
                facts = source_facts(one.name, export, batch.comments, self._plan)
                if export.source_kind == EMPLOYEE:  # their groups are counted over the whole source first
                    whole = (each.comments for each in export.batches())
                    common = count_common(whole, facts.text_columns, self._plan.clean_rules.min_group)
                    facts = replace(facts, common=common)
            yield batch, facts

    def _clean(self, batch_of: tuple[RawBatch, SourceFacts | None]) -> tuple[RawBatch, Cleaned | None]:
        batch, facts = batch_of
        if facts is None or not len(batch.comments):
            return batch, None
        rules, masker = self._plan.clean_rules, self._plan.masker
        return batch, clean_comments(batch.comments, source=facts, rules=rules, masker=masker)

    def finish(self) -> None:
        """Write what is left and add the ingest to the ledger."""
        self._flush(everything=True)
        gone = [one for one, (source, _) in self._former.items() if source in self._whole]
        self._replaced += [(one, self._part_name(0)) for one in gone if one not in self._known.met]
        for row in self._rows.values():
            self._facts.read.append(row)
        self._write_once(INPUTS, pd.DataFrame(list(self._rows.values())))
        rejected = one_frame(self._rejected)
        if len(rejected):  # answers of one record that are set aside for one reason share a row
            self._write_once(REJECTED, rejected.drop_duplicates(list(REJECTED.key)))
        self._write_once(VERSIONS, self._history.versions())
        self._write_once(REPLACED, pd.DataFrame(self._replaced, columns=["feedback_id", "part"]))
        self._operations.write(self._store)
        self._store.finish_ingest({"ingest": self._number, "parts": self._facts.new_parts})

    def _start(self, one: Input, export: Export) -> dict[str, Any]:
        counts = self._new_row(one, export.input_hash)
        counts["source_format"], counts["source_kind"] = export.source_format, export.source_kind
        counts["record_count"] = export.record_count
        return counts

    def _new_row(self, one: Input, input_hash: str) -> dict[str, Any]:
        """Start the INPUTS row of a source of which nothing is known yet."""
        row: dict[str, Any] = {
            "source": one.name, "input_hash": input_hash, "source_format": "unknown", "source_kind": None,
            "record_count": 0, "read_count": 0, "kept_count": 0, "known_count": 0, "rejected_count": 0,
            "decisions": "{}", "reading": self._plan.reading, "mark": None,
        }  # fmt: skip
        self._rows[one.name] = row
        return row

    def _refuse(self, one: Input, message: str) -> None:
        message = message.removeprefix(f"{one.path}: ").removeprefix(f"{one.name}: ")  # said beside it
        digest = no_content(one) if one.database or one.problem else hash_input(one.path, one.stored)
        self._facts.failed.append((one.name, message))
        row = self._new_row(one, digest)
        row["decisions"] = json.dumps({"refused": message}, ensure_ascii=False)
        self._rejected.append(whole_source(one.name, digest, "unreadable_source", message))

    def _take_batch(self, one: Input, export: Export, batch: RawBatch, counts: dict[str, Any]) -> None:
        # A record with several answers is several comments: comments are what is counted.
        counts["read_count"] += len(batch.comments) + len(batch.rejected)
        self._set_aside(one.name, export.input_hash, batch.rejected)
        if export.content != "comments":
            self._operations.take(batch.comments)
        else:
            counts["rejected_count"] += len(batch.comments)  # until they are kept or known

    def _take_comments(self, one: Input, export: Export, cleaned: Cleaned, counts: dict[str, Any]) -> None:
        self._rejected.append(cleaned.rejected)
        counts["rejected_count"] -= len(cleaned.feedback)
        resolved = self._known.resolve(cleaned.feedback, has_own_id=cleaned.has_own_id)
        counts["known_count"] += resolved.known_count
        counts["kept_count"] += len(resolved.kept)
        repeats = pd.DataFrame(resolved.rejected, columns=["row", "reason", "detail"])
        self._set_aside(one.name, export.input_hash, repeats)
        self._copies.add(resolved.kept)
        self._history.add(resolved.superseded)
        self._history.add_stale(resolved.stale)
        self._give_way(resolved)
        self._buffer.append(resolved.kept)
        self._flush(everything=False)

    def _set_aside(self, source: str, input_hash: str, rejected: pd.DataFrame) -> None:
        if len(rejected):
            self._rejected.append(rejected.assign(source=source, input_hash=input_hash))
            self._rows[source]["rejected_count"] += len(rejected)

    def _give_way(self, resolved: Resolved) -> None:
        """Take back rows of this ingest, or mark rows of earlier parts, whose newer version has come."""
        next_part = self._part_name(len(self._facts.new_parts))
        self._replaced += [(feedback_id, next_part) for feedback_id in resolved.replaced]
        dropped = pd.DataFrame(resolved.dropped, columns=["feedback_id", "source", "row"])
        buffered: set[str] = set()
        for index, frame in enumerate(self._buffer):
            gives_way = frame["feedback_id"].isin(dropped["feedback_id"])
            buffered.update(frame.loc[gives_way, "feedback_id"])
            self._history.add(frame[gives_way])
            self._buffer[index] = frame[~gives_way]
        flushed = [one for one in dropped["feedback_id"] if one not in buffered]
        self._replaced += [(one, next_part) for one in flushed]
        self._history.add_stale((one, part) for one in flushed for part in self._facts.new_parts)
        for source, rows in dropped.groupby("source", sort=False)["row"]:
            counts = self._rows[str(source)]
            counts["kept_count"] -= len(rows)
            aside = pd.DataFrame({"row": rows.to_numpy(), "reason": "older_version", "detail": SUPERSEDED})
            self._set_aside(str(source), counts["input_hash"], aside)

    def _flush(self, *, everything: bool) -> None:
        size = self._plan.rules.chunk_rows
        waiting = sum(len(frame) for frame in self._buffer)
        while waiting >= size or (everything and waiting):
            frame = one_frame(self._buffer)
            part = self._part_name(len(self._facts.new_parts))
            chunk = frame.iloc[:size]
            versions = chunk["feedback_id"].str.cat(chunk["version_id"], sep="/")
            self._store.write(FEEDBACK, chunk, part=part, stamp=stamp_of(versions.tolist()))
            self._facts.new_parts.append(part)
            self._buffer = [frame.iloc[size:]]
            waiting -= len(chunk)

    def _part_name(self, position: int) -> str:
        return f"{self._number}-{position + 1:05d}"

    def _write_once(self, table: Table, frame: pd.DataFrame) -> None:
        if len(frame):
            self._store.write(table, frame, part=self._number)
