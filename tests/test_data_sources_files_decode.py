"""data/sources/files/decode.py: encodings, archives, containers."""

import gzip

import pytest
from source_reading import read_export

from data.sources.files.decode import Content, guess_encoding
from data.sources.raw import SourceError

TEXTS = {
    "cp1252": "Le colis est arrivé très tard, la qualité était médiocre à mon goût — déçu",
    "cp1250": "Przesyłka przyszła późno, obsługa była bardzo niemiła, szkoda pieniędzy",
    "cp1256": "وصل الطرد متأخرا جدا والخدمة سيئة للغاية ولن أشتري مرة أخرى",
    "gb18030": "快递太慢了，等了两个星期才收到，而且东西的质量很差，客服也不理人，以后不会再买了",
    "iso8859-2": "Zamówienie spóźniło się, a paczka była zniszczona; źle że nikt nie przeprosił, żądam",
}


@pytest.fixture
def read(settings, tmp_path):
    def read_it(data, name="export.csv", **options):
        path = tmp_path / name
        path.write_bytes(data)
        return read_export(path, settings, **options)

    return read_it


@pytest.mark.parametrize("encoding", sorted(TEXTS))
def test_legacy_encoding_is_told_by_its_letters(read, encoding):
    text = TEXTS[encoding]
    found = read(f"id\tcomment\n1\t{text}\n2\t{text}\n".encode(encoding))
    assert found.texts == [text, text]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_read(read, encoding):
    found = read("id\tcomment\r\n1\tLa consegna è arrivata tardi\r\n".encode(encoding))
    assert found.texts == ["La consegna è arrivata tardi"]
    assert found.comments["own_id"].tolist() == ["1"]


def test_rare_encoding_is_left_to_a_library(read):
    text = "Посылка пришла очень поздно, качество плохое, больше не куплю у них ничего"
    assert read(f"id\tcomment\n1\t{text}\n2\t{text} опять\n".encode("cp1251")).texts[0] == text


def test_broken_bytes_cost_only_their_record(read):
    good = "La qualità è ottima, perché costa così poco"
    data = f"id;comment\n1;{good}\n2;{good}\n3;{good}\n".encode()
    found = read(data.replace(b"2;La qualit\xc3\xa0", b"2;La qualit\xe0"))
    assert found.texts == [good, good]
    assert found.rejected[["row", "reason"]].values.tolist() == [[2, "encoding"]]


def test_stated_encoding_wins(read):
    found = read("id,comment\n1,così è meglio di prima\n".encode(), encoding="cp1252")
    assert found.texts == ["cosÃ¬ Ã¨ meglio di prima"]


def test_wrongly_stated_encoding_rejects_records_instead_of_failing(read):
    found = read("id,comment\n1,the parcel came late\n2,così è meglio di prima\n".encode(), encoding="ascii")
    assert found.texts == ["the parcel came late"]
    assert found.rejected["reason"].tolist() == ["encoding"]


def test_unknown_encoding_is_an_error(read):
    with pytest.raises(SourceError, match="is unknown; expected utf-8"):
        read(b"id,comment\n", encoding="utf-7000")


def test_gzip_of_any_text_format_is_read(read):
    found = read(gzip.compress(b"id,comment\n1,the parcel came late\n"), "export.csv.gz")
    assert found.texts == ["the parcel came late"]


def test_gzip_of_several_members_is_read_to_its_end(read):
    data = gzip.compress(b"id,comment\n1,the parcel came late\n") + gzip.compress(
        b"2,the shop was very nice\n"
    )
    assert len(read(data).comments) == 2


def test_cut_gzip_gives_what_came_before_and_a_reject(read):
    lines = "".join(f"{i},the parcel number {i * 7919} came late\n" for i in range(5000))
    packed = gzip.compress(b"id,comment\n" + lines.encode())
    found = read(packed[: len(packed) // 2])
    assert len(found.comments) > 1000
    assert "cut" in found.rejected["reason"].tolist()


def test_damaged_gzip_gives_what_came_before(read):
    lines = "".join(f"{i},the parcel number {i * 7919} came late\n" for i in range(50_000))
    packed = bytearray(gzip.compress(b"id,comment\n" + lines.encode()))
    packed[len(packed) // 2 : len(packed) // 2 + 50] = bytes(50)
    found = read(bytes(packed))
    assert len(found.comments) > 1000
    assert found.rejected["reason"].iloc[-1] == "cut"


def test_small_remote_file_is_fetched_once(settings):
    import fsspec

    filesystem = fsspec.filesystem("memory")
    filesystem.pipe("/once.csv", b"id,comment\n1,x\n")
    content = Content("memory://once.csv", settings["reading"])
    assert content.open().read() == b"id,comment\n1,x\n"
    filesystem.rm("/once.csv")
    assert content.open().read() == b"id,comment\n1,x\n"


def test_guess_encoding_says_why(settings, tmp_path):
    path = tmp_path / "a"
    path.write_bytes(TEXTS["cp1250"].encode("cp1250"))
    name, why = guess_encoding(Content(str(path), settings["reading"]), None)
    assert name == "cp1250"
    assert "of the non-ASCII characters are usual ones of cp1250" in why
