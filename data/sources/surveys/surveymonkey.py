"""SurveyMonkey: responses as CSV or XLSX, with a row of questions and one of their options."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa

from data.sources.cells.columns import normal_name
from data.sources.named import SURE, find_columns, has_columns
from data.sources.raw import About, Plan, Records, SourceError, SourceOptions, SourceRules
from data.sources.surveys.questions import Question, no_answers_message, read_questions
from data.sources.views import View

SIGNS = (("Respondent ID", "RespondentID"), ("Collector ID", "CollectorID"))
TOOL = {
    "own_id": ("Respondent ID", "RespondentID"),
    "created_at": ("End Date", "EndDate", "Date Modified", "Start Date", "StartDate", "Date Created"),
    "author": ("Email Address", "EmailAddress"),
    "customer_id": ("Custom Data 1", "CustomData1", "Custom Data"),
}
OTHERS = (
    "collector id",
    "start date",
    "date created",
    "date modified",
    "ip address",
    "first name",
    "last name",
)
UNNAMED = re.compile(r"column_\d+")
NUMBERED = re.compile(r"(.+)_\d+")
OPEN_LABELS = (
    "open ended response", "risposta aperta", "odpowiedz otwarta", "respuesta abierta",
    "respuesta de final abierto",
    "offene antwort", "reponse ouverte", "reponse non limitee", "resposta aberta", "开放式回答", "开放答案",
)  # fmt: skip
ONE_LABELS = (
    "response",
    "risposta",
    "odpowiedz",
    "respuesta",
    "antwort",
    "reponse",
    "resposta",
    "回复",
    "答案",
)
OTHER_LABELS = (
    "other",
    "altro",
    "inne",
    "inny",
    "otro",
    "andere",
    "sonstige",
    "autre",
    "outro",
    "其他",
    "comment",
)


class SurveyMonkeySource:
    """Reads the responses of a survey, condensed (a column a question) or expanded (a column an option)."""

    name = "surveymonkey"
    about = About(
        title="SurveyMonkey",
        reads="all responses as CSV or XLSX, condensed or expanded, choices as text or as numbers",
        signs="columns Respondent ID and Collector ID",
        kind="survey",
        gives="each open question a comment with its question, 'Other (please specify)' too; its scores",
    )

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a file with the tool's own columns.

        Raises:
            SourceError: no question was answered in words.
        """
        if not has_columns(records.names, SIGNS):
            return None
        roles = find_columns(records.names, TOOL)
        labels = option_row(records.names, sample, roles["own_id"])
        head = 0 if labels is None else 1
        own = {*OTHERS, *(normal_name(n) for names in TOOL.values() for n in names)}
        answers = sample.slice(head)
        questions = [q for q in merge(records.names, labels, answers) if normal_name(q.column) not in own]
        reading = read_questions(questions, answers, rules)
        if not reading.answers and answers.num_rows and "text" not in options.columns:
            raise SourceError(no_answers_message("SurveyMonkey", [q.text for q in questions]))
        return Plan(
            source=self.name,
            confidence=SURE,
            content="comments",
            kind=self.about.kind,
            roles={**reading.roles, **roles},
            answers=reading.answers,
            why={
                **reading.why,
                **{r: "SurveyMonkey calls it so" for r in roles},
                "kind": "a SurveyMonkey survey",
            },
            warnings=tuple(reading.warnings),
            records=View(records, head=head),
            usual_order=(False, "SurveyMonkey writes the month first"),
            id_space=self.name,
        )


def option_row(names: Sequence[str], sample: pa.Table, own_id: str) -> list[str] | None:
    """Give the second row of names, which has no respondent; None where people have cut it off."""
    if not sample.num_rows or (sample[own_id][0].as_py() or "").strip():
        return None
    return [(sample[name][0].as_py() or "").strip() for name in names]


def merge(names: Sequence[str], labels: list[str] | None, answers: pa.Table) -> list[Question]:
    """Join both rows of names: an option's column bears no question of its own, but that of one before it."""
    questions, asked = [], ""
    labels = labels or [""] * len(names)
    is_labelled = any(normal_name(label) in OPEN_LABELS for label in labels)
    for name, label in zip(names, labels, strict=True):
        if UNNAMED.fullmatch(name):
            text = f"{asked} - {label}" if label else asked
        else:
            asked = _without_number(name, names)
            text = asked if normal_name(label) in ("", *OPEN_LABELS, *ONE_LABELS) else f"{asked} - {label}"
        questions.append(
            Question(name, text or name, is_open=_is_open(name, label, answers, is_labelled), key=text)
        )
    return questions


def _without_number(name: str, names: Sequence[str]) -> str:
    match = NUMBERED.fullmatch(name)
    return match[1] if match and match[1] in names else name


def _is_open(name: str, label: str, answers: pa.Table, is_labelled: bool) -> bool | None:
    if normal_name(label) in OPEN_LABELS:
        return True
    if normal_name(label) in (
        "",
        *ONE_LABELS,
    ):  # where open questions are labelled as such, others are closed
        return False if is_labelled else None
    ticked = {normal_name(cell) for cell in answers[name].to_pylist() if cell and cell.strip()}
    if ticked <= {normal_name(label), "1", "0"}:
        return False  # the column of one option
    return None if any(word in normal_name(label) for word in OTHER_LABELS) else False
