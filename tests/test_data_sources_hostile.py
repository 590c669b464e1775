"""Exports that were cut, corrupted or made to do harm: rows and rejects, never a crash."""

import gzip
import io
import zipfile

import pytest
from archived import tarred, zipped
from exported import all_samples
from exported.sample import as_csv, as_json, as_xlsx
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from source_reading import read_export

from data.clean import SourceFacts, clean_comments
from data.intake.inputs import InputError, expand_inputs, hash_input
from data.privacy import Masker
from data.sources.archives.members import open_archives
from data.sources.raw import SourceError

SAMPLES = all_samples()
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
some = examples(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def read(settings, tmp_path):
    """Read bytes; None where they are refused, with a message."""

    def read_it(data):
        path = tmp_path / "export"
        path.write_bytes(data)
        try:
            return read_export(path, settings)
        except SourceError as error:
            assert str(error)
            return None

    return read_it


def assert_counted(found):
    rows = {*found.comments["row"], *found.rejected["row"]}
    assert found.read_count == len(rows) == found.export.record_count


@every_sample
@some
@given(share=st.floats(0, 1))
def test_an_export_cut_at_any_byte_gives_rows_and_rejects(read, sample, share):
    found = read(sample.data[: int(len(sample.data) * share)])
    if found is not None:
        assert_counted(found)
        if found.export.source_format == sample.source:  # a cut head may leave no sign of the tool
            # fewer mails than tell whose mailbox it is: the company's own are comments then
            assert len(found.comments) <= len(sample.comments) + len(sample.rejected)


@every_sample
@some
@given(flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8))
def test_an_export_with_bytes_changed_is_read_or_refused(read, sample, flips):
    data = bytearray(sample.data)
    for share, value in flips:
        data[int(len(data) * share)] = value
    found = read(bytes(data))
    if found is not None:
        assert_counted(found)


@pytest.mark.parametrize("pack", [zipped, tarred, lambda m: gzip.compress(next(iter(m.values())), mtime=0)])
@some
@given(share=st.floats(0, 1), at=st.floats(0, 0.999), value=st.integers(0, 255))
def test_a_cut_or_damaged_archive_gives_members_and_problems(  # noqa: PLR0917 - fixtures and examples
    settings, tmp_path, pack, share, at, value
):
    data = bytearray(pack({f"{one.id}.dat": one.data for one in SAMPLES[:6]}))
    data = data[: max(1, int(len(data) * share))]
    data[int(len(data) * at)] = value
    path = tmp_path / "in.any"
    path.write_bytes(bytes(data))
    for one in open_archives(expand_inputs([str(path)]), settings["archives"]):
        try:
            assert one.problem or hash_input(one.path, one.stored)
        except InputError as error:
            assert one.name.startswith("in.any")
            assert str(error)


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x00", "\x1b[31m", "\u200b"], ids=ascii)
def test_signs_that_steer_are_not_kept_in_names_of_authors_and_products(read, settings, sign):
    rows = [
        ["review_id", "review_date", "rating", "body", "reviewer_name", "curated", "product_handle", "region"]
    ]
    rows += [
        [f"{i}", "2026-02-10", "2", "The lid leaks.", f"Bo{sign}b", "ok", f"ket{sign}tle", f"No{sign}rth"]
        for i in range(3)
    ]
    found = read(as_csv(rows))
    facts = SourceFacts("x", found.export.source_format, "review", "s", "h")
    masker = Masker(b"a key of the tests, 32 bytes long.", settings["privacy"])
    cleaned = clean_comments(found.comments, source=facts, rules=settings["clean"], masker=masker).feedback
    assert len(cleaned) == 3
    kept = "".join(str(cell) for cell in cleaned.astype(str).to_numpy().ravel())
    assert sign[0] not in kept


def with_formulas(rows):
    """Write a workbook whose cells hold formulas, with the values that the program saw last."""
    book = zipfile.ZipFile(io.BytesIO(as_xlsx(rows)))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as changed:
        for entry in book.infolist():
            data = book.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b'<row r="2">', b'<row r="2">' + FORMULAS)
            changed.writestr(entry.filename, data)
        changed.writestr("xl/externalLinks/externalLink1.xml", LINK)
    return stream.getvalue()


FORMULAS = (
    b'<c r="D2" t="str"><f>WEBSERVICE("http://127.0.0.1:9/x")</f><v>seen last</v></c>'
    b'<c r="E2"><f>[1]Sheet1!A1</f><v>7</v></c>'
)
LINK = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">&e;</externalLink>"""
TABLE = [
    ["id", "date", "comment"],
    ["1", "2026-03-01", "The lid lets water out."],
    ["2", "2026-03-02", "=1+1"],
]


def test_formulas_are_not_computed_and_links_not_followed(read):
    found = read(with_formulas(TABLE))
    assert found.texts[0] == "The lid lets water out."
    assert "root:" not in found.comments.to_csv()
    assert found.texts[1] in (None, "=1+1", "") or found.texts[1] != found.texts[1]


def test_a_workbook_with_entities_does_not_grow(read):
    book = zipfile.ZipFile(io.BytesIO(as_xlsx(TABLE)))
    stream = io.BytesIO()
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "lol">'
        + b"".join(
            b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">' % (i, *[i - 1] * 8)
            for i in range(ord("b"), ord("k"))
        )
        + b"]>"
    )
    with zipfile.ZipFile(stream, "w") as changed:
        for entry in book.infolist():
            data = book.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                data = bomb + data.replace(
                    b"<sheetData>", b'<sheetData><row r="9"><c r="C9" t="str"><v>&j;</v></c></row>'
                )
            changed.writestr(entry.filename, data)
    found = read(stream.getvalue())
    assert found is None or sum(len(text or "") for text in found.texts) < 10_000


THING = {"subreddit": 1, "created_utc": "x", "selftext": {"a": 1}, "replies": 7}
TICKET = {"requester_id": [], "status": {}, "via": {"channel": 3}, "comments": [None, {"author": 1}]}
POST = {"id": 1, "text": None, "edit_history_tweet_ids": None, "referenced_tweets": [None, 3, {}]}
REVIEW = {"reviewID": {}, "rating": [], "content": {"a": [1]}, "createdAt": 5}
RESULT = {"ReviewText": 5, "SubmissionTime": [], "RatingRange": "x", "Rating": {}}
EMPTY = "<review><content/><title/><review_timestamp/><ratings><overall/></ratings></review>"


@pytest.mark.parametrize(
    "data",
    [
        as_json({"data": [POST]}),
        as_json({"tickets": [TICKET, 7]}),
        as_json(
            {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": THING}, None, {"data": []}]}}
        ),
        as_json({"reviews": [REVIEW], "store": {"name": []}}),
        as_json({"Results": [RESULT]}),
        f"<feed><reviews>{EMPTY}{EMPTY}</reviews></feed>".encode(),
    ],
    ids=["x", "zendesk", "reddit", "meta", "bazaarvoice", "google"],
)
def test_values_of_the_wrong_kind_do_no_harm(read, data):
    found = read(data)
    assert found is None or found.read_count > 0


def test_a_thread_with_answers_far_inside_each_other_is_read(read):
    reply = ""
    for i in range(150):
        reply = {"kind": "Listing", "data": {"children": [{"kind": "t1", "data": {
            "id": f"c{i}", "body": f"Answer {i}", "author": "bo", "subreddit": "k", "created_utc": 1700000000,
            "replies": reply}}]}}  # fmt: skip
    assert len(read(as_json(reply)).comments) == 150
