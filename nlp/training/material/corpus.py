"""Public labelled comments -> one frame of training texts: language, sentiment, categories, English partner.

Read `nlp/models/weights/MODEL_CARD.md` for what each set is worth and under which terms its source offers it.
"""

from __future__ import annotations

import fnmatch
import hashlib
import tomllib
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

SENTIMENTS = ("negative", "neutral", "positive")
TRAIN, DEVELOP, UNSEEN = "train", "develop", "unseen"
COLUMNS = ("text", "lang", "domain", "fold", "sentiment", "labels", "masked", "mapping", "english", "weight")


def fold_of(text: str, share: float = 0.12) -> str:
    """Put a text in a fold by its own hash, so that a repeated text is always on one side."""
    digest = hashlib.sha256(" ".join(text.lower().split()).encode("utf-8", "replace")).digest()
    return DEVELOP if int.from_bytes(digest[:4], "big") / 2**32 < share else TRAIN


def load_mapping() -> dict[str, Any]:
    """Read how other people's labels translate into our categories."""
    return tomllib.loads(
        resources.files("nlp.training.material").joinpath("mapping.toml").read_text(encoding="utf-8")
    )


def translate(labels: Sequence[str], rules: Sequence[Sequence[str]]) -> tuple[list[str], list[str], bool]:
    """Translate the labels of one text.

    Returns:
        Our categories, the categories that cannot be told, and whether the text was annotated at all.
    """
    found: set[str] = set()
    masked: set[str] = set()
    for label in labels:
        targets = next(rule[1:] for rule in rules if fnmatch.fnmatchcase(label.lower(), rule[0]))
        if "drop" in targets:
            return [], [], False
        found |= {t for t in targets if t != "other" and not t.startswith("~")}
        masked |= {t[1:] for t in targets if t.startswith("~")}
    return sorted(found), sorted(masked - found), True


def _sentiment_of(seen: set[str]) -> float:
    return SENTIMENTS.index(next(iter(seen))) if len(seen) == 1 else np.nan


def grouped(rows: pd.DataFrame, mapping: str, key: list[str]) -> pd.DataFrame:
    """Join the rows of one text: every category, and the sentiment where all rows agree on it."""
    rules = load_mapping()[mapping]["labels"]
    frame = rows.drop_duplicates(key)[[*key, "text"]].reset_index(drop=True)
    place = {k: i for i, k in enumerate(frame[key].itertuples(index=False, name=None))}
    categories: list[set[str]] = [set() for _ in place]
    feelings: list[set[str]] = [set() for _ in place]
    values = rows[["category", "label_sentiment"]].itertuples(index=False, name=None)
    for one, (category, feeling) in zip(rows[key].itertuples(index=False, name=None), values, strict=True):
        if isinstance(category, str):
            categories[place[one]].add(category)
        if isinstance(feeling, str):
            feelings[place[one]].add(feeling)
    frame["sentiment"] = [_sentiment_of(seen) for seen in feelings]
    told = [translate(sorted(labels), rules) for labels in categories]
    frame["labels"] = pd.Series([t[0] if t[2] else None for t in told], index=frame.index, dtype=object)
    frame["masked"] = [t[1] for t in told]
    frame["mapping"] = mapping
    return frame


def plain(rows: pd.DataFrame, *, per_class: int = 0, seed: int = 7) -> pd.DataFrame:
    """Keep distinct texts with their sentiment, at most `per_class` of each."""
    rows = rows[rows["text"].str.len() > 0].drop_duplicates("text")
    frame = pd.DataFrame({"text": rows["text"], "lang": rows["lang"]})
    frame["sentiment"] = rows["label_sentiment"].map({name: float(i) for i, name in enumerate(SENTIMENTS)})
    if per_class:
        frame = (
            frame.sample(frac=1, random_state=seed)
            .groupby("sentiment", dropna=False)
            .head(per_class)
            .sort_index()
        )
    return frame


class Corpus:
    """Reads the sets of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> pd.DataFrame:
        """Read one set."""
        return pd.read_parquet(self.folder / f"{name}.parquet")

    def m_absa(self) -> list[pd.DataFrame]:
        """Give the review sentences that stand in seven languages, each with its English partner."""
        rows = self.read("m_absa")
        english = rows[rows["lang"] == "en"].drop_duplicates("sentence_id").set_index("sentence_id")["text"]
        frames = []
        for domain, part in rows.groupby("domain"):
            shared = str(domain) in ("hotel", "restaurant", "laptop")
            mapping = f"{'semeval' if shared else 'm_absa'}_{domain!s}"
            frame = grouped(part, mapping, ["sentence_id", "lang", "split"]).assign(domain=f"m_absa {domain}")
            frame["english"] = frame["sentence_id"].map(english)
            frame["fold"] = frame["english"].fillna(frame["text"]).map(fold_of)
            frame.loc[frame["split"] == "dev", "fold"] = DEVELOP
            frames.append(frame)
        return frames

    def semeval(self) -> list[pd.DataFrame]:
        """Give the English review sentences that M-ABSA does not repeat."""
        rows = self.read("semeval_absa_en")
        rows = rows[rows["task"] != "SemEval-2015"]  # 2016 repeats it
        taken = self.read("m_absa")
        taken_texts = set(taken.loc[taken["lang"] == "en", "text"].str.lower().str.strip())
        rows = rows[~rows["text"].str.lower().str.strip().isin(taken_texts)]
        frames = []
        for domain, part in rows.groupby("domain"):
            mapping = f"semeval_{str(domain).removesuffix('s')}"
            frames.append(grouped(part, mapping, ["sentence_id", "lang"]).assign(domain=f"semeval {domain}"))
        return frames

    def labelled(self) -> list[pd.DataFrame]:
        """Give the other sets with categories."""
        frames = []
        for name in ("mams_acsa", "it_absita", "germeval2017_bahn", "nhs_fft_multilabel"):
            rows = self.read(name)
            frame = grouped(rows, name, ["sentence_id", "lang"]).assign(domain=name)
            if name == "nhs_fft_multilabel":
                frame = frame[
                    frame["text"].str.strip().str.contains(r"\s", regex=True)
                ]  # "Nothing" depends on the question
            frames.append(frame)
        for name in ("banking77", "app_reviews_4class"):
            rows = self.read(name).drop_duplicates("text").assign(sentence_id=lambda r: r["text"])
            frames.append(grouped(rows, name, ["sentence_id", "lang"]).assign(domain=name))
        return frames

    def sentiments(self) -> list[pd.DataFrame]:
        """Give the sets with sentiment only; those of the fold `unseen` are never trained on."""
        tweets = self.read("umsab_tweets")
        develop = set(tweets.loc[tweets["split"] == "dev", "text"])
        umsab = plain(tweets).assign(domain="umsab tweets")
        umsab["fold"] = np.where(umsab["text"].isin(develop), DEVELOP, TRAIN)
        polish = self.read("pl_wccrs")
        held = set(polish.loc[polish["split"] == "dev", "text"])
        frames = [umsab]
        for domain, part in polish[polish["label_sentiment"].notna()].groupby("domain"):
            frame = plain(part).assign(domain=f"wccrs {domain}")
            frame["fold"] = np.where(frame["text"].isin(held), DEVELOP, TRAIN)
            frames.append(frame)
        arabic = self.read("ar_reviews")
        frames += [
            plain(part, per_class=3500).assign(
                domain=f"ar {domain}", **({"fold": UNSEEN} if "attraction" in str(domain) else {})
            )
            for domain, part in arabic.groupby("domain")
        ]
        frames.append(
            plain(self.read("ar_tweets").dropna(subset=["label_sentiment"]), per_class=3000).assign(
                domain="ar tweets", weight=0.5
            )
        )
        chinese = self.read("zh_reviews")
        is_hotel = chinese["source"].str.contains("htl")
        frames.append(plain(chinese[is_hotel]).assign(domain="zh hotels", fold=UNSEEN))
        goods = chinese[~is_hotel & (chinese["product_category"] != "酒店")]
        frames.append(plain(goods, per_class=11000).assign(domain="zh goods"))
        return frames + self._ratings()

    def _ratings(self) -> list[pd.DataFrame]:
        return [
            plain(self.read("trustpilot_pet_insurance"), per_class=2200).assign(
                domain="trustpilot", weight=0.6
            ),
            plain(self.read("womens_clothing"), per_class=1500).assign(domain="womens clothing", weight=0.6),
            plain(self.read("skytrax_lounge_seat")).assign(domain="skytrax", fold=UNSEEN),
            plain(self.read("telecom_nps")).assign(domain="telecom nps", fold=UNSEEN),
            plain(self.read("employee_glassdoor_pt")).assign(domain="glassdoor pt", weight=0.6),
            plain(self.read("pl_ceneo")).assign(domain="ceneo", weight=0.6),
            self._olist(),
        ]

    def _olist(self) -> pd.DataFrame:
        rows = self.read("olist_reviews").dropna(subset=["review_comment_message"])
        words = {1: "negative", 2: "negative", 3: "neutral", 4: "positive", 5: "positive"}
        rows = rows.assign(
            text=rows["review_comment_message"], lang="pt", label_sentiment=rows["review_score"].map(words)
        )
        return plain(rows).assign(domain="olist", weight=0.6)

    def parallel(self) -> list[pd.DataFrame]:
        """Give the Tatoeba pairs; every fourth is held out."""
        rows = self.read("tatoeba_parallel")
        number = rows["pair_id"].str.rsplit("-", n=1).str[-1].astype(int)
        fold = np.where(number % 4 == 3, DEVELOP, TRAIN)
        frame = pd.DataFrame(
            {"text": rows["text"], "lang": rows["lang"].replace("arz", "ar"), "english": rows["text_en"]}
        )
        return [frame.assign(domain="tatoeba", fold=fold)]


def load_corpus(folder: Path, extra: Sequence[Callable[[], pd.DataFrame]] = ()) -> pd.DataFrame:
    """Read every set.

    Args:
        folder: where the Parquet files lie.
        extra: further sources that need no file, as our own phrases.

    Returns:
        One row per text and set: text, lang, domain, fold (train, develop, unseen), sentiment
        (0, 1, 2 or NaN), labels (list, or None if nobody annotated categories), masked, mapping, english (or
        None), weight.
    """
    corpus = Corpus(folder)
    frames = [
        *corpus.m_absa(),
        *corpus.semeval(),
        *corpus.labelled(),
        *corpus.sentiments(),
        *corpus.parallel(),
    ]
    frames += [source() for source in extra]
    frame = pd.concat(frames, ignore_index=True, sort=False).reindex(columns=list(COLUMNS))
    frame["fold"] = frame["fold"].fillna(frame["text"].map(fold_of))
    frame["weight"] = frame["weight"].fillna(1.0)
    frame["text"] = frame["text"].str.slice(0, 2000)
    # a text held out in one set must not be trained on through another
    held = set(frame.loc[frame["fold"] != TRAIN, "text"].str.lower().str.strip())
    leaked = (frame["fold"] == TRAIN) & frame["text"].str.lower().str.strip().isin(held)
    return frame[~leaked & (frame["text"].str.strip().str.len() > 0)].reset_index(drop=True)
