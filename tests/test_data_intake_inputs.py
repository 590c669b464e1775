"""What the user named becomes a list of files in a fixed order."""

import hashlib

import pytest

from data.intake.inputs import InputError, expand_inputs, hash_input


@pytest.fixture
def folder(tmp_path):
    for name in ("b.csv", "a.json", "notes.md", ".hidden.csv", "~$open.xlsx", "old/b.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_a_folder_gives_its_exports_with_unique_names(folder):
    names = [one.name for one in expand_inputs([str(folder)])]
    assert names == ["a.json", "old/b.csv", f"{folder.name}/b.csv"]


def test_order_and_repetition_of_inputs_do_not_matter(folder):
    one, two = str(folder / "a.json"), str(folder / "b.csv")
    assert expand_inputs([one, two, one]) == expand_inputs([two, str(folder / "a.*")])


def test_a_file_named_by_itself_is_read_whatever_its_ending(folder):
    assert [one.name for one in expand_inputs([str(folder / "notes.md")])] == ["notes.md"]


def test_all_missing_inputs_are_named_at_once(folder):
    with pytest.raises(InputError, match=r"no such file.*x\.csv.*y\.csv"):
        expand_inputs([str(folder / "x.csv"), str(folder / "a.json"), str(folder / "y.csv")])


def test_an_unknown_scheme_is_a_clear_error():
    with pytest.raises(InputError, match="nosuch:// inputs are not allowed"):
        expand_inputs(["nosuch://bucket/a.csv"])


def test_hash_input_is_the_sha256_of_the_bytes(folder):
    assert hash_input(str(folder / "b.csv")) == hashlib.sha256(b"b.csv").hexdigest()


def test_hash_input_names_a_file_that_cannot_be_read(folder):
    with pytest.raises(InputError, match="cannot read"):
        hash_input(str(folder / "gone.csv"))


def test_a_chained_url_is_as_allowed_as_each_of_its_links():
    with pytest.raises(InputError, match="http:// inputs are not allowed"):
        expand_inputs(["zip://a.csv::http://example.org/a.zip"], schemes=("file", "zip"))


def test_a_database_is_an_input_by_its_name_without_user_and_query(tmp_path):
    (one,) = expand_inputs(["postgresql://ann@db:5433/shop?table=reviews"], schemes=("postgresql",))
    assert (one.name, one.path) == ("postgresql://db:5433/shop/reviews",) * 2
    assert one.database.user == "ann"


@pytest.mark.parametrize(
    "given", ["mysql://ann:hunter2@db/shop?table=t", "mysql://ann@db/shop?table=t&password=hunter2"]
)
def test_a_password_in_a_url_is_refused_and_not_repeated(given):
    with pytest.raises(InputError, match="holds a password") as caught:
        expand_inputs([given], schemes=("mysql",))
    assert "hunter2" not in str(caught.value)
