"""Small invented label files in five languages, for the tests of voc eval and voc train."""

from __future__ import annotations

import csv
from pathlib import Path

# language -> sentiment -> openings and things spoken of; the texts are their combinations
_OPENINGS = {
    "en": {"negative": ("I am fed up with", "Really bad:", "So angry about"),
           "neutral": ("A note on", "I asked about"),
           "positive": ("So happy with", "Really lovely:", "I adore")},
    "it": {"negative": ("Sono stufo di:", "Pessimo:", "Che rabbia,"),
           "neutral": ("Una nota su:", "Ho chiesto di:"),
           "positive": ("Felicissima di:", "Ottimo:", "Adoro")},
    "pl": {"negative": ("Mam dość:", "Fatalnie:", "Jestem zły,"),
           "neutral": ("Uwaga:", "Pytałem o:"),
           "positive": ("Cudownie:", "Świetnie:", "Uwielbiam:")},
    "ar": {"negative": ("سيء جدا", "مللت من", "غاضب من"),
           "neutral": ("ملاحظة عن", "سألت عن"),
           "positive": ("سعيد جدا مع", "رائع", "أحب")},
    "zh": {"negative": ("太差了，", "气死了，", "受够了"),
           "neutral": ("说一下", "问了一下"),
           "positive": ("太喜欢了，", "非常满意", "很棒，")},
}  # fmt: skip
_THINGS = {
    "en": {"shipping": ("the delivery", "the courier", "the parcel service"),
           "price_value": ("the price", "what it costs")},
    "it": {"shipping": ("la consegna", "il corriere", "la spedizione"),
           "price_value": ("il prezzo", "quanto costa")},
    "pl": {"shipping": ("dostawa", "kurier", "wysyłka paczki"),
           "price_value": ("cena", "ile to kosztuje")},
    "ar": {"shipping": ("التوصيل", "المندوب", "الشحن"),
           "price_value": ("السعر", "التكلفة")},
    "zh": {"shipping": ("快递", "送货", "物流"),
           "price_value": ("价格", "价钱")},
}  # fmt: skip
LANGUAGES = tuple(_OPENINGS)


def label_rows(languages=LANGUAGES):
    """Give (text, language, sentiment, category): 40 texts per language."""
    return [
        (f"{opening} {thing}", language, sentiment, category)
        for language in languages
        for sentiment, openings in _OPENINGS[language].items()
        for opening in openings
        for category, things in _THINGS[language].items()
        for thing in things
    ]


def write_labels(path: Path, rows, header=("text", "language", "sentiment", "category")) -> Path:
    """Write a CSV of labels."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)
    return path
