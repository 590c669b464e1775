"""The schedules: registers the nightly flow with Prefect and runs it until stopped."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from data.inputs import expand_inputs
from flows.engine.server import embedded_server, quieten_prefect
from flows.settings import AS_SHIPPED, Own, SettingsError


def serve_daily(
    inputs: list[str],
    out: str,
    *,
    cron: str,
    timezone: str,
    own: Own = AS_SHIPPED,
) -> None:
    """Register `daily` with a schedule and run it on time, until the process is stopped.

    Uses the Prefect server of PREFECT_API_URL, or one of its own with Prefect's page.

    Raises:
        SettingsError: the settings, the cron line or the time zone do not fit.
        InputError: an input does not exist today.
    """
    quieten_prefect()
    expand_inputs(inputs, schemes=own.load()["ingest"].schemes)
    _check_schedule(cron, timezone)
    with embedded_server(is_lasting=True) as server:
        if server is not None:
            server.wait()
            click.echo(f"Prefect's page: {server.url.removesuffix('/api')}")
        from prefect.schedules import Cron  # noqa: PLC0415 - after the server is named

        from flows.daily import daily  # noqa: PLC0415

        click.echo(f"Runs on '{cron}' ({timezone}) over {', '.join(inputs)}; stop with Ctrl+C")
        daily.serve(
            name="nightly",
            schedule=Cron(cron, timezone=timezone),
            parameters={
                "inputs": inputs,
                "out": out,
                "settings": str(own.settings) if own.settings else None,
                "changes": list(own.changes),
            },
            print_starting_message=False,
        )


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
