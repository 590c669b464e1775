"""The voc command: readable errors, exit codes, answers for machines."""

import json
import subprocess
import sys
from datetime import date, timedelta

import pandas as pd
import pytest
from click.testing import CliRunner
from s3fs import S3FileSystem

from flows.cli import main


@pytest.fixture
def voc():
    def call(*arguments):
        return CliRunner().invoke(main, [str(a) for a in arguments])

    return call


@pytest.mark.parametrize(
    "command", ["run", "score", "topics", "detect", "report", "serve", "sources", "inspect"]
)
def test_every_command_has_help_with_an_example(voc, command):
    result = voc(command, "--help")
    assert result.exit_code == 0
    assert f"Example:  voc {command}" in result.output


def test_wrong_usage_ends_with_2(voc):
    assert voc("run", "a.csv").exit_code == 2


def test_a_day_that_is_none_is_refused(voc, tmp_path):
    result = voc("run", "a.csv", "--out", tmp_path, "--as-of", "15/11/2026")
    assert (result.exit_code, "write it as 2026-11-15" in result.output) == (2, True)


def test_missing_inputs_are_one_readable_message(voc, tmp_path):
    result = voc("score", tmp_path / "none.csv", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert result.output.startswith("voc: no such file, folder or pattern")
    assert "Traceback" not in result.output


def test_an_unknown_setting_is_refused_before_anything_is_read(voc, tmp_path):
    result = voc("score", tmp_path, "--out", tmp_path / "out", "--set", "ingest.rows=1")
    assert (result.exit_code, "[ingest] has no 'rows'" in result.output) == (2, True)


@pytest.fixture
def stock(tmp_path):
    table = pd.DataFrame({"sku": ["A1", "B2", "C3"] * 9, "stock": range(27), "price": [1.5] * 27})
    table.to_csv(tmp_path / "stock.csv", index=False)
    return tmp_path / "stock.csv"


def test_score_of_a_file_without_comments_gives_empty_tables_and_says_so(voc, stock, tmp_path):
    result = voc("score", stock, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "no comments were found" in result.output
    assert all(name in result.output for name in ("sku", "stock", "price"))
    assert len(pd.read_parquet(tmp_path / "out/documents.parquet")) == 0
    assert len(pd.read_parquet(tmp_path / "out/rejected.parquet")) == 1


@pytest.mark.slow
def test_run_over_a_file_without_comments_names_its_columns(voc, stock, tmp_path):
    result = voc("run", stock, "--out", tmp_path / "out")
    assert result.exit_code == 2, result.output
    assert all(name in result.output for name in ("voc: stock.csv", "sku", "stock", "price"))


def counts(days, burst=0):
    rows = []
    for day in range(days):
        n = 2 + day % 3 + (burst if day >= days - 7 else 0)
        rows.append([date(2026, 1, 1) + timedelta(days=day), "category:shipping", "all", n, 60])
    return pd.DataFrame(rows, columns=["date", "issue", "segment", "n", "total"])


@pytest.fixture
def reviews(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text("title,stars,review,date\nGood,5,A fine kettle that works,2026-01-02\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--text-column", "Nope"), "columns found: title, stars, review, date"),
        (("--lang", "zz"), "no such language: 'zz'"),
        (("--set", 'sources.columns={rating = "Nope"}'), "rating = 'Nope'"),
    ],
)
def test_score_refuses_a_column_or_language_that_is_none(voc, reviews, tmp_path, arguments, words):
    result = voc("score", reviews, "--out", tmp_path / "out", *arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_score_tells_of_a_file_that_loses_all_rows(voc, tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text(
        "id,comment,date\n" + "".join(f"{n},n/a,2026-01-02\n" for n in range(12)), encoding="utf-8"
    )
    result = voc("score", path, "--out", tmp_path / "out")
    assert "12 of 12 records were set aside as no_content; see: voc inspect empty.csv" in result.output


def test_detect_raises_a_planted_burst(voc, tmp_path):
    counts(240, burst=12).to_csv(tmp_path / "counts.csv", index=False)
    result = voc("detect", tmp_path / "counts.csv", "--out", tmp_path / "out", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["open"] == 1
    alerts = pd.read_parquet(tmp_path / "out/alerts.parquet")
    assert alerts["issue"].tolist() == ["category:shipping"]


def test_detect_with_a_state_gives_the_same_as_one_replay(voc, tmp_path):
    whole = counts(240, burst=12)
    whole.to_parquet(tmp_path / "whole.parquet")
    voc("detect", tmp_path / "whole.parquet", "--out", tmp_path / "once")
    for last in (232, 236, 240, 240):
        whole.head(last).to_parquet(tmp_path / "so_far.parquet")
        out, state = tmp_path / "daily", tmp_path / "state"
        result = voc("detect", tmp_path / "so_far.parquet", "--out", out, "--state", state)
        assert result.exit_code == 0, result.output
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "once/alerts.parquet"), pd.read_parquet(tmp_path / "daily/alerts.parquet")
    )


def test_detect_with_a_state_needs_the_new_days_alone(voc, tmp_path):
    whole = counts(240, burst=12)
    whole.to_parquet(tmp_path / "whole.parquet")
    voc("detect", tmp_path / "whole.parquet", "--out", tmp_path / "once")
    for first, last in ((0, 230), (230, 236), (234, 240), (100, 120)):
        whole.iloc[first:last].to_parquet(tmp_path / "days.parquet")
        out, state = tmp_path / "daily", tmp_path / "state"
        result = voc("detect", tmp_path / "days.parquet", "--out", out, "--state", state)
        assert result.exit_code == 0, result.output
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "once/alerts.parquet"), pd.read_parquet(tmp_path / "daily/alerts.parquet")
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_detect_takes_names_as_they_are_written(voc, tmp_path, separator):
    named = counts(240, burst=12).assign(issue="NA", segment="007")
    named.to_csv(tmp_path / "counts.csv", index=False, sep=separator)
    result = voc("detect", tmp_path / "counts.csv", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    alerts = pd.read_parquet(tmp_path / "out/alerts.parquet")
    assert alerts[["issue", "segment"]].values.tolist() == [["NA", "007"]]


def test_detect_warns_of_days_in_the_future(voc, tmp_path):
    table = "date,issue,segment,n,total\n2026-01-01,a,b,1,9\n2090-01-01,a,b,1,9\n"
    (tmp_path / "counts.csv").write_text(table)
    result = voc("detect", tmp_path / "counts.csv", "--out", tmp_path / "out", "--json")
    assert "2090-01-01, lies in the future" in json.loads(result.stdout)["warnings"][0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("date,issue\n2026-01-01,x\n", "missing columns"),
        ("", "not a readable table"),
        ("date,issue,segment,n,total,n\n2026-01-01,a,b,1,9,1\n", "columns that are there twice: n"),
        (
            "date,issue,segment,n,total\n2026-01-01,a,b,1,9\n9999-12-31,a,b,1,9\n",
            "from 2026-01-01 to 9999-12-31 is more than a century",
        ),
    ],
)
def test_detect_refuses_what_is_no_table_of_counts(voc, tmp_path, content, words):
    (tmp_path / "counts.csv").write_text(content)
    result = voc("detect", tmp_path / "counts.csv", "--out", tmp_path / "out")
    assert (result.exit_code, words in result.output) == (2, True), result.output


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("--out", "counts.csv"), "it is a file; name a folder"),
        (("--out", "out", "--state", "counts.csv"), "it is a file; name a folder"),
        (("--out", "counts.csv/below"), "cannot write counts.csv/below"),
        (("--out", "nosuch://place"), "cannot write to nosuch:// URLs"),
        (("--out", ""), "is empty; name a folder"),
        (("--out", "out", "--state", " "), "is empty; name a folder"),
    ],
)
def test_a_place_that_cannot_be_written_is_told(voc, tmp_path, monkeypatch, place, words):
    monkeypatch.chdir(tmp_path)
    counts(10).to_csv("counts.csv", index=False)
    result = voc("detect", "counts.csv", *place)
    assert result.exit_code != 0
    assert words in result.output


@pytest.fixture
def unknown_storage():
    """Forget what the storage library keeps open: it would serve other tests without credentials."""
    S3FileSystem.clear_instance_cache()
    yield
    S3FileSystem.clear_instance_cache()


@pytest.mark.usefixtures("unknown_storage")
def test_storage_without_credentials_is_told(voc, tmp_path, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    result = voc("score", "s3://nobody/reviews.csv", "--out", tmp_path / "out")
    assert (result.exit_code, "was given no credentials" in result.output) == (1, True), result.output


def test_report_of_an_empty_folder_says_how_to_make_a_run(voc, tmp_path):
    result = voc("report", "--out", tmp_path)
    assert (result.exit_code, "make one with: voc run" in result.output) == (2, True)


@pytest.mark.parametrize(
    "schedule", [("--cron", "every night"), ("--timezone", "Middle/Earth")], ids=["cron", "zone"]
)
def test_serve_refuses_a_schedule_that_is_none(voc, tmp_path, schedule):
    (tmp_path / "a.csv").write_text("comment\nhello\n")
    result = voc("serve", tmp_path / "a.csv", "--out", tmp_path / "out", *schedule)
    assert (result.exit_code, "is not understood" in result.output) == (2, True), result.output


def test_inspect_shows_what_a_run_would_read(voc, tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text(
        "id,date,review,rating\n1,2026-03-04,The [bold]lamp[/] was broken \x1b[31m,2\n2,2026-03-05,n/a,3\n"
    )
    result = voc("inspect", path)
    assert result.exit_code == 0, result.output
    assert "1 of 2 comments would be kept" in result.output
    assert "[bold]lamp" in result.output
    assert "\x1b" not in result.output
    assert "1 x no_content" in result.output
    assert "--set 'sources.rating_max=10'" in result.output


def test_inspect_answers_machines_with_one_line_per_export(voc, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("id,date,review\n1,2026-03-04,The lamp was broken\n")
    result = voc("inspect", tmp_path, "--json")
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [one["source"] for one in found] == ["a.csv", "b.csv"]
    assert found[0]["columns"]["text"] == "review"


def test_inspect_refuses_what_it_cannot_read(voc, stock):
    result = voc("inspect", stock)
    assert (result.exit_code, "[sources.columns]" in result.output) == (2, True)


def test_sources_lists_every_source_once_with_its_signs(voc):
    found = json.loads(voc("sources", "--json").output)
    names = [one["source"] for one in found]
    assert "general" in names
    assert len(set(names)) == len(names)
    assert all(one["recognised_by"] and one["reads"] for one in found)
    assert "general" in voc("sources").output


@pytest.mark.parametrize("module", ["flows.cli", "flows.commands.demo", "flows.commands.pipeline"])
def test_prefect_loads_only_after_it_was_told_to_be_quiet(module):
    code = f"import sys, {module}; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
