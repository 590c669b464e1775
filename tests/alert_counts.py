"""Small tables of counts for the tests of detection."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

FIRST = date(2024, 1, 1)


def day(number):
    """Give the day with this position."""
    return FIRST + timedelta(days=int(number))


def make_counts(days=300, series=6, *, share=0.03, total=100, plants=(), surge=None, seed=5):
    """Draw quiet series of one segment; each plant is (series, first, last, complaints a day)."""
    rng = np.random.default_rng(seed)
    volume = rng.poisson(total, days)
    if surge:
        volume[surge[0] : surge[1]] *= surge[2]
    n = rng.binomial(volume[:, None], np.full((days, series), share))
    for one, first, last, added in plants:
        n[first : last + 1, one] += added
    n = np.minimum(n, volume[:, None])
    return pd.DataFrame(
        {
            "date": np.repeat([day(d) for d in range(days)], series),
            "issue": np.tile([f"category:issue{s}" for s in range(series)], days),
            "segment": "region=Lombardy",
            "n": n.ravel(),
            "total": np.repeat(volume, series),
        }
    )
