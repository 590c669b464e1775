"""What a sample is, and how its bytes are made."""

import csv
import io
import json
from dataclasses import dataclass

import openpyxl


@dataclass(frozen=True)
class Sample:
    """One export of one tool.

    Attributes:
        id: names the test.
        source: the source that must read it.
        data: its bytes.
        comments: per comment, in file order: what must be read, RAW column -> value; dates as ISO text in UTC.
        kind: kind of feedback.
        rejected: reasons of the records that the source itself sets aside.
        silent: texts that must not become comments: replies, names of options, questions.
        empty: answers that say nothing, as "Nothing" to an unknown question: cleaning sets them aside.
        text: its encoding where it is plain text, so that it is read in others too.
    """

    id: str
    source: str
    data: bytes
    comments: tuple[dict, ...]
    kind: str = "survey"
    rejected: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    text: str = ""
    empty: int = 0


def as_csv(rows, *, separator=",", encoding="utf-8") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(rows)
    return stream.getvalue().encode(encoding)


def as_xlsx(rows, *, before=()) -> bytes:
    book = openpyxl.Workbook()
    for row in (*before, *rows):
        book.active.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_json(value) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def as_lines(values) -> bytes:
    return b"\n".join(map(as_json, values)) + b"\n"
