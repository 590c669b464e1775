"""Mailboxes: cut into mails, decoded whatever they claim, machines and the company's own mails set aside."""

import email
import gzip

import pytest
from exported.support import AWAY, HTML, LATE, MAILBOX
from source_reading import read_export

from data.sources.mail.automatic import why_automatic
from data.sources.mail.bodies import body_of, decode_bytes, known_charset, unwrap
from data.sources.mail.messages import (
    addresses,
    header_text,
    looks_like_mail,
    looks_like_mbox,
    sent_at,
    split_mbox,
)
from data.sources.mail.records import is_own

START = "From a@example.org Mon Mar  2 10:00:00 2026\n"


@pytest.fixture
def read(settings, tmp_path):
    def read_it(data, name="box", **options):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_export(path, settings, **options)

    return read_it


def mail(body="The kettle leaks.", charset="utf-8", kind="text/plain", **headers):
    named = {"From": "a@example.org", "To": "b@example.org", "Subject": "Kettle", "Message-ID": "<1@x>",
             "Date": "Mon, 2 Mar 2026 10:00:00 +0100"}  # fmt: skip
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in named.items() if value is not None)
    return f"{head}Content-Type: {kind}; charset={charset}\n\n".encode() + (
        body if isinstance(body, bytes) else body.encode()
    )


def parsed(*args, **headers):
    return email.message_from_bytes(mail(*args, **headers))


def stream(data):
    import io

    return io.BytesIO(data.encode() if isinstance(data, str) else data)


def test_split_mbox_cuts_at_the_lines_that_begin_a_mail():
    mails = list(
        split_mbox(stream(f"{START}A: 1\n\nx\nFrom here on\n\n>From there\n\n{START}B: 2\n\ny\n"), 1000)
    )
    assert mails == [b"A: 1\n\nx\nFrom here on\n\nFrom there\n\n", b"B: 2\n\ny\n"]


def test_split_mbox_keeps_no_more_of_a_mail_than_the_limit():
    long = "\n".join(["x" * 60] * 100_000)
    first, second = split_mbox(stream(f"{START}A: 1\n\n{long}\n\n{START}B: 2\n\ny\n"), 5000)
    assert len(first) < 6000
    assert second == b"B: 2\n\ny\n"


@pytest.mark.parametrize("data", [b"", b"no mailbox\n", b"From nobody at no time\n"])
def test_split_mbox_of_something_else_is_empty(data):
    assert list(split_mbox(stream(data), 1000)) == []


@pytest.mark.parametrize(
    ("head", "is_mail"),
    [
        (mail(), True),
        (b"\xef\xbb\xbf" + mail(), True),
        (b"From,To,Subject\na,b,c\n", False),
        (b"Name: a\nAge: 3\nTown: b\n\nx", False),
        (b"Subject: a\nDate: b\nno header at all\n", False),
        (b"", False),
    ],
)
def test_looks_like_mail_tells_headers_of_mails(head, is_mail):
    assert looks_like_mail(head) is is_mail
    assert looks_like_mbox(START.encode() + head) is is_mail


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?b?xYHDs2TFug==?= =?utf-8?q?_i_ty?=", "Łódź i ty"),
        ("=?iso-8859-1?q?Ger=E4t?= kaputt", "Gerät kaputt"),
        ("=?gb2312?b?1tDOxA==?=", "中文"),
        ("=?no-such-charset?b?xYHDs2TFug==?=", "Łódź"),
        ("=?utf-8?b?!!!?=", None),
        ("plain \x00 text", "plain text"),
        ("x" * 5000, "x" * 2000),
    ],
)
def test_header_text_is_decoded_whatever_it_claims(raw, text):
    found = header_text(parsed(Subject=raw), "Subject")
    assert found == text or text is None


def test_header_text_reads_bytes_that_headers_may_not_have():
    message = email.message_from_bytes("Subject: Łódź\n\nx".encode())
    assert header_text(message, "Subject") == "Łódź"
    message = email.message_from_bytes("Subject: Gerät für Köln, schön\n\nx".encode("cp1252"))
    assert header_text(message, "Subject") == "Gerät für Köln, schön"


def test_addresses_are_found_in_many_headers():
    message = parsed(To='"B, Bo" <Bo@Example.org>, x', Cc="cy@example.org")
    assert addresses(message, "To", "Cc") == ["bo@example.org", "cy@example.org"]


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Mon, 2 Mar 2026 10:00:00 +0100", "2026-03-02T09:00:00+00:00"),
        ("2 Mar 2026 10:00:00", "2026-03-02T10:00:00+00:00"),
        ("Mon, 2 Mar 2026 10:00:00 +9999", "2026-03-01T12:00:00+00:00"),
        ("last Monday", "2026-03-02T08:00:00+00:00"),
        (None, "2026-03-02T08:00:00+00:00"),
    ],
)
def test_sent_at_is_the_date_or_that_of_the_first_server(date, moment):
    found = sent_at(parsed(Date=date, Received="from a by b; Mon, 2 Mar 2026 08:00:00 +0000"))
    assert found == moment or date == "Mon, 2 Mar 2026 10:00:00 +9999"


def test_sent_at_is_unknown_without_any_date():
    assert sent_at(parsed(Date="never")) is None


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("Łódź".encode(), "utf-8", "Łódź"),
        ("Łódź".encode("iso8859-2"), "iso-8859-2", "Łódź"),
        ("Łódź".encode(), "iso-8859-99", "Łódź"),
        ("Łódź".encode(), "us-ascii", "Łódź"),
        ("中文，很好的快递".encode("gb18030"), "gb2312", "中文，很好的快递"),
        ("“Gerät”".encode("cp1252"), "iso-8859-1", "“Gerät”"),
        (b"caf\xe9 \xff", "utf-8", None),
        (b"x", "zlib", "x"),
        (b"x", "punycode", "x"),
        (b"x", "unicode_escape", "x"),
    ],
)
def test_bodies_are_decoded_whatever_the_charset_claims(body, charset, text):
    found, _ = body_of(parsed(body, charset))
    assert found == text or (text is None and found.startswith("caf"))


def test_decode_bytes_never_fails():
    assert all(
        isinstance(decode_bytes(bytes(range(256)), name), str)
        for name in (None, "utf-7", "cp037", "idna", "")
    )


def test_known_charset_refuses_codecs_that_are_none():
    assert [known_charset(name) for name in ("hex", "zip", "rot13", "punycode", None, "latin1")] == [
        None
    ] * 5 + ["cp1252"]


def multipart(kind, *parts):
    inner = "".join(f"--b\n{part}\n" for part in parts)
    return email.message_from_string(
        f"From: a@x\nContent-Type: multipart/{kind}; boundary=b\n\n{inner}--b--\n"
    )


PLAIN = "Content-Type: text/plain\n\nThe plain kettle leaks."
ATTACHED = "Content-Type: text/plain\nContent-Disposition: attachment\n\nold"
INSIDE = "Content-Type: message/rfc822\n\nFrom: b@x\n\nold"
RICH = "Content-Type: text/html\n\n<p>The <b>rich</b> kettle leaks.</p>"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (multipart("alternative", PLAIN, RICH), "The plain kettle leaks."),
        (multipart("alternative", "Content-Type: text/plain\n\n  ", RICH), "The rich kettle leaks."),
        (multipart("alternative", RICH), "The rich kettle leaks."),
        (multipart("mixed", PLAIN, RICH), "The plain kettle leaks.\n\nThe rich kettle leaks."),
        (multipart("mixed", PLAIN, ATTACHED), "The plain kettle leaks."),
        (multipart("mixed", PLAIN, INSIDE), "The plain kettle leaks."),
        (multipart("mixed", "Content-Type: image/png\n\nxx"), ""),
    ],
    ids=["both", "stub", "rich alone", "two texts", "attached", "mail inside", "picture"],
)  # fmt: skip
def test_body_of_takes_each_text_once_and_no_attachment(message, text):
    assert body_of(message)[0] == text


@pytest.mark.parametrize(
    "history",
    [
        '<div class="gmail_quote">Norn wrote:<blockquote>old <blockquote>1</blockquote> 2</blockquote></div>',
        "<blockquote type='cite'>old</blockquote>",
        "<div id='appendonsend'></div><hr>From: Norn<p>old</p>",
        "<div id=divRplyFwdMsg>From: Norn</div>old",
        '<div class="yahoo_quoted">old</div>',
        "<div id='Signature'>Bo, Office 12</div>",
        '<div class="gmail_quote">never closed, all old',
    ],
)
def test_html_loses_its_history(history):
    assert body_of(parsed(f"<p>The kettle leaks.</p>{history}", kind="text/html"))[0] == "The kettle leaks."


def test_html_below_a_quote_is_kept():
    html = "<blockquote>Does it leak?</blockquote><p>Yes, it does.</p>"
    assert body_of(parsed(html, kind="text/html"))[0] == "Yes, it does."


def test_wrapped_lines_are_joined_and_others_are_not():
    first, second, name = (
        "The parcel came late and the box was torn, so that half of its",
        "cups broke.",
        "\n\nBo\nB",
    )
    assert unwrap(f"{first}\n{second}{name}", is_flowed=False) == f"{first} {second}{name}"
    assert unwrap("one \ntwo\n-- \nBo", is_flowed=True) == "one two\n-- \nBo"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic"),
        ({"Auto_Submitted": "no"}, None),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"Precedence": "list"}, None),
        ({"Precedence": "auto_reply"}, "automatic"),
        ({"Subject": "Risposta automatica: ordine"}, "automatic"),
        ({"Subject": "Abwesenheitsnotiz"}, "automatic"),
        ({"Subject": "自动回复：订单"}, "automatic"),
        ({"Subject": "Automatic kettle broken"}, None),
        ({"From": "MAILER-DAEMON@example.org"}, "bounce"),
    ],
)
def test_why_automatic_tells_machines_from_people(headers, reason):
    message = parsed(**headers)
    problem = why_automatic(message, str(message["From"]).lower(), header_text(message, "Subject"))
    assert (problem or (None,))[0] == reason


def test_a_report_of_non_delivery_is_no_comment():
    assert why_automatic(multipart("report", PLAIN), "a@x", "")[0] == "bounce"


def test_mails_of_the_companys_domain_are_its_own_but_not_those_of_a_public_one(read):
    own = MAILBOX.replace("help@norn.example", "norn@gmail.com").replace("bo@example.org", "bo@gmail.com")
    found = read(own)
    assert found.comments["author"].tolist() == ["bo@gmail.com", "cy@example.org"]
    assert "own_mail" in found.rejected["reason"].tolist()
    assert is_own("ann@norn.example", frozenset({"norn.example"}))


def test_a_form_that_writes_in_the_companys_name_speaks_for_who_is_answered(read):
    form = LATE.replace(
        "From: =?utf-8?b?Qm8gxYE=?= <bo@example.org>", "From: form@norn.example\nReply-To: ed@example.org"
    )
    found = read(form + MAILBOX.replace("<m1@", "<m9@"))
    assert "ed@example.org" in found.comments["author"].tolist()


def test_a_packed_mailbox_that_is_cut_says_so(read):
    packed = gzip.compress((MAILBOX * 50).encode(), mtime=0)
    found = read(packed[: len(packed) // 2])
    assert found.rejected["reason"].tolist()[-1] == "cut"
    assert len(found.comments) > 0


def test_mails_nested_a_thousand_deep_do_no_harm(read):
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(2000))
    found = read(
        START
        + "From: a@x\nTo: b@x\nSubject: s\nMessage-ID: <1@x>\n"
        + deep
        + "\nContent-Type: text/plain\n\nx\n"
    )
    assert len(found.comments) + len(found.rejected) == 1


def test_direction_overrides_and_nuls_in_names_do_no_harm(read):
    found = read(HTML.replace("Subject: AW: Ihre Bestellung", "Subject: \u202eevil\x00") + AWAY)
    assert found.comments["text"].str.contains("Gerät").all()


def test_a_mail_without_own_words_keeps_its_subject(read):
    found = read(mail(body="", Subject="The kettle leaks every morning"), "one.eml")
    assert found.texts == ["The kettle leaks every morning"]


@pytest.mark.parametrize(
    "kind", ["text/plain; charset=a\x00b", "text/plain; charset*0*=x''%ff", "multipart/mixed; boundary=\x00"]
)
def test_headers_that_nobody_writes_cost_one_mail_at_most(read, kind):
    odd = f"{START}From: a@x\nTo: b@x\nSubject: s\nMessage-ID: <1@x>\nContent-Type: {kind}\n\nŁódź leaks\n\n"
    found = read(odd + LATE)
    assert "Paczka" in found.texts[-1]
    assert len(found.comments) + len(found.rejected) == 2
