"""How topics live through half a year: ids followed through weekly increments and weekly refits.

    python -m benchmarks.topics_weeks --data ../shared/data [--weeks 26] [--comments 5000]

Prints tables, asserts nothing. Needs trustpilot_pet_insurance, nhs_fft_multilabel and banking77 in the data
folder (or in the one that VOC_DATA names).
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from flows.settings import load_settings
from nlp.models.encoders import load_encoder
from nlp.models.lexical.words import LanguageWords
from nlp.models.themes.clustering import load_clusterer
from nlp.models.themes.topics import load_describer
from nlp.protocols import Encoder
from nlp.topics.find import find_topics
from nlp.topics.groups import Vectors, empty_centroids
from nlp.topics.keeping.refit import refit_topics
from nlp.topics.rules import Chunks, TopicContext, Topics, TopicTools
from nlp.topics.table import NAME_COLUMNS

PLANTED = "passcode_forgotten"  # an intent of a bank, in comments on other trades
WORDS = 5  # keywords of a topic that coherence is measured on


@dataclass(frozen=True)
class Comments:
    """Dated comments, each one segment, with their vectors in the same order."""

    segments: pd.DataFrame
    vectors: Vectors

    def rows(self, chosen: np.ndarray) -> Comments:
        """Give some of them."""
        return Comments(self.segments[chosen].reset_index(drop=True), self.vectors[chosen])

    def chunks(self) -> Chunks:
        """Give the vectors as the stage takes them."""
        return lambda: [(self.segments["text_id"].tolist(), self.vectors)]


def read_comments(path: Path, encoder: Encoder, *, most: int) -> Comments:
    """Read the newest comments of one set."""
    frame = pd.read_parquet(path).dropna(subset=["text", "date"]).drop_duplicates("text")
    frame = frame.sort_values("date").tail(most).reset_index(drop=True)
    ids = [f"s{i:06}" for i in range(len(frame))]
    segments = pd.DataFrame(
        {
            "segment_id": ids, "feedback_id": ids, "text_id": ids, "text": frame["text"].str[:400],
            "language": "en", "date": pd.to_datetime(frame["date"]),
        }
    )  # fmt: skip
    return Comments(segments, encoder.encode(segments["text"].tolist(), ["en"] * len(ids)).vectors)


def topic_tools() -> TopicTools:
    """Give the tools as the settings have them; no refit is refused, so that all of it is measured."""
    settings = load_settings()
    rules, labels = dataclasses.replace(settings["topics"], max_moved=1.0), settings["topic_labels"]
    return TopicTools(
        clusterer=lambda count: load_clusterer(rules.clusterer, rules.clustering(count)),
        reader=LanguageWords(labels.lemma_languages),
        describer=load_describer(labels.describer, labels.phrases),
        rules=rules,
        labels=labels,
    )


def start(comments: Comments, tools: TopicTools) -> Topics:
    """Make the first topics."""
    none = TopicContext(pd.DataFrame({n: pd.Series(dtype=object) for n in NAME_COLUMNS}), empty_centroids())
    return find_topics(comments.segments, comments.chunks(), context=none, tools=tools)


def follow(comments: Comments, tools: TopicTools, weeks: int) -> Iterator[dict[str, float]]:
    """Add week after week, refit after each; tell what became of ids and comments."""
    last = comments.segments["date"].max()
    age = ((last - comments.segments["date"]).dt.days // 7).to_numpy()
    found = start(comments.rows(age >= weeks), tools)
    members = found.members
    for week in range(weeks - 1, -1, -1):
        context = TopicContext(found.names, found.centroids)
        new, known = comments.rows(age == week), comments.rows(age >= week)
        daily = find_topics(new.segments, comments.chunks(), context=context, tools=tools)
        members = pd.concat([members, daily.members], ignore_index=True)
        before = set(daily.names["topic_id"])
        refit = refit_topics(
            known.segments, comments.chunks(), members,
            context=TopicContext(daily.names, daily.centroids), tools=tools,
        )  # fmt: skip
        assert refit.topics is not None
        moved = moved_by_cause(members, refit.topics)
        found, members = refit.topics, refit.topics.members
        events = refit.events["event"].value_counts()
        gone = before - set(found.names["topic_id"])
        yield {
            "new comments": len(new.segments), "topics": len(found.names),
            "opened": len(daily.names) - len(context.topics), "born": int(events.get("born", 0)),
            "ids gone": len(gone) / max(len(before), 1), **moved,
            "unassigned": float(members["topic_id"].isna().mean()),
        }  # fmt: skip


def moved_by_cause(before: pd.DataFrame, after: Topics) -> dict[str, float]:
    """Give the share of comments that a refit gave another topic, and why."""
    both = before.dropna(subset=["topic_id"])[["segment_id", "topic_id"]]
    both = both.merge(after.members[["segment_id", "topic_id"]], on="segment_id", suffixes=("", "_now"))
    is_moved = both["topic_id"] != both["topic_id_now"]
    has_ended = is_moved & ~both["topic_id"].isin(after.names["topic_id"])
    is_out = is_moved & ~has_ended & both["topic_id_now"].isna()
    is_split = is_moved & ~has_ended & ~is_out & ~both["topic_id_now"].isin(before["topic_id"])
    causes = {
        "comments moved": is_moved, "moved: their topic ended": has_ended,
        "moved: split off": is_split, "moved: nearer elsewhere": is_moved & ~has_ended & ~is_out & ~is_split,
    }  # fmt: skip
    return {cause: float(chosen.mean()) if len(both) else 0.0 for cause, chosen in causes.items()}


def planted_theme(comments: Comments, theme: Comments, tools: TopicTools) -> dict[str, float]:
    """Add 1,500 comments of which 1 % speak of what nobody spoke of before; see whether one run finds it."""
    count = len(comments.segments)
    old = comments.rows(np.arange(count) < count - 1485)
    found = start(old, tools)
    new = Comments(
        pd.concat([comments.segments.tail(1485), theme.segments.head(15)], ignore_index=True),
        np.vstack([comments.vectors[-1485:], theme.vectors[:15]]),
    )
    context = TopicContext(found.names, found.centroids)
    daily = find_topics(new.segments, new.chunks(), context=context, tools=tools)
    own = daily.members[daily.members["segment_id"].isin(theme.segments["segment_id"])]["topic_id"]
    opened = set(daily.names["topic_id"]) - set(found.names["topic_id"])
    best = own[own.isin(list(opened))].mode()
    mates = daily.members[daily.members["topic_id"].isin(best)]
    return {
        "found in the first daily run": float(len(best) > 0),
        "share of it found": float(own.isin(best).mean()),
        "share of the new topic that is it": float(mates["segment_id"].str.startswith("p").mean()),
        "topics opened": len(opened),
    }


def coherence(found: Topics, texts: pd.Series[str]) -> float:
    """Give the mean NPMI of the keywords of each topic, over all texts.

    Source: Bouma (2009), Normalized (pointwise) mutual information in collocation extraction.
    """
    said = [set(re.findall(r"\w+", text.casefold())) for text in texts]
    total, scores = len(said), []
    for keywords in found.names["keywords"]:
        words = list(dict.fromkeys(keyword.split()[-1].casefold() for keyword in keywords))[:WORDS]
        for one, other in combinations(words, 2):
            has_one, has_other = sum(one in s for s in said), sum(other in s for s in said)
            both = sum(one in s and other in s for s in said)
            if not both:
                scores.append(-1.0)
            elif both < total:
                mutual = np.log(both * total / (has_one * has_other))
                scores.append(float(mutual / -np.log(both / total)))
    return float(np.mean(scores)) if scores else 0.0


def main() -> None:
    """Run every measurement and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("VOC_DATA", "../shared/data")))
    parser.add_argument("--encoder", default="accurate", help="checkpoint of the voc encoder")
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--comments", type=int, default=5000, help="newest comments of each set")
    options = parser.parse_args()
    encoder, tools = load_encoder("voc", options.encoder), topic_tools()
    bank = pd.read_parquet(options.data / "banking77.parquet")
    bank = bank[bank["category"] == PLANTED].drop_duplicates("text").head(15)
    ids = [f"p{i:06}" for i in range(len(bank))]
    texts = pd.DataFrame(
        {"segment_id": ids, "feedback_id": ids, "text_id": ids, "text": bank["text"].tolist()}
    )
    vectors = encoder.encode(bank["text"].tolist(), ["en"] * len(bank)).vectors
    theme = Comments(texts.assign(language="en"), vectors)
    for name in ("trustpilot_pet_insurance", "nhs_fft_multilabel"):
        comments = read_comments(options.data / f"{name}.parquet", encoder, most=options.comments)
        started = time.process_time()
        found = start(comments, tools)
        labels = found.names["label"].str.casefold()
        first = {
            "topics": len(found.names), "unassigned": found.members["topic_id"].isna().mean(),
            "equal labels": int(labels.duplicated().sum()),
            "NPMI": coherence(found, comments.segments["text"]), "CPU s": time.process_time() - started,
        }  # fmt: skip
        print(
            f"{name}, {len(comments.segments)} comments\n{pd.Series(first).round(3).to_string()}\n",
            flush=True,
        )
        planted = planted_theme(comments, theme, tools)
        print(f"planted theme\n{pd.Series(planted).round(3).to_string()}\n", flush=True)
        weeks = pd.DataFrame(follow(comments, tools, options.weeks))
        print(
            f"{options.weeks} weeks\n{weeks.describe().loc[['mean', 'max']].round(3).to_string()}\n",
            flush=True,
        )


if __name__ == "__main__":
    main()
