"""Task: clauses and vectors -> topics that keep their ids."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from data.schema import (
    ASPECTS,
    CATEGORY_TOPICS,
    EMBEDDINGS,
    FEEDBACK,
    MEMBERS,
    REPLACED,
    SEGMENTS,
    TOPIC_EVENTS,
    TOPIC_LANGUAGES,
    TOPIC_TALLIES,
    TOPICS,
    to_matrix,
)
from data.store import stamp_of
from flows import models
from flows.engine.people.wishes import read_wishes, wishes_text
from flows.engine.remember.snapshots import Snapshot, Snapshots
from flows.engine.remember.topics import (
    as_state,
    next_key,
    open_topic_memory,
    pending_path,
    published_stamp,
    state_of,
    with_events,
    write_members,
)
from flows.engine.run import Run
from flows.engine.working.stages import fill_parts, stage
from flows.tasks.wishing import grant
from nlp.topics.find import find_topics
from nlp.topics.rules import TopicContext, Topics
from nlp.topics.table import explain_categories, share_languages, summarise_topics, tally_members
from nlp.topics.wishes import override

_SECTIONS = ("topics", "topic_labels", "topic_namer")
SEGMENT_COLUMNS = ["feedback_id", "segment_id", "text_id", "text", "language"]


@stage("Finding topics")
def topics(run: Run) -> dict[str, Any] | None:
    """Assign new clauses, open topics for what is new: SEGMENTS, EMBEDDINGS, ASPECTS -> TOPICS, MEMBERS.

    The first run fits; later runs carry its topics on, from the snapshot of the ingest before.
    """
    memory = open_topic_memory(run.store)
    latest, wishes = memory.latest(), read_wishes(run.store)
    notes = topic_notes(run)
    if latest is not None and latest.notes["stamp"] == notes["stamp"]:
        finish(run, latest)
        return None
    before = _base(memory, latest, notes)
    known = before.notes["parts"] if before else {}
    new = [part for part, made in notes["parts"].items() if known.get(part) != made]
    state = state_of(before)
    found = _find(run, new, state)
    key = next_key(run.store, latest)
    stamp = published_stamp(notes, key)
    write_members(run.store, new, found.members, stamp)
    told = dataclasses.replace(found, events=with_events(state["topic_events"], found.events))
    told = grant(run, told, wishes, chunks=lambda: vectors_of(run), stamp=stamp)
    _save(run, memory, told, key=key, notes=notes)
    return {"topics": len(found.names), "segments": len(found.members), "opened": len(found.events)}


def topic_notes(run: Run) -> dict[str, Any]:
    """Give what topics are made from: parts, settings, wishes, and the space of vectors, as stamps."""
    parts = run.parts()
    made = {p: stamp_of([run.store.stamp(table, p) for table in (SEGMENTS, EMBEDDINGS)]) for p in parts}
    rules = stamp_of({name: dataclasses.asdict(run.settings[name]) for name in _SECTIONS})
    aspects = [run.store.stamp(ASPECTS, part) for part in parts]
    return {
        "stamp": run.stamp("topics", _SECTIONS, made, aspects, wishes_text(run.store)),
        "wishes": stamp_of(wishes_text(run.store)),
        "space": stamp_of("topic space", models.encoder(run).name),
        "rules": rules,
        "parts": made,
    }


def _base(memory: Snapshots, latest: Snapshot | None, notes: dict[str, Any]) -> Snapshot | None:
    """Give the topics to carry on: none when the vectors are those of another encoder.

    Under the same settings the newest ones are carried on even where the same ingest is judged again, by
    newer code for instance: an id is for ever. Other settings want other topics of the newest ingest.
    """
    if latest is None or latest.notes["space"] != notes["space"]:
        return None
    is_same_ingest = latest.notes["parts"].keys() == notes["parts"].keys() and "." not in latest.key
    if is_same_ingest and latest.notes["rules"] != notes["rules"]:
        return memory.latest(before=latest.key)
    return latest


def _find(run: Run, parts: list[str], state: dict[str, pd.DataFrame]) -> Topics:
    return find_topics(
        run.store.read_all(SEGMENTS, parts, SEGMENT_COLUMNS).to_pandas(),
        lambda: vectors_of(run),
        context=TopicContext(state["topics"], state["topic_centroids"], run.as_of),
        tools=models.topic_tools(run),
    )


def vectors_of(run: Run) -> Iterator[tuple[list[str], np.ndarray]]:
    """Give all vectors, a part at a time: a clause of today may have been encoded long ago."""
    for part in run.parts():
        found = run.store.read(EMBEDDINGS, part, ["text_id", "vector"])
        if found.num_rows:
            yield found["text_id"].to_pylist(), to_matrix(found["vector"])


def _save(run: Run, memory: Snapshots, found: Topics, *, key: str, notes: dict[str, Any]) -> None:
    """Remember what was found, and write the tables that people read."""
    tallies = _tallies(run)
    table = summarise_topics(found.names, tallies)
    memory.save(key, as_state(table, found), notes)
    _publish(run, table, found.events, tallies, stamp=published_stamp(notes, key))


def finish(run: Run, latest: Snapshot | None) -> None:
    """Write what a killed run remembered and had not written yet."""
    if latest is None:
        return
    stamp = published_stamp(latest.notes, latest.key)
    if run.store.stamp(TOPICS) != stamp:
        if run.store.file_stamp(pending_path(latest.key)) is not None:
            members = run.store.read_file(pending_path(latest.key))
            write_members(run.store, list(latest.notes["parts"]), members, stamp)
        state = state_of(latest)
        tallies = _tallies(run)
        table = summarise_topics(state["topics"], tallies)
        _publish(run, table, state["topic_events"], tallies, stamp=stamp)
    run.record.facts["topic_count"] = run.store.read(TOPICS, columns=["topic_id"]).num_rows


def _publish(
    run: Run, table: pd.DataFrame, events: pd.DataFrame, tallies: pd.DataFrame, *, stamp: str
) -> None:
    table = override(table, read_wishes(run.store), tallies)
    run.store.write(TOPIC_EVENTS, events, stamp=stamp)
    run.store.write(TOPIC_LANGUAGES, share_languages(tallies), stamp=stamp)
    run.store.write(CATEGORY_TOPICS, explain_categories(tallies), stamp=stamp)
    run.store.write(TOPICS, table, stamp=stamp)  # the last one: its stamp says that all stand
    run.record.facts["topic_count"] = len(table)


def _tallies(run: Run) -> pd.DataFrame:
    """Count every part by topic, language and category; parts that are as they were are not counted again."""
    replaced = run.store.parts(REPLACED)

    def stamp(part: str) -> str:
        made = [run.store.stamp(table, part) for table in (MEMBERS, ASPECTS)]
        return run.stamp("tallies", (), made, replaced)

    def make(part: str) -> dict[str, pd.DataFrame]:
        members = run.store.read_all(MEMBERS, [part], ["segment_id", "feedback_id", "topic_id"]).to_pandas()
        return {TOPIC_TALLIES.name: tally(run, members, [part])}

    fill_parts(run, outputs=(TOPIC_TALLIES,), stamp=stamp, make=make)
    tallies: pd.DataFrame = run.store.read_all(TOPIC_TALLIES, run.parts()).to_pandas()
    return tallies


def tally(run: Run, members: pd.DataFrame, parts: list[str]) -> pd.DataFrame:
    """Count the members of some parts by topic, language and category."""
    columns = {
        SEGMENTS: ["segment_id", "language"],
        ASPECTS: ["segment_id", "category", "category_score"],
        FEEDBACK: ["feedback_id", "created_at"],
    }
    frames = [run.store.read_all(table, parts, names).to_pandas() for table, names in columns.items()]
    return tally_members(members, *frames)
