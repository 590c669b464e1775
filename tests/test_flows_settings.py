"""Settings: the shipped ones, a company's file over them, single values over both."""

import pytest

import flows.settings
from flows.settings import SettingsError, load_settings


def test_every_section_of_the_file_has_a_dataclass_and_loads():
    settings = load_settings()
    assert set(settings.sections) == set(flows.settings.SECTIONS)


def test_a_company_file_changes_only_its_lines(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text("[ingest]\nchunk_rows = 77\n")
    assert load_settings(own)["ingest"].chunk_rows == 77


def test_a_single_change_wins_over_the_file(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text("[ingest]\nchunk_rows = 77\n")
    assert load_settings(own, ["ingest.chunk_rows=78"])["ingest"].chunk_rows == 78


def test_all_mistakes_are_named_at_once(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[ingset]\nx = 1\n[ingest]\nchunk_rows = "many"\nchunk_cols = 2\n')
    with pytest.raises(SettingsError) as caught:
        load_settings(own)
    message = str(caught.value)
    assert "unknown section [ingset]" in message
    assert "[ingest] has no 'chunk_cols'; known: chunk_rows" in message
    assert "[ingest] chunk_rows: Input should be a valid integer" in message


@pytest.mark.parametrize("change", ["chunk_rows=1", "ingest.chunk_rows", "=3", ".x=1"])
def test_a_malformed_change_is_refused(change):
    with pytest.raises(SettingsError, match=r"--set takes section\.key=value"):
        load_settings(changes=[change])


def test_a_file_that_is_not_toml_is_refused(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text("[ingest\n")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(own)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("page.language=tlh", "[page] the page has no language 'tlh'; known: en"),
        ('page.sections=["horoscope"]', "[page] the page has no section horoscope; known: headlines"),
        ("sources.timezone=Middle/Earth", 'timezone = "Middle/Earth" is unknown'),
        ("sources.content=poems", 'content = "poems": expected comments or orders or tickets or customers'),
    ],
)
def test_a_name_that_nothing_has_is_refused_before_the_run(change, words):
    with pytest.raises(SettingsError) as caught:
        load_settings(changes=[change])
    assert words in str(caught.value)


def test_a_password_in_the_settings_is_refused_and_not_repeated(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[brands]\nsources = {"mysql://ann:hunter2@db/shop" = "Acme"}\n')
    for load in (
        lambda: load_settings(own),
        lambda: load_settings(None, ["run.taxonomy=s3://a:hunter2@b/c"]),
    ):
        with pytest.raises(SettingsError, match="holds a password") as caught:
            load()
        assert "hunter2" not in str(caught.value)
