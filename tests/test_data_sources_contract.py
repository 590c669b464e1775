"""The contract that every source keeps, on every export in tests/exported."""

import json
import re

import pandas as pd
import pytest
from exported import all_samples
from source_reading import read_export

from data.clean import SourceFacts, clean_comments
from data.identify.identity import KnownComments
from data.privacy import Masker
from data.schema import FEEDBACK, SOURCE_KINDS
from data.sources.raw import RAW_COLUMNS, SourceError
from data.sources.recognise import GENERAL, SOURCES, TOOLS

SAMPLES = all_samples()
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
every_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
texts_only = pytest.mark.parametrize("sample", [s for s in SAMPLES if s.text], ids=lambda sample: sample.id)


@pytest.fixture
def read(settings, tmp_path):
    def read_it(data, name="export", **options):
        path = tmp_path / name
        path.write_bytes(data)
        return read_export(path, settings, **options)

    return read_it


@pytest.fixture(scope="module")
def masker(settings):
    return Masker(b"a key of the tests, 32 bytes long.", settings["privacy"])


def facts_of(comment, wanted):
    """Give what was read of the columns that a sample speaks of, in a form that can be compared."""
    found = {}
    for name in wanted:
        value = comment[name]
        if isinstance(value, pd.Timestamp):
            value = value.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%S")
        found[name] = None if pd.isna(value) else value
    return found


def all_facts(found, sample):
    rows = found.comments.to_dict("records")
    return [facts_of(row, wanted) for row, wanted in zip(rows, sample.comments, strict=True)]


@every_sample
def test_export_is_recognised_by_its_content(read, sample):
    found = read(sample.data).export
    assert (found.source_format, found.source_kind) == (sample.source, sample.kind)
    assert found.decisions["source"]["confidence"] > 0.5


@every_sample
def test_every_comment_is_read_with_its_facts(read, sample):
    found = read(sample.data)
    assert len(found.comments) == len(sample.comments), found.comments[["row", "text"]]
    assert all_facts(found, sample) == list(sample.comments)


@every_sample
def test_what_is_no_feedback_is_set_aside_with_its_reason(read, sample):
    assert sorted(read(sample.data).rejected["reason"]) == sorted(sample.rejected)


@every_sample
def test_nobody_elses_words_become_comments(read, sample):
    texts = set(read(sample.data).texts)
    assert not texts & set(sample.silent)


@every_sample
def test_every_record_is_counted_once(read, sample):
    found = read(sample.data)
    rows = {*found.comments["row"], *found.rejected["row"]}
    assert found.export.record_count == found.read_count == len(rows)
    assert sorted(rows) == list(range(1, len(rows) + 1))


@every_sample
@pytest.mark.parametrize("rows", [1, 2])
def test_batches_of_any_size_give_the_same_comments(settings, tmp_path, sample, rows):
    path = tmp_path / "export"
    path.write_bytes(sample.data)
    whole, parts = read_export(path, settings), read_export(path, settings, rows=rows)
    pd.testing.assert_frame_equal(parts.comments, whole.comments, check_dtype=False)
    assert sorted(parts.rejected["row"]) == sorted(whole.rejected["row"])


@every_sample
def test_comments_have_the_declared_columns_and_become_feedback(read, sample, settings, masker):
    found = read(sample.data)
    assert list(found.comments.columns)[: len(RAW_COLUMNS)] == list(RAW_COLUMNS)
    source = SourceFacts(
        source="export",
        source_format=found.export.source_format,
        source_kind=found.export.source_kind,
        stream=found.export.stream,
        input_hash=found.export.input_hash,
        text_columns=tuple(f"input_{name}" for name in found.export.text_columns),
    )
    cleaned = clean_comments(found.comments, source=source, rules=settings["clean"], masker=masker)
    known = KnownComments()
    kept = known.resolve(cleaned.feedback, has_own_id=cleaned.has_own_id).kept
    expected = sum(comment["text"] is not None for comment in sample.comments) - sample.empty
    assert FEEDBACK.to_arrow(kept).num_rows == expected
    if cleaned.has_own_id.all():  # short texts without author and time may be two people's
        assert len(known.resolve(cleaned.feedback, has_own_id=cleaned.has_own_id).kept) == 0


@every_sample
def test_decisions_say_why_and_are_json(read, sample):
    decisions = json.loads(json.dumps(read(sample.data).export.decisions))
    assert all(entry["why"] for entry in decisions["columns"].values())


@every_sample
def test_settings_have_the_last_word(read, sample):
    assert read(sample.data, kind="social").export.source_kind == "social"


@texts_only
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encoding_makes_no_difference(read, sample, encoding):
    found = read(sample.data.decode(sample.text).encode(encoding))
    assert found.export.source_format == sample.source
    assert all_facts(found, sample) == list(sample.comments)


@every_sample
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
def test_cut_export_is_read_in_part_or_refused(read, sample, share):
    try:
        found = read(sample.data[: int(len(sample.data) * share)])
    except SourceError as error:
        assert str(error)
    else:
        assert found.read_count == found.export.record_count


@every_source
def test_source_says_what_it_is(source):
    about = source.about
    assert re.fullmatch(r"[a-z][a-z_0-9]*", source.name)
    assert all([about.title, about.reads, about.signs, about.gives])
    assert source is GENERAL or about.kind in SOURCE_KINDS


def test_sources_have_names_of_their_own():
    assert len({source.name for source in SOURCES}) == len(SOURCES)


@pytest.mark.parametrize("source", TOOLS, ids=lambda source: source.name)
def test_every_source_has_an_export_in_this_contract(source):
    assert source.name in {sample.source for sample in SAMPLES}


PLANTED = (
    "ada1@example.org", "ada@example.org", "198.51.100.1", "Winter", "Ada Winter", "ada_w", "u-t1", "id1",
)  # fmt: skip


@every_sample
def test_no_name_or_address_of_an_export_is_kept(read, sample, settings, masker):
    found = read(sample.data)
    source = SourceFacts("export", "x", sample.kind, "s", "h")
    cleaned = clean_comments(found.comments, source=source, rules=settings["clean"], masker=masker)
    cells = {str(cell) for column in cleaned.feedback for cell in cleaned.feedback[column]}
    leaked = [one for one in PLANTED if any(re.search(rf"\b{re.escape(one)}\b", cell) for cell in cells)]
    assert leaked == []
