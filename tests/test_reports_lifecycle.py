"""Alerts from day to day: what opens, what it is called, and that no way of running changes them."""

import dataclasses
import hashlib
import json
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data.schema import ALERT_EVENTS, ALERTS, COUNTS, TableError
from flows.settings import load_settings
from reports.episodes.handover import hand_over, hand_over_parts, larger_parts
from reports.explain import DisplayNames
from reports.lifecycle import no_history, reach_days, replay
from tests.alert_counts import day, make_counts

RULES = load_settings()["alerts"]
TABLES = ("alerts", "events", "state", "days")


@pytest.fixture(scope="module")
def planted():
    bursts = [(4, first, first + 2, 12) for first in (150, 176, 203, 231, 258)]
    counts = make_counts(days=300, plants=[(1, 200, 205, 10), (2, 180, 260, 6), *bursts])
    silent = counts["issue"] == "category:issue5"
    new = silent & (counts["date"] >= day(220)) & (counts["date"] <= day(260))
    counts.loc[silent, "n"] = 0
    counts.loc[new, "n"] = 1
    return counts


@pytest.fixture(scope="module")
def replayed(planted):
    return replay(planted, rules=RULES)


def alerts_of(replayed, issue):
    return [row for row in replayed.alerts.to_pylist() if row["issue"] == f"category:{issue}"]


def transitions(replayed, alert):
    rows = [row for row in replayed.events.to_pylist() if row["alert_id"] == alert["alert_id"]]
    return [row["transition"] for row in rows]


def until(counts, number):
    return counts[counts["date"] <= day(number)]


def assert_same(left, right):
    for name in TABLES:
        assert getattr(left, name).equals(getattr(right, name)), name


def test_replay_finds_a_spike_and_resolves_it(replayed):
    (alert,) = alerts_of(replayed, "issue1")
    assert day(200) <= alert["opened_date"] <= day(204)
    assert (alert["kind"], alert["status"]) == ("spike", "resolved")
    assert alert["resolved_date"] - alert["last_active_date"] == timedelta(days=RULES.quiet_days)
    assert transitions(replayed, alert) == ["opened", "ongoing", "resolved"]


def test_replay_names_the_day_a_spike_began(replayed):
    (alert,) = alerts_of(replayed, "issue1")
    assert abs(alert["began_date"] - day(200)) <= timedelta(days=2)


def test_replay_calls_a_lasting_shift_persistent(replayed):
    alert = alerts_of(replayed, "issue2")[0]
    assert alert["kind"] == "persistent"
    assert "relabelled" in transitions(replayed, alert)


def test_replay_calls_an_unknown_issue_new(replayed):
    alert = alerts_of(replayed, "issue5")[0]
    assert alert["kind"] == "new"
    assert alert["opened_date"] <= day(226)
    assert "none in the" in alert["explanation"]


def test_replay_marks_what_comes_back_as_recurring_and_reopens_it(replayed):
    alert = alerts_of(replayed, "issue4")[0]
    assert alert["is_recurring"]
    assert alert["reopened_count"] >= 1
    assert "reopened" in transitions(replayed, alert)


def test_replay_leaves_quiet_series_alone(replayed):
    assert not alerts_of(replayed, "issue0")
    assert not alerts_of(replayed, "issue3")


def test_replay_raises_nothing_in_a_surge_of_volume():
    counts = make_counts(days=300, surge=(250, 260, 4))
    counts["n"] = counts["total"] // 30
    assert replay(counts, rules=RULES).alerts.num_rows == 0


def test_replay_is_silent_while_warming_up():
    counts = make_counts(days=76, plants=[(1, 40, 75, 15)])
    replayed = replay(counts, rules=RULES)
    assert replayed.alerts.num_rows == 0
    assert set(replayed.days["series_count"].to_pylist()) == {0}


@pytest.mark.parametrize("stops", [range(80, 300), [120, 121, 205, 206, 260, 299], [201, 299]])
def test_replay_in_parts_gives_the_same_as_at_once(planted, replayed, stops):
    # The first stop comes after a jump; many single days follow where alerts open and close.
    stops = [s for s in stops if 200 <= s < 235 or s in (120, 121, 299)] if len(stops) > 10 else stops
    history = None
    for stop in stops:
        history = replay(until(planted, stop), history, rules=RULES)
    assert_same(history, replayed)


def test_replay_needs_only_the_days_within_reach(planted, replayed):
    rules = dataclasses.replace(RULES, season_max_weeks=10, season_weeks=10_000)
    before = replay(until(planted, 290), rules=rules)
    recent = planted[planted["date"] >= day(290 - reach_days(rules))]
    assert_same(replay(recent, before, rules=rules), replay(planted, rules=rules))


@pytest.mark.parametrize("when", [299, 298, 100])
def test_replay_of_a_judged_day_changes_nothing(planted, replayed, when):
    assert replay(planted, replayed, rules=RULES, until=day(when)) is replayed


def test_replay_of_a_cut_history_opens_the_same_alerts(planted, replayed):
    cut = replay(until(planted, 240), rules=RULES)
    opened = pc.less_equal(replayed.alerts["opened_date"], pa.scalar(day(240)))
    assert cut.alerts["alert_id"].equals(replayed.alerts.filter(opened)["alert_id"])


def test_replay_does_not_depend_on_the_order_of_rows(planted, replayed):
    assert_same(replay(planted.sample(frac=1, random_state=3), rules=RULES), replayed)


def test_replay_with_late_counts_only_adds(planted, replayed):
    early = until(planted, 260).copy()
    late = (early["date"] > day(250)) & (early["issue"] == "category:issue0")
    early.loc[late, "n"] = 0
    before = replay(early, rules=RULES)
    after = replay(planted, before, rules=RULES)
    ids, kept = set(after.alerts["alert_id"].to_pylist()), set(before.alerts["alert_id"].to_pylist())
    assert kept <= ids
    assert after.events.slice(0, before.events.num_rows).equals(before.events)


def test_replay_writes_ids_from_series_and_day(replayed):
    for row in replayed.alerts.to_pylist():
        key = "\x1f".join((row["issue"], row["segment"], row["opened_date"].isoformat()))
        assert row["alert_id"] == hashlib.sha1(key.encode()).hexdigest()


def test_replay_keeps_its_tables(replayed):
    ALERTS.to_arrow(replayed.alerts)
    ALERT_EVENTS.to_arrow(replayed.events)


def test_replay_goes_on_for_alerts_whose_series_left_the_counts(planted):
    before = replay(until(planted, 203), rules=RULES)
    gone = planted[(planted["issue"] != "category:issue1") & (planted["date"] > day(150))]
    after = replay(gone, before, rules=RULES)
    assert [row["status"] for row in alerts_of(after, "issue1")] == ["resolved"]


def test_replay_past_the_last_counts_resolves_what_is_open(planted):
    replayed = replay(until(planted, 205), rules=RULES, until=day(230))
    assert all(row["status"] == "resolved" for row in replayed.alerts.to_pylist())


def test_replay_puts_segments_under_the_alert_of_the_whole():
    parts = [make_counts(plants=[(1, 250, 256, 9)], seed=s).assign(segment=f"region=r{s}") for s in range(3)]
    whole = pd.concat(parts).groupby(["date", "issue"], as_index=False)[["n", "total"]].sum()
    replayed = replay(pd.concat([*parts, whole.assign(segment="all")]), rules=RULES)
    rows = alerts_of(replayed, "issue1")
    (parent,) = [row for row in rows if row["segment"] == "all"]
    children = [row for row in rows if row["segment"] != "all"]
    assert children
    assert {row["parent_alert_id"] for row in children} == {parent["alert_id"]}
    assert parent["parent_alert_id"] is None


def test_replay_of_no_counts_gives_empty_tables():
    assert_same(replay(COUNTS.empty(), rules=RULES), no_history())


def test_replay_refuses_wrong_counts():
    with pytest.raises(TableError, match="above total"):
        replay(make_counts(days=10).assign(n=10_000), rules=RULES)


def test_replay_uses_display_names(planted):
    names = DisplayNames({"category:issue1": "Shipping"}, {"region=Lombardy": "Lombardy"})
    replayed = replay(planted, rules=RULES, names=names)
    assert alerts_of(replayed, "issue1")[0]["explanation"].startswith("Shipping complaints in Lombardy: ")


def test_replay_shows_both_thresholds(replayed):
    for row in replayed.alerts.to_pylist():
        record = json.loads(row["calculation"])
        assert record["threshold_without_budget"] == RULES.open_score
        assert record["threshold"] <= RULES.max_open_score


def test_replay_of_weekly_counts_raises_and_resolves():
    weekly = make_counts(days=70, total=700, plants=[(1, 50, 51, 40)])
    weekly["date"] = [day((d - day(0)).days * 7) for d in weekly["date"]]
    (alert,) = alerts_of(replay(weekly, rules=RULES), "issue1")
    assert alert["opened_date"] == day(350)
    assert alert["status"] == "resolved"


def test_hand_over_lets_an_open_alert_follow_its_topic(planted):
    before = replay(until(planted, 203), rules=RULES)
    (alert,) = [row for row in alerts_of(before, "issue1") if row["status"] != "resolved"]
    moved = hand_over(before, {"category:issue1": "category:x", "category:x": "category:issue9"})
    (now,) = [row for row in moved.alerts.to_pylist() if row["alert_id"] == alert["alert_id"]]
    assert now["issue"] == "category:issue9"
    renamed = planted.assign(issue=planted["issue"].replace("category:issue1", "category:issue9"))
    after = replay(renamed, moved, rules=RULES)
    assert [row["alert_id"] for row in alerts_of(after, "issue9")] == [alert["alert_id"]]


def test_hand_over_leaves_an_alert_whose_place_is_taken(planted):
    before = replay(until(planted, 203), rules=RULES)
    other = [row["issue"] for row in before.alerts.to_pylist() if row["status"] != "resolved"]
    assert len(other) >= 2
    assert hand_over(before, {other[0]: other[1]}).alerts["issue"].equals(before.alerts["issue"])


def test_hand_over_of_topics_that_went_in_circles_ends(planted):
    before = replay(until(planted, 203), rules=RULES)
    hand_over(before, {"category:issue1": "category:a", "category:a": "category:issue1"})


@pytest.fixture(scope="module")
def before_a_split(planted):
    return replay(until(planted, 203), rules=RULES)


def open_pairs(history):
    rows = history.alerts.to_pylist()
    return {row["alert_id"]: row["issue"] for row in rows if row["resolved_date"] is None}


def test_hand_over_parts_lets_an_open_alert_go_with_the_larger_part(planted, before_a_split):
    moved = hand_over_parts(before_a_split, {"category:issue1": ("category:part", day(203))})
    ids = [one for one, issue in open_pairs(before_a_split).items() if issue == "category:issue1"]
    assert ids
    assert [open_pairs(moved)[one] for one in ids] == ["category:part"] * len(ids)
    renamed = planted.assign(issue=planted["issue"].replace("category:issue1", "category:part"))
    after = replay(renamed, moved, rules=RULES)
    assert [row["alert_id"] for row in alerts_of(after, "part")] == ids


def test_hand_over_parts_leaves_what_opened_after_the_split(before_a_split):
    moved = hand_over_parts(before_a_split, {"category:issue1": ("category:part", day(150))})
    assert moved.alerts.equals(before_a_split.alerts)
    assert moved.state.equals(before_a_split.state)


def split(topic, part, share, when):
    return {"date": when, "event": "split", "topic_id": topic, "other_topic_id": part, "share": share}


def test_larger_parts_name_what_holds_most_of_a_topic():
    events = pa.Table.from_pylist(
        [
            split("t1", "t8", 0.6, day(3)),
            split("t2", "t9", 0.4, day(3)),
            split("t3", "t6", 0.35, day(3)),
            split("t3", "t7", 0.4, day(3)),
            split("t4", "t5", 0.9, day(1)),
        ]
    )
    assert larger_parts(events, day(2)) == {
        "topic:t1": ("topic:t8", day(3)),
        "topic:t3": ("topic:t7", day(3)),
    }


def test_an_alert_that_follows_its_topic_into_a_known_one_is_not_settled_at_once(planted):
    before = replay(until(planted, 203), rules=RULES)
    (alert,) = [row for row in alerts_of(before, "issue1") if row["status"] != "resolved"]
    known = before.state.slice(0, 1).to_pylist()[0]
    moved = hand_over(before, {"category:issue1": "category:issue9"})
    state = pa.concat_tables(
        [
            moved.state.filter(pc.not_equal(moved.state["issue"], "category:issue9")),
            pa.Table.from_pylist([known | {"issue": "category:issue9"}], schema=moved.state.schema),
        ]
    )
    renamed = planted.assign(issue=planted["issue"].replace("category:issue1", "category:issue9"))
    after = replay(until(renamed, 204), dataclasses.replace(moved, state=state), rules=RULES)
    (now,) = [row for row in after.alerts.to_pylist() if row["alert_id"] == alert["alert_id"]]
    assert now["status"] != "resolved"


QUICK = dataclasses.replace(
    RULES, baseline_weeks=6, min_baseline_weeks=2, min_baseline_comments=5, min_open_score=1.0, open_score=1.0
)
SPARSE = st.lists(
    st.tuples(st.integers(0, 160), st.integers(0, 2), st.integers(0, 1), st.integers(0, 30)), max_size=60
)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
@given(SPARSE, st.integers(0, 160))
@hypothesis_settings(
    max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate), derandomize=True
)
def test_replay_of_any_counts_keeps_its_promises(cells, stop):
    rows = {(day(d), f"i{issue}", f"s{segment}"): (n, 40 + segment) for d, issue, segment, n in cells}
    frame = pd.DataFrame(
        [(*key, *value) for key, value in rows.items()], columns=["date", "issue", "segment", "n", "total"]
    )
    whole = replay(frame, rules=QUICK) if len(frame) else no_history()
    part = replay(frame[frame["date"] <= day(stop)], rules=QUICK) if len(frame) else no_history()
    resumed = replay(frame, part, rules=QUICK) if len(frame) else no_history()
    assert_same(resumed, whole)
    alerts = whole.alerts.to_pandas()
    assert np.isfinite(alerts[["expected", "ratio", "excess", "severity", "score"]].to_numpy()).all()
    assert not alerts[alerts["status"] != "resolved"].duplicated(["issue", "segment"]).any()
