"""The schedules: registers the nightly and the weekly flow with Prefect and runs them until stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from data.intake.inputs import expand_inputs
from flows.engine.server import embedded_server, quieten_prefect
from flows.settings import AS_SHIPPED, Own, SettingsError

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment


@dataclass(frozen=True)
class Schedules:
    """When to run what.

    Attributes:
        cron: the nightly run.
        refit_cron: the weekly refit of topics.
        timezone: IANA time zone of both.
    """

    cron: str
    refit_cron: str
    timezone: str


def serve_daily(
    inputs: list[str],
    out: str,
    *,
    schedules: Schedules,
    own: Own = AS_SHIPPED,
) -> None:
    """Register `daily` and `refit` with their schedules and run them on time, until the process is stopped.

    Uses the Prefect server of PREFECT_API_URL, or one of its own with Prefect's page.

    Raises:
        SettingsError: the settings, the cron line or the time zone do not fit.
        InputError: an input does not exist today.
    """
    quieten_prefect()
    expand_inputs(inputs, schemes=own.load()["ingest"].schemes)
    cron, refit_cron, timezone = schedules.cron, schedules.refit_cron, schedules.timezone
    _check_schedule(cron, timezone)
    _check_schedule(refit_cron, timezone)
    with embedded_server(is_lasting=True) as server:
        if server is not None:
            server.wait()
            click.echo(f"Prefect's page: {server.url.removesuffix('/api')}")
        from prefect import serve  # noqa: PLC0415 - after the server is named

        click.echo(f"Runs on '{cron}' ({timezone}) over {', '.join(inputs)}; stop with Ctrl+C")
        # One writer per output: a refit waits for the nightly run.
        serve(*_deployments(inputs, out, schedules, own), print_starting_message=False, limit=1)


def _deployments(inputs: list[str], out: str, schedules: Schedules, own: Own) -> list[RunnerDeployment]:
    from prefect.schedules import Cron  # noqa: PLC0415 - after the server is named

    from flows.daily import daily  # noqa: PLC0415
    from flows.refit import refit  # noqa: PLC0415

    given = {
        "out": out,
        "settings": str(own.settings) if own.settings else None,
        "changes": list(own.changes),
    }
    lines = (schedules.cron, schedules.refit_cron)
    nightly, weekly = (Cron(line, timezone=schedules.timezone) for line in lines)
    found = [
        daily.to_deployment("nightly", schedule=nightly, parameters={"inputs": inputs, **given}),
        refit.to_deployment("weekly", schedule=weekly, parameters=given),
    ]
    return cast("list[RunnerDeployment]", found)


def _check_schedule(cron: str, timezone: str) -> None:
    from prefect.client.schemas.schedules import CronSchedule  # noqa: PLC0415

    try:
        ZoneInfo(timezone)
        CronSchedule(cron=cron, timezone=timezone)
    except (ValueError, ZoneInfoNotFoundError):
        raise SettingsError(
            f"schedule '{cron}' in zone '{timezone}' is not understood; "
            "write five cron fields, as '0 5 * * *', and an IANA zone, as Europe/Rome"
        ) from None
