"""Small invented sets in the shape of the public ones that nlp/training reads."""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path

import pandas as pd

SENTIMENTS = ("negative", "neutral", "positive")
TOPICS = ("soup", "waiter", "bill", "screen", "queue", "parking", "charger", "pillow", "parcel", "lift")


def _texts(name: str, lang: str, count: int) -> list[str]:
    return [f"{TOPICS[i % 10]} {name} {lang} number{chr(97 + i % 26)}{i // 26}" for i in range(count)]


def _rows(name: str, lang: str, count: int, **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"text": _texts(name, lang, count), "lang": lang})
    frame["label_sentiment"] = list(islice(cycle(SENTIMENTS), count))
    frame["sentence_id"] = [f"{name}{i}" for i in range(count)]
    return frame.assign(**columns)


def _m_absa() -> pd.DataFrame:
    parts = [
        _rows(f"absa {domain}", lang, 12, domain=domain, category=category).assign(
            split=["train"] * 9 + ["dev"] * 3
        )
        for domain, category in (("hotel", "rooms#cleanliness"), ("phone", "logistics#speed"))
        for lang in ("en", "de", "zh")
    ]
    return pd.concat(parts)


def _semeval() -> pd.DataFrame:
    repeated = _m_absa().query('lang == "en"').head(2).assign(task="SemEval-2014", category="x#prices")
    return pd.concat(
        [
            _rows("semeval", "en", 20, task="SemEval-2016", domain="restaurants", category="FOOD#QUALITY"),
            _rows("laptops", "en", 10, task="SemEval-2014", domain="laptops", category="SUPPORT#GENERAL"),
            _rows("repeat", "en", 5, task="SemEval-2015", domain="restaurants", category="FOOD#QUALITY"),
            repeated.assign(domain="hotels"),
        ]
    )


def _tweets() -> pd.DataFrame:
    parts = [
        _rows("tweet", lang, 12).assign(split=["train"] * 8 + ["dev"] * 4) for lang in ("en", "it", "pt")
    ]
    return pd.concat(parts)


def _polish() -> pd.DataFrame:
    parts = [
        _rows(d, "pl", 12, domain=d).assign(split=["train"] * 9 + ["dev"] * 3) for d in ("hotels", "medicine")
    ]
    return pd.concat(parts)


def _tatoeba() -> pd.DataFrame:
    parts = []
    for lang in ("it", "pl", "arz"):
        frame = _rows("pair", lang, 16)
        frame["text_en"] = _texts("pair", "en", 16)
        frame["pair_id"] = [f"{lang}-{i}" for i in range(16)]
        parts.append(frame)
    return pd.concat(parts)


def _olist() -> pd.DataFrame:
    texts: list[str | None] = [*_texts("olist", "pt", 9), None]
    return pd.DataFrame({"review_comment_message": texts, "review_score": [1, 2, 3, 4, 5] * 2})


def make_sets() -> dict[str, pd.DataFrame]:
    """Give every set that the training reads, a dozen texts each."""
    goods = [("goods", "衣服"), ("htl", "酒店"), ("shop", "酒店")]
    return {
        "m_absa": _m_absa(),
        "semeval_absa_en": _semeval(),
        "mams_acsa": _rows("mams", "en", 12, category="staff"),
        "it_absita": _rows("absita", "it", 40, category="cleanliness"),
        "germeval2017_bahn": _rows("bahn", "de", 12, category="Toiletten"),
        "nhs_fft_multilabel": pd.concat(
            [
                _rows("nhs", "en", 12, category="Parking"),
                _rows("n", "en", 1, category="Parking").assign(text="Nothing"),
            ]
        ),
        "banking77": _rows("bank", "en", 12, category="card_arrival"),
        "app_reviews_4class": _rows("app", "en", 12, category="bug report"),
        "umsab_tweets": _tweets(),
        "pl_wccrs": _polish(),
        "ar_reviews": pd.concat([_rows(d, "ar", 9, domain=d) for d in ("restaurant", "attraction (x)")]),
        "ar_tweets": _rows("artweet", "ar", 9),
        "zh_reviews": pd.concat([_rows(s, "zh", 9, source=s, product_category=c) for s, c in goods]),
        "trustpilot_pet_insurance": _rows("trust", "en", 12),
        "womens_clothing": _rows("dress", "en", 12),
        "skytrax_lounge_seat": _rows("lounge", "en", 6),
        "telecom_nps": _rows("telecom", "en", 6),
        "employee_glassdoor_pt": _rows("glass", "pt", 9),
        "pl_ceneo": _rows("kurier", "pl", 9),
        "olist_reviews": _olist(),
        "tatoeba_parallel": _tatoeba(),
    }


def write_sets(folder: Path) -> None:
    """Write them as Parquet files."""
    for name, rows in make_sets().items():
        rows.to_parquet(folder / f"{name}.parquet", index=False)
