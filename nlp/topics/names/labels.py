"""What a topic is called: key phrases in the language of most of its comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from nlp.protocols import TopicDescriber, WordReader
from nlp.topics.names.candidates import Candidate, LabelRules, candidates_of, keywords_of, label_of
from nlp.topics.names.phrases import name_like, phrases_of

COLUMNS = ["topic_id", "label", "label_language", "keywords", "example_texts"]


def describe_topics(
    texts: pd.DataFrame,
    *,
    known: Mapping[str, str],
    reader: WordReader,
    describer: TopicDescriber,
    rules: LabelRules,
) -> pd.DataFrame:
    """Name topics from the texts nearest to their centres.

    Args:
        texts: text_id, text, language, count of clauses, topic_id, topic_score and its tightness, of n
            distinct texts of all topics: a phrase is telling when the others lack it.
        known: topic ids that have a label, and the label; they are not named again, nor their labels given.
        reader: cuts them into words.
        describer: weighs their phrases.
        rules: how topics are named.

    Returns:
        topic_id, label, label_language, keywords, example_texts (text ids, most central first), one row per
        topic that is not known, by topic_id. No two labels are equal; where texts share no words it is None.
    """
    if texts["topic_id"].isin(list(known)).all():
        return pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})
    read = _with_phrases(_central(texts, rules), reader)
    topic_ids = sorted(read["topic_id"].unique())
    number = {topic_id: i for i, topic_id in enumerate(topic_ids)}
    documents = [sorted(found) for found in read["phrases"]]
    weighed = describer.describe(documents, [number[topic_id] for topic_id in read["topic_id"]])
    rows, used = [], {label.casefold() for label in known.values()}
    for topic_id, group in read[~read["topic_id"].isin(list(known))].groupby("topic_id", sort=True):
        label, language, candidates = _named(group, weighed[number[topic_id]], used, rules)
        used.add((label or "").casefold())
        examples = _diverse(group[group["language"] == language], rules.examples)
        rows.append((topic_id, label, language, keywords_of(candidates, rules), examples))
    return pd.DataFrame(rows, columns=COLUMNS)


def themeless(texts: pd.DataFrame, *, reader: WordReader, rules: LabelRules) -> list[str]:
    """Find topics whose texts are alike in tone alone, by less than half of what a new topic needs.

    Args:
        texts: as in `describe_topics`.
        reader: cuts them into words.
        rules: what a theme is.

    Returns:
        Their ids: at a limit a topic shall not come and go.
    """
    loose = texts[texts["tightness"] < rules.loose]
    if loose.empty:
        return []
    groups = _with_phrases(_central(loose, rules), reader).groupby("topic_id", sort=True)
    return [str(topic_id) for topic_id, group in groups if 2 * shared_words(group) < rules.min_shared]


def _named(
    group: pd.DataFrame, weighed: Sequence[tuple[str, float]], used: set[str], rules: LabelRules
) -> tuple[str | None, str, list[Candidate]]:
    """Name one topic in its label's language, or in that of most of its texts where they share no phrase."""
    chosen = str(group["label_language"].iloc[0])
    counted = Counter(group["language"])
    usual = min(counted, key=lambda language: (-counted[language], language))
    is_theme = group["tightness"].iloc[0] >= rules.loose or shared_words(group) >= rules.min_shared
    for language in dict.fromkeys((chosen, usual)):
        own = group.loc[group["language"] == language, "phrases"]
        candidates = candidates_of(own, weighed, language, rules)
        label = label_of(candidates, language, used, rules) if is_theme else None
        if label is not None:
            break
    return label, language, candidates


def _with_phrases(read: pd.DataFrame, reader: WordReader) -> pd.DataFrame:
    texts = list(zip(read["text"], read["language"], strict=True))
    words = [reader.read(text, language) for text, language in texts]
    names = name_like(read, words)
    phrases = [phrases_of(*text, stretches, names) for text, stretches in zip(texts, words, strict=True)]
    return read.assign(phrases=pd.Series(phrases, index=read.index, dtype="object"))


def shared_words(texts: pd.DataFrame) -> float:
    """Give the share of pairs of texts of one language that have a word in common; 1 without a pair.

    Args:
        texts: language and phrases, as phrases_of gives them, of a topic's texts.

    Returns:
        0 where no two texts share a word, 1 where all do.
    """
    pairs = met = 0
    for _, phrases in texts.groupby("language", sort=True)["phrases"]:
        words = [{key for key in found if " " not in key} for found in phrases]
        shared = [not one.isdisjoint(other) for one, other in combinations(words, 2)]
        pairs, met = pairs + len(shared), met + sum(shared)
    return met / pairs if pairs else 1.0


def _label_languages(texts: pd.DataFrame, rules: LabelRules) -> pd.Series[str]:
    """Give each topic the common language where enough of its clauses are in it, else that of most."""
    counted = texts.groupby(["topic_id", "language"])["count"].sum().reset_index()
    share = counted["count"] / counted.groupby("topic_id")["count"].transform("sum")
    is_common = (counted["language"] == rules.common_language) & (share >= rules.common_share)
    ranked = counted.assign(is_common=is_common).sort_values(
        ["topic_id", "is_common", "count", "language"], ascending=[True, False, False, True]
    )
    return ranked.drop_duplicates("topic_id").set_index("topic_id")["language"]


def _central(texts: pd.DataFrame, rules: LabelRules) -> pd.DataFrame:
    """Keep the texts nearest to each topic's centre, most of them in the language of the label."""
    label_language = _label_languages(texts, rules)
    ranked = texts.assign(label_language=texts["topic_id"].map(label_language))
    ranked = ranked.sort_values(["topic_id", "topic_score", "text_id"], ascending=[True, False, True])
    own = ranked["language"] == ranked["label_language"]
    return pd.concat(
        [
            ranked[own].groupby("topic_id").head(rules.documents),
            ranked[~own].groupby("topic_id").head(rules.documents // 3),
        ]
    ).sort_values(["topic_id", "topic_score", "text_id"], ascending=[True, False, True], ignore_index=True)


def _diverse(own: pd.DataFrame, examples: int) -> list[str]:
    """Pick the most central texts that do not say the same as one picked before."""
    picked: list[tuple[str, set[str]]] = []
    spare: list[str] = []
    for text_id, phrases in zip(own["text_id"], own["phrases"], strict=True):
        said = {key for key in phrases if " " not in key}
        if any(len(said & other) >= 0.5 * min(len(said), len(other)) for _, other in picked):
            spare.append(text_id)
        else:
            picked.append((text_id, said))
        if len(picked) == examples:
            break
    return ([text_id for text_id, _ in picked] + spare)[:examples]
