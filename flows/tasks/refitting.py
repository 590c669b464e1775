"""Task: all topics found anew, under the ids of the old ones that they continue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from data.intake.inputs import InputError
from data.schema import MEMBERS, SEGMENTS, TOPIC_EVENTS
from flows import models
from flows.engine.people.wishes import read_wishes
from flows.engine.remember.topics import (
    as_state,
    next_key,
    open_topic_memory,
    pending_path,
    state_of,
    with_events,
)
from flows.engine.run import Run
from flows.engine.working.stages import stage
from flows.tasks.themes import SEGMENT_COLUMNS, finish, tally, topic_notes, vectors_of
from nlp.topics.keeping.refit import Refit, refit_topics
from nlp.topics.rules import TopicContext
from nlp.topics.table import summarise_topics
from nlp.topics.wishes import pinned_ids


@stage("Finding topics anew, keeping their ids")
def refit(run: Run, is_forced: bool = False) -> dict[str, Any] | None:
    """Cluster everything again and match it with the topics there are; refuse when too much would move.

    Raises:
        InputError: there are no topics, or they are not those of the newest comments; run voc run first.
    """
    memory = open_topic_memory(run.store)
    latest = memory.latest()
    if latest is None:
        raise InputError(
            f"{run.store.root} holds no topics to refit; make some first: voc run, or voc topics"
        )
    notes = topic_notes(run)
    if any(latest.notes.get(name) != notes[name] for name in ("parts", "space", "wishes")):
        raise InputError(
            f"the topics of {run.store.root} are not those of its newest comments and of topics.toml; "
            "run voc run over it first, then refit"
        )
    finish(run, latest)
    state = state_of(latest)
    pinned = pinned_ids(read_wishes(run.store))
    context = TopicContext(state["topics"], state["topic_centroids"], run.as_of, pinned)
    result = _refit(run, context, is_forced)
    _report(run, result)
    key = next_key(run.store, latest)
    events = with_events(state["topic_events"], result.events)
    if result.topics is None:
        # Nothing but the refusal is remembered.
        run.store.write(TOPIC_EVENTS, events)
        memory.save(key, latest.tables | {TOPIC_EVENTS.name: events}, latest.notes)
        return {"moved_share": round(result.moved_share, 4), "is_refused": True}
    # All of MEMBERS changes: it waits in one file until the snapshot counts, so that a killed refit is either
    # brought to its end by the next run or has not happened.
    found = replace(result.topics, events=events)
    run.store.write_file(pending_path(key), MEMBERS, found.members)
    table = summarise_topics(found.names, tally(run, found.members, run.parts()))
    memory.save(key, as_state(table, found), notes)
    finish(run, memory.latest())
    return {"topics": len(found.names), "moved_share": round(result.moved_share, 4)}


def _refit(run: Run, context: TopicContext, is_forced: bool) -> Refit:
    tools = models.topic_tools(run)
    if is_forced:
        tools = replace(tools, rules=replace(tools.rules, max_moved=1.0))
    parts = run.parts()
    return refit_topics(
        run.store.read_all(SEGMENTS, parts, SEGMENT_COLUMNS).to_pandas(),
        lambda: vectors_of(run),
        run.store.read_all(MEMBERS, parts).to_pandas(),
        context=context,
        tools=tools,
    )


def _report(run: Run, result: Refit) -> None:
    counted = result.events["event"].value_counts().to_dict()
    told = {str(event): int(count) for event, count in counted.items()}
    run.record.facts["refit"] = {"moved_share": round(result.moved_share, 4), "events": told}
    if result.topics is None:
        limit = run.settings["topics"].max_moved
        run.record.warnings.append(
            f"the refit of topics was refused: it would have moved {result.moved_share:.0%} of the clauses, "
            f"at most {limit:.0%} may move ([topics] max_moved); topics are as they were. "
            "Look at what changed in the comments, then: voc refit --force"
        )
