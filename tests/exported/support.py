"""Zendesk tickets, mailboxes and single mails."""

from exported.sample import Sample, as_json, as_lines

ANSWER = "Sorry for that, a new one is on its way to you."
NOTE = "He is the one from last week."
TICKET = {
    "id": 35436, "url": "https://norn.zendesk.example/api/v2/tickets/35436.json", "subject": "Kettle leaks",
    "raw_subject": "Kettle leaks", "status": "open", "priority": "high", "recipient": "help@norn.example",
    "description": "The kettle leaks since Monday.\n\nBest regards,\nBo", "requester_id": 20, "submitter_id": 20,
    "assignee_id": 7, "via": {"channel": "email"}, "created_at": "2026-07-20T22:55:29Z",
    "updated_at": "2026-07-21T10:00:00Z", "tags": ["kettle"], "custom_fields": [{"id": 1, "value": "x"}],
}  # fmt: skip
RATED = {
    **TICKET,
    "id": 35437,
    "raw_subject": "Re: your order",
    "subject": "Re: your order",
    "satisfaction_rating": {"id": 1, "score": "good", "comment": "Quick and friendly help!"},
}
BY_AGENT = {**TICKET, "id": 35438, "submitter_id": 7, "via": {"channel": "web"}, "description": ANSWER}
BAD = {**TICKET, "id": 35439, "satisfaction_rating": {"score": "bad"}}
TICKETS = (
    {"own_id": "35436", "text": "Kettle leaks. The kettle leaks since Monday.", "customer_id": "20", "channel": "email",
     "created_at": "2026-07-20T22:55:29", "csat": None},
    {"own_id": "35437", "text": "The kettle leaks since Monday.", "csat": None},
    {"own_id": "35437-satisfaction", "text": "Quick and friendly help!", "csat": 5.0,
     "question": "How would you rate the support you received?"},
    {"own_id": "35439", "text": "Kettle leaks. The kettle leaks since Monday.", "csat": 1.0},
)  # fmt: skip
THREAD = {
    **TICKET,
    "comments": [
        {"id": 1, "author_id": 20, "public": True, "body": "The kettle leaks since Monday.",
         "created_at": "2026-07-20T22:55:29Z"},
        {"id": 2, "author_id": 7, "public": True, "body": ANSWER, "created_at": "2026-07-20T23:55:29Z"},
        {"id": 3, "author_id": 7, "public": False, "body": NOTE, "created_at": "2026-07-20T23:56:29Z"},
        {"id": 4, "author_id": 20, "public": True, "plain_body": "The new one leaks too!",
         "body": "The new one leaks too!\n\nOn 20 Jul 2026, Norn <help@norn.example> wrote:\n> " + ANSWER,
         "created_at": "2026-07-25T08:00:00Z"},
    ],
}  # fmt: skip
THREAD_READ = (
    {"own_id": "35436", "text": "Kettle leaks. The kettle leaks since Monday."},
    {"own_id": "35436-4", "text": "The new one leaks too!", "created_at": "2026-07-25T08:00:00"},
)
WITH_USERS = {
    "tickets": [{**THREAD, "comments": [*THREAD["comments"], {"id": 5, "author_id": 21, "public": True,
                                                            "body": "Mine leaks as well.", "created_at": None}]}],
    "users": [{"id": 20, "role": "end-user", "locale": "en-GB", "name": "Bo"}, {"id": 7, "role": "agent", "name": "A"},
              {"id": 21, "role": "end-user", "locale": "it", "name": "Ada"}],
}  # fmt: skip
SILENT = (ANSWER, NOTE)

LATE = """From bo@example.org Mon Mar  2 10:00:00 2026
Received: from mx (mx.example.org) by norn.example; Mon, 2 Mar 2026 10:00:05 +0100
From: =?utf-8?b?Qm8gxYE=?= <bo@example.org>
To: help@norn.example
Subject: =?iso-8859-2?q?Paczka_sp=F3=BCniona?=
Date: Mon, 2 Mar 2026 10:00:00 +0100
Message-ID: <m1@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Paczka przyszła dwa tygodnie za późno.
>From now on I buy elsewhere.

Pozdrawiam
Bo
--b
Content-Type: application/pdf; name=order.pdf
Content-Disposition: attachment; filename=order.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b--

"""
ANSWERED = f"""From help@norn.example Mon Mar  2 11:00:00 2026
From: Norn help <help@norn.example>
To: bo@example.org
Subject: Re: Paczka
Date: Mon, 2 Mar 2026 11:00:00 +0100
Message-ID: <m2@norn.example>

{ANSWER}

"""
AWAY = """From al@example.org Mon Mar  2 12:00:00 2026
From: al@example.org
To: help@norn.example
Subject: Automatic reply: your order
Date: Mon, 2 Mar 2026 12:00:00 +0100
Message-ID: <m3@example.org>
Auto-Submitted: auto-replied

I am away until Monday.

"""
HTML = """From cy@example.org Mon Mar  2 13:00:00 2026
From: cy@example.org
To: help@norn.example
Subject: AW: Ihre Bestellung
Date: Mon, 02 Mar 2026 13:00:00 +0100 (CET)
Message-ID: <m4@example.org>
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<html><head><style>p {color: red}</style></head><body><p>Das Ger=E4t ist kaputt,
ich m=F6chte mein Geld zur=FCck.</p><div class=3D"gmail_quote"><div>Am 1.3. schrieb Norn:</div>
<blockquote>Ihre Bestellung ist unterwegs.</blockquote></div></body></html>

"""
QUOTED = """From di@example.org Mon Mar  2 14:00:00 2026
From: di@example.org
To: help@norn.example
Subject: Fwd: order
Date: Mon, 2 Mar 2026 14:00:00 +0100
Message-ID: <m5@example.org>

---------- Forwarded message ---------
From: Shop
Your order.
"""
MAILBOX = "".join([LATE, ANSWERED, AWAY, HTML, QUOTED])
POLISH = {
    "own_id": "m1@example.org", "author": "bo@example.org", "created_at": "2026-03-02T09:00:00", "channel": "email",
    "text": "Paczka spóźniona. Paczka przyszła dwa tygodnie za późno.\nFrom now on I buy elsewhere.",
}  # fmt: skip
GERMAN = {"own_id": "m4@example.org", "text": "Das Gerät ist kaputt, ich möchte mein Geld zurück."}
SINGLE = LATE.partition("\n")[2].replace("\n>From", "\nFrom")

SAMPLES = (
    Sample("zendesk tickets", "zendesk", as_json({"tickets": [TICKET, RATED, BY_AGENT, BAD], "count": 4}), TICKETS,
           "support", ("agent_text",), SILENT, "utf-8"),
    Sample("zendesk lines", "zendesk", as_lines([TICKET, RATED, BY_AGENT, BAD]), TICKETS, "support", ("agent_text",),
           SILENT, "utf-8"),
    Sample("zendesk threads", "zendesk", as_lines([THREAD, {**TICKET, "id": 2}]), (*THREAD_READ, {**TICKETS[0], "own_id": "2"}),
           "support", ("agent_text", "internal_note"), SILENT),
    Sample("zendesk threads with users", "zendesk", as_json(WITH_USERS),
           (*THREAD_READ, {"own_id": "35436-5", "text": "Mine leaks as well."}), "support",
           ("agent_text", "internal_note"), SILENT),
    Sample("zendesk one ticket", "zendesk", as_json({"ticket": TICKET}), TICKETS[:1], "support"),
    Sample("mbox", "mail", MAILBOX.encode(), (POLISH, GERMAN), "support", ("automatic", "only_quoted", "own_mail"),
           SILENT),
    Sample("mbox crlf", "mail", MAILBOX.replace("\n", "\r\n").encode(), (POLISH, GERMAN), "support",
           ("automatic", "only_quoted", "own_mail"), SILENT),
    Sample("eml", "mail", SINGLE.encode(), (POLISH,), "support"),
)  # fmt: skip
