"""Phrases of one topic -> its label and keywords: what most of its texts share and the other topics lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

from nlp.topics.names.phrases import TAG, UNSPACED, usual_surface

JOINERS = {"zh": "、", "ar": "، "}
LONG_PHRASE_BONUS = (1.0, 1.7, 1.8)  # by words: of two phrases of equal weight the longer says more
USUAL = 0.3  # of the texts with a word: a longer phrase in as many is what the word usually stands in
POWER = 0.3


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
        min_share: share of the texts read in which a label's phrase has to stand,
        usual_share: and in which it stands where the topic has such a phrase.
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
    usual_share: float
    two_phrases_below: float
    examples: int
    lemma_languages: tuple[str, ...]


@dataclass
class _Phrase:
    """One phrase of one topic: in which texts it stands and in which forms."""

    texts: set[int] = field(default_factory=set)
    surfaces: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Candidate:
    """A phrase that may name the topic.

    Attributes:
        stems: its words.
        surface: how it is usually written.
        score: how much of the topic it covers, and the other topics lack.
        texts: numbers of the texts read that hold it.
        share: that many of all texts read.
    """

    stems: tuple[str, ...]
    surface: str
    score: float
    texts: frozenset[int]
    share: float


def candidates_of(
    documents: Iterable[Mapping[str, str]],
    weighed: Sequence[tuple[str, float]],
    language: str,
    rules: LabelRules,
) -> list[Candidate]:
    """Rank the phrases of one topic in one language, the best first.

    Args:
        documents: phrases of its texts in that language, as phrases_of gives them.
        weighed: phrases of all its languages with the describer's weights.
        language: the one that is named in.
        rules: how topics are named.

    Returns:
        Phrases that at least two texts share. Rare ones come last: they tell apart what would have the same
        name, and name nothing themselves.
    """
    found: dict[str, _Phrase] = {}
    total = 0
    for number, document in enumerate(documents):
        total += 1
        for key, surface in document.items():
            phrase = found.setdefault(key, _Phrase())
            phrase.texts.add(number)
            phrase.surfaces[surface] += 1
    ranked = []
    for key, weight in weighed:
        code, _, stems = key.partition(TAG)
        if code != language or key not in found or len(found[key].texts) < 2:
            continue
        parts, texts = tuple(stems.split(" ")), frozenset(found[key].texts)
        share = len(texts) / total
        # c-TF-IDF takes the root of the frequency, which lets what two texts say outweigh what all say.
        score = weight * share**POWER * LONG_PHRASE_BONUS[len(parts) - 1]
        ranked.append(Candidate(parts, usual_surface(found[key].surfaces, language), score, texts, share))
    ranked.sort(key=lambda c: (c.share < rules.min_share, c.share < rules.usual_share, -c.score, c.stems))
    return ranked


def label_of(
    candidates: Sequence[Candidate], language: str, taken: set[str], rules: LabelRules
) -> str | None:
    """Compose a label from the best phrases, another while the label is taken; None if none is common."""
    short = [c for c in _apart(candidates) if _words([c], language) <= rules.max_words]
    if not short or short[0].share < rules.min_share:
        return None
    first = _compose(_chosen(short, language, rules), language)
    others = (_compose([short[0], candidate], language) for candidate in short[1:])
    numbered = (f"{first} ({number})" for number in count(2))
    return next(label for label in chain([first], others, numbered) if label.casefold() not in taken)


def keywords_of(candidates: Sequence[Candidate], rules: LabelRules) -> list[str]:
    """Give the best phrases that share no word."""
    apart = _apart(candidates)
    common = [c for c in apart if c.share >= rules.min_share]
    return [c.surface for c in (common or apart)[: rules.keywords]]


def _chosen(short: Sequence[Candidate], language: str, rules: LabelRules) -> list[Candidate]:
    """Give the best phrase, and a second for texts without it where it is one word or stands in few."""
    best = short[0]
    if len(best.stems) > 1 and best.share >= rules.two_phrases_below:
        return [best]
    least = rules.usual_share if best.share >= rules.two_phrases_below else rules.min_share
    fitting = [c for c in short[1:] if c.share >= least and _words([best, c], language) <= rules.max_words]
    gains = [c.score * len(c.texts - best.texts) / len(c.texts) for c in fitting]
    return [best, fitting[gains.index(max(gains))]] if fitting and max(gains) > 0 else [best]


def _words(chosen: Sequence[Candidate], language: str) -> int:
    if language in UNSPACED:
        return sum(len(candidate.stems) for candidate in chosen)
    return sum(len(candidate.surface.split()) for candidate in chosen)


def _apart(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Drop phrases that share a word with a better one; the best one grows into a longer form of itself."""
    kept: list[Candidate] = []
    used: set[str] = set()
    for candidate in candidates:
        if used & set(candidate.stems):
            continue
        grown = _grown(candidate, candidates)
        kept.append(candidate if used & set(grown.stems) else grown)
        used.update(kept[-1].stems)
    return kept


def _grown(candidate: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """Give the longer phrase that a single word usually stands in, if there is one."""
    if len(candidate.stems) > 1:
        return candidate
    longer = [c for c in candidates if len(c.stems) > 1 and candidate.stems[0] in c.stems]
    usual = [c for c in longer if c.share >= USUAL * candidate.share]
    return max(usual, key=lambda c: (c.share * len(c.stems), c.stems), default=candidate)


def _compose(chosen: Sequence[Candidate], language: str) -> str:
    label = JOINERS.get(language, ", ").join(candidate.surface for candidate in chosen)
    return label[0].upper() + label[1:]
