"""The topic stage: first run, daily run; sizes, days, categories, small and odd input."""

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from data.schema import MEMBERS, TOPIC_CENTROIDS, TOPIC_EVENTS, TOPICS
from nlp.models.lexical.words import LanguageWords
from nlp.models.themes.clustering import load_clusterer
from nlp.models.themes.topics import load_describer
from nlp.topics.find import find_topics
from nlp.topics.rules import TopicContext, TopicTools
from nlp.topics.table import NAME_COLUMNS, summarise_topics, tally_members

THEMES = {
    "delivery": (
        "en",
        "late delivery of the parcel",
        "the courier brought a late delivery",
        "parcel delivery delayed",
    ),
    "consegna": (
        "it",
        "consegna in ritardo del pacco",
        "il corriere ha la consegna in ritardo",
        "pacco in ritardo",
    ),
    "kasa": ("pl", "kolejka do kasy w sklepie", "długa kolejka do kasy", "w kasie zawsze kolejka"),
    "app": ("en", "the app crashes at login", "login to the app crashes", "app login not working"),
}
AXIS = {"delivery": 0, "consegna": 0, "kasa": 1, "app": 2, "battery": 3}
FILLER = ("Thank you!", "ok", "Great, highly recommended")


def segments_of(theme, count, *, start=0):
    language, *forms = THEMES.get(theme, ("en", "battery drains fast", "the battery drains overnight"))
    numbers = range(start, start + count)
    # Numbers make texts distinct without adding a word.
    texts = [f"{forms[i % len(forms)]} {i}" for i in numbers]
    return pd.DataFrame(
        {
            "segment_id": [f"{theme}{i}:0" for i in numbers],
            "feedback_id": [f"{theme}{i}" for i in numbers],
            "text": texts,
            "language": language,
            "text_id": [f"{theme}-{i:04}" for i in numbers],
        }
    )


def vectors_of(segments, *, width=384):
    rows = []
    for text_id in segments["text_id"]:
        theme, _, number = text_id.partition("-")
        rng = np.random.default_rng([sum(map(ord, theme)), int(number)])
        rows.append(np.eye(width)[AXIS.get(theme, 9)] + 0.5 * rng.normal(size=width) / np.sqrt(width))
    matrix = np.array(rows, dtype=np.float32).reshape(len(segments), width)
    return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)


def chunks_of(segments, rows=37):
    vectors = vectors_of(segments)
    ids = segments["text_id"].tolist()
    return lambda: ((ids[i : i + rows], vectors[i : i + rows]) for i in range(0, len(ids), rows))


def empty(columns):
    return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})


@dataclasses.dataclass(frozen=True)
class Stage:
    """What the topic stage and the tallies after it give."""

    topics: pd.DataFrame
    members: pd.DataFrame
    centroids: pd.DataFrame
    events: pd.DataFrame
    tallies: pd.DataFrame


def aspects_of(segments, category="shipping"):
    return pd.DataFrame({"segment_id": segments["segment_id"], "category": category, "category_score": 0.9})


def dates_of(segments, day="2026-03-02"):
    return segments[["feedback_id"]].drop_duplicates().assign(created_at=pd.Timestamp(day, tz="UTC"))


def tallied(segments, members, *, day="2026-03-02", category="shipping"):
    return tally_members(members, segments, aspects_of(segments, category), dates_of(segments, day))


def context_of(state=None):
    topics = empty(TOPICS.columns.names) if state is None else state.topics
    centroids = empty(TOPIC_CENTROIDS.columns.names) if state is None else state.centroids
    return TopicContext(topics, centroids, dt.date(2026, 3, 9))


def run_stage(segments, tools, *, vectors_of=None, state=None, **counted):
    chunks = chunks_of(segments if vectors_of is None else vectors_of)
    found = find_topics(segments, chunks, context=context_of(state), tools=tools)
    tallies = tallied(segments, found.members, **counted)
    if state is not None:
        tallies = pd.concat([state.tallies, tallies], ignore_index=True)
    topics = summarise_topics(found.names, tallies)
    return Stage(topics, found.members, found.centroids, found.events, tallies)


@pytest.fixture(scope="module")
def tools(settings):
    rules, labels = settings["topics"], settings["topic_labels"]
    return TopicTools(
        clusterer=lambda count: load_clusterer(rules.clusterer, rules.clustering(count)),
        reader=LanguageWords(labels.lemma_languages),
        describer=load_describer(labels.describer, labels.phrases),
        rules=rules,
        labels=labels,
    )


@pytest.fixture(scope="module")
def segments():
    return pd.concat(
        [
            segments_of(theme, count)
            for theme, count in {"delivery": 40, "consegna": 30, "kasa": 35, "app": 30}.items()
        ],
        ignore_index=True,
    )


@pytest.fixture(scope="module")
def found(segments, tools):
    return run_stage(segments, tools)


def main_topic(found, theme):
    members = found.members[found.members["segment_id"].str.startswith(theme)]
    return members["topic_id"].mode().iloc[0]


def row(found, theme):
    return found.topics.set_index("topic_id").loc[main_topic(found, theme)]


def stored(found):
    """Give the tables as the next run reads them."""
    return Stage(
        TOPICS.to_arrow(found.topics).to_pandas(),
        MEMBERS.to_arrow(found.members).to_pandas(),
        TOPIC_CENTROIDS.to_arrow(found.centroids).to_pandas(),
        TOPIC_EVENTS.to_arrow(found.events).to_pandas(),
        found.tallies,
    )


def test_tables_fit_their_declarations(found):
    stored(found)


def test_each_theme_is_a_topic(found):
    assert len({main_topic(found, theme) for theme in ("delivery", "kasa", "app")}) == 3


def test_one_theme_in_two_languages_is_one_topic(found):
    assert main_topic(found, "delivery") == main_topic(found, "consegna")


def test_labels_are_words_of_the_comments(found):
    assert row(found, "kasa")["label"].casefold().startswith(("kolejka", "długa kolejka", "kas"))
    assert row(found, "kasa")["label_language"] == "pl"


def test_hardly_any_segment_is_left_out(found):
    assert found.members["topic_id"].isna().mean() <= 0.05


def test_sizes_count_segments(found):
    assert found.topics["size"].sum() == found.members["topic_id"].notna().sum()


def test_examples_are_segments_of_the_topic(found):
    members = found.members.set_index("segment_id")["topic_id"]
    for topic in found.topics.to_dict("records"):
        assert set(members[topic["example_ids"]]) == {topic["topic_id"]}


def test_order_of_rows_and_chunks_does_not_matter(segments, tools, found):
    shuffled = segments.sample(frac=1, random_state=3, ignore_index=True)
    again = run_stage(shuffled, tools)
    assert TOPICS.to_arrow(again.topics).equals(TOPICS.to_arrow(found.topics))
    assert TOPIC_CENTROIDS.to_arrow(again.centroids).equals(TOPIC_CENTROIDS.to_arrow(found.centroids))
    assert again.members["segment_id"].tolist() == shuffled["segment_id"].tolist()


def test_equal_texts_get_one_topic_and_count_twice(segments, tools, found):
    copies = segments.head(10).assign(
        segment_id="copy" + segments["segment_id"], feedback_id="copy" + segments["feedback_id"]
    )
    both = pd.concat([segments, copies], ignore_index=True)
    again = run_stage(both, tools)
    assert row(again, "delivery")["size"] == row(found, "delivery")["size"] + 10


def test_filler_belongs_to_no_topic(segments, tools):
    filler = pd.DataFrame(
        {
            "segment_id": [f"filler{i}:0" for i in range(30)],
            "feedback_id": [f"filler{i}" for i in range(30)],
            "text": [FILLER[i % 3] for i in range(30)],
            "language": "en",
            "text_id": [f"filler-{i % 3:04}" for i in range(30)],
        }
    )
    both = pd.concat([segments, filler], ignore_index=True)
    members = run_stage(both, tools, vectors_of=segments).members
    assert set(members["reason"].tail(30)) == {"too_short"}


def test_texts_like_a_group_without_theme_stay_out_later(segments, tools):
    strict = dataclasses.replace(tools.labels, loose=1.1, min_shared=1.1)
    first = run_stage(segments, dataclasses.replace(tools, labels=strict))
    later = run_stage(segments_of("app", 20, start=100), tools, state=stored(first))
    assert (later.members["reason"] == "no_theme").mean() >= 0.9
    assert later.topics.empty
    assert later.events.empty


def test_days_are_those_of_the_comments(found):
    assert row(found, "app")["first_seen"] == row(found, "app")["last_seen"] == dt.date(2026, 3, 2)


def test_days_are_null_where_comments_have_none(segments, tools):
    topics = run_stage(segments, tools, day=None).topics
    assert topics["first_seen"].isna().all()


def test_category_is_the_one_most_segments_fall_in(found):
    assert row(found, "app")["category"] == "shipping"
    assert row(found, "app")["category_share"] == pytest.approx(1.0)


def test_category_is_other_without_aspects(segments, found):
    none = segments.head(0)
    tallies = tally_members(found.members, segments, aspects_of(none), dates_of(none))
    topics = summarise_topics(found.topics[NAME_COLUMNS], tallies)
    assert set(topics["category"]) == {"other"}


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_few_segments_give_no_topics_and_the_reason(segments, tools, rows):
    few = segments.head(rows)
    found = run_stage(few, tools)
    assert stored(found).topics.empty
    assert found.members["reason"].tolist() == ["too_few"] * rows


def test_thirty_segments_of_one_theme_are_a_topic(tools):
    few = segments_of("delivery", 30)
    found = run_stage(few, tools)
    assert len(stored(found).members) == 30


def test_a_text_without_vector_is_refused_by_id(segments, tools):
    with pytest.raises(ValueError, match=r"2 of 135 texts have no vector, as app-0028, app-0029") as refusal:
        run_stage(segments, tools, vectors_of=segments.head(-2))
    assert "login" not in str(refusal.value)


def test_a_sample_is_clustered_and_the_rest_assigned(segments, tools):
    rules = type(tools.rules)(**{**vars(tools.rules), "sample": 90})
    sampled = TopicTools(tools.clusterer, tools.reader, tools.describer, rules, tools.labels)
    found = run_stage(segments, sampled)
    # The sample holds no text of the fourth theme: its topic comes out of what fitted nowhere.
    assert len({main_topic(found, theme) for theme in ("delivery", "kasa", "app")}) == 3
    assert found.members["topic_id"].isna().mean() <= 0.1


def test_a_daily_run_keeps_ids_labels_and_adds_sizes(tools, found):
    new = pd.concat([segments_of("kasa", 12, start=500), segments_of("app", 8, start=500)], ignore_index=True)
    later = run_stage(new, tools, day="2026-03-09", state=stored(found))
    before, after = row(found, "kasa"), row(later, "kasa")
    assert (before.name, before["label"]) == (after.name, after["label"])
    assert after["size"] == before["size"] + (later.members["topic_id"] == after.name).sum()
    assert (after["first_seen"], after["last_seen"]) == (dt.date(2026, 3, 2), dt.date(2026, 3, 9))
    assert set(found.topics["topic_id"]) <= set(later.topics["topic_id"])
    stored(later)


def test_a_daily_run_opens_a_topic_for_a_new_theme(tools, found):
    new = pd.concat([segments_of("battery", 14), segments_of("app", 20, start=500)], ignore_index=True)
    later = run_stage(new, tools, state=stored(found))
    opened = row(later, "battery")
    assert opened.name not in set(found.topics["topic_id"])
    assert "battery" in opened["label"].casefold()


def test_a_daily_run_tells_why_it_opened_a_topic(tools, found):
    new = pd.concat([segments_of("battery", 14), segments_of("app", 20, start=500)], ignore_index=True)
    later = run_stage(new, tools, state=stored(found))
    (event,) = later.events.to_dict("records")
    assert (event["event"], event["cause"], event["topic_id"]) == (
        "born",
        "daily",
        row(later, "battery").name,
    )
    assert (event["comment_count"], event["date"]) == (14, dt.date(2026, 3, 9))
    assert event["share"] == pytest.approx(14 / 34)
    assert event["distance"] > 0.25
    assert 0.1 < event["tightness"] <= 1


def test_a_daily_run_with_nothing_new_changes_nothing(tools, found):
    none = segments_of("app", 0)
    later = run_stage(none, tools, state=stored(found))
    assert TOPICS.to_arrow(later.topics).equals(TOPICS.to_arrow(found.topics))


def test_the_share_of_a_category_counts_old_and_new(tools, found):
    new = segments_of("app", 12, start=900)
    later = row(run_stage(new, tools, category="website_app", state=stored(found)), "app")
    assert later["category"] == "shipping"
    assert later["category_share"] == pytest.approx(row(found, "app")["size"] / later["size"], abs=1e-4)


@pytest.mark.parametrize(("detail", "other"), [("coarse", "medium"), ("medium", "fine")])
def test_detail_sets_the_resolution(tools, detail, other):
    lower = type(tools.rules)(**{**vars(tools.rules), "detail": detail})
    higher = type(tools.rules)(**{**vars(tools.rules), "detail": other})
    assert lower.clustering(1000)["resolution"] < higher.clustering(1000)["resolution"]
