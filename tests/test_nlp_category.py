"""nlp/category.py: which friction categories a segment speaks of."""

import numpy as np
import pandas as pd
import pytest

from data.schema import ASPECTS
from nlp.category import CategoryScorer, build_scorer, find_aspects, score_categories
from nlp.protocols import Encoded
from nlp.taxonomy import load_taxonomy

TEXTS = ["late parcel", "rude staff and late", "it exists", "terrible"]


class Table:
    """Gives the features back as category probabilities."""

    name = "table"
    labels = ("shipping", "customer_service")

    def predict(self, texts, languages, features):
        return features


class Axes:
    """Encodes every text on the third axis."""

    name = "axes"

    def encode(self, texts, languages):
        rows = np.tile(np.array([0, 0, 1], np.float32), (len(texts), 1))
        return Encoded(rows, rows)


@pytest.fixture
def segments():
    return pd.DataFrame(
        {
            "feedback_id": ["f1", "f2", "f3", "f4"],
            "segment_id": ["f1:0", "f2:0", "f3:0", "f4:0"],
            "start": [0, 3, 0, 0],
            "end": [11, 22, 9, 8],
            "text": TEXTS,
            "language": ["en", "en", "en", "pl"],
        }
    )


@pytest.fixture
def sentiments(segments):
    return pd.DataFrame(
        {
            "segment_id": segments["segment_id"],
            "sentiment": ["negative", "negative", "neutral", "negative"],
            "sentiment_score": [-0.8, -0.9, 0.0, -0.9],
            "neutral_share": [0.1, 0.1, 0.9, 0.05],
        }
    )


@pytest.fixture
def encoded():
    features = np.array([[0.9, 0.1], [0.6, 0.8], [0.2, 0.1], [0.1, 0.2]], np.float32)
    vectors = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    return Encoded(vectors, features)


@pytest.fixture
def scorer():
    return CategoryScorer(("customer_service", "shipping"), Table(), {}, {})


def test_find_aspects_gives_every_category_that_fits_strongest_first(
    segments, sentiments, encoded, scorer, settings
):
    found = find_aspects(segments, sentiments, encoded, scorer=scorer, rules=settings["category"])
    pairs = list(zip(found["segment_id"], found["category"], strict=True))
    assert pairs == [
        ("f1:0", "shipping"),
        ("f2:0", "customer_service"),
        ("f2:0", "shipping"),
        ("f4:0", "other"),
    ]


def test_find_aspects_keeps_offsets_and_sentiment_of_the_segment(
    segments, sentiments, encoded, scorer, settings
):
    found = find_aspects(segments, sentiments, encoded, scorer=scorer, rules=settings["category"])
    assert found.iloc[1][["start", "end", "sentiment"]].tolist() == [3, 22, "negative"]


@pytest.mark.parametrize("rows", [0, 1, 4])
def test_find_aspects_fills_its_table(segments, sentiments, encoded, scorer, settings, rows):  # noqa: PLR0917
    part = Encoded(encoded.vectors[:rows], encoded.features[:rows])
    found = find_aspects(
        segments.head(rows), sentiments.head(rows), part, scorer=scorer, rules=settings["category"]
    )
    ASPECTS.to_arrow(found)


def test_find_aspects_gives_no_more_than_the_strongest(segments, sentiments, scorer, settings):
    from dataclasses import replace

    rules = replace(settings["category"], max_categories=1)
    encoded = Encoded(np.zeros((4, 3), np.float32), np.full((4, 2), 0.9, np.float32) + [[0, 0.05]])
    found = find_aspects(segments, sentiments, encoded, scorer=scorer, rules=rules)
    assert found["category"].tolist() == ["customer_service"] * 4


def test_score_categories_knows_an_own_category_by_its_phrases(segments, encoded, settings):
    own = {"app_crash": np.array([[0, 0, 1]], np.float32)}
    scorer = CategoryScorer(("shipping", "app_crash"), Table(), own, {})
    scores = score_categories(segments, encoded, scorer=scorer, rules=settings["category"])
    assert (scores[:, 1] > 0.5).tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ({"en": ("parcel",)}, [True, False, False, False]),
        ({"en": ("par",)}, [False, False, False, False]),
        ({"en": ("rude staff", "EXISTS")}, [False, True, True, False]),
        ({"zh": ("rri",)}, [False, False, False, True]),
        ({"en": ("a.*",)}, [False, False, False, False]),
    ],
)
def test_score_categories_finds_keywords_as_whole_words(segments, encoded, settings, words, hits):
    scorer = CategoryScorer(("own",), Table(), {}, {"own": words})
    scores = score_categories(segments, encoded, scorer=scorer, rules=settings["category"])
    assert (scores[:, 0] > 0.5).tolist() == hits


def test_build_scorer_needs_no_prototypes_for_the_shipped_taxonomy():
    shipped = load_taxonomy()

    class All(Table):
        labels = shipped.ids

    scorer = build_scorer(shipped, shipped, classifier=All(), encoder=Axes())
    assert scorer.labels == shipped.ids
    assert not scorer.phrases


def test_build_scorer_makes_prototypes_of_what_a_company_adds():
    own = {
        "dark_mode": {
            "journey_stage": "use",
            "audience": "customer",
            "name": {"en": "Dark mode"},
            "phrases": {"en": ["Please add a dark theme", "The screen is too bright at night"]},
            "keywords": {"en": ["dark mode"]},
        },
        "shipping": {"phrases": {"en": ["The drone dropped it on the roof"]}},
    }
    shipped, taxonomy = load_taxonomy(), load_taxonomy(own)

    class All(Table):
        labels = shipped.ids

    scorer = build_scorer(taxonomy, shipped, classifier=All(), encoder=Axes())
    assert {name: len(rows) for name, rows in scorer.phrases.items()} == {"shipping": 1, "dark_mode": 2}
    assert "dark_mode" in scorer.labels
    assert list(scorer.keywords) == ["dark_mode"]


@pytest.fixture(scope="module")
def shipped():
    from nlp.models.classifiers import load_classifier
    from nlp.models.encoders import load_encoder

    encoder = load_encoder("voc", "accurate")
    return (
        encoder,
        load_classifier("sentiment_head", "heads", {}),
        load_classifier("category_head", "heads", {}),
    )


def understand(pairs, shipped, rules, taxonomy):
    from nlp.sentiment import score_sentiment

    encoder, sentiment, category = shipped
    segments = pd.DataFrame(pairs, columns=["language", "text"])
    segments["feedback_id"] = [f"f{i}" for i in range(len(pairs))]
    segments["segment_id"] = segments["feedback_id"] + ":0"
    segments["start"], segments["end"] = 0, segments["text"].str.len()
    encoded = encoder.encode(segments["text"].tolist(), segments["language"].tolist())
    sentiments = score_sentiment(segments, encoded.features, classifier=sentiment)
    scorer = build_scorer(taxonomy, load_taxonomy(), classifier=category, encoder=encoder)
    return sentiments, find_aspects(segments, sentiments, encoded, scorer=scorer, rules=rules)


@pytest.mark.models
@pytest.mark.parametrize(
    ("language", "text", "category", "sentiment"),
    [
        ("en", "courier left the parcel in the rain", "shipping", "negative"),
        ("pl", "kurier zostawił paczkę na deszczu i przemokła", "shipping", "negative"),
        ("zh", "快递把包裹弄丢了", "shipping", "negative"),
        ("ar", "الشحن تأخر أسبوعين", "shipping", "negative"),
        ("it", "il rimborso non è mai arrivato", "returns_refunds", "negative"),
        ("it", "personale gentilissimo", "customer_service", "positive"),
        ("pl", "świetne jedzenie", "food_drink", "positive"),
        ("zh", "app总是闪退", "website_app", "negative"),
        ("ar", "السعر مبالغ فيه", "price_value", "negative"),
        ("fr", "le livreur a jeté le colis par-dessus la clôture", "shipping", "negative"),
        ("en", "My password reset never works", "account_access", "negative"),
    ],
)
def test_shipped_models_understand_plain_complaints(shipped, settings, language, text, category, sentiment):  # noqa: PLR0917
    sentiments, aspects = understand([(language, text)], shipped, settings["category"], load_taxonomy())
    assert sentiments["sentiment"].tolist() == [sentiment]
    assert category in aspects["category"].tolist()


@pytest.mark.models
def test_shipped_models_give_a_valid_row_to_odd_texts(shipped, settings):
    odd = ["", " ", "a", "👍👎", "\x00\x01", "สวัสดีครับ", "\u202eabc", "word " * 100_000, "1234"]
    pairs = [(language, text) for text in odd for language in ("en", "und")]
    sentiments, aspects = understand(pairs, shipped, settings["category"], load_taxonomy())
    shares = sentiments[["negative_share", "neutral_share", "positive_share"]].to_numpy()
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert np.isfinite(aspects["category_score"]).all()


@pytest.mark.models
def test_shipped_models_find_a_category_that_a_company_added(shipped, settings):
    own = {
        "dark_mode": {
            "journey_stage": "use",
            "audience": "customer",
            "name": {"en": "Dark mode"},
            "phrases": {"en": ["Please add a dark theme to the app", "The screen is too bright at night"]},
        }
    }
    pairs = [("en", "a dark theme would be great"), ("en", "the soup was cold")]
    _, aspects = understand(pairs, shipped, settings["category"], load_taxonomy(own))
    found = aspects[aspects["category"] == "dark_mode"]["segment_id"].tolist()
    assert found == ["f0:0"]
