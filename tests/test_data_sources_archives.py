"""Archives: members become inputs, hostile ones are set aside, nothing is unpacked to the disk."""

import os
from dataclasses import replace
from types import SimpleNamespace

import pytest
from archived import CSV, OTHER, encrypted, gzipped, tarred, understated, zipped
from exported.sample import as_xlsx

from data.intake.inputs import Input, InputError, expand_inputs, hash_input
from data.sources.archives.limits import is_wanted, leads_out, shown_name
from data.sources.archives.members import open_archives
from data.sources.raw import SourceError
from data.sources.recognise import open_export


@pytest.fixture
def opened(settings, tmp_path):
    """Write bytes as a file, and give its inputs."""

    def open_it(data, name="in.zip", **rules):
        path = tmp_path / name
        path.write_bytes(data)
        return open_archives(expand_inputs([str(path)]), replace(settings["archives"], **rules))

    return open_it


def content(one):
    with one.stored() as stream:
        return stream.read()


@pytest.mark.parametrize(
    "pack", [zipped, tarred, lambda m: tarred(m, packed=False)], ids=["zip", "tgz", "tar"]
)
def test_open_archives_gives_every_member_under_its_own_name(opened, pack):
    members = opened(pack({"a.csv": CSV, "day 2/b.csv": OTHER}), "in.any")
    assert [one.name for one in members] == ["in.any!a.csv", "in.any!day 2/b.csv"]
    assert [content(one) for one in members] == [CSV, OTHER]
    assert not any(one.problem for one in members)


@pytest.mark.parametrize("outer", [zipped, tarred], ids=["zip", "tgz"])
@pytest.mark.parametrize("inner", [zipped, tarred], ids=["zip", "tgz"])
def test_open_archives_looks_into_archives_inside(opened, outer, inner):
    members = opened(outer({"one": inner({"a.csv": CSV}), "two": inner({"b.csv": OTHER}), "c.csv": CSV}))
    assert [one.name for one in members] == ["in.zip!one!a.csv", "in.zip!two!b.csv", "in.zip!c.csv"]
    # in any order, again and again
    assert [content(one) for one in (members[1], members[0], members[1], members[2])] == [
        OTHER,
        CSV,
        OTHER,
        CSV,
    ]


@pytest.mark.parametrize(
    "data", [CSV, gzipped(CSV), as_xlsx([["id", "comment"], ["1", "Fine"]]), b"", b"PK\x03\x04cut"]
)
def test_open_archives_leaves_other_files_as_they_are(opened, data):
    (one,) = opened(data, "in.csv")
    assert (one.name, one.stored, one.problem) == ("in.csv", None, "")


def test_open_archives_passes_over_what_systems_put_beside_exports(opened):
    members = opened(zipped({"a.csv": CSV, "__MACOSX/._a.csv": b"x", ".DS_Store": b"x", "folder/": b""}))
    assert [one.name for one in members] == ["in.zip!a.csv"]


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "x/../../a.csv", "C:\\a.csv", "..\\a.csv"])
def test_a_member_whose_name_leads_out_is_set_aside(opened, name):
    bad, good = opened(tarred({name: CSV, "b.csv": OTHER}))
    assert "leads out of the archive" in bad.problem
    assert content(good) == OTHER


def test_links_are_set_aside(opened):
    good, link = opened(tarred({"a.csv": CSV}, links=["passwd"]))
    assert content(good) == CSV
    assert "a link or a device" in link.problem


def test_an_encrypted_member_is_set_aside(opened):
    (one,) = opened(encrypted(zipped({"a.csv": CSV})))
    assert "encrypted" in one.problem


def test_a_zip_bomb_is_set_aside_and_its_neighbours_are_read(opened):
    bomb, good = opened(zipped({"bomb.csv": b"0" * (3 << 20), "b.csv": OTHER}), ratio_from_mb=1)
    assert "more than 300 times its size" in bomb.problem
    assert content(good) == OTHER


def test_a_tar_bomb_stops_the_archive(opened):
    good, broken = opened(
        tarred({"a.csv": OTHER, "bomb.csv": b"0" * (3 << 20), "c.csv": CSV}), ratio_from_mb=1
    )[::2]
    assert content(good) == OTHER
    assert "more than 300 times its size" in broken.problem


def test_no_more_is_unpacked_than_a_zip_states(opened):
    (one,) = opened(understated(zipped({"bomb.csv": b"0" * (3 << 20)}), 1000))
    with pytest.raises(InputError, match="damaged"):
        hash_input(one.path, one.stored)


def test_archives_nested_too_deep_are_set_aside(opened):
    data = zipped({"a.csv": CSV})
    for level in range(5):
        data = zipped({f"{level}.zip": data})
    (one,) = opened(data, max_depth=3)
    assert "more than 3 archives inside each other" in one.problem


@pytest.mark.parametrize("inside", [lambda m: m, lambda m: {"inner.zip": zipped(m)}], ids=["flat", "nested"])
def test_too_many_members_are_not_read(opened, inside):
    members = opened(zipped(inside({f"{i}.csv": CSV for i in range(9)})), max_members=5)
    assert "more than 5 members" in members[-1].problem
    assert len(members) <= 6


@pytest.mark.parametrize("pack", [zipped, tarred], ids=["zip", "tgz"])
def test_folders_count_as_members(opened, pack):
    (one,) = opened(pack({f".{i}": b"" for i in range(9)}), max_members=5)
    assert "more than 5 members" in one.problem


def test_one_budget_of_bytes_holds_for_all_levels(opened):
    many = {f"{i}.csv": os.urandom(1 << 19) for i in range(5)}
    members = opened(zipped({"in.zip": zipped(many, method=0)}, method=0), max_total_mb=3)
    assert "all members unpack to more than 3 MB" in members[-1].problem


def test_a_member_that_is_too_large_is_set_aside(opened):
    large, good = opened(zipped({"large.csv": os.urandom(2 << 20), "b.csv": OTHER}), max_member_mb=1)
    assert "more than 1 MB" in large.problem
    assert content(good) == OTHER


def test_a_damaged_member_is_told_by_its_hash(opened):
    data = bytearray(zipped({"a.csv": CSV, "b.csv": OTHER}, method=0))
    data[data.find(b"kettle")] ^= 1
    bad, good = opened(bytes(data))
    with pytest.raises(InputError, match="damaged"):
        hash_input(bad.path, bad.stored)
    assert hash_input(good.path, good.stored) != ""


@pytest.mark.parametrize("pack", [tarred, lambda m: tarred(m, packed=False)], ids=["tgz", "tar"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_cut_tar_gives_what_stands_before_the_cut(opened, pack, share):
    whole = pack({f"{i}.csv": os.urandom(5000) for i in range(10)})
    members = opened(whole[: int(len(whole) * share)])
    assert 2 <= len(members) <= 10
    assert "damaged or cut here" in members[-1].problem
    assert not any(one.problem for one in members[:-1])


def test_members_of_one_name_are_told_apart(opened):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped([("a.csv", CSV), ("a.csv", OTHER)])
    members = opened(data)
    assert [one.name for one in members] == ["in.zip!a.csv", "in.zip!a.csv#2"]
    assert [content(one) for one in members] == [CSV, OTHER]


def test_an_archive_without_files_is_set_aside(opened):
    (one,) = opened(zipped({}))
    assert "holds no file to read" in one.problem


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\u202evsc.exe", "avsc.exe"),
        ("a\x00b.csv", "ab.csv"),
        ("", "(no name)"),
        ("x" * 300, "x" * 200 + "…"),
        ("a\n\x1b[31mb", "a [31mb"),
    ],
    ids=["direction", "nul", "none", "long", "terminal"],
)
def test_shown_name_cannot_steer_a_terminal(name, shown):
    assert shown_name(name) == shown


def test_names_are_told_apart_from_paths_that_lead_out():
    assert not leads_out("a..b/c.csv")
    assert is_wanted("day/a.csv") and not is_wanted("day/~$a.xlsx")


def test_an_export_in_an_archive_is_read_as_a_file_is(opened, settings):
    (one,) = opened(zipped({"reviews.csv": CSV}))
    export = open_export(one.path, options=settings["sources"], rules=settings["reading"], stored=one.stored)
    (batch,) = export.batches()
    assert batch.comments["text"].tolist() == ["The kettle leaks every single morning."]
    assert export.name == "in.zip!reviews.csv"


def test_a_gzip_bomb_is_refused(settings, tmp_path):
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(
        gzipped(b"id,comment\n" + b"1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" * (3 << 20))
    )
    with pytest.raises(SourceError, match="over 20 times its size"):
        open_export(
            str(path), options=settings["sources"], rules=replace(settings["reading"], max_unpack_ratio=20)
        )


def test_open_archives_passes_databases_and_problems_through(settings):
    inputs = [
        Input("q", "q", database=SimpleNamespace()),
        Input("x", "x", problem="gone"),
        Input("no", "/no/such/file"),
    ]
    assert open_archives(inputs, settings["archives"]) == inputs
