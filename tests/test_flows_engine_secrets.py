"""Where passwords come from."""

import pytest
from prefect.blocks.system import Secret

from data.sources.raw import SourceError
from flows.engine.secrets import find_secret

USUAL = ("VOC_DATABASE_PASSWORD", "PGPASSWORD", "MYSQL_PWD")


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    for name in USUAL:
        monkeypatch.delenv(name, raising=False)


def test_the_usual_variables_are_asked_in_order(monkeypatch):
    assert find_secret(None) is None
    monkeypatch.setenv("MYSQL_PWD", "last")
    monkeypatch.setenv("PGPASSWORD", "second")
    assert find_secret(None) == "second"
    monkeypatch.setenv("VOC_DATABASE_PASSWORD", "first")
    assert find_secret(None) == "first"


def test_a_named_variable_is_asked_or_missed(monkeypatch):
    monkeypatch.setenv("SHOP_DB", "mine")
    assert find_secret("env:SHOP_DB") == "mine"
    with pytest.raises(SourceError, match="no variable NO_SUCH_ONE"):
        find_secret("env:NO_SUCH_ONE")


def test_a_block_is_asked_of_prefect(monkeypatch):
    monkeypatch.setattr(Secret, "load", classmethod(lambda cls, name, **_: cls(value=f"of {name}")))
    assert find_secret("block:shop") == "of shop"


def test_a_block_that_is_not_there_is_named(monkeypatch):
    def missing(cls, name, **_):
        raise ValueError(f"Unable to find block document named {name}")

    monkeypatch.setattr(Secret, "load", classmethod(missing))
    with pytest.raises(SourceError, match="no Secret block of that name"):
        find_secret("block:shop")
