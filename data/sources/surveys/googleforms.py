"""Google Forms: the sheet of responses, whose first column is named in the language of its owner."""

from __future__ import annotations

import re

import pyarrow as pa

from data.sources.cells.answers import is_question
from data.sources.cells.columns import normal_name
from data.sources.cells.kinds import DAY_FIRST_LANGUAGES
from data.sources.named import LIKELY
from data.sources.raw import About, Plan, Records, SourceError, SourceOptions, SourceRules
from data.sources.surveys.questions import Question, no_answers_message, read_questions

# Name of the first column -> language of the form's owner, and of its dates.
TIMESTAMPS = {
    "Timestamp": "en",
    "Informazioni cronologiche": "it",
    "Sygnatura czasowa": "pl",
    "طابع زمني": "ar",
    "الطابع الزمني": "ar",
    "时间戳记": "zh",
    "时间戳": "zh",
    "Marca temporal": "es",
    "Zeitstempel": "de",
    "Horodateur": "fr",
    "Carimbo de data/hora": "pt",
}
EMAILS = (
    "Email Address", "Username", "Indirizzo email", "Nome utente", "Adres e-mail", "Nazwa użytkownika",
    "عنوان البريد الإلكتروني", "اسم المستخدم", "电子邮件地址", "用户名", "Dirección de correo electrónico",
    "Nombre de usuario", "E-Mail-Adresse", "Nutzername", "Adresse e-mail", "Nom d'utilisateur",
    "Endereço de e-mail", "Nome de usuário", "Nome de utilizador",
)  # fmt: skip
SCORES = (
    "Score",
    "Punteggio",
    "Wynik",
    "النتيجة",
    "得分",
    "Puntuación",
    "Punkte",
    "Punktzahl",
    "Note",
    "Pontuação",
)
GRID = re.compile(r".+\S\s?\[[^\[\]]+\]")
POINTS = re.compile(r"\d+(?:[.,]\d+)?\s*/\s*\d+")
PLAIN_WORDS = ("en", "de", "zh")  # "Zeitstempel" heads many a table, too
UNSURE = 0.6  # "Timestamp" heads many a table: it takes a question beside it


class GoogleFormsSource:
    """Reads the responses of a form, every answer in words a comment with its question."""

    name = "googleforms"
    about = About(
        title="Google Forms",
        reads="the sheet of responses as CSV, TSV or XLSX, in nine languages",
        signs="a first column called Timestamp, Informazioni cronologiche ..., then questions",
        kind="survey",
        gives="each open question a comment with its question; scores by the words of the question; dates in "
        "the order of the owner's language",
    )

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a table that begins with a form's timestamp.

        Raises:
            SourceError: no question was answered in words.
        """
        first = records.names[0] if records.names else ""
        language = {normal_name(n): code for n, code in TIMESTAMPS.items()}.get(normal_name(first))
        if language is None or not self._is_form(records, language):
            return None
        emails = set(map(normal_name, EMAILS))
        author = next((n for n in records.names[1:] if normal_name(n) in emails), None)
        questions = [self._question(name, sample) for name in records.names[1:] if name != author]
        reading = read_questions(questions, sample, rules)
        if not reading.answers and sample.num_rows and "text" not in options.columns:
            raise SourceError(no_answers_message(self.about.title, [q.text for q in questions]))
        hints = (
            (f"column '{first}' is {DAY_FIRST_LANGUAGES[language]}",)
            if language in DAY_FIRST_LANGUAGES
            else ()
        )
        return Plan(
            source=self.name,
            confidence=UNSURE if language == "en" else LIKELY,
            content="comments",
            kind=self.about.kind,
            roles={**reading.roles, "created_at": first, **({"author": author} if author else {})},
            answers=reading.answers,
            why={
                **reading.why,
                "created_at": "the form's own time",
                "kind": "a form",
                "author": "the form's own",
            },
            day_first_hints=hints,
            warnings=tuple(reading.warnings),
            records=records,
        )

    @staticmethod
    def _is_form(records: Records, language: str) -> bool:
        asked = [n for n in records.names[1:] if is_question(n) or GRID.fullmatch(n)]
        return len(records.names) > 1 and (bool(asked) or language not in PLAIN_WORDS)

    @staticmethod
    def _question(name: str, sample: pa.Table) -> Question:
        """Tell a row of a grid and the points of a quiz from a question that may be open."""
        cells = [cell for cell in sample[name].to_pylist() if cell and cell.strip()]
        is_quiz = normal_name(name) in set(map(normal_name, SCORES)) and all(map(POINTS.fullmatch, cells))
        return Question(name, name, is_open=False if GRID.fullmatch(name) else None, is_asked=not is_quiz)
