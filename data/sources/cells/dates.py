"""Cells of a date column -> UTC timestamps, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.sources.cells.dateparts import (
    EPOCH,
    MISSING,
    resolve,
    resolve_plain,
    take_apart,
    take_plain_apart,
    tidy,
)

DAY = 86_400_000_000  # microseconds
ISO = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.]\d{1,6})?)?)?"
ISO_ZONE = r" ?(Z|[+-]\d{2}:?\d{2})$"


@dataclass(frozen=True)
class DateReading:
    """How a date column is read.

    Attributes:
        dayfirst: separator -> True, False, or None where it stayed undecided.
        timezone: zone of times that name none.
        earliest_year: earlier years are placeholders, not dates.
        latest: microseconds since 1970; later moments are in the future. None: no limit.
    """

    dayfirst: Mapping[str, bool | None]
    timezone: str | None
    earliest_year: int
    latest: int | None


def latest_moment(latest: date | None, hours: int) -> int | None:
    """Give the end of the day `latest`, and some hours for time zones, in microseconds since 1970."""
    if latest is None:
        return None
    days = int(np.datetime64(latest, "D").astype(np.int64)) + 1
    return days * DAY + hours * 3_600_000_000


def parse_dates(cells: pa.ChunkedArray, reading: DateReading) -> tuple[np.ndarray, np.ndarray]:
    """Read a column; every distinct cell once.

    Args:
        cells: n strings or null.
        reading: the order of day and month, the zone, the limits.

    Returns:
        (n,) datetime64[us] in UTC, NaT where there is none, and (n,) objects: the issue, or None.
    """
    encoded = pa.chunked_array(cells).combine_chunks().dictionary_encode()
    distinct: list[str] = encoded.dictionary.to_pylist()
    moments, issues = _parse_distinct(distinct, reading)
    places = encoded.indices.fill_null(len(distinct)).to_numpy(zero_copy_only=False)
    moments, issues = np.append(moments, np.datetime64("NaT", "us")), np.append(issues, "absent")
    return moments[places], issues[places]


def _parse_distinct(cells: Sequence[str], reading: DateReading) -> tuple[np.ndarray, np.ndarray]:
    moments = np.full(len(cells), "NaT", dtype="datetime64[us]")
    issues = np.full(len(cells), None, dtype=object)
    done = _fill_iso(cells, moments, reading)
    done |= _fill_plain(cells, moments, issues, reading)
    rest: list[int] = np.flatnonzero(~done).tolist()
    tidied = [tidy(cells[i]) for i in rest]
    for i, cell in zip(rest, tidied, strict=True):
        if cell.lower() in MISSING:
            issues[i] = "absent"
        elif EPOCH.fullmatch(cell):
            moments[i] = _from_number(cell)
    loose = [
        (i, cell) for i, cell in zip(rest, tidied, strict=True) if issues[i] is None and np.isnat(moments[i])
    ]
    _fill_parts(loose, moments, issues, reading)
    _check_limits(moments, issues, reading)
    return moments, issues


def _fill_iso(cells: Sequence[str], moments: np.ndarray, reading: DateReading) -> np.ndarray:
    """Read the cells in ISO 8601 at the speed of pandas; give which ones they were."""
    texts = pc.utf8_trim_whitespace(pa.array(cells, pa.large_string()))
    plain = pc.match_substring_regex(texts, ISO + "$").to_numpy(zero_copy_only=False)
    zoned = pc.match_substring_regex(texts, ISO + ISO_ZONE).to_numpy(zero_copy_only=False)
    done = plain | zoned
    if done.any():
        # "... Z" and "... +0200" are ISO but for a space.
        chosen = pc.replace_substring_regex(texts.filter(pa.array(done)), " ([Z+-])", r"\1")
        read = pd.to_datetime(chosen.to_pandas(), format="ISO8601", utc=True, errors="coerce")
        values = read.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        if reading.timezone:
            timed = plain[done] & (pc.utf8_length(chosen).to_numpy(zero_copy_only=False) > 10)
            values[timed] = localise(values[timed], reading.timezone)
        moments[done] = values
    return np.asarray(done)


def _fill_plain(
    cells: Sequence[str], moments: np.ndarray, issues: np.ndarray, reading: DateReading
) -> np.ndarray:
    """Read the cells like 31/12/2024 23:59 at the speed of Arrow; give which ones they were."""
    plain = take_plain_apart(pa.array(cells, pa.large_string()))
    month, day, is_open = resolve_plain(plain, reading.dayfirst)
    values = _join_parts(plain.year, month, day) + np.maximum(plain.clock, 0).astype("timedelta64[us]")
    if reading.timezone:
        timed = (plain.clock >= 0) & ~np.isnat(values)
        values[timed] = localise(values[timed], reading.timezone)
    values[is_open] = np.datetime64("NaT")
    moments[plain.places] = values
    issues[plain.places[is_open]] = "ambiguous"
    done = np.zeros(len(cells), dtype=bool)
    done[plain.places] = True
    return done


def localise(local: np.ndarray, timezone: str) -> np.ndarray:
    """Turn (n,) local times, datetime64[us], into UTC; NaT for years that no time zone knows.

    The later of a doubled hour is meant, a lost hour is moved.
    """
    # Zones end with the years that Python knows; so far off, a date is an error anyway.
    known = (local > np.datetime64("1800-01-01")) & (local < np.datetime64("2500-01-01"))
    index = pd.DatetimeIndex(np.where(known, local, np.datetime64("NaT", "us"))).tz_localize(
        timezone, ambiguous=np.zeros(len(local), dtype=bool), nonexistent="shift_forward"
    )
    return index.tz_convert("UTC").tz_localize(None).to_numpy(dtype="datetime64[us]")


def _from_number(cell: str) -> np.datetime64:
    """Read epoch seconds, milli-, micro- or nanoseconds, or a spreadsheet's days."""
    whole, _, fraction = cell.partition(".")
    if len(whole) == 5:  # spreadsheets count days since 1899-12-30
        return np.datetime64(int(round((float(cell) - 25569) * DAY)), "us")
    scale = {9: 6, 10: 6, 12: 3, 13: 3, 15: 0, 16: 0}.get(len(whole), -3)
    micro = int(whole) * 10**scale if scale >= 0 else int(whole) // 1000
    return np.datetime64(micro + (int(fraction.ljust(6, "0")[:6]) if scale == 6 and fraction else 0), "us")


def _fill_parts(
    loose: list[tuple[int, str]], moments: np.ndarray, issues: np.ndarray, reading: DateReading
) -> None:
    """Read cells by their parts, and mark the ones that have two readings or none."""
    places, rows, shifts = [], [], []
    for place, cell in loose:
        parts = take_apart(cell)
        if parts is None:
            continue
        resolved = resolve(parts, reading.dayfirst)
        if resolved is None:
            issues[place] = "ambiguous"
            continue
        places.append(place)
        rows.append((*resolved, max(parts.clock, 0)))
        needs_zone = parts.clock >= 0 and parts.offset is None
        shifts.append((parts.offset or 0, needs_zone))
    if not places:
        return
    year, month, day, clock = np.array(rows, dtype=np.int64).T
    values = _join_parts(year, month, day) + clock.astype("timedelta64[us]")
    offsets, local = np.array(shifts, dtype=np.int64).T
    values = values - offsets.astype("timedelta64[m]")
    if reading.timezone:
        timed = (local == 1) & ~np.isnat(values)
        values[timed] = localise(values[timed], reading.timezone)
    moments[places] = values


def _join_parts(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    valid = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year >= 1) & (year <= 9999)
    months = (np.where(valid, year, 1970) - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    months = months + (np.where(valid, month, 1) - 1).astype("timedelta64[M]")
    days = months.astype("datetime64[D]") + (np.where(valid, day, 1) - 1).astype("timedelta64[D]")
    valid &= days.astype("datetime64[M]") == months  # 31 April is in May
    days[~valid] = np.datetime64("NaT")
    return np.asarray(days, dtype="datetime64[us]")


def _check_limits(moments: np.ndarray, issues: np.ndarray, reading: DateReading) -> None:
    with np.errstate(invalid="ignore"):
        too_early = moments < np.datetime64(f"{reading.earliest_year:04d}-01-01", "us")
    moments[too_early] = np.datetime64("NaT")
    if reading.latest is not None:
        future = moments > np.datetime64(reading.latest, "us")
        issues[future] = "future"
        moments[future] = np.datetime64("NaT")
    unread = np.isnat(moments) & pd.isna(issues)
    issues[unread] = "unreadable"
