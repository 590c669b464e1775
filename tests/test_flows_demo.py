"""The bundled sample through the whole pipeline: the known events are found, the busy week raises nothing."""

from pathlib import Path

import pandas as pd
import pytest

from data.sample.generate import LAST_DAY, write_sample
from flows import tasks
from flows.commands.demo import sample_settings
from flows.daily import open_run

pytestmark = [pytest.mark.models, pytest.mark.slow]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    facts = write_sample(folder / "exports")
    run = open_run([str(folder / "exports")], str(folder / "out"), as_of=LAST_DAY, own=sample_settings())
    for stage in (*tasks.UNDERSTANDING, tasks.topics, tasks.metrics, tasks.alerts, tasks.report):
        stage.fn(run)
    return facts, run, folder / "out"


@pytest.fixture(scope="module")
def alerts(demo):
    return pd.read_parquet(demo[2] / "alerts.parquet")


def matching(alerts, expected):
    """Alerts on one of the issues and the segment, active in the days of the event."""
    found = alerts[alerts["issue"].isin(expected.issues) & (alerts["segment"] == expected.segment)]
    found = found[
        (found["opened_date"] <= expected.until) & (found["last_active_date"] >= expected.first_day)
    ]
    if expected.is_recurring:
        return found[found["is_recurring"]]
    found = found[found["opened_date"] >= expected.first_day]
    return found[found["status"] != "resolved"] if expected.is_open_at_end else found


def test_every_planted_event_raises_its_alert(demo, alerts):
    missed = [e.event for e in demo[0].expected_alerts if not len(matching(alerts, e))]
    assert missed == []


def test_the_busy_week_opens_no_alert_over_all(demo, alerts):
    surge = demo[0].surge
    explained = surge.explained_issues
    opened = alerts[
        alerts["opened_date"].between(surge.first_day, surge.last_day) & (alerts["segment"] == "all")
    ]
    opened = opened[opened["issue"].str.startswith("category:") & ~opened["issue"].isin(explained)]
    assert opened["issue"].tolist() == []


def test_every_row_of_the_sample_is_kept_or_set_aside(demo):
    facts, run, _ = demo
    counts = run.record.facts["ingest"]
    assert counts["read"] == facts.comment_count
    assert counts["kept"] + counts["rejected"] == counts["read"]
    assert run.record.warnings == []


def test_planted_personal_data_is_in_no_table(demo):
    planted = ("moira.fenwick@", "ciro.esposito88@", "4111 1111 1111", "07700 900123", "RSSMRA85T10A562S")
    for path in Path(demo[2]).rglob("*.parquet"):
        if "embeddings" in str(path) or "centroids" in str(path):
            continue
        text = pd.read_parquet(path).to_csv()
        assert [p for p in planted if p in text] == [], path.name


def test_summaries_agree_with_the_documents(demo):
    documents = pd.read_parquet(demo[2] / "tables/documents")
    scores = pd.read_parquet(demo[2] / "summaries/score_summary.parquet")
    months = scores.query("period == 'month' and dimension == 'all' and source_kind == 'survey'")
    assert months["comment_count"].sum() == (documents["source_kind"] == "survey").sum()


def test_the_page_is_one_file_of_bounded_size(demo):
    page = (demo[2] / "report/index.html").read_text(encoding="utf-8")
    assert len(page) < 2_000_000
    assert 'src="http' not in page
    assert "url(http" not in page
