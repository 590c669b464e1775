"""Small invented exports that several test files read."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

COMPLAINTS = (
    ("en", "The courier left the parcel in the rain and nobody answers the phone."),
    ("en", "Great kettle, but the lid broke after two days."),
    ("it", "Il pacco è arrivato con una settimana di ritardo, corriere pessimo."),
    ("it", "Personale gentile, però alla cassa si aspetta un'eternità."),
    ("pl", "Kurier zostawił paczkę u sąsiada, a telefonu nikt nie odbiera."),
    ("pl", "Czajnik przecieka, reklamacja trwa już trzeci tydzień."),
    ("ar", "تأخر الشحن أسبوعين ولم يرد أحد على رسائلي."),
    ("ar", "المنتج جيد لكن السعر مرتفع جدا."),
    ("zh", "快递把包裹弄丢了，客服一直不回复。"),
    ("zh", "水壶用了两天就漏水，质量太差。"),
)
PRAISE = (
    ("en", "Delivered a day early, well packed, and the staff were lovely."),
    ("it", "Ottimo prodotto, consegna veloce, tornerò a comprare."),
    ("pl", "Bardzo miła obsługa i szybka dostawa, polecam."),
    ("ar", "خدمة ممتازة وتوصيل سريع، شكرا لكم."),
    ("zh", "物流很快，包装很好，下次还会再买。"),
)
FIRST_DAY = date(2026, 3, 2)


def write_exports(folder: Path, *, days: int = 12) -> list[Path]:
    """Write a survey (CSV, semicolons, day first) and reviews (JSON Lines): 15 comments a day in all."""
    folder.mkdir(parents=True, exist_ok=True)
    survey, reviews = folder / "survey.csv", folder / "reviews.jsonl"
    with survey.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, delimiter=";")
        writer.writerow(
            ["response_id", "date", "How likely are you to recommend us?", "comment", "region", "email"]
        )
        for day in range(days):
            when = FIRST_DAY + timedelta(days=day)
            for number, (language, text) in enumerate(COMPLAINTS):
                score = 2 + number % 5
                row = [f"s{day:02}-{number}", f"{when:%d/%m/%Y}", score, f"{text} ({day})", language.upper()]
                writer.writerow([*row, f"guest{number}@example.org"])
    with reviews.open("w", encoding="utf-8") as handle:
        for day in range(days):
            when = FIRST_DAY + timedelta(days=day)
            for number, (_, text) in enumerate(PRAISE):
                review = {
                    "review_id": f"r{day:02}-{number}",
                    "created_at": f"{when.isoformat()}T10:00:00Z",
                    "stars": 4 + number % 2,
                    "body": f"{text} ({day})",
                    "product": "Norn Kettle 2",
                }
                handle.write(json.dumps(review, ensure_ascii=False) + "\n")
    return [survey, reviews]
