"""nlp/training/material/corpus.py: many small sets become one, with nothing held out that is also learned."""

import numpy as np
import pytest

from nlp.training.material.corpus import COLUMNS, DEVELOP, SENTIMENTS, TRAIN, UNSEEN, load_corpus, plain
from tests.training_sets import make_sets, write_sets


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets")
    write_sets(folder)
    return load_corpus(folder)


def test_load_corpus_gives_every_column(corpus):
    assert corpus.columns.tolist() == list(COLUMNS)
    assert corpus[["text", "lang", "domain", "fold", "weight"]].notna().all().all()


def test_load_corpus_never_learns_a_held_out_text(corpus):
    folds = corpus.assign(text=corpus["text"].str.lower().str.strip()).groupby("text")["fold"].agg(set)
    assert not any(TRAIN in found and len(found) > 1 for found in folds)


@pytest.mark.parametrize(
    "domain", ["skytrax", "telecom nps", "zh hotels", "ar attraction (x)"], ids=lambda d: d.split()[0]
)
def test_load_corpus_keeps_whole_domains_unseen(corpus, domain):
    assert set(corpus.loc[corpus["domain"] == domain, "fold"]) == {UNSEEN}


@pytest.mark.parametrize(
    ("domain", "labels"),
    [
        ("m_absa hotel", ["cleanliness"]),
        ("m_absa phone", ["shipping"]),
        ("semeval restaurants", ["food_drink"]),
        ("semeval laptops", ["customer_service"]),
        ("mams_acsa", ["customer_service"]),
        ("it_absita", ["cleanliness"]),
        ("germeval2017_bahn", ["cleanliness"]),
        ("nhs_fft_multilabel", ["location_access"]),
        ("banking77", ["shipping"]),
        ("app_reviews_4class", ["website_app"]),
    ],
)
def test_load_corpus_translates_the_labels_of_a_set(corpus, domain, labels):
    assert all(found == labels for found in corpus.loc[corpus["domain"] == domain, "labels"])


def test_m_absa_keeps_all_languages_of_a_sentence_in_one_fold(corpus):
    rows = corpus[corpus["domain"].str.startswith("m_absa") & (corpus["lang"] != "en")]
    number = rows["text"].str.split().str[-1] + rows["domain"]
    assert rows["english"].notna().all()
    assert (rows.groupby(number)["fold"].nunique() == 1).all()


def test_semeval_leaves_out_what_other_sets_repeat(corpus):
    assert not corpus["text"].str.contains(" repeat ").any()
    assert "semeval hotels" not in set(corpus["domain"])


def test_nhs_leaves_out_answers_that_depend_on_the_question(corpus):
    assert "Nothing" not in set(corpus["text"])


def test_chinese_hotels_of_the_shop_set_are_left_out(corpus):
    assert not (corpus["text"].str.contains(" shop ")).any()


def test_olist_sentiment_comes_from_the_stars(corpus):
    rows = corpus[corpus["domain"] == "olist"]
    assert len(rows) == 9
    assert rows["sentiment"].value_counts().to_dict() == {0.0: 4, 2.0: 3, 1.0: 2}


def test_tatoeba_holds_out_every_fourth_pair_and_joins_egyptian_to_arabic(corpus):
    rows = corpus[corpus["domain"] == "tatoeba"]
    assert set(rows["lang"]) == {"it", "pl", "ar"}
    assert (rows["fold"] == DEVELOP).mean() == pytest.approx(0.25)


def test_wccrs_and_umsab_hold_out_their_own_dev_split(corpus):
    held = corpus[corpus["domain"].isin(["umsab tweets", "wccrs hotels", "wccrs medicine"])]
    assert (held["fold"] == DEVELOP).sum() == 3 * 4 + 2 * 3


def test_plain_keeps_so_many_per_class_and_each_text_once():
    rows = make_sets()["trustpilot_pet_insurance"]
    frame = plain(rows.iloc[np.r_[0:12, 0:12]], per_class=2)
    assert frame["sentiment"].value_counts().tolist() == [2] * len(SENTIMENTS)
    assert frame["text"].is_unique
