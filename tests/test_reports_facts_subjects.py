"""What comments speak of, and who is behind them: by hand on a few comments."""

import numpy as np
import pyarrow as pa
import pytest
from report_world import aspects_table, documents_table, filled, members_table
from subject_worlds import read, worth_of

from data.schema import CUSTOMERS, ORDERS


def small():
    documents = documents_table(
        [
            {"feedback_id": "a", "sentiment": "negative", "copy_id": "x"},
            {"feedback_id": "b", "sentiment": "positive", "intent": "complaint"},
            {"feedback_id": "c", "sentiment": "neutral", "copy_id": "x"},
        ]
    )
    aspects = aspects_table(
        [
            ("a:0", "shipping", "negative"), ("a:1", "shipping", "positive"), ("b:0", "shipping", "positive"),
            ("b:1", "price_value", "neutral"), ("c:0", "other", "negative"), ("c:1", "shipping", "positive"),
        ]
    )  # fmt: skip
    return read(
        documents, aspects, members_table([("a:2", "t1"), ("b:0", "t1"), ("c:0", None), ("z:0", "t1")])
    )


def matrix(found, name):
    return dict(zip(found.issues, getattr(found, name).toarray().T.tolist(), strict=True))


def test_subjects_are_categories_and_topics_but_other():
    assert small().issues == ("category:price_value", "category:shipping", "topic:t1")


def test_blame_wins_over_praise_of_the_same_comment():
    found = small()
    assert matrix(found, "complains")["category:shipping"] == [1, 0, 0]
    assert matrix(found, "praises")["category:shipping"] == [0, 1, 1]
    assert matrix(found, "speaks")["category:shipping"] == [1, 1, 1]


def test_facts_of_a_complaint_belong_to_it():
    assert matrix(small(), "complains")["category:price_value"] == [0, 1, 0]


def test_a_segment_without_category_takes_the_mood_of_its_comment():
    assert matrix(small(), "complains")["topic:t1"] == [1, 0, 0]


def test_examples_are_the_most_telling_without_copies():
    found = small()
    ids = dict(zip(found.issues, found.examples(found.speaks, limit=5), strict=True))["category:shipping"]
    assert len(ids) == 2  # a and c are one text
    assert "b" in ids


def firm_world():
    """Three complaints of shipping: read weakly, firmly, firmly; the second also, weakly, of the price."""
    documents = documents_table([{"feedback_id": name, "sentiment": "negative"} for name in "abc"])
    named = [("a:0", "shipping"), ("b:0", "shipping"), ("b:1", "price_value"), ("c:0", "shipping")]
    aspects = aspects_table([(segment, category, "negative") for segment, category in named])
    scores = {"category_score": [0.5, 1.0, 0.5, 1.0], "sentiment_score": [-0.4, -1.0, -0.4, -0.9]}
    for name, values in scores.items():
        place = aspects.schema.get_field_index(name)
        aspects = aspects.set_column(place, name, pa.array(values, aspects.schema.field(name).type))
    return documents, read(documents, aspects, members_table([("a:0", "t1")]))


def test_firmness_is_that_of_the_firmest_mention():
    found = firm_world()[1]
    assert matrix(found, "firmness")["category:shipping"] == pytest.approx([0.2, 1.0, 0.9], abs=1e-6)
    assert matrix(found, "firmness")["topic:t1"] == pytest.approx([0.4, 0, 0], abs=1e-6)


def test_examples_that_were_read_firmly_come_first():
    found = firm_world()[1]
    examples = dict(
        zip(found.issues, found.examples(found.complains, limit=2, firmness=found.firmness), strict=True)
    )
    assert set(examples["category:shipping"]) == {"b", "c"}
    assert examples["topic:t1"] == ["a"]


@pytest.mark.parametrize("rows", [np.array([0, 2]), np.array([True, False, True])])
def test_some_of_the_comments_keep_their_places(rows):
    some = small().of(rows)
    assert some.ids.to_pylist() == ["a", "c"]
    assert some.complains.toarray().tolist() == [[0, 1, 1], [0, 0, 0]]


def test_worth_is_what_the_company_says_else_what_was_spent():
    documents = documents_table(
        [{"customer_key": "k1"}, {"customer_key": "k2"}, {"order_key": "o3"}, {"order_key": "o4"}, {}]
    )
    customers = filled(CUSTOMERS, [{"customer_key": "k1", "value": 500.0}])
    orders = filled(
        ORDERS,
        [
            {"order_key": "o1", "customer_key": "k1", "value": 10.0},
            {"order_key": "o2", "customer_key": "k2", "value": 20.0},
            {"order_key": "o3", "customer_key": "k2", "value": 30.0},
            {"order_key": "o4", "value": 40.0},
        ],
    )
    worth = worth_of(documents, orders, customers)
    assert worth.by_comment().tolist()[:4] == [500, 50, 50, 40]
    assert np.isnan(worth.by_comment()[4])
    assert worth.customer[1] == worth.customer[2]  # the order leads to its customer
    assert worth.is_known


def test_worth_at_stake_counts_a_customer_once():
    documents = documents_table([{"customer_key": "k1"}, {"customer_key": "k1"}, {"customer_key": "k2"}])
    worth = worth_of(documents, customers=filled(CUSTOMERS, [{"customer_key": "k1", "value": 7.0}]))
    from scipy import sparse

    counts, sums = worth.at_stake(sparse.csr_array(np.array([[1.0, 0], [1, 0], [1, 1]])))
    assert counts.tolist() == [2, 1]
    assert sums[0] == 7
    assert np.isnan(sums[1])
