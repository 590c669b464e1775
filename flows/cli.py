"""The `voc` command: arguments in, one flow or stage called, messages out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from flows.commands.alerts_group import alerts
from flows.commands.teaching import evaluate, train
from flows.options import AS_JSON, AS_OF, CHANGES, INPUTS, OUT, SETTINGS, answer, readable, to_place, with_own


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="voc", prog_name="voc")
def main() -> None:
    """Find out what customers and employees struggle with, from the exports of the tools you have.

    Example:  voc run exports/ --out voc-out
    """
    # Settings may name a section or a model of one's own, as `channels:show_channels`, in the folder one
    # works in. Last, so that no file there can stand in for a library.
    sys.path.append(str(Path.cwd()))


@main.command()
@INPUTS
@OUT
@AS_OF
@SETTINGS
@CHANGES
@AS_JSON
@readable
def run(inputs: tuple[str, ...], out: str, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Do everything, from exports to the report; a second run over the same folder adds what is new.

    INPUTS are files, folders or patterns: CSV, TSV, XLSX, JSON, JSON Lines, Parquet, any column names.

    Example:  voc run surveys.csv reviews.xlsx --out voc-out --as-of 2026-11-15
    """
    from flows.commands.pipeline import run_everything  # noqa: PLC0415
    from flows.engine.working.summary import terminal_summary  # noqa: PLC0415

    facts = run_everything(list(inputs), out, **with_own(options))
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else terminal_summary(facts))


@main.command()
@INPUTS
@OUT
@SETTINGS
@CHANGES
@click.option("--text-column", help="The column with the comments, when it is not found by itself.")
@click.option("--lang", help="Language of all comments (ISO 639-1), instead of detecting it.")
@AS_JSON
@readable
def score(inputs: tuple[str, ...], out: str, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Understand the comments of any export: sentiment, friction categories, intent.

    Writes documents.parquet, aspects.parquet and rejected.parquet.

    Example:  voc score reviews.csv --out scored --text-column Review
    """
    from flows.commands.pipeline import score_comments  # noqa: PLC0415

    facts = score_comments(list(inputs), out, **with_own(options))
    answer(
        facts, as_json, f"{facts['documents']:,} comments understood, {facts['rejected']:,} set aside: {out}"
    )


@main.command()
@INPUTS
@OUT
@click.option(
    "--state",
    required=True,
    callback=lambda _c, _p, value: to_place(value),
    help="Folder that remembers the topics from run to run.",
)
@SETTINGS
@CHANGES
@AS_JSON
@readable
def topics(inputs: tuple[str, ...], out: str, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Find the topics of any export; topics of an earlier state keep their ids.

    Writes topics.parquet, members.parquet, topic_events.parquet and the map topics.html. A topics.toml in
    the state's folder renames, merges, splits, pins or mutes topics.

    Example:  voc topics reviews.csv --out found --state topic-state
    """
    from flows.commands.pipeline import find_topics  # noqa: PLC0415

    facts = find_topics(list(inputs), out, **with_own(options))
    answer(facts, as_json, f"{facts['topics']:,} topics over {facts['segments']:,} segments: {out}")


@main.command()
@OUT
@click.option("--force", is_flag=True, help="Take over what is found, however many comments it moves.")
@SETTINGS
@CHANGES
@AS_JSON
@readable
def refit(out: str, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Find the topics of an earlier run anew; those that go on keep their ids.

    Merges, splits, births and deaths go to tables/topic_events. A refit that would move too many comments
    is refused. `voc serve` does this weekly.

    Example:  voc refit --out voc-out
    """
    from flows.commands.refit import refit_as_text, refit_output  # noqa: PLC0415

    facts = refit_output(out, **with_own(options))
    answer(facts, as_json, refit_as_text(facts))


@main.command()
@click.argument("counts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@OUT
@click.option(
    "--state",
    callback=lambda _c, _p, value: to_place(value),
    help="Folder that remembers alerts and counts from run to run; the new days are then enough.",
)
@SETTINGS
@CHANGES
@AS_JSON
@readable
def detect(counts: Path, out: str, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Raise alerts from a table of counts: date, issue, segment, n, total (Parquet or CSV).

    Writes alerts.parquet and alert_events.parquet, replayed day by day.

    Example:  voc detect counts.parquet --out alerts --state alert-state
    """
    from flows.commands.pipeline import detect_from_counts  # noqa: PLC0415

    facts = detect_from_counts(counts, out, **with_own(options))
    ending = "" if facts["alerts"] == 1 else "s"
    answer(facts, as_json, f"{facts['alerts']:,} alert{ending}, {facts['open']:,} open: {out}")


@main.command()
@OUT
@AS_OF
@SETTINGS
@CHANGES
@click.option("--pdf", is_flag=True, help="Print it to report/index.pdf too; needs Chromium or Chrome.")
@AS_JSON
@readable
def report(out: str, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Draw the report again from the tables of an earlier run.

    Example:  voc report --out voc-out --set page.language=it --pdf
    """
    from flows.commands.pipeline import draw_report  # noqa: PLC0415

    facts = draw_report(out, **with_own(options))
    printed = f"\nPDF     {facts['pdf']}" if facts["pdf"] else ""
    answer(facts, as_json, f"Report  {facts['report']}{printed}")


@main.command()
@INPUTS
@OUT
@SETTINGS
@CHANGES
@click.option("--cron", default="0 5 * * *", show_default=True, help="When to run.")
@click.option("--refit-cron", default="0 7 * * 0", show_default=True, help="When to find topics anew.")
@click.option("--timezone", default="UTC", show_default=True, help="IANA time zone of both.")
@readable
def serve(inputs: tuple[str, ...], out: str, **options: Any) -> None:  # noqa: ANN401
    """Register the nightly run and the weekly refit of topics with Prefect and run them, until stopped.

    Example:  voc serve /data/exports --out /data/voc --cron "0 5 * * *" --timezone Europe/Rome
    """
    from flows.serve import Schedules, serve_daily  # noqa: PLC0415

    schedules = Schedules(*(options.pop(name) for name in ("cron", "refit_cron", "timezone")))
    serve_daily(list(inputs), out, schedules=schedules, **with_own(options))


@main.command()
@AS_JSON
@readable
def sources(as_json: bool) -> None:
    """List the exports that are read, and what each is recognised by.

    Example:  voc sources
    """
    from flows.commands.inspect import list_sources, sources_as_text  # noqa: PLC0415

    found = list_sources()
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else sources_as_text(found))


@main.command()
@INPUTS
@SETTINGS
@CHANGES
@click.option(
    "--rows",
    type=click.IntRange(min=1),
    default=100_000,
    show_default=True,
    help="Records to look at, per export.",
)
@AS_JSON
@readable
def inspect(inputs: tuple[str, ...], rows: int, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Show what would be read of an export: source, columns, five masked rows, what is set aside and why.

    Nothing is kept. With --json, one line per export.

    Example:  voc inspect survey.csv
    """
    from flows.commands.inspect import inspect_inputs, preview_as_text  # noqa: PLC0415

    previews = inspect_inputs(list(inputs), rows=rows, **with_own(options))
    for position, preview in enumerate(previews):
        if as_json:
            click.echo(json.dumps(preview.as_dict(), ensure_ascii=False, default=str))
        else:
            click.echo(("\n" if position else "") + preview_as_text(preview))


main.add_command(alerts)
main.add_command(evaluate)
main.add_command(train)


if __name__ == "__main__":
    main()
