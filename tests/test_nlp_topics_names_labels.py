"""Labels: phrases of several words, in the language of the comments, none twice, no names."""

import pandas as pd
import pytest

from nlp.models.lexical.words import LanguageWords
from nlp.models.themes.topics import load_describer
from nlp.topics.names.labels import describe_topics
from nlp.topics.names.phrases import TAG, name_like, phrases_of

READER = LanguageWords(["it"])


@pytest.fixture(scope="module")
def name(settings):
    rules = settings["topic_labels"]
    describer = load_describer(rules.describer, rules.phrases)

    def describe(texts, known=None):
        found = describe_topics(texts, known=known or {}, reader=READER, describer=describer, rules=rules)
        return found.set_index("topic_id")

    return describe


def topic(topic_id, language, texts):
    return pd.DataFrame(
        {
            "text_id": [f"{topic_id}-{i:03}" for i in range(len(texts))],
            "text": texts,
            "language": language,
            "count": 1,
            "topic_id": topic_id,
            "tightness": 0.5,
            "topic_score": [1 - i / 100 for i in range(len(texts))],
        }
    )


DELIVERY = topic(
    "t1",
    "en",
    [
        "The parcel arrived two weeks late",
        "Late delivery again, nobody told us",
        "My late delivery was left in the rain",
        "Late delivery for the third time",
        "late delivery and no tracking",
        "The courier never rang",
    ],
)
STAFF = topic(
    "t2",
    "it",
    [
        "I tempi di attesa alla reception sono lunghi",
        "Tempi di attesa infiniti",
        "Tempi di attesa assurdi alla reception",
        "Il personale della reception era assente",
        "Lunghi tempi di attesa al check-in",
    ],
)
COURIER_ZH = topic("t3", "zh", ["快递太慢了", "快递员态度差", "快递送错地址", "快递三天没有送到", "快递丢了"])


def phrases(text, language="en", names=frozenset()):
    found = phrases_of(text, language, READER.read(text, language), names)
    return {key.partition(TAG)[2]: surface for key, surface in found.items()}


def test_phrases_bridge_stop_words():
    assert "tempi di attesa" in phrases("i tempi di attesa", "it").values()


def test_phrases_do_not_bridge_opinions():
    assert "service great staff" not in phrases("service great staff").values()


def test_phrases_do_not_cross_punctuation():
    assert set(phrases("late parcel. rude courier").values()) == {
        "late",
        "parcel",
        "late parcel",
        "rude",
        "courier",
        "rude courier",
    }


def test_phrases_keep_a_negation_before_its_word():
    assert "not working" in phrases("the app is not working").values()


def test_phrases_are_never_a_negation_alone():
    assert "not" not in phrases("it is not").values()


def test_phrases_leave_names_out():
    text = "thank Sarah for the refund"
    words = [READER.read(text, "en")]
    names = name_like(pd.DataFrame({"text": [text], "language": ["en"]}), words)
    assert "Sarah" not in " ".join(phrases(text, names=names).values())


def test_phrases_keep_german_nouns():
    text = "Die Lieferung war kaputt"
    names = name_like(pd.DataFrame({"text": [text], "language": ["de"]}), [READER.read(text, "de")])
    assert "Lieferung" in phrases(text, "de", names).values()


def test_phrases_leave_placeholders_out():
    assert not any("NAME" in surface for surface in phrases("call [NAME] about parcel").values())


def test_label_is_a_phrase_of_several_words(name):
    assert name(pd.concat([DELIVERY, STAFF])).loc["t1", "label"] == "Late delivery"


def test_label_is_in_the_language_of_most_comments(name):
    mixed = pd.concat([STAFF, DELIVERY.head(1).assign(topic_id="t2"), COURIER_ZH])
    found = name(mixed).loc["t2"]
    assert (found["label"], found["label_language"]) == ("Tempi di attesa", "it")


def test_label_of_a_mixed_topic_is_in_the_common_language(name):
    mixed = pd.concat([STAFF, DELIVERY.iloc[1:5].assign(topic_id="t2"), COURIER_ZH])
    found = name(mixed).loc["t2"]
    assert (found["label"], found["label_language"]) == ("Late delivery", "en")


def test_label_falls_back_when_the_common_language_shares_no_phrase(name):
    apart = DELIVERY.iloc[[0, 5]].assign(topic_id="t2")
    assert name(pd.concat([STAFF, apart, COURIER_ZH])).loc["t2", "label_language"] == "it"


SMALL_TALK = [
    "Same as ever",
    "Writing from home",
    "Ten points",
    "Quiet rhythm",
    "Carry it forward",
    "Cheers all",
]


@pytest.mark.parametrize(("tightness", "is_named"), [(0.2, False), (0.5, True)])
def test_label_is_none_where_a_loose_group_shares_no_words(name, tightness, is_named):
    talk = topic("t4", "en", [*SMALL_TALK, "Lamp lit", "Lamp lit"]).assign(tightness=tightness)
    assert pd.notna(name(pd.concat([DELIVERY, talk])).loc["t4", "label"]) == is_named


def test_phrases_keep_a_particle_that_ends_the_sentence():
    assert "can't sign in" in phrases("I still can't sign in.").values()


def test_label_in_chinese_has_no_spaces(name):
    label = name(pd.concat([DELIVERY, COURIER_ZH])).loc["t3", "label"]
    assert label.startswith("快递")
    assert " " not in label


def test_no_two_labels_are_equal(name):
    twin = DELIVERY.assign(topic_id="t9", text_id="x" + DELIVERY["text_id"])
    assert name(pd.concat([DELIVERY, twin, STAFF]))["label"].str.casefold().is_unique


def test_a_known_label_is_not_given_again(name):
    found = name(pd.concat([DELIVERY, STAFF]), known={"t0": "Late delivery"})
    assert found.loc["t1", "label"].casefold() != "late delivery"


def test_a_known_topic_is_not_named_again(name):
    assert list(name(pd.concat([DELIVERY, STAFF]), known={"t1": "Parcels"}).index) == ["t2"]


def test_nothing_is_read_when_all_are_known(name):
    assert name(DELIVERY, known={"t1": "Parcels"}).empty


def test_texts_without_a_common_phrase_have_no_label(name):
    other = topic("t5", "en", ["zebra", "quartz", "violin", "glacier", "walnut"])
    assert pd.isna(name(pd.concat([other, STAFF])).loc["t5", "label"])


def test_keywords_come_without_stop_words_and_repeats(name):
    keywords = name(pd.concat([DELIVERY, STAFF])).loc["t1", "keywords"]
    words = [word for keyword in keywords for word in keyword.split()]
    assert len(words) == len(set(words))
    assert not {"the", "and", "for", "was"} & set(words)


def test_examples_are_central_and_diverse(name):
    texts = topic("t1", "en", ["late parcel", "late parcel!", "late parcel?", "courier rude", "late parcel."])
    examples = name(pd.concat([texts, STAFF])).loc["t1", "example_texts"]
    assert examples[:2] == ["t1-000", "t1-003"]


def test_order_of_rows_does_not_matter(name):
    texts = pd.concat([DELIVERY, STAFF, COURIER_ZH])
    pd.testing.assert_frame_equal(name(texts), name(texts.iloc[::-1]))


def test_phrases_do_not_run_across_pronouns_and_conjunctions():
    found = set(phrases("claims because my dog").values())
    assert not any("because" in phrase for phrase in found)


def test_phrases_negate_only_the_next_word():
    assert not any(phrase.startswith("not ") for phrase in phrases("not in the screen").values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cannot sign in to the app", "cannot sign in"),
        ("cannot sign in", "cannot sign in"),
        ("pour in the cup", "pour"),
    ],
)
def test_phrases_take_the_particle_of_a_verb(text, expected):
    assert expected in phrases(text).values()


def test_label_names_what_most_share_and_not_what_few_say_at_length(name):
    """Issue 5: a label named a detail of one comment, told twice."""
    few = ["Applied for supervisor twice", "I applied for supervisor twice"]
    most = [
        f"The queue at the till {rest}"
        for rest in ("again", "is long", "never moves", "on Monday", "at noon", "")
    ]
    found = name(pd.concat([topic("t9", "en", few + most), DELIVERY, STAFF]))
    assert "queue" in found.loc["t9", "label"].casefold()
    assert "supervisor" not in found.loc["t9", "label"].casefold()
