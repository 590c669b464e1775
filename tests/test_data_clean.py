"""The stage: raw comments in, FEEDBACK and REJECTED out."""

import numpy as np
import pandas as pd
import pytest

from data.clean import NUMBERS, RAW_COLUMNS, CleanRules, SourceFacts, clean_comments
from data.privacy import Masker
from data.schema import FEEDBACK, REJECTED

KEY = b"a key for tests, 32 bytes long .."
SOURCE = SourceFacts(
    source="may.csv",
    source_format="csv",
    source_kind="review",
    stream="s1",
    input_hash="h1",
    text_columns=("input_text",),
)
SMALL = CleanRules(max_chars=40, max_rest_chars=60, copy_min_bytes=20, min_group=5)


@pytest.fixture(scope="module")
def masker(settings):
    return Masker(KEY, settings["privacy"])


def raw_frame(texts, **columns):
    frame = {name: [None] * len(texts) for name in RAW_COLUMNS}
    frame |= {name: np.full(len(texts), np.nan) for name in NUMBERS}
    frame |= {
        "row": range(1, len(texts) + 1),
        "text": texts,
        "created_at": pd.to_datetime([None] * len(texts), utc=True),
    }
    return pd.DataFrame(frame | columns)


def clean(raw, masker, *, rules=None, source=SOURCE):
    return clean_comments(
        raw, source=source, rules=rules or CleanRules(10_000, 100_000, 60, 5), masker=masker
    )


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_clean_comments_fills_its_tables(masker, rows):
    raw = raw_frame(["Great coffee", "n/a", None], nps=[9.0, np.nan, 0.0], input_a=["1", None, "x"]).head(
        rows
    )
    cleaned = clean(raw, masker)
    FEEDBACK.to_arrow(cleaned.feedback)
    REJECTED.to_arrow(cleaned.rejected)
    assert len(cleaned.feedback) + len(cleaned.rejected) == rows
    assert len(cleaned.has_own_id) == len(cleaned.feedback)


def test_clean_comments_names_missing_columns(masker):
    with pytest.raises(ValueError, match="lack the columns question, nps"):
        clean(raw_frame(["a"]).drop(columns=["question", "nps"]), masker)


def test_clean_comments_sets_aside_with_reason_and_without_text(masker):
    rejected = clean(raw_frame([None, " \u200b ", "n/a", "asdfgh", "fine"]), masker).rejected
    assert rejected["reason"].tolist() == ["no_text", "no_text", "no_content", "no_content"]
    assert rejected["row"].tolist() == [1, 2, 3, 4]
    assert not rejected["detail"].str.contains("asdf").any()


def test_answers_of_one_record_share_a_rejected_row(masker):
    rejected = clean(raw_frame(["n/a", "-", "fine"], row=[7, 7, 7]), masker).rejected
    assert rejected["row"].tolist() == [7]
    REJECTED.to_arrow(rejected)


def test_nothing_is_an_answer_to_a_question_for_faults_or_praise(masker):
    questions = ["What could we improve?", "What did you like?", None]
    raw = raw_frame(["Nothing", "Nothing", "Nothing"], question=questions)
    assert clean(raw, masker).feedback["row"].tolist() == [1, 2]


def test_clean_comments_masks_before_it_gives_anything(masker):
    secret = "anna.kowalska@example.com"
    raw = raw_frame(
        [f"write to {secret}, I am still waiting"],
        **dict.fromkeys(
            (
                "author",
                "customer_id",
                "order_id",
                "product",
                "region",
                "question",
                "brand",
                "own_id",
                "declared_language",
            ),
            [secret],
        ),
        input_text=[f"write to {secret}, I am still waiting"],
        input_note=[f"see {secret}"],
        input_x=[secret],
    )
    cleaned = clean(raw, masker)
    assert len(cleaned.feedback) == 1
    assert "anna" not in cleaned.feedback.to_csv() + cleaned.rejected.to_csv()
    assert cleaned.feedback["product"].tolist() == ["[EMAIL]"]


def test_clean_comments_cleans_what_it_keeps(masker):
    raw = raw_frame(["<p>Caf\u00c3\u00a9\x00  good</p>"], product=[" <b>Tea</b> "], question=["<i>Why?</i>"])
    feedback = clean(raw, masker).feedback
    assert feedback.loc[0, ["text", "product", "question"]].tolist() == ["Café good", "Tea", "Why?"]


def test_long_text_is_cut_at_a_blank_and_the_rest_is_kept(masker):
    feedback = clean(raw_frame(["word " * 15]), masker, rules=SMALL).feedback
    assert feedback["text"][0] == "word word word word word word word word"
    assert feedback["text_rest"][0] == " ".join(["word"] * 7)


def test_text_without_blanks_is_cut_at_the_limit(masker):
    feedback = clean(raw_frame(["好" * 50]), masker, rules=SMALL).feedback
    assert (len(feedback["text"][0]), len(feedback["text_rest"][0])) == (40, 10)


def test_a_cut_never_splits_a_placeholder(masker):
    feedback = clean(raw_frame(["好" * 36 + "anna@example.com" + "好" * 9]), masker, rules=SMALL).feedback
    assert feedback["text"][0] == "好" * 36
    assert feedback["text_rest"][0] == "[EMAIL]" + "好" * 9


def test_text_beyond_the_last_limit_is_counted(masker):
    feedback = clean(raw_frame(["好" * 5_000]), masker, rules=SMALL).feedback
    assert feedback["text_rest"][0].startswith("好" * 60)
    assert feedback["text_rest"][0].endswith("[CUT: 4900 characters more were not kept]")


def test_personal_data_across_the_last_limit_leaves_no_half(masker):
    feedback = clean(
        raw_frame(["word " * 19 + "anna.kowalska@example.com " + "x " * 900]), masker, rules=SMALL
    ).feedback
    assert "anna" not in feedback.to_csv()


def test_own_id_is_the_feedback_id(masker):
    cleaned = clean(raw_frame(["fine", "good"], own_id=["17", None]), masker)
    assert cleaned.feedback["feedback_id"][0] == "17"
    assert cleaned.has_own_id.tolist() == [True, False]


def ids(masker, source=SOURCE, **columns):
    return clean(raw_frame(["It broke after a week"], **columns), masker, source=source).feedback[
        "feedback_id"
    ][0]


def test_same_comment_in_another_file_is_the_same_comment(masker):
    other = SourceFacts("june.csv", "xlsx", "review", "s2", "h2")
    assert ids(masker, row=[99]) == ids(masker, source=other)


@pytest.mark.parametrize("changed", [{"author": ["Anna"]}, {"product": ["Tea"]},
                                     {"nps": [3.0]},
                                     {"question": ["Why?"]},
                                     {"created_at": pd.to_datetime(["2024-05-01"], utc=True)}])  # fmt: skip
def test_what_tells_comments_apart_changes_the_id(masker, changed):
    assert ids(masker, **changed) != ids(masker)


def test_a_corrected_score_of_a_known_writer_is_another_version(masker):
    first = clean(raw_frame(["It broke"], author=["Anna"], nps=[3.0]), masker).feedback
    second = clean(raw_frame(["It broke"], author=["Anna"], nps=[8.0]), masker).feedback
    assert first["feedback_id"][0] == second["feedback_id"][0]
    assert first["version_id"][0] != second["version_id"][0]


def test_ids_do_not_depend_on_the_type_of_a_number(masker):
    whole = raw_frame(["It broke"], nps=pd.array([3], dtype="Int8"))
    assert (
        clean(whole, masker).feedback["feedback_id"][0]
        == clean(raw_frame(["It broke"], nps=[3.0]), masker).feedback["feedback_id"][0]
    )


def test_copies_share_a_copy_id(masker):
    texts = [
        "The delivery was late and the box was wet!",
        "the DELIVERY was láte, and the booox was wet 😡 12",
        "Too short",
    ]
    copies = clean(raw_frame(texts), masker, rules=CleanRules(1000, 1000, 20, 5)).feedback["copy_id"]
    assert copies[0] == copies[1]
    assert pd.isna(copies[2])


def test_clean_comments_is_the_same_twice(masker):
    raw = raw_frame(["fine, thanks", "<b>bad</b>"], author=["a", "b"], input_q=["x", "y"])
    pd.testing.assert_frame_equal(clean(raw, masker).feedback, clean(raw, masker).feedback)


def test_cleaning_clean_comments_changes_no_text(masker):
    first = (
        clean(raw_frame(["<b>call</b> 600 123 456  now", "fine\r\n\r\nreally"]), masker)
        .feedback["text"]
        .tolist()
    )
    assert clean(raw_frame(first), masker).feedback["text"].tolist() == first


def test_clean_comments_leaves_its_input_alone(masker):
    raw = raw_frame(["<b>a b</b>"], input_text=["<b>a b</b>"])
    before = raw.copy(deep=True)
    clean(raw, masker)
    pd.testing.assert_frame_equal(raw, before)


def test_text_columns_hold_the_masked_text_and_the_records_other_answers(masker):
    source = SourceFacts("a.csv", "csv", "survey", "s", "h", ("input_pros", "input_cons"))
    raw = raw_frame(
        ["nice <b>team</b>", "call 600 123 456"],
        row=[1, 1],
        input_pros=["nice <b>team</b>"] * 2,
        input_cons=["call 600 123 456"] * 2,
    )
    feedback = clean(raw, masker, source=source).feedback
    assert feedback["input_pros"].tolist() == ["nice team"] * 2
    assert feedback["input_cons"].tolist() == ["call [PHONE]"] * 2


def test_personal_columns_of_the_first_batch_hold_for_all(masker):
    source = SourceFacts("a.csv", "csv", "survey", "s", "h", (), (("input_x", "phone"),))
    feedback = clean(raw_frame(["fine"], input_x=["17"], input_email=["a"]), masker, source=source).feedback
    assert feedback["input_x"][0] == masker.keys.key("17")
    assert feedback["input_email"][0] == "a"


def test_names_of_columns_are_masked_where_they_are_comments(masker):
    raw = raw_frame(
        ["the lamp is broken"],
        **{"input_write to ann@example.com": ["x"], "input_call +39 347 123 4567": ["y"]},
    )
    names = [name for name in clean(raw, masker).feedback if name.startswith("input_")]
    assert names == ["input_write to [EMAIL]_1", "input_call [PHONE]_2"]
