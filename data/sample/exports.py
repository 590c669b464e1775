"""Rows and orders -> files, each the way its tool exports it."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from data.sample.orders import Order
from data.sample.sampler import Row
from data.sample.xlsx import Cell, write_xlsx

TEAMS = ("Store floor", "Customer care", "Warehouse", "Online", "Head office")
TENURES = ("under 1 year", "1 to 3 years", "over 3 years")
SURVEY_HEADER = (
    "Response ID",
    "Response date",
    "How likely are you to recommend Alba & Norn to a friend or colleague? (0-10)",
    "What is the main reason for your score?",
    "Region",
    "Channel",
    "Product",
    "Customer ID",
    "Order number",
)
POLISH_HEADER = (
    "Identyfikator odpowiedzi",
    "Data odpowiedzi",
    "Na ile prawdopodobne jest, że polecisz Alba & Norn znajomym? (0-10)",
    "Dlaczego taka ocena?",
    "Region",
    "Kanał",
    "Produkt",
    "ID klienta",
    "Numer zamówienia",
)
MARKETPLACE_HEADER = (
    "Review ID",
    "Date",
    "Product",
    "Stars",
    "Title",
    "Review",
    "Reviewer",
    "Region",
    "Order ID",
)
EMPLOYEE_HEADER = (
    "Response ID",
    "Submitted",
    "Team",
    "Tenure",
    "Region",
    "Overall rating (1-5)",
    "What works well?",
    "What should change?",
)
ORDER_HEADER = (
    "order_id",
    "customer_id",
    "order_date",
    "promised_date",
    "delivered_date",
    "order_value_eur",
    "region",
    "status",
)
# What the tracker prints above its table.
SURVEY_PREAMBLE = (
    ("Report", "NPS tracker, post-purchase"),
    ("Period", "09/02/2026 - 15/11/2026"),
    ("Time zone", "UTC"),
    (),
)
HANDLES = ("nova", "kite", "luma", "orso", "plum")
INITIALS = "ABDEGHIKLMNPRSTVZ"
SCREEN_NAMES = ("reader", "buyer", "cook", "gamer", "home")
CHANNELS_PL = {"shop": "sklep", "app": "aplikacja", "web": "www", "phone": "telefon"}


def write_survey(path: Path, rows: Sequence[Row]) -> None:
    """Every country but Poland: UTF-8 with BOM, semicolons, day first, four lines above the header."""
    records = [_survey_record(row, f"{row.created_at:%d/%m/%Y %H:%M}", row.channel) for row in rows]
    _write_csv(path, (*SURVEY_PREAMBLE, SURVEY_HEADER, *records), separator=";", encoding="utf-8-sig")


def write_polish_survey(path: Path, rows: Sequence[Row]) -> None:
    """The Polish tracker: Windows-1250, semicolons, dates with dots, Polish headers and channels."""
    records = [
        _survey_record(row, f"{row.created_at:%d.%m.%Y %H:%M}", CHANNELS_PL[row.channel]) for row in rows
    ]
    _write_csv(path, (POLISH_HEADER, *records), separator=";", encoding="cp1250")


def write_reviews(path: Path, rows: Sequence[Row]) -> None:
    """Reviews on the own site: JSON Lines, ISO times."""
    lines = [
        json.dumps(
            {
                "review_id": row.comment_id,
                "created_at": f"{row.created_at:%Y-%m-%dT%H:%M:%SZ}",
                "product": row.product,
                "stars": row.score,
                "title": row.title,
                "body": row.text,
                "author": author_of(row),
                "region": row.region,
                "order_id": row.order or None,
            },
            ensure_ascii=False,
        )
        for row in rows
    ]
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())


def write_marketplace(path: Path, rows: Sequence[Row]) -> None:
    """Reviews on the marketplaces of China and the Gulf: XLSX with real Excel dates."""
    records: list[Sequence[Cell]] = [
        (
            row.comment_id,
            row.created_at,
            row.product,
            row.score,
            row.title,
            row.text,
            author_of(row),
            row.region,
            row.order,
        )
        for row in rows
    ]
    write_xlsx(path, sheet="Reviews", rows=[MARKETPLACE_HEADER, *records])


def write_mentions(path: Path, rows: Sequence[Row]) -> None:
    """What a listening tool found: one JSON document, the mentions under `data`."""
    mentions = [
        {
            "id": row.comment_id,
            "created_at": f"{row.created_at:%Y-%m-%dT%H:%M:%S.000Z}",
            "author_handle": author_of(row),
            "text": row.text,
            "lang": row.language,
            "likes": _number(row, "likes") % 40,
            "shares": _number(row, "shares") % 7,
        }
        for row in rows
    ]
    document = {"meta": {"query": "@AlbaNorn", "result_count": len(mentions)}, "data": mentions}
    path.write_bytes(json.dumps(document, ensure_ascii=False, indent=1).encode())


def write_employees(path: Path, rows: Sequence[Row]) -> None:
    """The pulse survey of employees: UTF-16 with tabs, as Excel's Unicode text; two open questions."""
    _write_csv(path, (EMPLOYEE_HEADER, *map(_employee_record, rows)), separator="\t", encoding="utf-16-le")


def write_orders(path: Path, orders: Sequence[Order]) -> None:
    """The shop system's orders: plain UTF-8 CSV."""
    records = [
        (
            order.order_id,
            order.customer,
            f"{order.ordered_at:%Y-%m-%d %H:%M:%S}",
            order.promised_date.isoformat(),
            order.delivered_date.isoformat() if order.delivered_date else "",
            f"{order.value:.2f}",
            order.region,
            order.status,
        )
        for order in orders
    ]
    _write_csv(path, (ORDER_HEADER, *records), separator=",", encoding="utf-8")


def author_of(row: Row) -> str:
    """Make up a handle or screen name; the same customer always has the same."""
    number = zlib.crc32(row.customer.encode())
    if row.kind == "social":
        return f"@{HANDLES[number % 5]}_{number % 9973}"
    return f"{INITIALS[number % 17]}. {SCREEN_NAMES[number % 5]}{number % 997}"


def question_of(row: Row) -> str:
    """Say which open question of the employee survey a comment answers; empty for other kinds."""
    if row.kind != "employee":
        return ""
    return EMPLOYEE_HEADER[-2 if row.sentiment == "positive" else -1]


WRITERS: dict[str, Callable[[Path, Sequence[Row]], None]] = {
    "survey_nps.csv": write_survey,
    "ankieta_nps_pl.csv": write_polish_survey,
    "product_reviews.jsonl": write_reviews,
    "marketplace_reviews.xlsx": write_marketplace,
    "social_mentions.json": write_mentions,
    "employee_pulse.tsv": write_employees,
}


def _survey_record(row: Row, when: str, channel: str) -> tuple[str, ...]:
    return (
        row.comment_id,
        when,
        str(row.score),
        row.text,
        row.region,
        channel,
        row.product,
        row.customer,
        row.order,
    )


def _employee_record(row: Row) -> tuple[str, ...]:
    is_praise = question_of(row) == EMPLOYEE_HEADER[-2]
    return (
        row.comment_id,
        f"{row.created_at:%Y-%m-%d}",
        TEAMS[_number(row, "team") % len(TEAMS)],
        TENURES[_number(row, "tenure") % len(TENURES)],
        row.region,
        str(row.score),
        row.text if is_praise else "",
        "" if is_praise else row.text,
    )


def _number(row: Row, purpose: str) -> int:
    # A checksum, not a draw: a column that nobody measures must not shift every draw behind it.
    return zlib.crc32(f"{purpose}{row.comment_id}".encode())


def _write_csv(path: Path, records: Iterable[Sequence[str]], *, separator: str, encoding: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(records)
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    # Old tools print a question mark for what their code page lacks, as emoji in Windows-1250.
    path.write_bytes((mark + buffer.getvalue()).encode(encoding, errors="replace"))
