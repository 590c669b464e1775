"""Where alerts are sent. Routes stand in a company's own settings; addresses with secrets never do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal


@dataclass(frozen=True)
class Route:
    """One way to the people who should hear of alerts: an entry of notify.routes.

    Attributes:
        name: what the route is called in the outbox and in messages about it.
        secret: where its address is kept: an environment variable, or `block:<name>` for a Prefect Secret
            block. One Apprise URL, or several separated by blanks; for a ticket the URL that takes it.
        bands: alerts of these bands.
        categories: only these friction categories, topics by the category they fall in; empty for all.
        segments: only these segments, as `all` or `region=Lombardia` or `region=*`; empty for all.
        source_kinds: only alerts with complaints of these kinds; empty for all.
        when: at once, or in one message a day or a week.
        hour: of the day at which the daily or weekly message goes out.
        weekday: of the weekly message, 0 for Monday.
        quiet: first and last hour between which nothing is sent, as [22, 7]; empty for none.
        timezone: IANA name that the hours are meant in.
        ticket: body of a ticket to be posted as JSON instead of a message; {title}, {text}, {alert_id},
            {band}, {issue}, {segment}, {severity} are filled in.
        headers: of the ticket's request: name -> environment variable or block with its value.
    """

    name: str
    secret: str
    bands: tuple[str, ...] = ("critical", "warning")
    categories: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    source_kinds: tuple[str, ...] = ()
    when: Literal["now", "daily", "weekly"] = "now"
    hour: int = 8
    weekday: int = 0
    quiet: tuple[int, ...] = ()
    timezone: str = "UTC"
    ticket: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    __pydantic_config__: ClassVar[dict[str, str]] = {
        "extra": "forbid"
    }  # a slip in a key is told, not ignored


@dataclass(frozen=True)
class NotifyRules:
    """What section [notify] of the settings holds.

    Attributes:
        routes: where alerts go.
        fresh_days: alerts opened or reopened longer ago are not announced any more.
        tries: times a message is tried within one run.
        wait_seconds: waiting time before the second, third... try of a run.
        again_minutes: waiting time after a run's last try, by the number of runs that tried; then given up.
        report_url: address of the report that messages point to; empty for none.
    """

    routes: tuple[Route, ...]
    fresh_days: int
    tries: int
    wait_seconds: tuple[float, ...]
    again_minutes: tuple[int, ...]
    report_url: str


_BANDS = ("info", "warning", "critical")


def check_notify(rules: NotifyRules) -> None:
    """Refuse routes that would never send, or whose secret stands in the settings.

    Raises:
        ValueError: naming every problem.
    """
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - only where routes are given

    problems = []
    names = [route.name for route in rules.routes]
    problems += [
        f"two routes are called '{name}'" for name in sorted({n for n in names if names.count(n) > 1})
    ]
    for route in rules.routes:
        if "://" in route.secret or any("://" in value for value in route.headers.values()):
            problems.append(
                f"route '{route.name}': secret takes the name of an environment variable or block:<name>, "
                "not the address itself"
            )
        problems += [
            f"route '{route.name}': unknown band '{b}'; known: {', '.join(_BANDS)}"
            for b in route.bands
            if b not in _BANDS
        ]
        hours = (*route.quiet, route.hour)
        if len(route.quiet) not in (0, 2) or not all(0 <= hour <= 23 for hour in hours):
            problems.append(f"route '{route.name}': quiet takes two hours as [22, 7], hour one, 0 to 23")
        try:
            ZoneInfo(route.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            problems.append(f"route '{route.name}': unknown time zone '{route.timezone}'")
    if problems:
        raise ValueError("; ".join(problems))
