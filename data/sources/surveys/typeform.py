"""Typeform: responses as JSON of its API or its webhooks; the questions stand in the form's definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from data.sources.files.nested import Leaves, NestedRecords, all_leaves, leaf
from data.sources.named import SURE
from data.sources.raw import About, Plan, Records, SourceError, SourceOptions, SourceRules
from data.sources.surveys.questions import Question, no_answers_message, read_questions

OPEN_TYPES = ("long_text", "short_text")
SCORE_TYPES = ("nps", "opinion_scale", "rating")
NPS_TOP = 10
TOOL = {
    "own_id": ("token", "response_id", "landing_id"),
    "created_at": ("submitted_at", "landed_at"),
}
RESPONSE = ("answers.item.field.type", "submitted_at")
DEFINITION = ("title", "type", "ref")


@dataclass(frozen=True)
class Field:
    """One question of a form's definition."""

    title: str
    type: str
    top: float | None  # best score, of a scale


@dataclass
class Form:
    """What is known of a form: its fields by id and ref, and the types that answers state."""

    fields: dict[str, Field] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)


class TypeformSource:
    """Reads responses, every answer in words a comment with its question where the definition is at hand."""

    name = "typeform"
    about = About(
        title="Typeform",
        reads="JSON of the responses API and of webhooks, with or without the form's definition",
        signs="answers with field.type, and submitted_at",
        kind="survey",
        gives="each text a comment, with its question if the file holds the form's definition (webhooks do); "
        "NPS and ratings; hidden fields as product, region, branch by their names",
    )

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a file of responses.

        Raises:
            SourceError: it is a form's definition alone, or no question was answered in words.
        """
        if not isinstance(records, NestedRecords):
            return None
        place = records.place_of(*RESPONSE)
        if place is None:
            self._refuse_definition(records)
            return None
        form = read_form(records)
        responses = records.seen(place, lambda record: response_leaves(record, form))
        sample = next(iter(responses.chunks(rules.sample_rows))).values
        roles = {r: n for r, names in TOOL.items() for n in reversed(names) if n in responses.names}
        questions = _questions(responses, form, sample)
        reading = read_questions(questions, sample, rules)
        if not reading.answers and sample.num_rows and "text" not in options.columns:
            raise SourceError(no_answers_message(self.about.title, [q.text for q in questions]))
        is_known = any(answer.column in form.fields for answer in reading.answers)
        note = "the file holds no definition of the form, so the answers come without their questions"
        return Plan(
            source=self.name,
            confidence=SURE,
            content="comments",
            kind=self.about.kind,
            roles={**reading.roles, **roles},
            answers=reading.answers,
            why={**reading.why, **{r: "Typeform calls it so" for r in roles}, "kind": "a Typeform form"},
            warnings=(*reading.warnings, *(() if is_known else (note,))),
            records=responses,
            id_space=self.name,
            timezone="UTC",
            scales=_scales(reading.roles, form),
        )

    def _refuse_definition(self, records: NestedRecords) -> None:
        """Say what a definition without responses is: its questions are not what customers said."""
        if records.place_of(*DEFINITION) in ("fields.item", "form.fields.item"):
            raise SourceError(
                "a Typeform form without responses: it holds questions and no answers. "
                "Export the responses, or put both into one file"
            )


def read_form(records: NestedRecords) -> Form:
    """Collect the fields of every definition in the file, those inside groups too."""
    form = Form()
    places = {
        path.removesuffix(".title")
        for path in records.document.paths
        if path.endswith(".title") and path.removesuffix(".title") + ".type" in records.document.paths
    }
    for place in sorted(places):
        for value, problem in records.document.values(place):
            if problem is None:
                form.fields.update(_fields(value))
    return form


def _fields(value: object) -> Iterator[tuple[str, Field]]:
    if not isinstance(value, Mapping) or not isinstance(value.get("title"), str):
        return
    properties = value.get("properties")
    properties = properties if isinstance(properties, Mapping) else {}
    found = Field(value["title"], str(value.get("type", "")), _top(str(value.get("type", "")), properties))
    for key in ("id", "ref"):
        if isinstance(value.get(key), str):
            yield value[key], found


def _top(kind: str, properties: Mapping[str, Any]) -> float | None:
    steps = properties.get("steps")
    if kind not in SCORE_TYPES or not isinstance(steps, int):
        return None
    starts_at_one = kind == "rating" or bool(properties.get("start_at_one"))
    return float(steps if starts_at_one else steps - 1)


def response_leaves(record: object, form: Form) -> Leaves:
    """Give the cells of one response: an answer stands under the ref (else the id) of its field."""
    if not isinstance(record, Mapping):
        return {}
    own = {key: value for key, value in record.items() if key not in ("answers", "definition")}
    cells = all_leaves(own)
    for answer in record.get("answers") or ():
        asked = answer.get("field") if isinstance(answer, Mapping) else None
        key = (asked.get("ref") or asked.get("id")) if isinstance(asked, Mapping) else None
        if not isinstance(asked, Mapping) or not key:
            continue
        form.types.setdefault(str(key), str(asked.get("type", "")))
        if asked.get("id") in form.fields:
            form.fields.setdefault(str(key), form.fields[asked["id"]])
        cells[str(key)] = _value(answer)
    return cells


def _value(answer: Mapping[str, Any]) -> str | None:
    """Give what was answered, whatever its type: a text, a number, the labels that were ticked."""
    value = answer.get(str(answer.get("type")))
    if not isinstance(value, Mapping):
        return leaf(value)
    labels = value.get("labels") or [value.get("label")]
    return leaf([*(labels if isinstance(labels, list) else [labels]), value.get("other")])


def _questions(responses: NestedRecords, form: Form, sample: pa.Table) -> list[Question]:
    questions = []
    for name in responses.names:
        if name in form.types:
            known = form.fields.get(name)
            kind = form.types[name] or (known.type if known else "")
            questions.append(
                Question(
                    name,
                    known.title if known else name,
                    is_open=kind in OPEN_TYPES,
                    role=_score_role(kind, known, [c for c in sample[name].to_pylist() if c]),
                )
            )
        elif name.startswith(("hidden.", "variables.")):
            questions.append(Question(name, name.split(".", 1)[1], is_asked=False))
    return questions


def _score_role(kind: str, known: Field | None, cells: list[str]) -> str:
    """Tell NPS from other scales: it runs from 0 to 10, and no other shipped scale does."""
    if kind == "nps":
        return "nps"
    if kind != "opinion_scale":
        return "rating" if kind == "rating" else ""
    if known is not None:
        return "nps" if known.top == NPS_TOP else ""
    scores = [int(cell) for cell in cells if cell.isascii() and cell.isdigit()]
    return "nps" if scores and max(scores) > 7 and min(scores) < 7 else ""


def _scales(roles: Mapping[str, str], form: Form) -> dict[str, tuple[float, float]]:
    tops = {role: form.fields[column].top for role, column in roles.items() if column in form.fields}
    return {role: (1.0, top) for role, top in tops.items() if top and role != "nps"}
