"""What the `voc` commands share: their options, and errors as one readable message."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

INPUTS = click.argument("inputs", nargs=-1, required=True)
OUT = click.option(
    "--out",
    required=True,
    callback=lambda _c, _p, value: to_place(value),
    help="Folder (or s3:// and other fsspec URL) for the results.",
)
AS_OF = click.option(
    "--as-of",
    metavar="DATE",
    callback=lambda _c, _p, value: to_day(value),
    help="Day to report on, YYYY-MM-DD.",
)
SETTINGS = click.option(
    "--settings",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own settings (TOML).",
)
CHANGES = click.option(
    "--set", "changes", multiple=True, metavar="KEY=VALUE", help="One setting; may be repeated."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON on standard output.")


def to_day(value: str | None) -> date | None:
    """Read a day of an option."""
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        raise click.BadParameter(f"'{value}' is not a day; write it as 2026-11-15") from None


def to_place(value: str | None) -> str | None:
    """Refuse a folder without a name, as of a variable that is not set: it would be the current one."""
    if value is not None and not value.strip():
        raise click.BadParameter("is empty; name a folder, as voc-out")
    return value


def readable(command: Callable[..., None]) -> Callable[..., None]:
    """Turn every error that we foresee into one message: exit 2 for bad input, 1 for an outside fault."""

    @wraps(command)
    def wrapped(**options: Any) -> None:  # noqa: ANN401 - click passes each option by its name
        from flows.engine.errors import as_message  # noqa: PLC0415 - keeps `voc --help` fast

        try:
            command(**options)
        except click.ClickException:
            raise
        except Exception as error:  # noqa: BLE001 - judged by as_message; unknown faults keep their traceback in the record
            message, status = as_message(error)
            click.echo(f"voc: {message}", err=True)
            sys.exit(status)

    return wrapped


def with_own(options: dict[str, Any]) -> dict[str, Any]:
    """Put --settings and --set together; the other options stay as they are."""
    from flows.settings import Own  # noqa: PLC0415

    own = Own(options.pop("settings"), options.pop("changes"))
    return options | {"own": own}


def answer(facts: dict[str, Any], as_json: bool, words: str) -> None:
    """Answer in JSON or in words, on standard output; what to look at goes to standard error."""
    click.echo(json.dumps(facts, ensure_ascii=False, default=str) if as_json else words)
    for warning in facts.get("warnings", []):
        click.echo(f"Warning: {warning}", err=True)
