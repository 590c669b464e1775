"""What a topic is called: key phrases in the language of most of its comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, count

import pandas as pd

from nlp.protocols import TopicDescriber, WordReader
from nlp.topics.phrases import TAG, UNSPACED, name_like, phrases_of, usual_surface

COLUMNS = ["topic_id", "label", "label_language", "keywords", "example_texts"]
JOINERS = {"zh": "、", "ar": "، "}
LONG_PHRASE_BONUS = (1.0, 1.5, 1.6)  # by words: of two phrases of equal weight the longer says more


@dataclass(frozen=True)
class LabelRules:
    """How topics are named.

    Attributes:
        describer: which describer weighs the phrases.
        documents: most central texts of a topic that are read for its name.
        phrases: phrases that the describer weighs per topic.
        keywords: phrases kept as keywords.
        max_words: words that a label may hold.
        loose: tightness below which texts have to share words as well; else they are alike in tone alone,
        min_shared: in this share of their pairs of one language; the group has no name otherwise.
        common_language: language of the label when
        common_share: this share of the topic's clauses is in it; else that of most of them.
        min_share: share of the texts read in which a label's phrase has to stand.
        two_phrases_below: a label takes a second phrase when its first stands in fewer of the texts.
        examples: texts kept as examples.
        lemma_languages: languages whose words are grouped by dictionary; the others by light stems.
    """

    describer: str
    documents: int
    phrases: int
    keywords: int
    max_words: int
    loose: float
    min_shared: float
    common_language: str
    common_share: float
    min_share: float
    two_phrases_below: float
    examples: int
    lemma_languages: tuple[str, ...]


@dataclass
class _Phrase:
    """One phrase of one topic: how often it stands there and in which forms."""

    count: int = 0
    surfaces: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Candidate:
    """A phrase that may name the topic."""

    stems: tuple[str, ...]
    surface: str
    score: float
    share: float


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
        rows.append((topic_id, label, language, _keywords(candidates, rules), examples))
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
) -> tuple[str | None, str, list[_Candidate]]:
    """Name one topic in its label's language, or in that of most of its texts where they share no phrase."""
    chosen = str(group["label_language"].iloc[0])
    counted = Counter(group["language"])
    usual = min(counted, key=lambda language: (-counted[language], language))
    is_theme = group["tightness"].iloc[0] >= rules.loose or shared_words(group) >= rules.min_shared
    for language in dict.fromkeys((chosen, usual)):
        own = group.loc[group["language"] == language, "phrases"]
        candidates = _candidates(own, weighed, language, rules)
        label = _label(candidates, language, used, rules) if is_theme else None
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


def _candidates(
    documents: Iterable[Mapping[str, str]],
    weighed: Sequence[tuple[str, float]],
    language: str,
    rules: LabelRules,
) -> list[_Candidate]:
    """Rank the phrases of one topic in one language."""
    counts: dict[str, _Phrase] = {}
    total = 0
    for document in documents:
        total += 1
        for key, surface in document.items():
            phrase = counts.setdefault(key, _Phrase())
            phrase.count += 1
            phrase.surfaces[surface] += 1
    ranked = []
    for key, weight in weighed:
        code, _, stems = key.partition(TAG)
        if code != language or key not in counts or counts[key].count < 2:
            continue
        parts = tuple(stems.split(" "))
        score = weight * LONG_PHRASE_BONUS[len(parts) - 1]
        share = counts[key].count / total
        ranked.append(_Candidate(parts, usual_surface(counts[key].surfaces, language), score, share))
    # Rare phrases come last: they tell apart what would have the same name, and name nothing themselves.
    ranked.sort(key=lambda c: (c.share < rules.min_share, -c.score, c.stems))
    return ranked


def _label(candidates: Sequence[_Candidate], language: str, taken: set[str], rules: LabelRules) -> str | None:
    """Compose a label from the best phrases, another while the label is taken; None if none is common."""
    short = [c for c in _apart(candidates) if _words([c], language) <= rules.max_words]
    if not short or short[0].share < rules.min_share:
        return None
    first = _compose(_chosen(short, language, rules), language)
    others = (_compose([short[0], candidate], language) for candidate in short[1:])
    numbered = (f"{first} ({number})" for number in count(2))
    return next(label for label in chain([first], others, numbered) if label.casefold() not in taken)


def _chosen(short: Sequence[_Candidate], language: str, rules: LabelRules) -> list[_Candidate]:
    chosen = [short[0]]
    for candidate in short[1:]:
        if _fits(chosen, rules) or candidate.share < rules.min_share:
            break
        if _words([*chosen, candidate], language) > rules.max_words:
            break
        chosen.append(candidate)
    return chosen


def _fits(chosen: Sequence[_Candidate], rules: LabelRules) -> bool:
    """Say whether the phrases chosen are name enough: several words that stand in enough texts."""
    return len(chosen) > 1 or (len(chosen[0].stems) > 1 and chosen[0].share >= rules.two_phrases_below)


def _words(chosen: Sequence[_Candidate], language: str) -> int:
    if language in UNSPACED:
        return sum(len(candidate.stems) for candidate in chosen)
    return sum(len(candidate.surface.split()) for candidate in chosen)


def _keywords(candidates: Sequence[_Candidate], rules: LabelRules) -> list[str]:
    apart = _apart(candidates)
    common = [c for c in apart if c.share >= rules.min_share]
    return [c.surface for c in (common or apart)[: rules.keywords]]


def _apart(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Drop phrases that share a word with a better one; the best one grows into a longer form of itself."""
    kept: list[_Candidate] = []
    used: set[str] = set()
    for candidate in candidates:
        if used & set(candidate.stems):
            continue
        grown = _grown(candidate, candidates)
        kept.append(candidate if used & set(grown.stems) else grown)
        used.update(kept[-1].stems)
    return kept


def _grown(candidate: _Candidate, candidates: Sequence[_Candidate]) -> _Candidate:
    """Give the longer phrase that a single word usually stands in, if there is one."""
    if len(candidate.stems) > 1:
        return candidate
    longer = [c for c in candidates if len(c.stems) > 1 and candidate.stems[0] in c.stems]
    usual = [c for c in longer if c.share >= 0.25 * candidate.share]
    return max(usual, key=lambda c: (c.share * len(c.stems), c.stems), default=candidate)


def _compose(chosen: Sequence[_Candidate], language: str) -> str:
    label = JOINERS.get(language, ", ").join(candidate.surface for candidate in chosen)
    return label[0].upper() + label[1:]


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
