"""Before and after: finds a planted drop, stays silent on none, names every mistake in actions.toml."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from report_world import aspects_table, documents_table
from subject_worlds import read

from reports.actions import Action, ActionError, judge_actions, read_actions
from reports.actions.judge import _verdict
from reports.actions.series import Weeks, measure_change

ISSUES = ("category:shipping", "category:price_value", "topic:t0001")
COLUMNS = ("region", "product")
DAY = date(2026, 9, 7)


def plan(text):
    return read_actions(text, issues=ISSUES, columns=COLUMNS)


def test_actions_are_read_by_day():
    found = plan(
        """
        [[actions]]
        date = 2026-10-01
        category = "shipping"
        segments = { region = ["South", "North"] }
        note = "New depot"
        lag_days = 7
        [[actions]]
        date = 2026-09-01
        topic = "t0001"
        note = "Wrote to everybody"
        """
    )
    assert [(a.day, a.issue, a.where) for a in found] == [
        (date(2026, 9, 1), "topic:t0001", "all"),
        (date(2026, 10, 8), "category:shipping", "region=North|South"),
    ]


def test_actions_keep_their_id_when_the_note_changes():
    first, second = (
        plan(f'[[actions]]\ndate = 2026-09-01\ncategory = "shipping"\nnote = "{n}"')[0] for n in "ab"
    )
    assert first.action_id == second.action_id


def test_no_file_is_no_action():
    assert plan("") == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[actions]", "is not TOML"),
        ("[actions]\ndate = 2026-09-01", "two brackets"),
        ('plan = "x"', "unknown part 'plan'"),
        ('[[actions]]\ndate = "2026-09-01"\ncategory = "shipping"\nnote = "x"', "a day without quotes"),
        ('[[actions]]\ndate = 2026-09-01\ncategory = "shiping"\nnote = "x"', "known: price_value, shipping"),
        ('[[actions]]\ndate = 2026-09-01\nnote = "x"', "either a category or a topic"),
        ('[[actions]]\ndate = 2026-09-01\ncategory = "shipping"', "note must say"),
        ('[[actions]]\ndate = 2026-09-01\ncategory = "shipping"\nnote = "x"\nlag_days = -1', "lag_days"),
        ('[[actions]]\ndate = 2026-09-01\ncategory = "shipping"\nnote = "x"\nwho = "me"', "unknown 'who'"),
        (
            '[[actions]]\ndate = 2026-09-01\ncategory = "shipping"\nnote = "x"\nsegments = 3',
            "columns and values",
        ),
        (
            '[[actions]]\ndate = 2026-09-01\ncategory = "shipping"\nnote = "x"\nsegments = { shop = "A" }',
            "unknown segment column 'shop'; known: product, region",
        ),
        (
            '[[actions]]\ndate = 2026-09-01\ncategory = "shipping"\nnote = "x"\nsegments = { region = [] }',
            "a text or a list",
        ),
        (
            '[[actions]]\ndate = 2026-09-01\ncategory = "shipping"\nnote = "x"\n' * 2,
            "two actions are the same",
        ),
    ],
)
def test_actions_name_what_does_not_fit(text, told):
    with pytest.raises(ActionError, match=told.replace("(", r"\(")):
        plan(text)


def made_weeks(rng, *, drop=1.0, share=0.08, after=12, control=True, trend=0.0):
    """26 weeks before, some after; both parts share a season; counts spread more than binomial ones."""
    time = np.arange(-26, after, dtype=float)
    season = np.exp(0.15 * np.sin(time / 4) + trend * time)
    rate = share * season * np.where(time >= 0, drop, 1.0)

    def counts(base, volume):
        total = rng.poisson(volume, len(time)).astype(float)
        uneven = np.clip(base * rng.gamma(40, 1 / 40, len(time)), 0, 1)
        return rng.binomial(total.astype(int), uneven).astype(float), total

    count, total = counts(rate, 120)
    elsewhere, everyone = counts(share * season, 300)
    weeks = Weeks(time, count, total, elsewhere, everyone)
    return weeks if control else weeks.without_control()


def test_change_of_a_split_by_hand():
    # 10 of 100 every week before, 5 of 100 after; elsewhere 10 of 100 throughout: no trend, ratio one half.
    time = np.arange(-10, 10, dtype=float)
    weeks = Weeks(
        time, np.where(time < 0, 10.0, 5.0), np.full(20, 100.0), np.full(20, 10.0), np.full(20, 100.0)
    )
    found = measure_change(weeks, confidence=0.95, drift=(0.02, 0.005))
    assert found.ratio == pytest.approx(0.5, abs=1e-4)
    assert found.effect == pytest.approx(-0.05, abs=1e-4)
    assert found.ratio_low < 0.5 < found.ratio_high < 1.1


def test_change_stands_when_no_complaint_is_left():
    time = np.arange(-12, 6, dtype=float)
    weeks = Weeks(time, np.where(time < 0, 9.0, 0.0), np.full(18, 100.0), np.zeros(18), np.zeros(18))
    found = measure_change(weeks, confidence=0.95, drift=(0.02, 0.005))
    assert found.ratio < 0.01
    assert found.ratio_high < 0.3
    assert found.effect == pytest.approx(-0.09, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("control", [True, False])
def test_change_intervals_hold_the_truth_19_times_of_20(control):
    rng = np.random.default_rng(21)
    inside = []
    for _ in range(150):
        time = np.arange(-26, 12, dtype=float)
        rate = np.where(time >= 0, 0.05, 0.08)
        total = rng.poisson(120, len(time)).astype(float)
        count = rng.binomial(total.astype(int), rate).astype(float)
        there = rng.poisson(300, len(time)).astype(float)
        other = rng.binomial(there.astype(int), 0.08).astype(float)
        weeks = Weeks(time, count, total, other, there)
        found = measure_change(
            weeks if control else weeks.without_control(), confidence=0.95, drift=(0.02, 0.005)
        )
        inside.append(found.ratio_low <= 0.625 <= found.ratio_high)
    assert 0.91 <= np.mean(inside) <= 0.985  # 150 draws know 95 % to +-3.5 points


def verdict(weeks, settings, after=12):
    return _verdict(weeks, after, settings["actions"]).word


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.08, 0.02])
def test_nothing_done_is_rarely_called_a_change_over_all_looks(settings, share):
    rng = np.random.default_rng(22)
    found = [verdict(made_weeks(rng, share=share), settings) for _ in range(90)]
    assert np.mean([word == "worked" for word in found]) <= 0.06
    assert np.mean([word in ("worked", "worse") for word in found]) <= 0.09  # 5 %, and what 90 draws may add


@pytest.mark.slow
def test_a_drop_by_half_is_found(settings):
    rng = np.random.default_rng(23)
    found = [verdict(made_weeks(rng, drop=0.5), settings) for _ in range(20)]
    assert np.mean([word == "worked" for word in found]) >= 0.8


def test_a_trend_that_was_there_before_is_no_success(settings):
    rng = np.random.default_rng(24)
    found = [verdict(made_weeks(rng, trend=-0.03, control=False), settings) for _ in range(8)]
    assert found.count("worked") <= 2


@pytest.mark.parametrize(("after", "word"), [(0, "too_early"), (3, "too_early"), (4, "no_sign")])
def test_verdict_waits_for_the_first_look(settings, after, word):
    weeks = made_weeks(np.random.default_rng(25), after=max(after, 1))
    assert verdict(weeks, settings, after=after) == word


def test_verdict_on_a_handful_of_complaints_says_so(settings):
    weeks = made_weeks(np.random.default_rng(26), share=0.001)
    assert verdict(weeks, settings) == "too_few"


def company(as_of):
    """A year of comments in two regions: shipping complaints in North fall from DAY on."""
    rng = np.random.default_rng(9)
    rows, aspects = [], []
    for place in range(4200):
        day = date(2026, 1, 5) + timedelta(days=int(rng.integers(0, 330)))
        region = "North" if rng.random() < 0.5 else "South"
        fixed = region == "North" and day >= DAY
        bad = rng.random() < (0.04 if fixed else 0.16)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        rows.append({"feedback_id": f"f{place}", "created_at": moment, "region": region})
        if bad:
            aspects.append((f"f{place}:0", "shipping", "negative"))
    documents = documents_table([row for row in rows if row["created_at"].date() <= as_of])
    return documents, read(documents, aspects_table(aspects))


ACTION = Action("a1", DAY, "category:shipping", {"region": ("North",)}, "New depot")


@pytest.fixture(scope="module")
def judged(settings):
    as_of = date(2026, 11, 16)
    documents, subjects = company(as_of)
    actions, weeks = judge_actions([ACTION], documents, subjects, as_of=as_of, rules=settings["actions"])
    return actions.to_pylist()[0], weeks.to_pandas(), documents.to_pandas(), subjects


def test_judge_actions_finds_the_fix_and_settles_it(judged):
    row = judged[0]
    assert (row["verdict"], row["is_settled"], row["has_control"]) == ("worked", True, True)
    assert row["settled_date"] == DAY + timedelta(days=27)
    assert row["effect_high"] < 0 < row["ratio_low"] < row["ratio_high"] < 1
    assert row["next_look_date"] is None


def test_judge_actions_counts_what_stands_in_the_comments(judged):
    row, weeks, documents, subjects = judged
    day = documents["created_at"].dt.date
    bad = np.asarray(subjects.complains.toarray()).ravel() > 0
    first = DAY - timedelta(days=26 * 7)
    north = (documents["region"] == "North") & (day >= first) & (day < DAY)
    assert row["before_total"] == north.sum() == weeks.loc[~weeks["is_after"], "total"].sum()
    assert row["before_count"] == (north & bad).sum()
    assert row["weeks_after"] == 10


def test_judge_actions_too_early_shows_when_it_will_be_judged(settings):
    as_of = DAY + timedelta(days=10)
    documents, subjects = company(as_of)
    row = judge_actions([ACTION], documents, subjects, as_of=as_of, rules=settings["actions"])[0].to_pylist()[
        0
    ]
    assert (row["verdict"], row["is_settled"]) == ("too_early", False)
    assert row["next_look_date"] == DAY + timedelta(days=28)


@pytest.mark.parametrize("issue", ["category:unheard_of", "category:shipping"])
def test_judge_actions_of_nobody_says_too_few(settings, issue):
    documents, subjects = company(date(2026, 11, 16))
    action = Action("a2", DAY, issue, {"region": ("West",), "team": ("x",)}, "Nothing")
    row = judge_actions([action], documents, subjects, as_of=date(2026, 11, 16), rules=settings["actions"])[
        0
    ].to_pylist()[0]
    assert (row["verdict"], row["effect"], row["before_share"]) == ("too_few", None, None)


def test_judge_actions_of_none_gives_empty_tables(settings):
    documents, subjects = company(date(2026, 2, 1))
    found = judge_actions([], documents, subjects, as_of=date(2026, 2, 1), rules=settings["actions"])
    assert [table.num_rows for table in found] == [0, 0]
