"""A section of one's own: one file and one line in the settings, as the guide says."""

import dataclasses
import re
import sys
from pathlib import Path

import pytest
from report_world import AS_OF, make_world, rules
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from flows.settings import SettingsError, load_settings
from reports.metrics import summarise_scores
from reports.page import PageOptions, draw_report
from reports.sections.find import find_section

GUIDE = Path(__file__).parent.parent / "docs/extend.md"


@pytest.fixture
def channels(tmp_path, monkeypatch):
    """Put the guide's own example where Python finds it."""
    text = GUIDE.read_text(encoding="utf-8").partition("## A section of the page")[2]
    code = re.search(r"```python\n(.*?)```", text, flags=re.DOTALL)[1]
    assert len(code.splitlines()) <= 22
    (tmp_path / "channels.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("channels", None)


def test_the_section_of_the_guide_is_drawn(channels, settings):
    world = dict(make_world(hostile=False))
    rows = [
        row | {"channel": "shop" if place % 2 else "app"}
        for place, row in enumerate(world["documents"].to_pylist())
    ]
    documents = type(world["documents"]).from_pylist(rows, schema=world["documents"].schema)
    world["score_summary"] = summarise_scores(documents, rules=rules(dimensions=("channel",)))
    page = dataclasses.replace(settings["page"], sections=("channels:show_channels",), letter_sections=())
    tree = HTMLParser(draw_report(world, options=PageOptions(as_of=AS_OF, rules=page)).page)
    assert [node.text().strip() for node in tree.css("#channels tbody th")] in (
        ["shop", "app"],
        ["app", "shop"],
    )


def test_the_section_of_the_guide_is_left_out_without_channels(channels, settings):
    page = dataclasses.replace(settings["page"], sections=("channels:show_channels",), letter_sections=())
    tree = HTMLParser(draw_report(make_world(), options=PageOptions(as_of=AS_OF, rules=page)).page)
    assert not tree.css("#channels")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("headlnes", "known: headlines, tiles"),
        ("no_such_module:show", "No module named"),
        ("reports.rules:show", "has no attribute"),
        ("reports.sections.find:PART", "is no function"),
    ],
)
def test_an_unknown_section_is_named(name, told):
    with pytest.raises(ValueError, match=told):
        find_section(name)


def test_an_unknown_section_stops_the_run_at_its_start():
    with pytest.raises(SettingsError, match="no section"):
        load_settings(None, ['page.sections=["nothing"]'])
