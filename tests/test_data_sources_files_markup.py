"""data/sources/files/markup.py: XML."""

import pytest
from source_reading import read_export

from data.sources.files.decode import Content
from data.sources.files.markup import open_xml
from data.sources.raw import SourceError, SourceOptions

REVIEWS = [
    ("r1", 2, "The courier left my parcel in the rain & drove away"),
    ("r2", 5, "Świetna obsługa, polecam każdemu <3"),
    ("r3", 1, "Nobody answered the phone for three whole days"),
]


def as_xml(reviews=REVIEWS, *, head='<?xml version="1.0" encoding="UTF-8"?>'):
    body = "".join(
        f'<review><id>{i}</id><score top="5">{n}</score>'
        f"<text>{t.replace('&', '&amp;').replace('<', '&lt;')}</text></review>"
        for i, n, t in reviews
    )
    return f"{head}<shop><name>Norn</name><reviews>{body}</reviews></shop>"


@pytest.fixture
def read(settings, tmp_path):
    def read_it(data, name="export.xml", **options):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_export(path, settings, **options)

    return read_it


@pytest.fixture
def records(settings, tmp_path):
    def open_it(text):
        path = tmp_path / "export.xml"
        path.write_text(text, encoding="utf-8")
        return open_xml(
            Content(str(path), settings["reading"]), options=SourceOptions(), rules=settings["reading"]
        )

    return open_it


def test_repeated_elements_are_the_records(read):
    found = read(as_xml())
    assert found.texts == [text for _, _, text in REVIEWS]
    assert found.export.source_format == "xml"
    assert found.export.decisions["records"]["value"] == "shop.reviews.review"


def test_attributes_are_columns(read):
    found = read(as_xml())
    assert found.comments["input_score.@top"].tolist() == ["5"] * 3


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8-sig", ""),
        ("utf-16", '<?xml version="1.0" encoding="UTF-16"?>'),
        ("cp1250", '<?xml version="1.0" encoding="windows-1250"?>'),
        ("gb18030", '<?xml version="1.0" encoding="GB18030"?>'),
    ],
)
def test_declared_and_marked_encodings_are_read(read, encoding, head):
    assert read(as_xml(head=head).encode(encoding)).texts == [text for _, _, text in REVIEWS]


@pytest.mark.parametrize(
    "definition",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://example.org/x.dtd">]>',
    ],
)
def test_entities_are_refused(read, definition):
    with pytest.raises(SourceError, match="declares XML entities"):
        read(as_xml(head=f'<?xml version="1.0"?>{definition}'))


def test_cut_document_gives_what_came_before(read):
    whole = as_xml()
    found = read(whole[: whole.index("<id>r3")])
    assert found.comments["own_id"].tolist() == ["r1", "r2"]
    assert found.rejected["reason"].tolist() == ["cut"]


@pytest.mark.parametrize("length", range(0, 420, 7))
def test_document_cut_anywhere_is_refused_or_read(read, length):
    try:
        found = read(as_xml()[:length])
    except SourceError:
        return
    assert set(found.rejected["reason"]) <= {"cut", "ragged", "quote", "empty"}


def test_endless_nesting_is_cut(records):
    found = records("<a>" * 100_000)
    assert [problem for _, problem in found.document.values("")][0][0] == "cut"


def test_control_characters_do_not_end_the_document(read):
    spoilt = as_xml().replace("in the rain", "in\x01the\x08rain")
    assert read(spoilt).texts[0].startswith("The courier left my parcel in the rain")


def test_place_of_finds_where_records_with_these_values_lie(records):
    found = records(as_xml())
    assert found.place_of("text", "score.@top") == "shop.reviews.review"
    assert found.place_of("text", "price") is None


def test_one_document_without_repeats_is_one_record(read):
    found = read("<letter><from>Bea</from><body>The kettle leaked after two days of use</body></letter>")
    assert found.texts == ["The kettle leaked after two days of use"]


def test_csv_that_begins_with_a_sign_is_no_xml(read):
    found = read(
        "<3 comment,stars\nThe kettle leaked after two days,1\nGreat sound for this price,5\n", "a.csv"
    )
    assert found.export.source_format == "csv"
