"""The commands `voc alerts ...`: arguments in, flows/commands/alerts.py called, words out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from flows.options import AS_JSON, CHANGES, OUT, SETTINGS, readable, to_day

ALERT = click.argument("alert")
NOTE = click.option("--note", help="What else there is to say.")


@click.group()
def alerts() -> None:
    """See what stands open, and say what you know: who looks after it, what is no issue.

    What is said is kept in alerts.toml beside the results, which may also be edited by hand; the page and
    alerts.parquet show it after the next run. ALERT is an id from the list, or its first characters.

    Example:  voc alerts list --out voc-out
    """


@alerts.command("list")
@OUT
@click.option("--all", "everything", is_flag=True, help="Settled alerts, and those under others, too.")
@AS_JSON
@readable
def list_(out: str, everything: bool, as_json: bool) -> None:
    """List the open stories, the most severe first.

    Example:  voc alerts list --out voc-out
    """
    from flows.commands.alerts import as_lines, list_alerts  # noqa: PLC0415
    from flows.engine.clock import today  # noqa: PLC0415

    rows = list_alerts(out, everything=everything)
    _tell(rows, as_json, as_lines(rows, day=today()))


@alerts.command()
@ALERT
@OUT
@AS_JSON
@readable
def show(alert: str, out: str, as_json: bool) -> None:
    """Show all that is known of one alert: why, since when, its comments, how it was calculated.

    Example:  voc alerts show 3f9a --out voc-out
    """
    from flows.commands.alerts import describe, show_alert  # noqa: PLC0415

    shown = show_alert(out, alert)
    _tell(shown, as_json, describe(shown))


@alerts.command()
@ALERT
@OUT
@click.option("--owner", required=True, help="Who looks after it.")
@NOTE
@AS_JSON
@readable
def ack(alert: str, out: str, as_json: bool, **said: Any) -> None:  # noqa: ANN401
    """Acknowledge an alert: somebody has taken it on.

    Example:  voc alerts ack 3f9a --owner Ada --note "called the courier" --out voc-out
    """
    from flows.commands.alerts import acknowledge  # noqa: PLC0415
    from flows.engine.clock import today  # noqa: PLC0415

    _said(acknowledge(out, alert, day=today(), **said), as_json)


@alerts.command()
@ALERT
@OUT
@click.option(
    "--until", required=True, metavar="DATE", callback=lambda _c, _p, value: _until(value),
    help="Last quiet day, YYYY-MM-DD; `never` ends it.",
)  # fmt: skip
@NOTE
@AS_JSON
@readable
def mute(alert: str, out: str, as_json: bool, **said: Any) -> None:  # noqa: ANN401
    """Keep an alert quiet until a day.

    Example:  voc alerts mute 3f9a --until 2026-12-01 --out voc-out
    """
    from flows.commands.alerts import mute as mute_alert  # noqa: PLC0415

    _said(mute_alert(out, alert, **said), as_json)


@alerts.command()
@ALERT
@click.argument("note")
@OUT
@AS_JSON
@readable
def note(alert: str, note: str, out: str, as_json: bool) -> None:
    """Write a note on an alert; an empty one takes it back.

    Example:  voc alerts note 3f9a "the new box, from batch 7" --out voc-out
    """
    from flows.commands.alerts import annotate  # noqa: PLC0415

    _said(annotate(out, alert, note=note), as_json)


@alerts.command()
@ALERT
@OUT
@click.option("--undo", "is_issue", is_flag=True, help="Take it back.")
@NOTE
@AS_JSON
@readable
def dismiss(alert: str, out: str, as_json: bool, **said: Any) -> None:  # noqa: ANN401
    """Say that an alert is not an issue; remembered when it comes back no worse.

    Example:  voc alerts dismiss 3f9a --note "the price change of May" --out voc-out
    """
    from flows.commands.alerts import dismiss as dismiss_alert  # noqa: PLC0415

    _said(dismiss_alert(out, alert, **said), as_json)


@alerts.command()
@OUT
@SETTINGS
@CHANGES
@AS_JSON
@readable
def send(out: str, settings: Path | None, changes: tuple[str, ...], as_json: bool) -> None:
    """Send what is due: digests whose hour has come, messages that failed before. For an hourly schedule.

    Example:  voc alerts send --out voc-out --settings company.toml
    """
    from flows.commands.alerts import send_due  # noqa: PLC0415
    from flows.settings import Own  # noqa: PLC0415

    facts = send_due(out, own=Own(settings, changes))
    counts = ", ".join(f"{count} {name}" for name, count in facts.items() if name != "warnings")
    _tell(
        facts,
        as_json,
        [counts.replace("_", " ") or "No routes: nothing is sent. See [notify] in docs/alerts.md."],
    )
    for warning in facts["warnings"]:
        click.echo(f"Warning: {warning}", err=True)


def _until(value: str) -> date | None:
    return None if value == "never" else to_day(value)


def _tell(found: Any, as_json: bool, lines: list[str]) -> None:  # noqa: ANN401 - JSON
    click.echo(json.dumps(found, ensure_ascii=False, default=str) if as_json else "\n".join(lines))


def _said(answer: Any, as_json: bool) -> None:  # noqa: ANN401 - an Answer
    found = {name: value for name, value in vars(answer).items() if value}
    words = ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in found.items())
    _tell(found, as_json, [f"Noted in alerts.toml. {words}"])
