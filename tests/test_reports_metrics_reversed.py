"""reports/metrics/reversed.py: scores that contradict the comments."""

import numpy as np
import pyarrow as pa
import pytest

from reports.metrics.reversed import find_reversed_scales

FEELING = np.tile(np.linspace(-0.9, 0.9, 9), 10)


def documents(csat, *, source="pulse.csv", rating=None):
    size = len(csat)
    nothing = [None] * size
    return pa.table(
        {
            "source": [source] * size,
            "sentiment_score": pa.array(FEELING[:size], pa.float32()),
            "rating": pa.array(rating if rating is not None else nothing, pa.float32()),
            "csat": pa.array(csat, pa.float32()),
            "ces": pa.array(nothing, pa.float32()),
        }
    )


AGREES = [float(round(3 + 2 * feeling)) for feeling in FEELING]
AGAINST = [6 - score for score in AGREES]


def test_score_against_the_comments_is_flagged_with_the_line_that_settles_it(settings):
    found = find_reversed_scales(documents(AGAINST), rules=settings["scales"])
    assert [(one.source, one.score, one.comment_count) for one in found] == [("pulse.csv", "csat", 90)]
    assert '[sources.files."pulse.csv"] reversed = ["csat"]' in found[0].in_words()


@pytest.mark.parametrize(
    "csat", [AGREES, AGAINST[:50], [3.0] * 90, [None] * 90], ids=["agrees", "few", "flat", "none"]
)
def test_what_proves_nothing_is_not_flagged(settings, csat):
    assert find_reversed_scales(documents(csat), rules=settings["scales"]) == []


def test_only_the_source_that_contradicts_is_flagged(settings):
    both = pa.concat_tables(
        [documents(AGREES, source="a.csv"), documents(AGAINST, source="b.csv", rating=AGREES)]
    )
    found = find_reversed_scales(both, rules=settings["scales"])
    assert [(one.source, one.score) for one in found] == [("b.csv", "csat")]


def test_nothing_is_found_in_nothing(settings):
    assert find_reversed_scales(documents(AGREES).slice(0, 0), rules=settings["scales"]) == []
