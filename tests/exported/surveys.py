"""Exports of survey tools."""

import json

from exported.sample import Sample, as_csv, as_json, as_lines, as_xlsx

BETTER = "What could we improve?"
LIKED = "What did you like most?"
RECOMMEND = "How likely are you to recommend us to a friend or colleague?"
CONTENT = "Overall, how satisfied are you with our service?"

# Qualtrics: names, questions, import ids; a preview; an answer with a line break; embedded data.
NAMES = [
    "StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate",
    "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference",
    "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage", "Q1_NPS_GROUP", "Q1", "Q2", "Q3",
    "Q4", "Q4_3_TEXT", "Q3 - Topics", "Store",
]  # fmt: skip
ASKED = [
    "Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)", "Finished",
    "Recorded Date", "Response ID", "Recipient Last Name", "Recipient First Name", "Recipient Email",
    "External Data Reference", "Location Latitude", "Location Longitude", "Distribution Channel", "User Language",
    RECOMMEND + " - Group", RECOMMEND, CONTENT, BETTER, "How did you hear of us? - Selected Choice",
    "How did you hear of us? - Other - Text", BETTER + " - Topics", "Store",
]  # fmt: skip
IDS = [
    "startDate", "endDate", "status", "ipAddress", "progress", "duration", "finished", "recordedDate", "_recordId",
    "recipientLastName", "recipientFirstName", "recipientEmail", "externalDataReference", "locationLatitude",
    "locationLongitude", "distributionChannel", "userLanguage", "QID1_NPS_GROUP", "QID1", "QID2", "QID3_TEXT", "QID4",
    "QID4_3_TEXT", "QID3_TOPICS", "Store",
]  # fmt: skip
DATED = ("startDate", "endDate", "recordedDate")
IMPORTS = [
    json.dumps(
        {"ImportId": i, **({"timeZone": "America/Denver"} if i in DATED else {})}, separators=(",", ":")
    )
    for i in IDS
]


def response(number, nps, content, better, *, status="IP Address", day="2026-02-10", language="EN", more=""):
    group = "Promoter" if nps > 8 else "Passive" if nps > 6 else "Detractor"
    return [
        f"{day} 09:00:00", f"{day} 09:03:00", status, f"198.51.100.{number}", "100", "180", "True",
        f"{day} 09:03:05", f"R_{number:04}", "Winter", "Ada", f"ada{number}@example.org", f"C-{number}", "45.1", "9.2",
        "email", language, group, str(nps), content, better, "Friends", more, "Delivery", "Norn Milano",
    ]  # fmt: skip


QUALTRICS_ROWS = [
    response(1, 3, "Somewhat dissatisfied", "The courier left the parcel\nin the rain, twice"),
    response(2, 10, "Extremely satisfied", "Nothing", more="My aunt told me about your shop"),
    response(3, 8, "Somewhat satisfied", "just testing this", status="Survey Preview"),
    response(4, 9, "Extremely satisfied", "", language="IT"),
    response(
        5,
        6,
        "Somewhat satisfied",
        "Il pacco è arrivato tardi, ma lo staff è gentile",
        language="IT",
        day="2026-07-01",
    ),
]
QUALTRICS_READ = (
    {
        "own_id": "R_0001:q3", "text": "The courier left the parcel\nin the rain, twice", "question": BETTER, "nps": 3,
        "csat": 2, "created_at": "2026-02-10T16:03:05", "customer_id": "C-1", "location": "Norn Milano",
        "declared_language": "EN", "author": "ada1@example.org", "row": 1, "channel": "email",
    },
    {"text": "Nothing", "question": BETTER, "nps": 10, "csat": 5, "row": 2},
    {"text": "My aunt told me about your shop", "question": "How did you hear of us? - Other", "nps": 10, "row": 2},
    {"text": None, "row": 4},
    {
        "own_id": "R_0005:q3", "text": "Il pacco è arrivato tardi, ma lo staff è gentile", "row": 5,
        "created_at": "2026-07-01T15:03:05", "declared_language": "IT",
    },
)  # fmt: skip
QUALTRICS_SILENT = ("Promoter", "Delivery", BETTER, "Friends", "just testing this")


def qualtrics(id, data, *, text="", read=QUALTRICS_READ, rejected=("preview",)):
    empty = sum(one["text"] == "Nothing" and "question" not in one for one in read)
    return Sample(
        id, "qualtrics", data, read, rejected=rejected, silent=QUALTRICS_SILENT, text=text, empty=empty
    )


QUALTRICS = [NAMES, ASKED, IMPORTS, *QUALTRICS_ROWS]
CODES = [
    [
        cell if name not in ("Status", "Q2") else {"IP Address": "0", "Survey Preview": "1"}.get(cell, "4")
        for name, cell in zip(NAMES, row, strict=True)
    ]
    for row in QUALTRICS_ROWS
]
# Without the rows of questions and ids nobody knows what was asked, nor in which time zone.
CUT_READ = tuple(
    {key: value for key, value in one.items() if key not in ("question", "created_at")}
    for one in QUALTRICS_READ
)

# SurveyMonkey: questions, then options; condensed and expanded.
OWN = [
    "Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name", "Last Name",
    "Custom Data 1",
]  # fmt: skip
CONDENSED = [
    [*OWN, RECOMMEND, "What did you buy?", "", BETTER],
    ["", "", "", "", "", "", "", "", "", "", "Response", "Other (please specify)", "Open-Ended Response"],
    ["114000000001", "401", "02/10/2026 09:00:12", "02/10/2026 09:05:40", "198.51.100.1", "ada@example.org", "Ada",
     "Winter", "C-1", "9", "Kettle", "", "Nobody answered the phone for three days"],
    ["114000000002", "401", "02/23/2026 18:00:12", "02/23/2026 18:05:40", "198.51.100.2", "", "", "", "C-2", "0",
     "Other (please specify)", "a lamp for my mother", "niente"],
]  # fmt: skip
EXPANDED = [
    [*OWN, RECOMMEND, "What did you buy?", "", "", BETTER],
    ["", "", "", "", "", "", "", "", "", "", "Kettle", "Lamp", "Other (please specify)", "Open-Ended Response"],
    ["114000000001", "401", "02/10/2026 09:00:12", "02/10/2026 09:05:40", "198.51.100.1", "ada@example.org", "Ada",
     "Winter", "C-1", "9", "Kettle", "Lamp", "", "Nobody answered the phone for three days"],
    ["114000000002", "401", "02/23/2026 18:00:12", "02/23/2026 18:05:40", "198.51.100.2", "", "", "", "C-2", "0",
     "", "", "a lamp for my mother", "niente"],
]  # fmt: skip
MONKEY_READ = (
    {
        "own_id": "114000000001:what_could_we_improve", "text": "Nobody answered the phone for three days", "question": BETTER, "nps": 9,
        "created_at": "2026-02-10T09:05:40", "author": "ada@example.org", "customer_id": "C-1", "row": 1,
    },
    {"own_id": "114000000002:what_did_you_buy_other_p_2ac587", "text": "a lamp for my mother", "question": "What did you buy? - Other (please specify)", "nps": 0, "row": 2},
    {"text": "niente", "question": BETTER, "nps": 0, "row": 2, "created_at": "2026-02-23T18:05:40"},
)  # fmt: skip


def monkey(id, data, *, text="", read=MONKEY_READ):
    return Sample(id, "surveymonkey", data, read, silent=("Kettle", "Open-Ended Response", BETTER), text=text)


# Typeform: pages of responses, webhooks, with and without the definition of the form.
FIELDS = [
    {"id": "f1", "ref": "better", "title": BETTER, "type": "long_text", "properties": {}},
    {"id": "f2", "ref": "recommend", "title": RECOMMEND, "type": "opinion_scale", "properties": {"steps": 11}},
    {
        "id": "f3", "ref": "group", "title": "About you", "type": "group",
        "properties": {"fields": [{"id": "f4", "ref": "seen", "title": "Where did you see us?", "type": "multiple_choice"},
                                  {"id": "f5", "ref": "stars", "title": "Your rating", "type": "rating", "properties": {"steps": 10}},
                                  {"id": "f6", "ref": "mail", "title": "Your e-mail", "type": "email"},
                                  {"id": "f7", "ref": "job", "title": "Your job", "type": "short_text"}]},
    },
]  # fmt: skip


def typeform_response(token, better, nps, *, day):
    answers = [
        {"field": {"id": "f2", "type": "opinion_scale", "ref": "recommend"}, "type": "number", "number": nps},
        {"field": {"id": "f4", "type": "multiple_choice", "ref": "seen"}, "type": "choices",
         "choices": {"labels": ["On television", "In the street"], "other": "at my aunt's"}},
        {"field": {"id": "f5", "type": "rating", "ref": "stars"}, "type": "number", "number": 10},
        {"field": {"id": "f6", "type": "email", "ref": "mail"}, "type": "email", "email": "ada@example.org"},
        {"field": {"id": "f7", "type": "short_text", "ref": "job"}, "type": "text", "text": "nurse"},
    ]  # fmt: skip
    if better is not None:
        answers.insert(
            0, {"field": {"id": "f1", "type": "long_text", "ref": "better"}, "type": "text", "text": better}
        )
    return {
        "landing_id": token, "token": token, "landed_at": f"{day}T09:00:00Z", "submitted_at": f"{day}T09:04:02Z",
        "hidden": {"region": "Lazio"}, "calculated": {"score": 0},
        "metadata": {"user_agent": "Mozilla/5.0 (of no interest here)", "platform": "mobile", "browser": "touch"},
        "answers": answers,
    }  # fmt: skip


TYPED = [
    typeform_response("tok1", "The app forgets my basket every time", 2, day="2026-02-10"),
    typeform_response("tok2", "Nothing", 10, day="2026-02-11"),
    typeform_response("tok3", None, 9, day="2026-02-12"),
]
TYPEFORM_READ = (
    {
        "own_id": "tok1", "text": "The app forgets my basket every time", "question": BETTER, "nps": 2, "rating": 5,
        "rating_original": 10, "created_at": "2026-02-10T09:04:02", "region": "Lazio", "row": 1,
    },
    {"own_id": "tok2", "text": "Nothing", "question": BETTER, "nps": 10, "row": 2},
    {"own_id": "tok3", "text": None, "nps": 9, "row": 3},
)  # fmt: skip
UNASKED_READ = (
    {"own_id": "tok1", "text": "The app forgets my basket every time", "question": None, "nps": 2},
    {"own_id": "tok2", "text": "Nothing", "question": None, "nps": 10},
    {"own_id": "tok3", "text": None},
)
HOOKS = [
    {"event_id": f"e{i}", "event_type": "form_response",
     "form_response": {"form_id": "x", **one, "definition": {"id": "x", "title": "Norn", "fields": FIELDS}}}
    for i, one in enumerate(TYPED)
]  # fmt: skip


def typeform(id, value, *, read=TYPEFORM_READ):
    data = value if isinstance(value, bytes) else as_json(value)
    silent = ("nurse", "On television", BETTER, "Mozilla/5.0 (of no interest here)")
    empty = sum(one["text"] == "Nothing" and not one["question"] for one in read)
    return Sample(id, "typeform", data, read, silent=silent, text="utf-8", empty=empty)


# Google Forms: the first column speaks the owner's language.
FORMS = {
    "en": ("Timestamp", "What could we improve?", "2/10/2026 19:07:17", "2/25/2026 9:00:01"),
    "it": (
        "Informazioni cronologiche",
        "Che cosa possiamo migliorare?",
        "10/02/2026 19.07.17",
        "25/02/2026 9.00.01",
    ),
    "pl": ("Sygnatura czasowa", "Co możemy poprawić?", "10.02.2026 19:07:17", "25.02.2026 09:00:01"),
    "ar": ("طابع زمني", "ما الذي يمكننا تحسينه؟", "10/02/2026 19:07:17", "25/02/2026 9:00:01"),
    "zh": ("时间戳记", "我们有什么可以改进的？", "2026/2/10 19:07:17", "2026/2/25 9:00:01"),
    "es": ("Marca temporal", "¿Qué podríamos mejorar?", "10/02/2026 19:07:17", "25/02/2026 9:00:01"),
    "de": ("Zeitstempel", "Was können wir besser machen?", "10.02.2026 19:07:17", "25.02.2026 09:00:01"),
    "fr": ("Horodateur", "Que pourrions-nous améliorer ?", "10/02/2026 19:07:17", "25/02/2026 09:00:01"),
    "pt": ("Carimbo de data/hora", "O que podemos melhorar?", "10/02/2026 19:07:17", "25/02/2026 09:00:01"),
}


def google_form(language):
    stamp, asked, first, second = FORMS[language]
    rows = [
        [stamp, asked, "Service [Speed]", "Service [Staff]", RECOMMEND],
        [first, "The queue at the desk is far too long", "Good", "Bad", "4"],
        [second, "Please open on Sundays as well", "Bad", "Good", "9"],
    ]
    read = (
        {
            "text": "The queue at the desk is far too long",
            "question": asked,
            "nps": 4,
            "created_at": "2026-02-10T19:07:17",
        },
        {
            "text": "Please open on Sundays as well",
            "question": asked,
            "nps": 9,
            "created_at": "2026-02-25T09:00:01",
        },
    )
    return Sample(
        f"googleforms-{language}", "googleforms", as_csv(rows), read, silent=("Good", "Bad"), text="utf-8"
    )


SAMPLES = [
    qualtrics("qualtrics-csv", as_csv(QUALTRICS), text="utf-8"),
    qualtrics("qualtrics-tsv", as_csv(QUALTRICS, separator="\t", encoding="utf-16")),
    qualtrics("qualtrics-xlsx", as_xlsx(QUALTRICS)),
    qualtrics("qualtrics-without-questions", as_csv([NAMES, IMPORTS, *QUALTRICS_ROWS]), read=tuple(
        {k: v for k, v in one.items() if k not in ("question", "csat")} for one in QUALTRICS_READ)),
    qualtrics("qualtrics-codes", as_csv([NAMES, ASKED, IMPORTS, *CODES]), read=tuple(
        {k: v for k, v in one.items() if k != "csat"} for one in QUALTRICS_READ)),
    monkey("surveymonkey-condensed", as_csv(CONDENSED, encoding="utf-8-sig")),
    monkey("surveymonkey-expanded", as_csv(EXPANDED), text="utf-8"),
    monkey("surveymonkey-semicolon", as_csv(CONDENSED, separator=";")),
    monkey("surveymonkey-xlsx", as_xlsx(EXPANDED)),
    typeform("typeform-page-with-form", {"form": {"id": "x", "fields": FIELDS}, "total_items": 3, "page_count": 1, "items": TYPED}),
    typeform("typeform-page-alone", {"total_items": 3, "page_count": 1, "items": TYPED}, read=UNASKED_READ),
    typeform("typeform-webhook", HOOKS[0], read=TYPEFORM_READ[:1]),
    typeform("typeform-webhooks-lines", as_lines(HOOKS)),
    typeform("typeform-webhooks-list", HOOKS),
    *map(google_form, FORMS),
]  # fmt: skip
