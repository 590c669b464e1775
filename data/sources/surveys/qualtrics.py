"""Qualtrics: responses as CSV, TSV or XLSX, with their three rows of names, questions and import ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
import pyarrow as pa

from data.sources.cells.columns import normal_name
from data.sources.named import LIKELY, SURE, find_columns, has_columns
from data.sources.raw import About, Plan, Records, SourceError, SourceOptions, SourceRules
from data.sources.surveys.questions import Question, no_answers_message, read_questions
from data.sources.views import Aside, View

HEAD_ROWS = 2  # questions and import ids, below the names
IMPORT_ID = '{"importid"'
# role -> names in row 1, row 2 and row 3
TOOL = {
    "own_id": ("_recordId", "ResponseId", "Response ID"),
    "created_at": ("recordedDate", "Recorded Date", "endDate", "End Date", "startDate", "Start Date"),
    "declared_language": ("userLanguage", "User Language", "Q_Language"),
    "customer_id": ("externalDataReference", "External Data Reference", "ExternalReference"),
    "author": ("recipientEmail", "Recipient Email", "Participant Email"),
    "channel": ("distributionChannel", "Distribution Channel"),
}
OTHERS = (
    "status", "response type", "ip address", "ipaddress", "progress", "duration", "duration in seconds",
    "finished",
    "start date", "end date", "recorded date", "recipient last name", "recipient first name",
    "location latitude",
    "location longitude", "q ballot box stuffing", "q recaptcha score", "q relevant id fraud score",
    "q duplicate respondent", "participant name", "participant s unique identifier", "unique identifier",
)  # fmt: skip
STRIPPED = (
    ("ResponseId", "Response ID"),
    ("RecordedDate", "EndDate"),
    ("Finished", "Progress"),
    ("StartDate",),
)
EMPLOYEES = ("participant name", "participant s unique identifier", "parent unit")
STATUS = ("status", "Response Type")
OPEN_ID = re.compile(r"(?:\d+_)?QID\d+_TEXT", re.I)
MAYBE_OPEN_ID = re.compile(r"(?:\d+_)?QID\d+(?:_\d+)+_TEXT|(?:\d+_)?QID\d+#\d+_\d+(?:_\d+)*", re.I)
QUESTION_ID = re.compile(r"(?:\d+_)?QID\d+", re.I)
GROUP_OF_NPS = re.compile(r"(.+)_NPS_GROUP", re.I)
TEXT_IQ = re.compile(
    r".*[-–—_ ](?:parent )?(?:topics?|topic hierarchy.*|sentiment(?: score| polarity)?|emotion.*)",
    re.I,
)
PREVIEW = Aside(
    "", ("survey preview", "preview", "offline survey preview", "1", "17"), "preview",
    "the survey's author tried it out; expected an answer of a customer",
)  # fmt: skip
TEST = Aside(
    "", ("survey test", "test", "2"), "preview", "a generated test response; expected an answer of a customer"
)
SPAM = Aside(
    "",
    ("spam", "possible spam", "8", "9", "12", "24"),
    "spam",
    "the tool marks it as spam; expected a customer",
)


@dataclass(frozen=True)
class Header:
    """What the rows below the names say.

    Attributes:
        head: rows that are no responses.
        ids: column -> import id; the column's name where there is none.
        texts: column -> what was asked.
        timezone: of the file's times.
        is_sure: there are import ids.
    """

    head: int
    ids: Mapping[str, str]
    texts: Mapping[str, str]
    timezone: str | None
    is_sure: bool


class QualtricsSource:
    """Reads the responses of a survey, every answer in words a comment with its question."""

    name = "qualtrics"
    about = About(
        title="Qualtrics",
        reads="responses as CSV, TSV or XLSX, choices as text or as numbers",
        signs="the row of import ids; without it, the columns ResponseId, StartDate, RecordedDate, Finished",
        kind="survey",
        gives="each open question a comment with its question; NPS, CSAT and effort of the same response; "
        "previews and spam set aside; embedded data as product, region, branch by their names",
    )

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a file with import ids, or with the tool's own columns.

        Raises:
            SourceError: no question was answered in words.
        """
        header = read_header(records.names, sample)
        if not header.is_sure and not has_columns(records.names, STRIPPED):
            return None
        roles = _tool_roles(header)
        questions = _questions(header, set(roles.values()))
        reading = read_questions(questions, sample.slice(header.head), rules)
        if not reading.answers and sample.num_rows > header.head and "text" not in options.columns:
            raise SourceError(no_answers_message("Qualtrics", [q.text for q in questions]))
        status = next((c for c, i in header.ids.items() if normal_name(i) in map(normal_name, STATUS)), None)
        asides = (
            [Aside(status, a.values, a.reason, a.detail) for a in (PREVIEW, TEST, SPAM)] if status else []
        )
        names = set(map(normal_name, records.names))
        is_employee = any(name in names for name in EMPLOYEES)
        return Plan(
            source=self.name,
            confidence=SURE if header.is_sure else LIKELY,
            content="comments",
            kind="employee" if is_employee else self.about.kind,
            roles={**reading.roles, **roles},
            answers=reading.answers,
            why={
                **reading.why,
                **{role: "Qualtrics calls it so" for role in roles},
                "kind": "a Qualtrics survey",
            },
            warnings=tuple(reading.warnings),
            records=View(records, head=header.head, asides=tuple(asides)),
            id_space=self.name,
            timezone=header.timezone,
        )


def read_header(names: Sequence[str], sample: pa.Table) -> Header:
    """Find the rows of questions and import ids below the names; people cut one or both of them off."""
    rows = [dict(zip(names, row.values(), strict=True)) for row in sample.slice(0, HEAD_ROWS).to_pylist()]
    place = next((i for i, row in enumerate(rows) if _is_import_row(row)), None)
    if place is None:
        ids = {name: name for name in names}
        if not rows or not _is_question_row(rows[0]):
            return Header(0, ids, ids, None, is_sure=False)
        return Header(1, ids, _questions_of(rows[0]), None, is_sure=False)
    found = {name: _import(cell) for name, cell in rows[place].items()}
    asked = rows[0] if place else {name: name for name in names}
    zones = [str(value["timeZone"]) for value in found.values() if value.get("timeZone")]
    return Header(
        place + 1,
        {name: str(value.get("ImportId") or name) for name, value in found.items()},
        _questions_of(asked),
        zones[0] if zones else None,
        is_sure=True,
    )


def _is_import_row(row: Mapping[str, str | None]) -> bool:
    return any((cell or "").replace(" ", "").lower().startswith(IMPORT_ID) for cell in row.values())


def _is_question_row(row: Mapping[str, str | None]) -> bool:
    """Tell the row of questions where people have cut off only the import ids."""
    own = {normal_name(name) for name in TOOL["own_id"]}
    return any(normal_name(name) in own and normal_name(cell or "") in own for name, cell in row.items())


def _questions_of(row: Mapping[str, str | None]) -> dict[str, str]:
    return {name: _clean_question(cell or name) for name, cell in row.items()}


def _import(cell: str | None) -> dict[str, object]:
    try:
        value = orjson.loads(cell or "{}")
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _clean_question(text: str) -> str:
    """Take off what the tool adds to a question: the note that its answer is text."""
    return re.sub(r"\s+-\s+Text$", "", " ".join(text.split()))


def _tool_roles(header: Header) -> dict[str, str]:
    by_id = {import_id: column for column, import_id in header.ids.items()}
    roles = find_columns(tuple(by_id), TOOL)
    return {role: by_id[found] for role, found in roles.items()}


def _questions(header: Header, taken: set[str]) -> list[Question]:
    """Give the columns that are no part of the tool's own record of a response."""
    groups = {m[1].lower() for i in header.ids.values() if (m := GROUP_OF_NPS.fullmatch(i))}
    own = {normal_name(n) for names in TOOL.values() for n in names} | set(OTHERS)
    questions = []
    for column, import_id in header.ids.items():
        is_own = column in taken or normal_name(import_id) in own or normal_name(column) in own
        if is_own or GROUP_OF_NPS.fullmatch(import_id) or GROUP_OF_NPS.fullmatch(column):
            continue
        is_embedded = header.is_sure and not QUESTION_ID.match(import_id)
        is_nps = import_id.lower() in groups or column.lower() in groups
        questions.append(
            Question(
                column,
                header.texts[column],
                is_open=_is_open(column, import_id, header),
                role="nps" if is_nps else "",
                is_asked=not is_embedded,
            )
        )
    return questions


def _is_open(column: str, import_id: str, header: Header) -> bool | None:
    if TEXT_IQ.fullmatch(import_id) or TEXT_IQ.fullmatch(column) or TEXT_IQ.fullmatch(header.texts[column]):
        return False
    if not header.is_sure or MAYBE_OPEN_ID.fullmatch(import_id):
        return None
    return OPEN_ID.fullmatch(import_id) is not None
