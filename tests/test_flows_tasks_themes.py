"""Topics over several ingests: ids stay, people's wishes hold, refits are matched, refused, finished."""

import datetime as dt
from dataclasses import replace

import pytest
from topic_world import events_of, members_of, reopen, topic_of, topics_of, world

from data.intake.inputs import InputError
from data.schema import CATEGORY_TOPICS, MEMBERS, TOPIC_LANGUAGES, TOPICS
from flows import tasks
from flows.engine.remember.topics import open_topic_memory
from flows.settings import Settings

FIRST = {"late": 40, "size": 36, "login": 30}


@pytest.fixture
def output(tmp_path, settings):
    run = world(tmp_path, settings, FIRST)
    tasks.topics.fn(run)
    return run


def again(tmp_path, settings, wishes=None):
    if wishes is not None:
        (tmp_path / "topics.toml").write_text(wishes, encoding="utf-8")
    run = reopen(tmp_path, settings)
    tasks.topics.fn(run)
    return run


def test_first_run_finds_each_theme(output):
    assert len({topic_of(output, theme) for theme in FIRST}) == 3
    assert topics_of(output)["size"].sum() == members_of(output)["topic_id"].notna().sum()
    assert set(events_of(output)["event"]) == {"born"}


def test_first_run_tells_languages_and_what_categories_hold(output):
    assert set(output.store.read(TOPIC_LANGUAGES)["language"].to_pylist()) == {"en"}
    (row,) = output.store.read(CATEGORY_TOPICS).to_pylist()
    assert (row["category"], row["topic_count"], row["segment_count"]) == ("shipping", 3, 106)
    assert row["explained_share"] > 0.95


def test_a_run_with_nothing_new_does_nothing(output, tmp_path, settings):
    run = again(tmp_path, settings)
    assert run.record.stages[-1]["is_skipped"]


def test_a_later_run_keeps_ids_and_opens_a_new_theme(output, tmp_path, settings):
    before = {theme: topic_of(output, theme) for theme in FIRST}
    run = world(tmp_path, settings, {"late": 10, "battery": 14}, as_of=dt.date(2026, 3, 16))
    tasks.topics.fn(run)
    assert {theme: topic_of(run, theme) for theme in FIRST} == before
    opened = topic_of(run, "battery")
    assert opened not in before.values()
    (event,) = events_of(run).query("topic_id == @opened").to_dict("records")
    assert (event["event"], event["cause"], str(event["date"])) == ("born", "daily", "2026-03-16")
    assert topics_of(run).loc[before["late"], "size"] == 50


def test_newer_code_over_the_same_comments_keeps_ids(output, tmp_path, settings, monkeypatch):
    run = reopen(tmp_path, settings)
    run.__dict__["code"] = "another version"
    tasks.topics.fn(run)
    assert not run.record.stages[-1]["is_skipped"]
    assert set(topics_of(run).index) == set(topics_of(output).index)


def test_a_refit_keeps_ids_and_tells_so(output, tmp_path, settings):
    run = reopen(tmp_path, settings)
    tasks.refit.fn(run)
    assert set(topics_of(run).index) == set(topics_of(output).index)
    kept = events_of(run).query("cause == 'refit'")
    assert set(kept["event"]) == {"kept"}
    assert (kept["share"] > 0.95).all()
    assert again(tmp_path, settings).record.stages[-1]["is_skipped"]


def test_a_refit_tells_of_what_is_new(output, tmp_path, settings):
    rules = replace(settings["topics"], apart=2.0)  # so that the daily run opens nothing
    strict = Settings({**settings.sections, "topics": rules})
    run = world(tmp_path, strict, {"battery": 30})
    tasks.topics.fn(run)
    assert len(topics_of(run)) == 3
    tasks.refit.fn(reopen(tmp_path, settings))
    (born,) = events_of(run).query("event == 'born' and cause == 'refit'").to_dict("records")
    assert born["topic_id"] == topic_of(run, "battery")
    assert born["comment_count"] >= 28


def refusing(settings):
    return Settings({**settings.sections, "topics": replace(settings["topics"], max_moved=-1.0)})


def test_a_refit_that_moves_too_much_is_refused_and_told(output, tmp_path, settings):
    run = reopen(tmp_path, refusing(settings))
    before = members_of(run)
    tasks.refit.fn(run)
    assert members_of(run).equals(before)
    assert events_of(run)["event"].value_counts()["refused"] == 1
    assert "voc refit --force" in run.record.warnings[0]


def test_a_forced_refit_is_taken_over(output, tmp_path, settings):
    run = reopen(tmp_path, refusing(settings))
    tasks.refit.fn(run, is_forced=True)
    assert run.record.warnings == []


def test_a_refit_wants_topics_of_the_newest_comments(output, tmp_path, settings):
    run = world(tmp_path, settings, {"late": 5})
    with pytest.raises(InputError, match="run voc run over it first, then refit"):
        tasks.refit.fn(run)


def test_a_refit_wants_topics(tmp_path, settings):
    with pytest.raises(InputError, match="holds no topics to refit"):
        tasks.refit.fn(reopen(tmp_path, settings))


def test_a_killed_refit_is_finished_by_the_next_run(output, tmp_path, settings):
    world(tmp_path, settings, {"battery": 30})
    run = again(tmp_path, settings)
    tasks.refit.fn(reopen(tmp_path, settings))
    expected = members_of(run)
    # As if it had been killed when its snapshot stood and nothing else was written.
    old = expected.assign(topic_id=None)
    for part in run.parts():
        run.store.write(MEMBERS, old[old["segment_id"].str.contains(part)], part=part)
    run.store.drop(TOPICS, "all")
    finished = again(tmp_path, settings)
    assert members_of(finished).equals(expected)
    assert len(topics_of(finished)) == 4


def test_people_name_pin_mute_and_place_a_topic(output, tmp_path, settings):
    late = topic_of(output, "late")
    wishes = f'[topics.{late}]\nlabel = "Late parcels"\ncategory = "packaging"\npinned = true\nmuted = true\n'
    row = topics_of(again(tmp_path, settings, wishes)).loc[late]
    assert (row["label"], row["category"], row["category_share"]) == ("Late parcels", "packaging", 0.0)
    assert row["is_pinned"]
    assert row["is_muted"]


def test_a_wish_taken_back_is_undone(output, tmp_path, settings):
    late = topic_of(output, "late")
    label = topics_of(output).loc[late, "label"]
    again(tmp_path, settings, f'[topics.{late}]\nlabel = "Late parcels"\n')
    assert topics_of(again(tmp_path, settings, "")).loc[late, "label"] == label


def test_merged_topics_stay_merged(output, tmp_path, settings):
    late, size = topic_of(output, "late"), topic_of(output, "size")
    run = again(tmp_path, settings, f'[topics.{late}]\nmerge_into = "{size}"\n')
    assert topic_of(run, "late") == size
    assert topics_of(run).loc[size, "size"] >= 70
    (event,) = events_of(run).query("cause == 'people'").to_dict("records")
    assert (event["event"], event["topic_id"], event["other_topic_id"]) == ("merged", late, size)
    tasks.refit.fn(reopen(tmp_path, settings))
    run = world(tmp_path, settings, {"late": 12})
    tasks.topics.fn(run)
    assert topic_of(run, "late") == size
    assert late not in topics_of(run).index


def test_a_part_is_split_off_and_stays_off(output, tmp_path, settings):
    size = topic_of(output, "size")
    wishes = f'[[topics.{size}.split_off]]\nlabel = "Wrong size"\nwords = ["wrong"]\n'
    run = again(tmp_path, settings, wishes)
    part = topics_of(run).query("label == 'Wrong size'")
    (count,) = part["size"].tolist()
    assert 12 <= count <= 15  # those with the word, and hardly any of their neighbours
    (event,) = events_of(run).query("cause == 'people'").to_dict("records")
    assert (event["event"], event["topic_id"], event["other_topic_id"]) == ("split", size, part.index[0])
    refit = reopen(tmp_path, settings)
    tasks.refit.fn(refit)
    assert topics_of(refit).loc[part.index[0], "size"] == count


def test_a_pinned_topic_is_left_alone_by_a_refit(output, tmp_path, settings):
    late = topic_of(output, "late")
    again(tmp_path, settings, f"[topics.{late}]\npinned = true\n")
    tasks.refit.fn(reopen(tmp_path, settings))
    centre = open_topic_memory(output.store).latest().tables["topic_centroids"].to_pandas()
    assert centre.set_index("topic_id")["anchor"][late] == late


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ('[topics.t0]\nlabel = "x"', r"\[topics.t0\]: no topic has this id"),
        ("[topics.LATE]\nmerge_into = 'LATE'", "goes in a circle: LATE -> LATE"),
        ("[topics.LATE]\nmerge_into = 'SIZE'\n[topics.SIZE]\nmerge_into = 'LATE'", "goes in a circle"),
        ("[topics.LATE]\nmerge_into = 't0'", "no topic has the id t0"),
        ("[topics.LATE]\nmerge_into = 'SIZE'\nmuted = true", "has no other lines"),
        ("[topics.LATE]\ncategory = 'weather'", "'weather' is not in the taxonomy; known: .*shipping"),
        ("[topics.LATE]\nlabel = 'Parcel!'\n[topics.SIZE]\nlabel = 'parcel'", "nearly the same name"),
        ("[topics.LATE]\nlabel = '  '", "expected 1 to 80 printable characters"),
        ("[topics.LATE]\ncolour = 'red'", "topics.LATE.colour: unknown key"),
        ("[topics.LATE]\nmuted = 'perhaps'", "topics.LATE.muted: "),
        ("[topics.LATE\n", "is not valid TOML"),
        (
            "[[topics.LATE.split_off]]\nlabel = 'Trains'\nwords = ['locomotive']",
            "none of its clauses has these",
        ),
        (
            "[[topics.LATE.split_off]]\nlabel = 'Trains'\nwords = []",
            "split_off 1: expected a label and a list",
        ),
    ],
)
def test_wishes_that_do_not_fit_are_refused(output, tmp_path, settings, wishes, words):
    for theme in ("late", "size"):
        wishes = wishes.replace(theme.upper(), topic_of(output, theme))
        words = words.replace(theme.upper(), topic_of(output, theme))
    with pytest.raises(InputError, match=words):
        again(tmp_path, settings, wishes)
