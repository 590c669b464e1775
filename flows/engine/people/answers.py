"""alerts.toml beside the output: what people say about alerts, written by `voc alerts` or by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import Any

import tomlkit
from filelock import FileLock, Timeout
from tomlkit.exceptions import TOMLKitError

from data.intake.inputs import InputError
from data.store import Store
from reports.detection.calendar import Annotation
from reports.stories.answers import Answer, Answers

ANSWERS = "alerts.toml"
_LOCK = ".voc-alerts.lock"
_WAIT_SECONDS = 10.0  # an edit takes milliseconds
_HEAD = """What people say about alerts. Written by `voc alerts`, may be edited by hand; read by the next run.
Days are written as 2026-11-15. Keys of an alert: owner, acknowledged, muted_until, not_an_issue, note."""
_TEXT, _DAY = (str, "text"), (date, "a day, as 2026-11-15")
_DAYS: dict[str, tuple[type, str]] = {"what": _TEXT, "first_day": _DAY, "last_day": _DAY, "segment": _TEXT}
_KINDS: dict[str, tuple[type, str]] = {
    "issue": _TEXT,
    "segment": _TEXT,
    "owner": _TEXT,
    "acknowledged": _DAY,
    "muted_until": _DAY,
    "not_an_issue": (bool, "true or false"),
    "ratio": (float, "a number"),
    "note": _TEXT,
}


def read_answers(store: Store) -> Answers:
    """Read alerts.toml; nothing said when there is no such file.

    Raises:
        InputError: naming everything in the file that cannot be read.
    """
    return Answers(_parse(store)[0])


def read_annotations(store: Store) -> list[Annotation]:
    """Read the days that detection leaves out: [[annotations]] of alerts.toml.

    Raises:
        InputError: naming everything in the file that cannot be read.
    """
    return _parse(store)[1]


def answers_text(store: Store) -> str:
    """Give the file as it stands, for stamps; empty when there is none."""
    return store.read_text(ANSWERS) or ""


def say(store: Store, answer: Answer, **changes: Any) -> Answer:  # noqa: ANN401 - fields of Answer
    """Change what is said about one alert; comments and other entries of the file stay as they are.

    Args:
        store: the output.
        answer: the alert's id, issue and segment, for an alert of which nothing has been said yet.
        changes: fields of Answer and their new values; None takes one back.

    Raises:
        InputError: the file cannot be read as it stands, or somebody else is writing it.
    """
    with _alone(store):
        known, _ = _parse(store)
        changed = dataclasses.replace(known.get(answer.alert_id, answer), **_as_fields(changes))
        document = _document(store)
        document.setdefault("alerts", tomlkit.table(is_super_table=True))[changed.alert_id] = _table(changed)
        store.write_text(ANSWERS, tomlkit.dumps(document))
    return changed


def _as_fields(changes: Mapping[str, Any]) -> dict[str, Any]:
    empty = {f.name: f.default for f in dataclasses.fields(Answer)}
    return {name: empty[name] if value is None else value for name, value in changes.items()}


def _document(store: Store) -> tomlkit.TOMLDocument:
    text = answers_text(store)
    if text:
        return tomlkit.parse(text)
    document = tomlkit.document()
    for line in _HEAD.splitlines():
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    return document


def _table(answer: Answer) -> Any:  # noqa: ANN401 - tomlkit's own
    table = tomlkit.table()
    for name in _KINDS:
        value = getattr(answer, name)
        if value or name in ("issue", "segment"):
            table.add(name, value)
    return table


def _parse(store: Store) -> tuple[dict[str, Answer], list[Annotation]]:
    where = store.full_path(ANSWERS)
    try:
        found = tomlkit.parse(answers_text(store)).unwrap()
    except TOMLKitError as error:
        raise InputError(f"{where} is not valid TOML: {error}; mend that line") from None
    known = ("alerts", "annotations")
    problems = [f"unknown section '{n}'; known: {', '.join(known)}" for n in found if n not in known]
    answers = _parse_alerts(found.get("alerts", {}), problems)
    annotations = _parse_days(found.get("annotations", []), problems)
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise InputError(f"{where} was refused:\n{lines}")
    return answers, annotations


def _parse_alerts(entries: Any, problems: list[str]) -> dict[str, Answer]:  # noqa: ANN401 - any TOML value
    if not isinstance(entries, dict):
        problems.append("expected sections as [alerts.<alert_id>]")
        return {}
    answers = {}
    for alert_id, entry in entries.items():
        if not isinstance(entry, dict):
            problems.append(f"alerts.{alert_id}: expected a section as [alerts.{alert_id}]")
            continue
        answers[alert_id] = Answer(alert_id, **_values(f"alerts.{alert_id}", entry, _KINDS, problems))
    return answers


def _parse_days(entries: Any, problems: list[str]) -> list[Annotation]:  # noqa: ANN401 - any TOML value
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append("expected sections as [[annotations]]")
        return []
    found = []
    for number, entry in enumerate(entries, start=1):
        where = f"annotations {number}"
        values = _values(where, entry, _DAYS, problems)
        missing = [name for name in ("what", "first_day") if name not in entry]
        problems += [f"{where}: {name} is missing" for name in missing]
        if "what" in values and "first_day" in values:
            last = values.setdefault("last_day", values["first_day"])
            problems += [f"{where}: last_day lies before first_day"] if last < values["first_day"] else []
            found.append(Annotation(**values))
    return found


def _values(
    where: str, entry: Mapping[str, Any], kinds: Mapping[str, tuple[type, str]], problems: list[str]
) -> dict[str, Any]:
    values = {name: _read(f"{where}.{name}", (name, entry[name]), kinds, problems) for name in entry}
    return {name: value for name, value in values.items() if value is not None}


def _read(
    where: str, given: tuple[str, Any], kinds: Mapping[str, tuple[type, str]], problems: list[str]
) -> Any:  # noqa: ANN401 - any TOML value
    name, value = given
    if name not in kinds:
        problems.append(f"{where}: unknown key; known: {', '.join(kinds)}")
        return None
    kind, words = kinds[name]
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or isinstance(value, datetime):
        problems.append(f"{where}: expected {words}, found {type(value).__name__}")
        return None
    return value


def _alone(store: Store) -> Any:  # noqa: ANN401 - a lock, or nothing where there are no locks
    if not store.is_local:  # object storage has no locks; the last writer wins, the file stays whole
        return nullcontext()
    return _Alone(FileLock(Path(store.root) / _LOCK))


class _Alone:
    """Waits for a lock and says readably that it did not come free."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        try:
            self._lock.acquire(timeout=_WAIT_SECONDS)
        except Timeout:
            raise InputError("somebody else is writing alerts.toml; try again in a moment") from None

    def __exit__(self, *_: object) -> None:
        self._lock.release()
