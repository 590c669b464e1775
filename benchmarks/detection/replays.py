"""Replays real dated comments through alerts, then plants bursts of known size into the same counts.

VOC_DATA=folder python -m benchmarks.detection.replays

The counts come from the labels and ratings of the sets (negative = rated 1 or 2, or labelled so), not from
our models, so that only detection is judged. Bursts are planted where the half year before holds enough
comments to judge. Every detector has the threshold at which it raises as many alerts without bursts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.detection.rivals import RIVALS
from flows.settings import load_settings
from reports.detect import score_counts
from reports.detection.rules import AlertRules
from reports.lifecycle import replay

SEED = 77
BURSTS, BURST_DAYS = 60, 7
SIZES = (3, 5, 8, 12)  # weekly standard deviations
WARM_DAYS = 30 * 7
QUIET_DAYS = 14  # days above a threshold this near each other are one alert
GRACE_DAYS = 7
ALERTS_PER_SERIES_YEAR = 0.26  # 0.5 per 100 series and week
ENOUGH_COMMENTS = 150  # of a segment in half a year
FEWEST = 60  # negative comments of a series worth watching


@dataclass(frozen=True)
class Real:
    """Daily counts of one real set: (days, series) complaints and comments."""

    name: str
    first: pd.Timestamp
    series: tuple[tuple[str, str], ...]
    n: np.ndarray
    total: np.ndarray


def nhs(folder: Path) -> pd.DataFrame:
    """Patients of two trusts, 2021 to 2022: labelled subjects and feelings."""
    rows = pd.read_parquet(folder / "nhs_fft_multilabel.parquet")
    return _framed(rows, rows["label_sentiment"] == "negative", rows["category"], "all")


def trustpilot(folder: Path) -> pd.DataFrame:
    """Customers of ten pet insurers, 2015 to 2024: ratings, by company."""
    rows = pd.read_parquet(folder / "trustpilot_pet_insurance.parquet")
    company = next(name for name in rows.columns if "company" in name)
    return _framed(rows, rows["rating"] <= 2, "negative", rows[company])


def telecom(folder: Path) -> pd.DataFrame:
    """Customers of a telecom, half a year of 2018: detractors by stage of the journey."""
    rows = pd.read_parquet(folder / "telecom_nps.parquet")
    stage = next(name for name in rows.columns if "journey" in name)
    return _framed(rows, rows["nps_score"] <= 6, "detractor", rows[stage])


def olist(folder: Path) -> pd.DataFrame:
    """Shoppers of a Brazilian marketplace, 2016 to 2018: ratings."""
    rows = pd.read_parquet(folder / "olist_reviews.parquet")
    rows["date"] = rows["review_creation_date"]
    return _framed(rows, rows["review_score"] <= 2, "negative", "all")


SETS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "NHS": nhs, "Trustpilot": trustpilot, "telecom": telecom, "Olist": olist,
}  # fmt: skip


def _framed(rows: pd.DataFrame, is_bad: pd.Series, issue: object, segment: object) -> pd.DataFrame:
    day = pd.to_datetime(rows["date"], errors="coerce", utc=True).dt.tz_localize(None).dt.floor("D")
    made = pd.DataFrame({"day": day, "bad": is_bad.fillna(False).astype(bool)})
    made["issue"], made["segment"] = issue, segment
    return made.dropna()


def count(name: str, rows: pd.DataFrame) -> Real:
    """Count complaints and comments per day of each series with enough complaints."""
    days = pd.date_range(rows["day"].min(), rows["day"].max())
    sizes = rows[rows["bad"]].groupby(["issue", "segment"]).size()
    series = tuple(sorted((str(i), str(s)) for (i, s), size in sizes.items() if size >= FEWEST))
    volume = rows.groupby(["segment", "day"]).size()
    bad = rows[rows["bad"]].groupby(["issue", "segment", "day"]).size()
    n = [bad.loc[one].reindex(days, fill_value=0).to_numpy() for one in series]
    total = [volume.loc[segment].reindex(days, fill_value=0).to_numpy() for _, segment in series]
    n, total = np.array(n).T, np.array(total).T
    return Real(name, days[0], series, np.minimum(n, total), total)


def to_table(real: Real, added: np.ndarray) -> pd.DataFrame:
    """Write counts, with bursts added to complaints and comments alike, as COUNTS."""
    days = [day.date() for day in pd.date_range(real.first, periods=len(real.n))]
    parts = [
        pd.DataFrame(
            {
                "date": days, "issue": f"{issue}#{place}", "segment": f"{segment}#{place}",
                "n": real.n[:, place] + added[:, place], "total": real.total[:, place] + added[:, place],
            }
        )
        for place, (issue, segment) in enumerate(real.series)
    ]  # fmt: skip
    return pd.concat(parts)


def plant(real: Real) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Draw bursts of a week: (days, series) complaints, and (series, first day) of each."""
    rng = np.random.default_rng(SEED)
    added, bursts = np.zeros(real.n.shape, dtype=np.int64), []
    past = np.cumsum(np.vstack([np.zeros((182, real.total.shape[1])), real.total]), axis=0)
    free = past[182:] - past[:-182] >= ENOUGH_COMMENTS
    for number in range(BURSTS):
        series = int(rng.integers(len(real.series)))
        starts = [d for d in range(WARM_DAYS, len(real.n) - 5 * BURST_DAYS) if free[d, series]]
        if not starts:
            continue
        start = int(rng.choice(starts))
        weeks = real.n[start - 182 : start, series].reshape(-1, 7).sum(axis=1)
        size = SIZES[number % len(SIZES)] * max(float(weeks.std()), 1.0)
        added[start : start + BURST_DAYS, series] += rng.poisson(size / BURST_DAYS, BURST_DAYS)
        free[max(start - 60, 0) : start + 60, series] = False
        bursts.append((series, start))
    return added, bursts


def ours(real: Real, added: np.ndarray, rules: AlertRules) -> np.ndarray:
    """Score every day with the share scan."""
    scored = score_counts(to_table(real, added), rules=rules).to_pandas()
    scores = np.zeros(real.n.shape)
    place = scored["issue"].str.rpartition("#")[2].astype(int)
    row = (pd.to_datetime(scored["date"]) - real.first).dt.days
    scores[row, place] = scored["score"]
    return scores


def openings(scores: np.ndarray, threshold: float) -> list[tuple[int, int]]:
    """Give (series, day) at which alerts open."""
    found = []
    for series in range(scores.shape[1]):
        last = -QUIET_DAYS - 1
        for day in np.flatnonzero(scores[:, series] > threshold):
            if day - last > QUIET_DAYS and day >= WARM_DAYS:
                found.append((series, int(day)))
            last = int(day)
    return found


def threshold_for(scores: np.ndarray, wanted: int) -> float:
    """Give the lowest threshold that opens no more alerts than wanted."""
    levels = np.unique(np.round(scores[WARM_DAYS:], 4))
    low, high = 0, len(levels) - 1
    while low < high:
        middle = (low + high) // 2
        if len(openings(scores, float(levels[middle]))) > wanted:
            low = middle + 1
        else:
            high = middle
    return float(levels[low])


def grade(found: list[tuple[int, int]], bursts: list[tuple[int, int]]) -> tuple[float, float]:
    """Give the share of bursts found, and the median days until then."""
    delays = []
    for series, start in bursts:
        hits = [d - start for s, d in found if s == series and 0 <= d - start <= BURST_DAYS + GRACE_DAYS]
        delays += [min(hits)] if hits else []
    return len(delays) / max(len(bursts), 1), float(np.median(delays)) if delays else float("nan")


def measure(real: Real, rules: AlertRules) -> list[str]:
    """Compare all detectors on one set."""
    added, bursts = plant(real)
    nothing = np.zeros_like(added)
    years = real.n.shape[1] * (len(real.n) - WARM_DAYS) / 365.25
    wanted = max(round(years * ALERTS_PER_SERIES_YEAR), 1)
    lines = []
    pairs = {"share scan": (ours(real, nothing, rules), ours(real, added, rules))}
    for name, detect in RIVALS.items():
        pairs[name] = (detect(real.n, real.total), detect(real.n + added, real.total + added))
    for name, (quiet, loud) in pairs.items():
        threshold = threshold_for(quiet, wanted)
        power, delay = grade(openings(loud, threshold), bursts)
        lines.append(f"| {real.name} | {name} | {len(bursts)} | {wanted} | {power:.2f} | {delay:.0f} |")
    return lines


def main() -> int:
    """Print what is raised on the real counts, and the comparison."""
    folder, rules = Path(os.environ.get("VOC_DATA", "../shared/data")), load_settings()["alerts"]
    if not folder.is_dir():
        print(f"no folder {folder}; name it in VOC_DATA", file=sys.stderr)
        return 2
    reals = [count(name, read(folder)) for name, read in SETS.items()]
    for real in reals:
        alerts = replay(to_table(real, np.zeros_like(real.n)), rules=rules).alerts.to_pylist()
        print(f"{real.name}: {len(real.series)} series, {len(real.n)} days, {len(alerts)} alerts")
        for row in alerts:
            name = f"{row['issue'].rpartition('#')[0]} / {row['segment'].rpartition('#')[0]}"
            found = f"{row['n']} in {row['window_days']} days, {row['expected']:.1f} expected, {row['kind']}"
            print(f"  {row['opened_date']} {name}: {found}, severity {row['severity']:.1f}")
    print("| set | detector | bursts | alerts without bursts | POD | median delay, days |")
    print("|---|---|---|---|---|---|")
    for real in reals:
        if len(real.series) and len(real.n) > WARM_DAYS + 10 * BURST_DAYS:
            print("\n".join(measure(real, rules)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
