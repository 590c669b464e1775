"""data/sources/files/documents.py: JSON and JSON Lines."""

import json
from dataclasses import replace

import pytest
from source_reading import read_export

from data.sources.files.nested import flatten

RECORDS = [
    {
        "id": f"r{i}",
        "created_at": f"2026-03-{i + 1:02d}T10:00:00Z",
        "text": f"the parcel number {i} came late, again",
    }
    for i in range(12)
]


@pytest.fixture
def read(settings, tmp_path):
    def read_it(data, name="export.json", **options):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_export(path, settings, **options)

    return read_it


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (RECORDS, "item"),
        ({"data": RECORDS, "meta": {"count": 12}}, "data.item"),
        ({"status": "ok", "page": {"reviews": RECORDS}}, "page.reviews.item"),
        ({"tickets": [{**r, "fields": [{"id": 1}, {"id": 2}]} for r in RECORDS]}, "tickets.item"),
    ],
)
def test_list_of_records_is_found_at_any_depth(read, value, place):
    found = read(json.dumps(value))
    assert found.texts == [r["text"] for r in RECORDS]
    assert found.export.decisions["records"]["value"] == place


def test_json_lines_are_told_by_their_content(read):
    found = read("\n".join(json.dumps(r) for r in RECORDS), "export.txt")
    assert found.export.source_format == "jsonl"
    assert found.comments["own_id"].tolist() == [r["id"] for r in RECORDS]


def test_bad_line_costs_only_itself(read):
    lines = [json.dumps(r) for r in RECORDS]
    lines[4] = lines[4][:20]
    found = read("\n".join(lines))
    assert len(found.comments) == 11
    assert found.rejected[["row", "reason"]].values.tolist() == [[5, "unreadable"]]


def test_nested_objects_become_dotted_columns(read):
    records = [{"attributes": {"body": r["text"], "rating": 4}, "id": r["id"]} for r in RECORDS]
    found = read(json.dumps({"data": records}))
    assert found.roles["text"] == "attributes.body"
    assert found.comments["input_attributes.rating"].unique().tolist() == ["4"]


def test_broken_json_gives_the_records_before_the_break(read):
    whole = json.dumps({"data": RECORDS})
    found = read(whole[: len(whole) - 60])
    assert len(found.comments) == 11
    assert found.rejected["reason"].tolist() == ["cut"]


def test_large_json_is_streamed_to_the_same_result(read, settings, tmp_path):
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"data": RECORDS}))
    small = {**settings.sections, "reading": replace(settings["reading"], whole_json_mb=0)}
    assert read_export(path, small).texts == read(json.dumps({"data": RECORDS})).texts


def test_one_object_is_one_record(read):
    assert read(json.dumps(RECORDS[0])).texts == [RECORDS[0]["text"]]


def test_list_of_texts_is_a_column(read):
    found = read(json.dumps([r["text"] for r in RECORDS]))
    assert found.texts == [r["text"] for r in RECORDS]


def test_keys_that_come_late_are_columns_too(read):
    found = read(json.dumps([*RECORDS, {**RECORDS[0], "late": "x"}]))
    assert found.comments["input_late"].iloc[-1] == "x"


def test_json_in_utf16_is_read(read):
    assert len(read(json.dumps(RECORDS).encode("utf-16")).comments) == 12


def test_objects_used_as_maps_do_not_become_endless_columns(read, settings, tmp_path):
    path = tmp_path / "export.json"
    path.write_text(json.dumps([{**r, **{f"k{i}_{j}": 1 for j in range(5)}} for i, r in enumerate(RECORDS)]))
    few = {**settings.sections, "reading": replace(settings["reading"], max_columns=20)}
    found = read_export(path, few)
    assert len([c for c in found.comments if c.startswith("input_")]) == 20
    assert "over 20 different keys" in found.warnings


def test_brackets_without_records_are_one_reject(read):
    found = read('{"a" oops')
    assert found.rejected[["row", "reason"]].values.tolist() == [[1, "cut"]]


def test_lone_surrogates_do_not_reach_the_text(read):
    lines = [json.dumps(r) for r in RECORDS]
    found = read("[" + ",".join([*lines, '{"id": "x", "text": "half a smile \\ud83d and more words"}']) + "]")
    assert found.read_count >= 12


def test_flatten_gives_leaves_with_their_paths():
    value = {"a": {"b": 1, "c": [1, "x", None]}, "d": [{"e": True}, {"e": None}], "f": [], "g": 1.5}
    assert dict(flatten(value)) == {
        "a.b": "1",
        "a.c": "1; x",
        "d.0.e": "true",
        "d.1.e": None,
        "f": None,
        "g": "1.5",
    }


def test_flatten_stops_at_hostile_depth():
    value: object = "deep"
    for _ in range(200):
        value = {"k": value}
    ((name, _),) = flatten(value)
    assert name.count(".") < 20


def test_paths_of_values_are_no_questions(read):
    records = [
        {
            "reviewId": r["id"],
            "comments": [{"userComment": {"text": r["text"], "lastModified": {"seconds": 1772445600}}}],
        }
        for r in RECORDS
    ]
    found = read(json.dumps(records))
    assert found.comments["question"].isna().all()
    assert found.comments["created_at"].notna().all()
