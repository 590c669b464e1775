"""Days on which what people say means something else: holidays, campaigns, survey waves, model releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Annotation:
    """Days that detection leaves out, as if nobody had written: neither usual nor unusual.

    Attributes:
        what: why, in a few words.
        first_day: first day left out.
        last_day: last day left out.
        segment: COUNTS.segment that it concerns; empty for all.
    """

    what: str
    first_day: date
    last_day: date
    segment: str = ""


def public_holidays(countries: Sequence[str], first: date, last: date) -> list[Annotation]:
    """Give the public holidays of some countries.

    Args:
        countries: ISO 3166 codes, as IT, or with a subdivision as DE-BY.
        first: first day wanted.
        last: last day wanted.

    Raises:
        ValueError: naming a country that the calendar does not know.
    """
    import holidays  # noqa: PLC0415 - only where countries are named

    found: dict[date, str] = {}
    for place in countries:
        country, _, part = place.partition("-")
        try:
            calendar = holidays.country_holidays(
                country, subdiv=part or None, years=range(first.year, last.year + 1)
            )
        except NotImplementedError:
            raise ValueError(
                f"no public holidays are known for '{place}'; name countries as IT, or as DE-BY"
            ) from None
        found |= {day: str(name) for day, name in calendar.items() if first <= day <= last}
    return [Annotation(found[day], day, day) for day in sorted(found)]


def leave_out(counts: pa.Table, annotations: Sequence[Annotation]) -> pa.Table:
    """Take the annotated days out of COUNTS; a window or a baseline week over them is shorter by them."""
    keep = np.ones(counts.num_rows, dtype=bool)
    days = counts["date"].cast(pa.date32())
    for one in annotations:
        inside = pc.and_(
            pc.greater_equal(days, pa.scalar(one.first_day, pa.date32())),
            pc.less_equal(days, pa.scalar(one.last_day, pa.date32())),
        )
        if one.segment:
            inside = pc.and_(inside, pc.equal(counts["segment"], one.segment))
        keep &= ~inside.to_numpy(zero_copy_only=False)
    return counts if keep.all() else counts.filter(pa.array(keep))
