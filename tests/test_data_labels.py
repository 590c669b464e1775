"""data/labels.py: any file of labelled comments, its columns found by name."""

import pandas as pd
import pytest

from data.intake.inputs import InputError
from data.labels import LabelColumns, LabelReader, read_labels
from data.privacy import Masker
from tests.label_files import LANGUAGES, label_rows, write_labels


@pytest.fixture
def reader(settings):
    def make(**columns):
        masker = Masker(b"a key for the tests only", settings["privacy"])
        return LabelReader(LabelColumns(**columns), settings["sources"], settings["reading"], masker, 10_000)

    return make


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "parquet"])
def test_read_labels_reads_every_kind_of_file(tmp_path, reader, kind):
    frame = pd.DataFrame(label_rows(), columns=["Text", "Language", "Sentiment", "Category"])
    path = tmp_path / f"labels.{kind}"
    write = {
        "csv": lambda: frame.to_csv(path, index=False, encoding="utf-16"),
        "tsv": lambda: frame.to_csv(path, index=False, sep="\t"),
        "xlsx": lambda: frame.to_excel(path, index=False),
        "parquet": lambda: frame.to_parquet(path),
    }
    write[kind]()
    rows = read_labels([str(path)], reader=reader()).rows
    assert len(rows) == len(frame)
    assert set(rows["language"]) == set(LANGUAGES)
    assert rows["categories"].iloc[0] == ["shipping"]


def test_read_labels_takes_corrections_only_where_the_reader_wrote_something(tmp_path, reader):
    header = ("text", "language", "sentiment", "category", "right_sentiment", "right_category")
    rows = [
        ("The courier was rude", "en", "positive", "other", "negative", "shipping; customer_service"),
        ("It is dear", "en", "negative", "shipping", "", "price_value"),
        ("Nothing to see", "en", "neutral", "", "", ""),
    ]
    found = read_labels([str(write_labels(tmp_path / "c.csv", rows, header))], reader=reader())
    assert found.rows["sentiment"].tolist() == ["negative", None]
    assert found.rows["shown_sentiment"].tolist() == ["positive", "negative"]
    assert found.rows["categories"].tolist() == [["shipping", "customer_service"], ["price_value"]]
    assert found.warnings == ["1 rows without a text or a label were left out"]


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("NEG", "negative"),
        ("pozytywna", "positive"),
        ("محايد", "neutral"),
        ("差评", "negative"),
        ("-1", "negative"),
    ],
)
def test_read_labels_knows_sentiments_in_many_words(tmp_path, reader, word, label):
    path = write_labels(tmp_path / "l.csv", [("hello there", "en", word, "")])
    assert read_labels([str(path)], reader=reader()).rows["sentiment"].tolist() == [label]


def test_read_labels_masks_personal_data(tmp_path, reader):
    path = write_labels(tmp_path / "l.csv", [("write to ann.lee@example.org at once", "en", "neutral", "")])
    assert "[EMAIL]" in read_labels([str(path)], reader=reader()).rows["text"].iloc[0]


def test_read_labels_takes_columns_that_the_user_names(tmp_path, reader):
    path = write_labels(tmp_path / "l.csv", [("good", "x", "pos", "")], ("Kommentar", "n", "Urteil", "leer"))
    rows = read_labels([str(path)], reader=reader(text="kommentar", sentiment="Urteil")).rows
    assert rows[["text", "sentiment"]].iloc[0].tolist() == ["good", "positive"]


@pytest.mark.parametrize(
    ("header", "columns", "words"),
    [
        (("sku", "stock", "price", "size"), {}, "no column looks like the text; name it with --text-column"),
        (("text", "stock", "price", "size"), {}, "no column of labels"),
        (("text", "language", "sentiment", "category"), {"text": "Body"}, "no column 'Body' for the text"),
    ],
)
def test_read_labels_says_which_column_it_lacks(tmp_path, reader, header, columns, words):
    path = write_labels(tmp_path / "l.csv", [("a b", "c d", "e f", "g h")], header)
    with pytest.raises(InputError, match=words):
        read_labels([str(path)], reader=reader(**columns))


def test_read_labels_names_values_that_are_no_sentiment_but_quotes_no_comment(tmp_path, reader):
    long = "the driver called me names in front of my children"
    path = write_labels(tmp_path / "l.csv", [("a", "en", "meh", ""), ("b", "en", long, "")])
    with pytest.raises(InputError) as error:
        read_labels([str(path)], reader=reader())
    assert "holds 2 values that are no sentiment, as 'meh'; expected negative" in str(error.value)
    assert "driver" not in str(error.value)


def test_read_labels_says_what_cannot_be_read(tmp_path, reader):
    (tmp_path / "l.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    with pytest.raises(InputError, match="l.csv"):
        read_labels([str(tmp_path / "l.csv")], reader=reader())
