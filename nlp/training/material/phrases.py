"""Our own texts for training: the taxonomy's examples, a lexicon and parallel clauses in nine languages."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from importlib import resources

import numpy as np
import pandas as pd

from nlp.taxonomy import OTHER
from nlp.training.material.corpus import DEVELOP, SENTIMENTS, TRAIN, fold_of

LANGUAGES = ("en", "it", "pl", "ar", "zh", "es", "de", "fr", "pt")
PHRASES = "phrases"  # the mapping name of rows whose every category is known
BACKGROUND = "background"  # the mapping name of texts that speak of everything but a company
UNLABELLED = "unlabelled"  # the mapping name of comments that nobody labelled and no keyword gives away
MAPPING_OF_DOMAIN = {
    "tatoeba": BACKGROUND,
    "umsab tweets": BACKGROUND,
    "ar tweets": BACKGROUND,
    "ar restaurant (qaym.com)": UNLABELLED,
    "ar restaurant (tripadvisor)": UNLABELLED,
    "ceneo": UNLABELLED,
    "wccrs hotels": UNLABELLED,
    "wccrs medicine": UNLABELLED,
    "womens clothing": UNLABELLED,
    "zh goods": UNLABELLED,
}  # without it, a text of a trade that nobody labelled could be called anything
PARALLEL_HELD = 0.2  # of the parallel clauses: enough for a score per language


def load_lexicon() -> pd.DataFrame:
    """Read the lexicon: category, sentiment (or empty), and the same phrase in nine languages."""
    text = resources.files("nlp.training.material").joinpath("lexicon.tsv").read_text(encoding="utf-8")
    return pd.DataFrame(list(csv.DictReader(text.splitlines(), delimiter="\t")))


def _row(text: str, lang: str, category: str, sentiment: str, english: str | None) -> dict[str, object]:
    return {
        "text": text,
        "lang": lang,
        "labels": [name for name in category.split(",") if name != OTHER],
        "masked": [],
        "mapping": PHRASES,
        "sentiment": float(SENTIMENTS.index(sentiment)) if sentiment else np.nan,
        "english": english,
    }


def lexicon_rows() -> pd.DataFrame:
    """Give every lexicon entry in every language, with its English partner."""
    lexicon = load_lexicon()
    rows = [
        _row(entry[lang], lang, entry["category"], entry["sentiment"], entry["en"])
        for entry in lexicon.to_dict("records")
        for lang in LANGUAGES
    ]
    return pd.DataFrame(rows).assign(domain="lexicon", fold=TRAIN)


def taxonomy_rows(phrases: Mapping[str, Mapping[str, tuple[str, ...]]]) -> pd.DataFrame:
    """Give the taxonomy's example phrases: category -> language -> phrases."""
    rows = [
        _row(text, lang, category, "", None)
        for category, by_language in phrases.items()
        for lang, texts in by_language.items()
        for text in texts
    ]
    return pd.DataFrame(rows).assign(domain="taxonomy", fold=TRAIN)


def load_parallel() -> pd.DataFrame:
    """Read the parallel clauses: category, sentiment, intent, and the same clause in nine languages."""
    folder = resources.files("nlp.training").joinpath("parallel")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".tsv")), key=lambda f: f.name)
    rows = [
        row
        for file in files
        for row in csv.DictReader(
            file.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
        )
    ]
    return pd.DataFrame(rows)


def parallel_rows() -> pd.DataFrame:
    """Give every parallel clause in every language; all languages of a clause are in one fold."""
    rows = []
    for entry in load_parallel().to_dict("records"):
        fold = fold_of(entry["en"], PARALLEL_HELD)
        rows += [
            {**_row(entry[lang], lang, entry["category"], entry["sentiment"], entry["en"]), "fold": fold}
            for lang in LANGUAGES
        ]
    frame = pd.DataFrame(rows).drop_duplicates(["text", "lang"], ignore_index=True)
    held = set(frame.loc[frame["fold"] == DEVELOP, "text"])
    return frame[(frame["fold"] == DEVELOP) | ~frame["text"].isin(held)].assign(domain="parallel")


def background(corpus: pd.DataFrame, weak: pd.DataFrame) -> pd.DataFrame:
    """Call texts without a keyword texts about none of the categories that are rare in their domain.

    Args:
        corpus: rows of `load_corpus`.
        weak: rows of `weak_labels`.

    Returns:
        `corpus` with `labels` and `mapping` set in those rows.
    """
    mapping = corpus["domain"].map(MAPPING_OF_DOMAIN)
    is_free = corpus["labels"].isna() & mapping.notna() & ~corpus["text"].isin(set(weak["text"]))
    labels = [[] if free else found for free, found in zip(is_free, corpus["labels"], strict=True)]
    masked = [[] if free else found for free, found in zip(is_free, corpus["masked"], strict=True)]
    return corpus.assign(
        labels=pd.Series(labels, index=corpus.index, dtype=object),
        masked=pd.Series(masked, index=corpus.index, dtype=object),
        mapping=corpus["mapping"].astype(object).where(~is_free, mapping),
    )


def joined_rows(rows: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """Join two phrases of one language, so that the classifier sees several categories in one text."""
    rng = np.random.default_rng(seed)
    made = []
    for lang, part in rows.groupby("lang"):
        records = part.to_dict("records")
        comma = {"zh": "，", "ar": "، "}.get(str(lang), ", ")
        for first, second in rng.integers(0, len(records), (count, 2)):
            a, b = records[first], records[second]
            same = a["sentiment"] == b["sentiment"]
            made.append(
                {
                    **a,
                    "text": f"{a['text']}{comma}{b['text']}",
                    "labels": sorted({*a["labels"], *b["labels"]}),
                    "sentiment": a["sentiment"] if same else np.nan,
                    "english": f"{a['english']}, {b['english']}" if a["english"] and b["english"] else None,
                }
            )
    return pd.DataFrame(made).assign(domain="joined", fold=TRAIN)


def weak_labels(corpus: pd.DataFrame, weight: float) -> pd.DataFrame:
    """Label texts that nobody annotated by the lexicon's keywords: weak, positive only.

    Args:
        corpus: rows of `load_corpus`.
        weight: how much such a row counts.

    Returns:
        The rows of `corpus` in which a keyword stands, with `labels` set and everything else masked.
    """
    lexicon = load_lexicon()
    words = lexicon[(lexicon["sentiment"] == "") & (lexicon["category"] != "other")]
    free = corpus[corpus["labels"].isna() & (corpus["fold"] == TRAIN) & (corpus["domain"] != "tatoeba")]
    made = []
    for lang, part in free.groupby("lang"):
        lowered = part["text"].str.lower()
        hits: dict[int, set[str]] = {}
        for category, column in words.groupby("category")[str(lang)]:
            ends = "" if lang in ("zh", "ar") else r"\b"
            pattern = "|".join(f"{ends}{re.escape(w.lower())}{ends}" for w in column)
            for index in lowered.index[lowered.str.contains(pattern, regex=True)]:
                hits.setdefault(index, set()).add(str(category))
        found = part.loc[sorted(hits)].copy()
        found["labels"] = [sorted(hits[i]) for i in found.index]
        found["masked"], found["mapping"], found["weight"] = [["*"]] * len(found), "weak", weight
        found["sentiment"], found["english"] = np.nan, None
        made.append(found)
    return pd.concat(made, ignore_index=True).assign(domain="weak")
