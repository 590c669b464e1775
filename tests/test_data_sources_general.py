"""data/sources/general.py and cells: which column means what, told by names and by content."""

import csv
import io

import pytest
from source_reading import read_export

from data.sources.cells.columns import match_name, normal_name
from data.sources.cells.kinds import guess_language
from data.sources.raw import SourceError
from data.sources.shape import join_title

LINES = [
    "The courier left my parcel in the rain and drove away",
    "Great sound for this price, I would buy it again",
    "Nobody answered the phone for three whole days",
    "The new app crashes whenever I open my basket",
    "Very friendly staff, they found my size at once",
    "My invoice was wrong twice and nobody cares",
]
WISHES = [
    "Please send a message before the courier comes",
    "More colours in the larger sizes would be nice",
    "Answer the phone within ten minutes, please",
    "Let me save the basket between two visits",
    "Open the shop on Sundays for working people",
    "Correct the invoice without a second call",
]


@pytest.fixture
def read(settings, tmp_path):
    def read_it(cells, **options):
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(cells)
        writer.writerows(zip(*cells.values(), strict=True))
        path = tmp_path / "export.csv"
        path.write_text(stream.getvalue(), newline="")
        return read_export(path, settings, **options)

    return read_it


@pytest.mark.parametrize(
    "names",
    [
        ("Review ID", "Review Created (UTC)", "Review Stars", "Review Content", "Product Name", "Country"),
        ("id recensione", "Data", "Voto", "Commento", "Prodotto", "Regione"),
        ("identyfikator", "data dodania", "Ocena", "Treść opinii", "nazwa produktu", "województwo"),
        ("المعرف", "التاريخ", "التقييم", "التعليق", "المنتج", "المدينة"),
        ("编号", "评论时间", "评分", "评论内容", "产品名称", "城市"),
        ("identificador", "Fecha", "Calificación", "Comentario", "Producto", "País"),
        ("Kennung", "Erstellt am", "Sterne", "Kommentar", "Artikel", "Bundesland"),
        ("identifiant", "Date de création", "Étoiles", "Commentaire", "Produit", "Pays"),
        ("identificador", "Data da avaliação", "Nota", "Comentário", "Produto", "Estado"),
        ("reviewId", "createdAt", "starRating", "reviewText", "productName", "customer_state"),
    ],
)
def test_columns_are_told_by_names_in_nine_languages(read, names):
    cells = [
        [f"r{i}" for i in range(6)],
        [f"2026-03-0{i + 1}" for i in range(6)],
        [1, 2, 3, 4, 5, 5],
        LINES,
        ["phone", "tv"] * 3,
        ["North", "South"] * 3,
    ]
    found = read(dict(zip(names, cells, strict=True)))
    roles = ("own_id", "created_at", "rating", "text", "product", "region")
    assert [found.roles[role] for role in roles] == list(names)


def test_survey_scores_are_told_by_their_questions(read):
    found = read(
        {
            "Timestamp": [f"2026-03-0{i + 1}" for i in range(6)],
            "How likely are you to recommend us to a friend?": [0, 10, 9, 3, 7, 8],
            "How satisfied were you with your visit?": [1, 2, 3, 4, 5, 5],
            "How easy was it to return your parcel?": [1, 7, 6, 4, 2, 5],
            "What is the reason for your score?": LINES,
        }
    )
    assert found.comments["nps"].tolist() == [0, 10, 9, 3, 7, 8]
    assert found.comments["csat"].tolist() == [1, 2, 3, 4, 5, 5]
    assert found.comments["ces"].tolist() == [1, 7, 6, 4, 2, 5]
    assert found.comments["question"].unique().tolist() == ["What is the reason for your score?"]
    assert found.export.source_kind == "survey"


def test_yes_and_no_is_no_likelihood_to_recommend(read):
    found = read({"text": LINES, "recommended": [0, 1] * 3})
    assert "nps" not in found.roles


def test_open_questions_become_comments_of_their_own(read):
    found = read(
        {
            "Response ID": [f"r{i}" for i in range(6)],
            "What did we do well?": LINES,
            "What could we do better?": [*WISHES[:5], ""],
        }
    )
    assert len(found.comments) == 11
    assert found.comments["own_id"].tolist()[:2] == ["r0:what_did_we_do_well", "r0:what_could_we_do_better"]
    assert found.comments["question"].tolist()[:2] == ["What did we do well?", "What could we do better?"]
    assert found.comments["row"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6]


def test_record_that_answers_nothing_keeps_one_row_without_text(read):
    found = read({"id": range(6), "pros": [*LINES[:5], ""], "cons": [*WISHES[:5], " "]})
    assert found.comments[found.comments["row"] == 6]["text"].isna().tolist() == [True]
    assert found.read_count == 6


def test_pros_and_cons_are_comments_of_an_employee(read):
    found = read(
        {"Job Title": ["clerk"] * 6, "Pros": LINES, "Cons": WISHES, "Overall Rating": [1, 2, 3, 4, 5, 5]}
    )
    assert found.export.source_kind == "employee"
    assert found.comments["question"].tolist()[:2] == ["Pros", "Cons"]
    assert found.texts[:2] == [LINES[0], WISHES[0]]


def test_question_column_travels_with_the_answer(read):
    found = read({"question": ["What could we improve?"] * 6, "answer": LINES})
    assert found.comments["question"].unique().tolist() == ["What could we improve?"]


def test_title_is_joined_to_its_text(read):
    found = read({"Review Title": ["Late"] * 6, "Review Text": LINES})
    assert found.texts[0] == f"Late. {LINES[0]}"


def test_title_and_answers_are_the_text_columns(read):
    found = read(
        {"id": range(6), "Review Title": ["Late"] * 6, "Review Text": LINES, "Company Response": WISHES}
    )
    assert found.export.text_columns == ("Review Text", "Review Title")


@pytest.mark.parametrize(
    ("title", "body", "text"),
    [
        ("Late", "It took a week", "Late. It took a week"),
        ("Late!", "It took a week", "Late! It took a week"),
        ("太慢", "等了两周", "太慢。等了两周"),
        ("It took…", "It took a week", "It took a week"),
        (None, "It took a week", "It took a week"),
        ("Late", None, "Late"),
        (None, None, None),
    ],
)
def test_join_title_makes_one_text(title, body, text):
    assert join_title(title, body) == text


def test_answers_of_the_company_are_not_comments(read):
    found = read({"review": LINES, "Company Response": WISHES, "Developer Reply Text": WISHES})
    assert found.texts == LINES


def test_part_of_a_text_is_not_a_comment_of_its_own(read):
    found = read({"Full Text": LINES, "Snippet": [line[:30] + "..." for line in LINES]})
    assert found.texts == LINES


def test_unnamed_sentences_are_found_with_a_warning(read):
    found = read({"a": range(6), "b": LINES, "c": ["x", "y"] * 3})
    assert found.texts == LINES
    assert "comments were found by their length alone, in 'b'" in found.warnings


def test_numbers_called_review_are_not_the_text(read):
    found = read({"review": [1, 2, 3, 4, 5, 5], "b": LINES})
    assert found.texts == LINES


def test_ticked_options_are_not_answers(read):
    found = read(
        {"Which of our shops did you visit?": ["the big one", "the small one"] * 3, "comment": LINES}
    )
    assert found.texts == LINES


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"comment": LINES, "nps": [1, 2, 3, 4, 5, 9]}, "survey"),
        ({"text": LINES, "star_rating": [1, 2, 3, 4, 5, 5], "title": list("abcdef")}, "review"),
        ({"tweet_text": LINES, "retweets": [1, 2, 3, 4, 5, 5], "author_followers": range(6)}, "social"),
        ({"comment": LINES, "department": ["a"] * 6, "tenure": [1] * 6}, "employee"),
        ({"description": LINES, "ticket_id": range(6), "priority": ["low"] * 6}, "support"),
        ({"comment": LINES}, "survey"),
    ],
)
def test_kind_is_told_by_the_columns(read, columns, kind):
    found = read(columns)
    assert found.export.source_kind == kind
    assert found.export.decisions["kind"]["why"]


def test_kind_can_be_named(read):
    assert read({"comment": LINES}, kind="social").export.source_kind == "social"


def test_several_text_columns_can_be_named(read):
    found = read({"id": range(6), "a": LINES, "b": WISHES}, columns={"text": ["a", "b"]})
    assert found.texts[:2] == [LINES[0], WISHES[0]]


def test_roles_can_be_named_in_any_case(read):
    found = read(
        {"TXT": LINES, "When": [f"2026-03-0{i + 1}" for i in range(6)]}, columns={"created_at": "when"}
    )
    assert found.comments["created_at"].notna().all()


def test_absent_date_column_is_said(read):
    assert read({"comment": LINES}).comments["created_issue"].tolist() == ["absent"] * 6


AMBIGUOUS = ["03/04/2026", "05/02/2026", "01/03/2026", "03/01/2026", "02/05/2026", "04/03/2026"]


def test_ambiguous_dates_are_refused_with_two_rows_and_the_line_that_helps(read):
    with pytest.raises(SourceError, match=r"column 'date'.*as in rows 1 and 2.*\[sources\] dayfirst"):
        read({"comment": LINES, "date": AMBIGUOUS})


@pytest.mark.parametrize(("dayfirst", "first"), [(True, "2026-04-03"), (False, "2026-03-04")])
def test_ambiguous_dates_are_read_as_the_settings_say(read, dayfirst, first):
    found = read({"comment": LINES, "date": AMBIGUOUS}, dayfirst=dayfirst)
    assert f"{found.comments['created_at'][0]:%Y-%m-%d}" == first


def test_ambiguous_dates_follow_the_files_other_dates(read):
    changed = ["30/04/2026", *AMBIGUOUS[1:]]
    found = read({"comment": LINES, "created at": AMBIGUOUS, "updated at": changed})
    assert f"{found.comments['created_at'][0]:%Y-%m-%d}" == "2026-04-03"


def test_a_few_stray_ambiguous_dates_cost_only_themselves(read):
    dates = [f"2026-03-{i % 28 + 1:02d}" for i in range(120)]
    found = read(
        {"comment": [f"{LINES[i % 6]} ({i})" for i in range(120)], "date": [*dates[:-1], "03/04/2026"]}
    )
    assert found.comments["created_issue"].dropna().to_dict() == {119: "ambiguous"}
    assert "as in row 120" in found.warnings


def test_epoch_and_day_numbers_are_dates_in_a_date_column(read):
    found = read({"comment": LINES, "created": [1772721000 + i for i in range(6)]})
    assert found.comments["created_at"].notna().all()


def test_dates_of_the_parcel_are_not_the_date_of_the_comment(read):
    found = read({"comment": LINES, "created": ["2026-03-05"] * 6, "purchase_date": ["2026-02-05"] * 6})
    assert found.roles["created_at"] == "created"


def test_labels_that_say_nothing_are_missing(read):
    found = read({"comment": LINES, "product": ["N/A", "null", "-", " tv ", "", "phone"]})
    assert found.comments["product"].fillna("?").tolist() == ["?", "?", "?", "tv", "?", "phone"]


def test_declared_language_is_read(read):
    assert read({"comment": LINES, "lang": ["en"] * 6}).comments["declared_language"].tolist() == ["en"] * 6


@pytest.mark.parametrize(
    ("name", "normal"),
    [("reviewText", "review text"), ("Data_Ora", "data ora"), ("Étoiles", "etoiles"), ("Ł", "l")],
)
def test_normal_name_brings_spellings_together(name, normal):
    assert normal_name(name) == normal


@pytest.mark.parametrize(
    ("name", "role", "least"),
    [
        ("attributes.body", "text", 0.85),
        ("order_purchase_timestamp", "ordered_at", 0.95),
        ("customer review text", "text", 0.6),
        ("用户评分", "rating", 0.6),
    ],
)
def test_match_name_finds_names_inside_others(name, role, least):
    assert match_name(name, role).score >= least


@pytest.mark.parametrize(("name", "role"), [("lounge_name", "author"), ("shipping_limit_date", "ordered_at")])
def test_match_name_leaves_vague_words_alone(name, role):
    assert match_name(name, role).score < 0.6


@pytest.mark.parametrize(
    ("cells", "language"),
    [
        (["La consegna è in ritardo e non sono per niente contento"], "it"),
        (["Nie polecam, bardzo długo to trwało i jest drogo"], "pl"),
        (["الخدمة ممتازة لكن السعر مرتفع قليلا"], "ar"),
        (["The courier was late and I was not happy"], "en"),
        (["x y z", None], ""),
    ],
)
def test_guess_language_knows_the_common_words(cells, language):
    assert guess_language(cells) == language


def test_applause_is_no_rating(read):
    found = read({"selftext": LINES, "subreddit": ["x"] * 6, "score": [1, 200, 3, 4, 50, 6]})
    assert found.export.source_kind == "social"
    assert found.comments["rating"].isna().all()


def test_advice_beside_pros_and_cons_is_an_answer_too(read):
    found = read({"Pros": LINES, "Cons": WISHES, "Advice to Management": [f"{w}!" for w in reversed(LINES)]})
    assert found.comments["question"].tolist()[:3] == ["Pros", "Cons", "Advice to Management"]


def test_comments_of_emoji_alone_are_comments(read):
    found = read({"id": ["1", "2", "3"], "comment": ["😀😀", "👍🏽", "😡"], "rating": ["★★★★★", "★★★★", "★"]})
    assert found.comments["text"].tolist() == ["😀😀", "👍🏽", "😡"]
