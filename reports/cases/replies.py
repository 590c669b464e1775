"""Drafts of replies in the customer's language, from templates that people edit. Nothing is sent."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import pyarrow as pa

from data.schema import CASES, LANGUAGES_KNOWN
from reports.cases.find import REASONS
from reports.cases.keep import CLOSED
from reports.facts.subjects import CATEGORY

PARTS = ("greeting", *REASONS, "about", "closing")
SLOTS = {"about": {"subject"}, "closing": {"signature"}}
FALLBACK = "en"

Templates = Mapping[str, Mapping[str, str]]


class ReplyError(ValueError):
    """replies.toml does not fit; the message lists every problem."""


def read_templates(text: str) -> Templates:
    """Read the company's own replies.toml over the shipped templates.

    Args:
        text: its content: a section per language, only the parts that differ; empty when there is none.

    Returns:
        language -> part -> words.

    Raises:
        ReplyError: naming every unknown language or part, and every slot that is not filled in.
    """
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ReplyError(f"replies.toml is not TOML: {error}") from None
    problems = [
        f"unknown language '{code}'; known: {', '.join(LANGUAGES_KNOWN)}"
        for code in own
        if code not in LANGUAGES_KNOWN
    ]
    for code, parts in own.items():
        if not isinstance(parts, dict):
            problems.append(f"'{code}' must be a section, as [{code}]")
            continue
        problems += [
            f"[{code}] {problem}" for name, words in parts.items() for problem in _problems(name, words)
        ]
    if problems:
        raise ReplyError("replies.toml was refused:\n" + "\n".join(f"  {problem}" for problem in problems))
    return {code: {**parts, **own.get(code, {})} for code, parts in _shipped().items()}


def draft_replies(
    cases: pa.Table, *, templates: Templates, names: Mapping[str, Mapping[str, str]], signature: str
) -> pa.Table:
    """Write a draft for every open case.

    Args:
        cases: CASES, n rows.
        templates: what `read_templates` gives.
        names: language -> category -> its name.
        signature: who writes.

    Returns:
        CASES, n rows in the same order, reply and reply_language filled in for open cases.
    """
    rows = cases.to_pylist()
    for row in rows:
        language = row["language"] if row["language"] in templates else FALLBACK
        is_open = row["state"] not in CLOSED
        row["reply_language"] = language if is_open else None
        row["reply"] = (
            _reply(row, templates[language], names.get(language, {}), signature) if is_open else None
        )
    return CASES.to_arrow(pa.Table.from_pylist(rows, schema=CASES.columns))


def _reply(row: Mapping[str, str], parts: Mapping[str, str], names: Mapping[str, str], signature: str) -> str:
    category = row["issue"].removeprefix(CATEGORY)
    about = [parts["about"].format(subject=names[category])] if category in names else []
    body = " ".join([parts[row["reason"]], *about])
    return "\n\n".join([parts["greeting"], body, parts["closing"].format(signature=signature)]).strip()


def _problems(name: str, words: object) -> list[str]:
    if name not in PARTS:
        return [f"has no part '{name}'; known: {', '.join(PARTS)}"]
    if not isinstance(words, str):
        return [f"{name} must be a text"]
    try:
        slots = {slot for _, slot, _, _ in string.Formatter().parse(words) if slot is not None}
    except ValueError:
        return [f"{name} has a brace too many or too few"]
    unknown = sorted(slots - SLOTS.get(name, set()))
    return [f"{name} cannot fill in {{{slot}}}" for slot in unknown]


@cache
def _shipped() -> Templates:
    raw = resources.files("reports").joinpath("cases", "replies.toml").read_text(encoding="utf-8")
    return tomllib.loads(raw)
