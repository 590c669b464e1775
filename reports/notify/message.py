"""OUTBOX, ALERTS -> the words that are sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.sections.shared.words import Words

Row = dict[str, Any]
_FIELD = re.compile(r"\{(title|text|alert_id|band|issue|segment|severity)\}")
# What chat tools would take for markup, a link or a call to everybody.
_MARKUP = str.maketrans({"<": "‹", ">": "›", "@": "＠", "*": "∗", "`": "ˋ", "[": "(", "]": ")"})  # noqa: RUF001
_HEAD_END = re.compile(r": |：")  # noqa: RUF001 - an explanation begins with what it is about
MOST_TITLE = 150


@dataclass(frozen=True)
class Message:
    """What is sent: a line, a text, and the key by which the receiver can tell a repeat."""

    title: str
    text: str
    key: str


def write_message(
    rows: Sequence[Row], alerts: Mapping[str, Row], *, words: Words, report_url: str
) -> Message:
    """Write one message about one or several alerts.

    Args:
        rows: rows of OUTBOX that go out together; at least one.
        alerts: rows of ALERTS by id.
        words: the language.
        report_url: where the report lies; empty for nowhere.
    """
    told = [(words(f"notify.{row['reason']}"), alerts[row["alert_id"]]) for row in rows]
    parts = [f"{_band(alert, words)} ({why})\n{alert['explanation']}" for why, alert in told]
    if len(told) == 1:
        what = _HEAD_END.split(told[0][1]["explanation"], maxsplit=1)[0]
        title = f"{_band(told[0][1], words)}: {what}"
    else:
        title = words.count("notify.digest", len(told))
    parts += [words("notify.report", address=report_url)] if report_url else []
    # The words of a report's address are ours; the rest quotes names of the data.
    text = "\n\n".join(part if part.endswith(report_url or "\0") else plain(part) for part in parts)
    return Message(plain(title)[:MOST_TITLE], text, rows[0]["message_id"])


def plain(text: str) -> str:
    """Take from names of the data what a chat tool would act on."""
    return "".join(
        sign
        for sign in text.translate(_MARKUP)
        if sign == "\n" or sign.isprintable() or sign in "\u2066\u2068\u2069"
    )


def fill(body: Any, alert: Row, message: Message) -> Any:  # noqa: ANN401 - any JSON value
    """Fill the fields of a ticket's template, wherever they stand."""
    values = {
        "title": message.title, "text": message.text, "alert_id": alert["alert_id"], "band": alert["band"],
        "issue": alert["issue"], "segment": alert["segment"], "severity": f"{alert['severity']:.1f}",
    }  # fmt: skip
    if isinstance(body, Mapping):
        return {key: fill(value, alert, message) for key, value in body.items()}
    if isinstance(body, list | tuple):
        return [fill(value, alert, message) for value in body]
    return _FIELD.sub(lambda found: values[found[1]], body) if isinstance(body, str) else body


def _band(alert: Row, words: Words) -> str:
    return words(f"notify.{alert['band']}")
