"""Plain tables, whose column names any tool may write: the general source reads them, and loses no text."""

import pytest
from exported.sample import as_csv, as_json, as_xlsx
from source_reading import read_export

SHAPES = {
    "csv": as_csv,
    "xlsx": as_xlsx,
    "json": lambda rows: as_json([dict(zip(rows[0], row, strict=True)) for row in rows[1:]]),
}
TEXTS = (
    "The kettle leaks from its lid every morning",
    "Arrived two days early and works very well",
    "Nobody answered my question about the refund",
    "The handle gets far too hot to hold it",
)
CELLS = {
    "id": ("r1", "r2", "r3", "r4"),
    "score": ("1", "5", "2", "3"),
    "day": ("2026-02-10", "2026-02-11", "2026-02-12", "2026-02-13"),
    "title": ("Leaks badly today", "Very fine indeed", "No answer at all", "Far too hot here"),
    "name": ("Ada Bo", "Bo Cy", "Cy Di", "Di Ed"),
    "thing": ("Kettle", "Toaster", "Kettle", "Lamp"),
    "question": ("What can we do better?",) * 4,
    "text": TEXTS,
}
TABLES = [
    "title:title | stars:score | review:text | date:day",
    "Title:title | Stars:score | Review:text | Date:day | Product:thing",
    "stars:score | text:text",
    "rating:score | text:text | date:day",
    "score:score | comment:text | created_at:day",
    "id:id | title:title | body:text | rating:score | created_at:day",
    "Review Text:text | Submission Time:day | Rating:score",
    "review_id:id | rating:score | content:text | created_at:day",
    "review_id:id | stars:score | content:text | product_name:thing | date:day",
    "review_content:text | review_rating:score | product_name:thing | reviewer_name:name",
    "body:text | rating:score | product id:thing | date created:day | sku:thing2",
    "body:text | rating:score | review_date:day | reviewer_name:name | product_id:thing",
    "content:text | score:score | date:day | sku:thing",
    "Question:question | Comment:text | Country:thing | Team:thing2",
    "Question:question | Comment:text | Survey:thing | Date:day",
    "Zeitstempel:day | Titel:title | Text:text | Sterne:score",
    "Timestamp:day | Rating:score | Feedback:text",
    "Titolo:title | Stelle:score | Recensione:text | Data:day",
    "Tytuł:title | Ocena:score | Opinia:text | Data:day",
    "Valoración:score | Título:title | Comentario:text | Fecha:day",
    "Note:score | Titre:title | Avis:text | Date:day",
    "评分:score | 标题:title | 评论:text | 日期:day",
    "created:day | author_id:name | conversation_id:id | text:text",
]


def table_of(columns):
    pairs = [one.split(":") for one in columns.split(" | ")]
    cells = [CELLS[what.rstrip("2")] for _, what in pairs]
    return [[name for name, _ in pairs], *map(list, zip(*cells, strict=True))]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("columns", TABLES)
def test_plain_table_is_left_to_the_general_source(settings, tmp_path, columns, shape):
    path = tmp_path / f"table.{shape}"
    path.write_bytes(SHAPES[shape](table_of(columns)))
    found = read_export(path, settings)
    assert found.export.decisions["source"]["value"] == "general"
    assert len(found.rejected) == 0
    assert all(any(text in one for one in found.texts) for text in TEXTS), found.roles


@pytest.mark.parametrize(
    "name", ["Bestellnr", "Auftragsnummer", "Bestell-Nr.", "numero ordine", "N. ordine", "nr zamówienia"]
)
def test_order_numbers_are_recognised_by_name(settings, tmp_path, name):
    path = tmp_path / "orders.csv"
    path.write_bytes(as_csv([[name, "Kommentar"], *([f"88{n}12", text] for n, text in enumerate(TEXTS))]))
    assert read_export(path, settings).roles["order_id"] == name


@pytest.mark.parametrize(("name", "is_found"), [("Erfasst am", True), ("Geburtsdatum", False)])
def test_a_column_of_dates_is_the_date_whatever_its_name(settings, tmp_path, name, is_found):
    path = tmp_path / "dated.csv"
    days = ["13.02.2026", "14.02.2026", "02.03.2026", "03.03.2026"]
    path.write_bytes(as_csv([[name, "Kommentar"], *(list(row) for row in zip(days, TEXTS, strict=True))]))
    found = read_export(path, settings)
    assert (found.roles.get("created_at") == name) == is_found
    assert found.comments["created_at"].notna().all() == is_found
