"""Does what topics.toml wants: merges topics and splits parts off, in everything that was ever assigned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from data.schema import MEMBERS, OTHER, SEGMENTS
from flows import models
from flows.engine.people.wishes import refused
from flows.engine.remember.topics import with_events, write_members
from flows.engine.run import Run
from nlp.topics.carving import carve
from nlp.topics.find import gather_vectors
from nlp.topics.groups import Vectors
from nlp.topics.keeping.events import tell_change
from nlp.topics.rules import Topics
from nlp.topics.table import NAME_COLUMNS
from nlp.topics.wishes import Split, WishError, Wishes, check_wishes, merge_targets, split_ids

_Chunks = Callable[[], Iterable[tuple[Sequence[str], Vectors]]]
_EXAMPLES = 5


@dataclass
class _State:
    """What changes while wishes are granted: `found`, with all events, and everything ever assigned."""

    found: Topics
    assigned: pd.DataFrame  # MEMBERS of all parts, with text_id and text


def grant(run: Run, found: Topics, wishes: Wishes, *, chunks: _Chunks, stamp: str) -> Topics:
    """Merge topics and split parts off as people want.

    Args:
        run: gives the store, whose MEMBERS are rewritten when something is to be done.
        found: topics as found, with the events of all runs.
        wishes: what people want.
        chunks: EMBEDDINGS, chunk by chunk.
        stamp: of the MEMBERS that are rewritten.

    Returns:
        The topics as people want them.

    Raises:
        InputError: wishes do not fit the topics there are.
    """
    alive = set(found.centroids["topic_id"])
    known = (*models.taxonomy(run).ids, OTHER)
    told = set(found.events["topic_id"]) | set(found.events["other_topic_id"])
    try:
        check_wishes(wishes, found.names, ended=told, categories=known)
        merges = {t: to for t, to in merge_targets(wishes).items() if t in alive}
        splits = {t: made for t, made in split_ids(wishes).items() if t not in alive}
        if not merges and not splits:
            return found
        state = _State(found, _everything(run))
        for topic_id, target in sorted(merges.items()):
            _merge(state, run, topic_id, target)
        for topic_id, (parent, split) in sorted(splits.items()):
            _split(state, run, (topic_id, parent, split), chunks)
    except WishError as error:
        raise refused(run.store, error) from None
    write_members(run.store, run.parts(), state.assigned[MEMBERS.columns.names], stamp)
    return state.found


def _everything(run: Run) -> pd.DataFrame:
    members = run.store.read_all(MEMBERS, run.parts()).to_pandas().astype(object)
    texts = run.store.read_all(SEGMENTS, run.parts(), ["segment_id", "text_id", "text"]).to_pandas()
    together: pd.DataFrame = members.merge(texts.astype(object), on="segment_id")
    return together


def _merge(state: _State, run: Run, topic_id: str, target: str) -> None:
    found, assigned = state.found, state.assigned
    is_part = assigned["topic_id"] == topic_id
    count = assigned.loc[is_part, "feedback_id"].nunique()
    event = tell_change("merged", (topic_id, target), counts=(count, count), centroids=found.centroids)
    state.assigned = assigned.assign(topic_id=assigned["topic_id"].mask(is_part, target))
    state.found = replace(
        found,
        names=found.names[found.names["topic_id"] != topic_id].reset_index(drop=True),
        centroids=found.centroids.assign(topic_id=found.centroids["topic_id"].replace(topic_id, target)),
        events=with_events(found.events, event.assign(date=run.as_of)),
    )


def _split(state: _State, run: Run, wanted: tuple[str, str, Split], chunks: _Chunks) -> None:
    topic_id, parent, split = wanted
    found, assigned = state.found, state.assigned
    own = assigned["topic_id"] == parent
    texts = assigned[own].drop_duplicates("text_id").sort_values("text_id", ignore_index=True)
    _, vectors = gather_vectors(pd.Index(texts["text_id"], dtype="object"), chunks)
    rules = run.settings["topics"].groups(len(texts))
    row, inside = carve(texts, vectors, parent=parent, split=split, rules=rules)
    if row.empty:
        raise WishError(f"  [topics.{parent}] split_off '{split.label}': none of its clauses has these words")
    is_part = own & assigned["text_id"].isin(texts.loc[inside, "text_id"])
    counts = (assigned.loc[is_part, "feedback_id"].nunique(), assigned.loc[own, "feedback_id"].nunique())
    centroids = pd.concat([found.centroids, row], ignore_index=True)
    event = tell_change("split", (parent, topic_id), counts=counts, centroids=centroids)
    language = found.names.set_index("topic_id")["label_language"][parent]
    examples = assigned.loc[is_part, "segment_id"].sort_values().head(_EXAMPLES).tolist()
    name = pd.DataFrame(
        [(topic_id, split.label, language, list(split.words), examples)], columns=NAME_COLUMNS
    )
    state.assigned = assigned.assign(topic_id=assigned["topic_id"].mask(is_part, topic_id))
    state.found = replace(
        found,
        names=pd.concat([found.names, name], ignore_index=True).sort_values("topic_id", ignore_index=True),
        centroids=centroids,
        events=with_events(found.events, event.assign(date=run.as_of)),
    )
