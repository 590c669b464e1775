"""Ingest as one transaction: every comment once, every row kept or set aside, nothing half done."""

import csv
import json
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from archived import zipped

from data.ingest import ingest
from data.intake.inputs import Input, expand_inputs
from data.schema import FEEDBACK, INPUTS, ORDERS, REJECTED, VERSIONS
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "out"))


@pytest.fixture
def read(store, settings, tmp_path):
    """Write files (name -> rows of cells, or bytes) and ingest them."""

    def read_files(chunk_rows=5000, **files):
        folder = tmp_path / "in"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            path = folder / f"{name}.csv"
            if isinstance(content, bytes):
                path.write_bytes(content)
                continue
            with path.open("w", newline="", encoding="utf-8") as handle:
                csv.writer(handle).writerows(content)
        run = Run(store=store, settings=settings, inputs=[], as_of=None)
        plan = ingest_plan(run, latest=date(2026, 11, 20))
        object.__setattr__(plan, "rules", SimpleNamespace(chunk_rows=chunk_rows))
        return ingest(expand_inputs([str(folder)]), store, plan=plan)

    return read_files


HEAD = ["review_id", "date", "review", "author", "rating"]


def row(number, text=None, day="2026-03-04", author=None):
    return [
        f"r{number}",
        day,
        text or f"The kettle number {number} arrived late and dented",
        author or f"u{number}",
        "2",
    ]


def kept(store, column="feedback_id"):
    return store.read_all(FEEDBACK, store.finished_parts(), [column])[column].to_pylist()


def rejected(store):
    parts = [store.read(REJECTED, part).to_pandas() for part in store.parts(REJECTED)]
    return pd.concat(parts) if parts else pd.DataFrame(columns=REJECTED.columns.names)


def test_kept_and_rejected_add_up_to_read(store, read):
    facts = read(a=[HEAD, row(1), row(2, "n/a"), row(1), row(3)])
    (source,) = facts.read
    assert (source["read_count"], source["kept_count"], source["rejected_count"]) == (4, 2, 2)
    assert sorted(rejected(store)["reason"]) == ["no_content", "repeat"]
    assert kept(store) == ["r1", "r3"]


def test_the_same_file_again_is_not_read_again(store, read):
    files = {"a": [HEAD, row(1)]}
    read(**files)
    facts = read(**files)
    assert (facts.unchanged, facts.read, len(store.ledger())) == (["a.csv"], [], 1)


def test_a_grown_file_adds_only_its_new_rows(store, read):
    read(a=[HEAD, row(1), row(2)])
    (source,) = read(a=[HEAD, row(1), row(2), row(3)]).read
    assert (source["kept_count"], source["known_count"]) == (1, 2)
    assert kept(store) == ["r1", "r2", "r3"]


def test_a_corrected_row_replaces_the_older_version(store, read):
    read(a=[HEAD, row(1), row(2)])
    read(a=[HEAD, row(1, "After a month it works well, I was wrong"), row(2)])
    texts = kept(store, "text")
    assert len(texts) == 2
    assert "After a month it works well, I was wrong" in texts


def test_duplicated_ids_in_one_run_keep_the_newest_text(store, read):
    read(a=[HEAD, row(1, "The first words about the kettle", "2026-03-04")],
         b=[HEAD, row(1, "The later words about the kettle", "2026-03-09")], chunk_rows=1)  # fmt: skip
    assert kept(store, "text") == ["The later words about the kettle"]
    assert rejected(store)["reason"].tolist() == ["older_version"]
    counts = {
        r["source"]: r["kept_count"] for p in store.parts(INPUTS) for r in store.read(INPUTS, p).to_pylist()
    }
    assert counts == {"a.csv": 0, "b.csv": 1}


@pytest.mark.parametrize("chunk_rows", [1, 2, 1000])
def test_the_size_of_parts_changes_no_comment(store, read, chunk_rows):
    read(chunk_rows=chunk_rows, a=[HEAD, *[row(n) for n in range(5)]])
    assert kept(store) == [f"r{n}" for n in range(5)]
    assert len(store.finished_parts()) == -(-5 // chunk_rows)


def test_an_unreadable_file_is_set_aside_and_the_others_are_read(store, read):
    facts = read(a=b"\x00\x01\x02PK\xff\xfe" * 50, b=[HEAD, row(1)])
    assert kept(store) == ["r1"]
    assert [name for name, _ in facts.failed] == ["a.csv"]
    assert rejected(store)[["source", "row", "reason"]].to_numpy().tolist() == [
        ["a.csv", 0, "unreadable_source"]
    ]


@pytest.mark.parametrize("content", [[], [HEAD]], ids=["empty", "header only"])
def test_a_file_without_rows_keeps_nothing_and_breaks_nothing(store, read, content):
    read(a=content, b=[HEAD, row(1)])
    assert kept(store) == ["r1"]


def test_a_killed_ingest_leaves_no_trace_after_the_next(store, read, monkeypatch):
    files = {"a": [HEAD, *[row(n) for n in range(4)]]}

    def killed(_store, _entry):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store, "finish_ingest", killed)
        with pytest.raises(KeyboardInterrupt):
            read(chunk_rows=2, **files)
    assert store.finished_parts() == []
    assert store.parts(FEEDBACK) == ["0001-00001", "0001-00002"]
    read(chunk_rows=3, **files)
    assert store.parts(FEEDBACK) == store.finished_parts() == ["0001-00001", "0001-00002"]
    assert len(kept(store)) == 4


def test_names_and_addresses_never_reach_the_disk(store, read, tmp_path):
    planted = ["anna.kowalska@example.org", "+39 347 123 4567", "Secretname Planted"]
    head = ["id", "date", "comment", "author", "email"]
    text = f"Call me on {planted[1]} or write to {planted[0]}, the parcel is still missing"
    read(a=[head, ["1", "2026-03-04", text, planted[2], planted[0]]])
    assert len(kept(store)) == 1
    table = store.read_all(FEEDBACK, store.finished_parts())
    stored = json.dumps(table.to_pylist(), default=str) + json.dumps(rejected(store).to_dict(), default=str)
    assert [value for value in planted if value in stored] == []


def test_orders_are_kept_apart_from_comments(store, read):
    head = [
        "order_id",
        "customer_id",
        "order_date",
        "promised_date",
        "delivered_date",
        "order_value",
        "status",
    ]
    orders = [head] + [
        [f"o{n}", f"c{n}", "2026-03-01", "2026-03-05", "2026-03-09", "20.5", "delivered"] for n in range(3)
    ]
    read(a=orders, b=[HEAD, row(1)])
    (part,) = store.parts(ORDERS)
    assert store.read(ORDERS, part).num_rows == 3
    assert kept(store) == ["r1"]


def test_a_file_that_vanishes_is_reported(store, settings, tmp_path):
    run = Run(store=store, settings=settings, inputs=[], as_of=None)
    facts = ingest(
        [Input("gone.csv", str(tmp_path / "gone.csv"))], store, plan=ingest_plan(run, latest=date(2026, 1, 1))
    )
    assert facts.failed[0][0] == "gone.csv"


QUESTIONS = ["response_id", "date", "What did you like most?", "What should we improve?"]


def response(number, more=""):
    helped, waited = f"The lady at desk {number} helped at once", f"The queue {number} was long and slow"
    return [f"r{number}", "2026-03-04", helped + more, waited + more]


@pytest.mark.parametrize(
    ("later", "reason"), [(response(1), "repeat"), (response(1, " indeed"), "older_version")]
)
def test_two_answers_of_one_record_set_aside_for_one_reason_share_a_row(store, read, later, reason):
    facts = read(a=[QUESTIONS, *map(response, range(6))], b=[QUESTIONS, later])
    assert sum(row["kept_count"] + row["rejected_count"] for row in facts.read) == 14
    assert rejected(store)["reason"].tolist() == [reason]
    assert len(kept(store)) == 12


def versions(store):
    parts = [store.read(VERSIONS, part).to_pandas() for part in store.parts(VERSIONS)]
    return pd.concat(parts) if parts else pd.DataFrame(columns=VERSIONS.columns.names)


@pytest.mark.parametrize("chunk_rows", [1, 5000])
def test_the_history_of_an_edited_review_is_kept(store, read, chunk_rows):
    first = row(1, "The kettle arrived late and dented, I am angry", "2026-03-01")
    second = row(1, "The kettle arrived late, but they sent a new one", "2026-03-05")
    third = row(1, "All is well now, thanks to the friendly people", "2026-03-09")
    read(chunk_rows, a=[HEAD, first, row(2), second])
    assert versions(store)["text"].tolist() == [first[2]]
    read(chunk_rows, b=[HEAD, third, first])
    assert sorted(versions(store)["text"]) == sorted([first[2], second[2], first[2]])
    assert versions(store)["written_at"].notna().all()
    assert kept(store, "text") == [row(2)[2], third[2]]


def test_copies_are_kept_and_said_to_be_copies(store, read):
    text = "The kettle arrived late and dented, and nobody at the shop ever answered my calls"
    facts = read(
        a=[HEAD, row(1, text), row(2, f"{text} https://t.example/a"), row(3), row(4, f"RT @bo: {text}!!")]
    )
    assert json.loads(facts.read[0]["decisions"])["copies"]["value"] == 2
    copies = kept(store, "copy_id")
    assert [copy == copies[0] for copy in copies] == [True, True, False, True]


def test_archives_are_read_member_by_member_and_only_what_is_new(store, read, tmp_path):
    def pack(**files):
        lines = {f"{name}.csv": "\n".join(map(",".join, rows)).encode() for name, rows in files.items()}
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / "day.zip").write_bytes(zipped({**lines, "../bad.csv": b"x"}))
        return read()

    facts = pack(a=[HEAD, row(1), row(2)], b=[HEAD, row(3)])
    assert kept(store) == ["r1", "r2", "r3"]
    assert [name for name, _ in facts.failed] == ["day.zip!../bad.csv"]
    assert rejected(store)["reason"].tolist() == ["unreadable_source"]
    facts = pack(a=[HEAD, row(1), row(2)], b=[HEAD, row(3), row(4)])
    assert sorted(facts.unchanged) == ["day.zip!../bad.csv", "day.zip!a.csv"]
    assert [one["known_count"] for one in facts.read] == [1]
    assert kept(store) == ["r1", "r2", "r3", "r4"]
