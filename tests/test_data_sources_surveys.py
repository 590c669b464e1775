"""data/sources/surveys: which questions were answered in words, which hold the scores."""

import pytest
from exported.sample import as_csv, as_json
from exported.surveys import ASKED, FIELDS, IMPORTS, NAMES, RECOMMEND, response
from source_reading import read_export

from data.sources.raw import SourceError

WORDS = [
    "The courier left my parcel in the rain",
    "Great sound for this price",
    "Nobody answered the phone for days",
    "The app forgets my basket every time",
]


@pytest.fixture
def read(settings, tmp_path):
    def read_it(data, **options):
        path = tmp_path / "export"
        path.write_bytes(data)
        return read_export(path, settings, **options)

    return read_it


def form(columns, *, stamp="Timestamp"):
    size = len(next(iter(columns.values())))
    days = [f"2026-03-{day + 1:02d} 10:00:00" for day in range(size)]
    return as_csv([[stamp, *columns], *zip(days, *columns.values(), strict=True)])


def test_ticked_words_of_a_scale_are_no_comments_even_in_a_small_form(read):
    chosen = [
        "Somewhat satisfied",
        "Very dissatisfied",
        "Neither satisfied nor dissatisfied",
        "Very satisfied",
    ]
    found = read(
        form({"How satisfied are you with your last visit?": chosen, "What should we change?": WORDS})
    )
    assert set(found.texts) == set(WORDS)
    assert found.comments["csat"].tolist() == [4, 1, 3, 5]


def test_question_over_all_gives_the_score_and_the_other_is_named(read):
    found = read(
        form(
            {
                "How satisfied are you with the price?": [1, 1, 2, 2],
                "How satisfied are you with us overall?": [5, 4, 5, 4],
                "What should we change?": WORDS,
            }
        )
    )
    assert found.comments["csat"].tolist() == [5, 4, 5, 4]
    assert "more than one question gives csat" in found.warnings


def test_personal_answers_are_no_comments(read):
    names = ["Ada Winter", "Bea Marsh", "Cid Stone", "Dot Field"]
    mails = [f"guest{i}@example.org" for i in range(4)]
    found = read(form({"Full name": names, "Your e-mail, please?": mails, "What should we change?": WORDS}))
    assert set(found.texts) == set(WORDS)


def test_one_word_answers_are_facts_unless_faults_were_asked_for(read):
    rows = [[*row[:20], "nurse", *row[21:]] for row in (response(i, 9, "", "") for i in range(1, 4))]
    with pytest.raises(SourceError, match="no question that was answered in words"):
        read(
            as_csv(
                [
                    NAMES,
                    [a if n != "Q3" else "Your job" for n, a in zip(NAMES, ASKED, strict=True)],
                    IMPORTS,
                    *rows,
                ]
            )
        )


def test_survey_without_words_can_be_told_which_column_to_take(read):
    rows = [[*row[:20], "nurse", *row[21:]] for row in (response(i, 9, "", "") for i in range(1, 4))]
    found = read(as_csv([NAMES, ASKED, IMPORTS, *rows]), columns={"text": "Q3"})
    assert found.texts == ["nurse"] * 3


def test_survey_without_responses_is_empty(read):
    found = read(as_csv([NAMES, ASKED, IMPORTS]))
    assert (found.export.source_format, found.export.record_count, len(found.comments)) == ("qualtrics", 0, 0)


@pytest.mark.parametrize("kept", [(0,), (0, 1)], ids=["names alone", "names and questions"])
def test_qualtrics_without_import_ids_is_known_by_its_columns(read, kept):
    rows = [response(i, i % 11, "", f"{WORDS[i % 4]} ({i})") for i in range(1, 30)]
    head = [[NAMES, ASKED][place] for place in kept]
    found = read(as_csv([*head, *rows]))
    assert found.export.source_format == "qualtrics"
    assert len(found.comments) == 29
    assert found.texts[0] == f"{WORDS[1]} (1)"


@pytest.mark.parametrize(("status", "reason"), [("Spam", "spam"), ("Survey Test", "preview"), ("8", "spam")])
def test_qualtrics_sets_aside_what_no_customer_sent(read, status, reason):
    rows = [response(1, 9, "", WORDS[0]), response(2, 1, "", WORDS[1], status=status)]
    found = read(as_csv([NAMES, ASKED, IMPORTS, *rows]))
    assert found.rejected[["row", "reason"]].values.tolist() == [[2, reason]]


def test_qualtrics_times_follow_daylight_saving_of_the_surveys_zone(read):
    rows = [response(1, 9, "", WORDS[0], day="2026-01-10"), response(2, 9, "", WORDS[1], day="2026-07-10")]
    created = read(as_csv([NAMES, ASKED, IMPORTS, *rows]), timezone="Asia/Tokyo").comments["created_at"]
    assert created.dt.hour.tolist() == [16, 15]


def test_qualtrics_of_employees_is_employee_feedback(read):
    names = ["Parent Unit" if name == "Store" else name for name in NAMES]
    assert (
        read(as_csv([names, ASKED, IMPORTS, response(1, 9, "", WORDS[0])])).export.source_kind == "employee"
    )


def test_form_without_responses_is_refused_with_what_to_do(read):
    with pytest.raises(SourceError, match="a Typeform form without responses"):
        read(as_json({"id": "x", "title": "Norn", "fields": FIELDS}))


@pytest.mark.parametrize(("numbers", "is_nps"), [((3, 2, 4), False), ((0, 9, 10), True)])
def test_unknown_scale_is_nps_only_if_it_runs_that_far(read, numbers, is_nps):
    answered = [
        {
            "token": f"t{number}",
            "submitted_at": "2026-02-10T09:00:00Z",
            "answers": [
                {"field": {"id": "a", "type": "long_text", "ref": "q1"}, "type": "text", "text": WORDS[0]},
                {
                    "field": {"id": "b", "type": "opinion_scale", "ref": "q2"},
                    "type": "number",
                    "number": number,
                },
            ],
        }
        for number in numbers
    ]
    assert read(as_json({"items": answered})).comments["nps"].notna().all() == is_nps


def test_scores_of_a_company_in_its_own_words_can_be_named(read):
    columns = {"Q": [10, 9, 0, 7], "What should we change?": WORDS}
    found = read(form(columns), columns={"nps": "Q"})
    assert found.comments["nps"].tolist() == [10, 9, 0, 7]


def test_grid_of_a_form_is_no_comment(read):
    cells = ["not so good at all", "quite good, I think", "could be much better", "it was all very good"]
    found = read(form({"Service [Speed]": cells, "What should we change?": WORDS, RECOMMEND: [1, 2, 3, 10]}))
    assert set(found.texts) == set(WORDS)
