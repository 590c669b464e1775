"""Exports of what employees say."""

from exported.sample import Sample, as_csv, as_json, as_xlsx

PROS, CONS, ADVICE = (
    "Kind colleagues and fair shifts",
    "Low pay, and nobody listens",
    "Answer your people's mails",
)
GLASSDOOR = [
    ["Review Id", "Date", "Overall Rating", "Job Title", "Employment Status", "Location", "Pros", "Cons",
     "Advice to Management", "Work/Life Balance", "Employer Response"],
    ["71", "2026-02-10", "2", "Nurse", "Current Employee", "Turin", PROS, CONS, ADVICE, "1", "Thank you for your time"],
    ["72", "2026-02-11", "5", "Driver", "Former Employee", "Rome", "Everything, really", "Nothing", "", "5", ""],
]  # fmt: skip
BEST, WORST = "Pros", "Cons"
GLASSDOOR_READ = (
    {
        "own_id": "71:pros", "text": PROS, "question": BEST, "rating": 2, "created_at": "2026-02-10T00:00:00",
        "location": "Turin", "row": 1,
    },
    {"own_id": "71:cons", "text": CONS, "question": WORST, "rating": 2, "row": 1},
    {"own_id": "71:advice", "text": ADVICE, "question": "Advice to Management", "row": 1},
    {"own_id": "72:pros", "text": "Everything, really", "question": BEST, "row": 2},
    {"own_id": "72:cons", "text": "Nothing", "question": WORST, "rating": 5, "row": 2},
)  # fmt: skip
CULTURE = [
    ["Survey Name", "Factor", "Question", "Comment", "Rating", "Topics", "Sentiment", "Department", "Tenure"],
    ["Spring", "Enablement", "What gets in your way?", "The laptops are eight years old", "2", "Tools", "negative",
     "Care", "1-2 years"],
    ["Spring", "Leadership", "I trust our leaders", "They keep their word, always have", "5", "Trust", "positive",
     "Care", "5+ years"],
]  # fmt: skip
CULTURE_READ = (
    {"text": "The laptops are eight years old", "question": "What gets in your way?", "rating": 2, "row": 1},
    {"text": "They keep their word, always have", "question": "I trust our leaders", "rating": 5, "row": 2},
)


def workplace(id, source, data, read, **more):
    silent = ("Thank you for your time", "Nurse", "Enablement", "Care")
    return Sample(id, source, data, read, kind="employee", silent=silent, **more)


SAMPLES = [
    workplace("glassdoor-csv", "employer_reviews", as_csv(GLASSDOOR), GLASSDOOR_READ, text="utf-8"),
    workplace("glassdoor-xlsx", "employer_reviews", as_xlsx(GLASSDOOR), GLASSDOOR_READ),
    workplace(
        "glassdoor-json",
        "employer_reviews",
        as_json([dict(zip(GLASSDOOR[0], row, strict=True)) for row in GLASSDOOR[1:]]),
        GLASSDOOR_READ,
    ),
    workplace("cultureamp-csv", "engagement_survey", as_csv(CULTURE), CULTURE_READ, text="utf-8"),
    workplace("cultureamp-xlsx", "engagement_survey", as_xlsx(CULTURE), CULTURE_READ),
]
