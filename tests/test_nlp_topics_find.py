"""The topic stage: first run, daily run, refit; sizes, days, categories, small and odd input."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from data.schema import MEMBERS, TOPIC_CENTROIDS, TOPICS
from nlp.models.clustering import load_clusterer
from nlp.models.topics import load_describer
from nlp.models.words import LanguageWords
from nlp.topics.find import find_topics, refit_topics
from nlp.topics.rules import TopicContext, TopicTools

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


def context_of(segments, *, day="2026-03-02", category="shipping", state=None):
    aspects = pd.DataFrame(
        {"segment_id": segments["segment_id"], "category": category, "category_score": 0.9}
    )
    dates = pd.DataFrame({"feedback_id": segments["feedback_id"], "created_at": pd.Timestamp(day, tz="UTC")})
    topics = empty(TOPICS.columns.names) if state is None else state.topics
    centroids = empty(TOPIC_CENTROIDS.columns.names) if state is None else state.centroids
    return TopicContext(aspects, dates, topics, centroids)


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
    return find_topics(segments, chunks_of(segments), context=context_of(segments), tools=tools)


def main_topic(found, theme):
    members = found.members[found.members["segment_id"].str.startswith(theme)]
    return members["topic_id"].mode().iloc[0]


def row(found, theme):
    return found.topics.set_index("topic_id").loc[main_topic(found, theme)]


def stored(found):
    """Give the tables as the next run reads them."""
    return type(found)(
        TOPICS.to_arrow(found.topics).to_pandas(),
        MEMBERS.to_arrow(found.members).to_pandas(),
        TOPIC_CENTROIDS.to_arrow(found.centroids).to_pandas(),
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
    again = find_topics(shuffled, chunks_of(shuffled, rows=11), context=context_of(segments), tools=tools)
    assert TOPICS.to_arrow(again.topics).equals(TOPICS.to_arrow(found.topics))
    assert TOPIC_CENTROIDS.to_arrow(again.centroids).equals(TOPIC_CENTROIDS.to_arrow(found.centroids))
    assert again.members["segment_id"].tolist() == shuffled["segment_id"].tolist()


def test_equal_texts_get_one_topic_and_count_twice(segments, tools, found):
    copies = segments.head(10).assign(
        segment_id="copy" + segments["segment_id"], feedback_id="copy" + segments["feedback_id"]
    )
    both = pd.concat([segments, copies], ignore_index=True)
    again = find_topics(both, chunks_of(both), context=context_of(both), tools=tools)
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
    members = find_topics(both, chunks_of(segments), context=context_of(both), tools=tools).members
    assert set(members["reason"].tail(30)) == {"too_short"}


def test_days_are_those_of_the_comments(found):
    assert row(found, "app")["first_seen"] == row(found, "app")["last_seen"] == dt.date(2026, 3, 2)


def test_days_are_null_where_comments_have_none(segments, tools):
    context = context_of(segments)
    undated = TopicContext(
        context.aspects, context.dates.assign(created_at=pd.NaT), context.topics, context.centroids
    )
    topics = find_topics(segments, chunks_of(segments), context=undated, tools=tools).topics
    assert topics["first_seen"].isna().all()


def test_category_is_the_one_most_segments_fall_in(found):
    assert row(found, "app")["category"] == "shipping"
    assert row(found, "app")["category_share"] == pytest.approx(1.0)


def test_category_is_other_without_aspects(segments, tools):
    context = context_of(segments.head(0))
    context = TopicContext(context.aspects, context_of(segments).dates, context.topics, context.centroids)
    topics = find_topics(segments, chunks_of(segments), context=context, tools=tools).topics
    assert set(topics["category"]) == {"other"}


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_few_segments_give_no_topics_and_the_reason(segments, tools, rows):
    few = segments.head(rows)
    found = find_topics(few, chunks_of(few), context=context_of(few), tools=tools)
    assert stored(found).topics.empty
    assert found.members["reason"].tolist() == ["too_few"] * rows


def test_thirty_segments_of_one_theme_are_a_topic(tools):
    few = segments_of("delivery", 30)
    found = find_topics(few, chunks_of(few), context=context_of(few), tools=tools)
    assert len(stored(found).members) == 30


def test_a_text_without_vector_is_refused_by_id(segments, tools):
    with pytest.raises(ValueError, match=r"2 of 135 texts have no vector, as app-0028, app-0029") as refusal:
        find_topics(segments, chunks_of(segments.head(-2)), context=context_of(segments), tools=tools)
    assert "login" not in str(refusal.value)


def test_a_sample_is_clustered_and_the_rest_assigned(segments, tools):
    rules = type(tools.rules)(**{**vars(tools.rules), "sample": 90})
    sampled = TopicTools(tools.clusterer, tools.reader, tools.describer, rules, tools.labels)
    found = find_topics(segments, chunks_of(segments), context=context_of(segments), tools=sampled)
    # The sample holds no text of the fourth theme: its topic comes out of what fitted nowhere.
    assert len({main_topic(found, theme) for theme in ("delivery", "kasa", "app")}) == 3
    assert found.members["topic_id"].isna().mean() <= 0.1


def test_a_daily_run_keeps_ids_labels_and_adds_sizes(tools, found):
    new = pd.concat([segments_of("kasa", 12, start=500), segments_of("app", 8, start=500)], ignore_index=True)
    context = context_of(new, day="2026-03-09", state=stored(found))
    later = find_topics(new, chunks_of(new), context=context, tools=tools)
    before, after = row(found, "kasa"), row(later, "kasa")
    assert (before.name, before["label"]) == (after.name, after["label"])
    assert after["size"] == before["size"] + (later.members["topic_id"] == after.name).sum()
    assert (after["first_seen"], after["last_seen"]) == (dt.date(2026, 3, 2), dt.date(2026, 3, 9))
    assert set(found.topics["topic_id"]) <= set(later.topics["topic_id"])
    stored(later)


def test_a_daily_run_opens_a_topic_for_a_new_theme(tools, found):
    new = pd.concat([segments_of("battery", 14), segments_of("app", 20, start=500)], ignore_index=True)
    later = find_topics(new, chunks_of(new), context=context_of(new, state=stored(found)), tools=tools)
    opened = row(later, "battery")
    assert opened.name not in set(found.topics["topic_id"])
    assert "battery" in opened["label"].casefold()


def test_a_daily_run_with_nothing_new_changes_nothing(tools, found):
    none = segments_of("app", 0)
    later = find_topics(none, chunks_of(none), context=context_of(none, state=stored(found)), tools=tools)
    assert TOPICS.to_arrow(later.topics).equals(TOPICS.to_arrow(found.topics))


def test_the_share_of_a_category_counts_old_and_new(tools, found):
    new = segments_of("app", 30, start=900)
    context = context_of(new, category="website_app", state=stored(found))
    later = row(find_topics(new, chunks_of(new), context=context, tools=tools), "app")
    assert later["category"] == "shipping"
    assert later["category_share"] == pytest.approx(row(found, "app")["size"] / later["size"], abs=1e-4)


def test_a_refit_keeps_ids_and_labels(segments, tools, found):
    more = pd.concat([segments, segments_of("battery", 30)], ignore_index=True)
    refit, events = refit_topics(
        more, chunks_of(more), found.members, context=context_of(more, state=stored(found)), tools=tools
    )
    assert main_topic(refit, "kasa") == main_topic(found, "kasa")
    assert row(refit, "kasa")["label"] == row(found, "kasa")["label"]
    assert events.set_index("topic_id").loc[main_topic(refit, "battery"), "event"] == "born"
    assert refit.topics["size"].sum() == refit.members["topic_id"].notna().sum()
    stored(refit)


@pytest.mark.parametrize(("detail", "other"), [("coarse", "medium"), ("medium", "fine")])
def test_detail_sets_the_resolution(tools, detail, other):
    lower = type(tools.rules)(**{**vars(tools.rules), "detail": detail})
    higher = type(tools.rules)(**{**vars(tools.rules), "detail": other})
    assert lower.clustering(1000)["resolution"] < higher.clustering(1000)["resolution"]
