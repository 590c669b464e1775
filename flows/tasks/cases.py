"""The cases of a run: what was found, what is kept, what people and tickets say, and the list to work on."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from data.schema import CASES, FEEDBACK, LANGUAGES_KNOWN
from flows.engine.clock import today
from flows.engine.people.own_files import DESK_FILE, REPLIES_FILE
from flows.engine.run import Run
from flows.settings import SettingsError
from flows.tasks.display import category_names
from flows.tasks.material import Material
from reports.cases import (
    Edit,
    ReplyError,
    draft_replies,
    find_cases,
    keep_cases,
    rank_cases,
    read_desk,
    read_templates,
    write_desk,
)


def unread_edits(run: Run) -> str:
    """Give what people wrote into cases.csv since the last run: it makes the cases anew."""
    edits, _ = read_desk(run.store.read_text(DESK_FILE) or "")
    rows = run.store.read(CASES, columns=["case_id", "state", "owner", "note"]).to_pylist()
    known = {Edit(**row) for row in rows}
    return str(sorted(map(str, set(edits) - known)))


def make_cases(material: Material) -> tuple[pa.Table]:
    """Make CASES, and write cases.csv, the list that people work on.

    Raises:
        SettingsError: naming every mistake in replies.toml.
    """
    run, as_of = material.run, material.as_of or today()
    rules = run.settings["cases"]
    try:
        templates = read_templates(run.store.read_text(REPLIES_FILE) or "")
    except ReplyError as error:
        raise SettingsError(str(error)) from None
    edits, problems = read_desk(run.store.read_text(DESK_FILE) or "")
    run.record.warnings.extend(problems)
    found = find_cases(material.documents, material.subjects, material.worth, as_of=as_of, rules=rules)
    kept = keep_cases(found, run.store.read(CASES), material.tickets, edits=edits, as_of=as_of)
    names = {language: category_names(run, language) for language in LANGUAGES_KNOWN}
    ranked = rank_cases(kept, as_of=as_of, rules=rules)
    cases = draft_replies(ranked, templates=templates, names=names, signature=rules.signature)
    run.store.write(CASES, cases)
    run.store.write_text(DESK_FILE, write_desk(cases, _comments_of(run, cases)))
    return (cases,)


def _comments_of(run: Run, cases: pa.Table) -> pa.Table:
    """Give feedback_id, row and text of the comments that tell the cases, read a part at a time."""
    wanted = cases["feedback_id"].combine_chunks()
    parts = run.store.scan(FEEDBACK, run.parts(), ["feedback_id", "row", "text"])
    found = [part.filter(pc.is_in(part["feedback_id"], wanted)) for part in parts]
    return pa.concat_tables(found) if found else FEEDBACK.empty().select(["feedback_id", "row", "text"])
