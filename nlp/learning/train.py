"""Label rows -> corrections of the shipped heads, each with a verdict on texts that it has not seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from data.schema import SENTIMENT_LABELS
from nlp.category import CategoryScorer
from nlp.documents import weigh_segments
from nlp.learning.crossing import REFERENCE, Crossed, cross
from nlp.learning.examples import UNKNOWN, Examples, NewCategory, Read, split_folds
from nlp.learning.fit import Basis, make_basis, widen
from nlp.learning.judge import Given, Judged, JudgeRules, judge, with_scores
from nlp.learning.scores import LabelScore, as_columns, macro_f1, score_labels
from nlp.learning.tasks import CategoryTask, Material, SentimentTask
from nlp.learning.verdict import TrainRules, Verdict, decide
from nlp.models.judges.adapted import Correction, base_logits
from nlp.models.judges.linear import sigmoid, softmax
from nlp.models.vectors.ngrams import hash_ngrams
from nlp.protocols import Classifier


@dataclass(frozen=True)
class Shipped:
    """What is corrected, and how a run uses it."""

    feeling: Classifier
    scorer: CategoryScorer
    rules: JudgeRules


@dataclass
class Outcome:
    """What training gives.

    Attributes:
        corrections: part -> what is kept.
        verdicts: one per head that was tried.
        new: new categories that are kept.
        notes: what was not tried or not learned, and why.
    """

    corrections: dict[str, Correction] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    new: list[NewCategory] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Texts:
    """Everything that is read: the company's examples, clauses to learn along, clauses to be judged on."""

    own: Read
    reference: Read
    guard: Read


def lacking(examples: Examples, rules: TrainRules) -> dict[str, str]:
    """Say, for each head that cannot be trained, what the examples lack: part -> words."""
    found = {}
    feelings = np.bincount(examples.sentiment[examples.sentiment != UNKNOWN], minlength=len(SENTIMENT_LABELS))
    enough = int((feelings >= rules.min_per_label).sum())
    if feelings.sum() < rules.min_rows or enough < 2:
        counted = ", ".join(f"{n} {label}" for n, label in zip(feelings, SENTIMENT_LABELS, strict=True))
        found["sentiment"] = (
            f"sentiment needs {rules.min_rows} different texts, with {rules.min_per_label} of two sentiments "
            f"at least; found {feelings.sum()} ({counted})"
        )
    counts = examples.categories[examples.is_judged].sum(axis=0)
    judged = int(examples.is_judged.sum())
    if judged < rules.min_rows or not (counts >= rules.min_per_label).any():
        found["category"] = (
            f"categories need {rules.min_rows} different texts, with {rules.min_per_label} of one category "
            f"at least; found {judged}, the commonest category {counts.max(initial=0)} times"
        )
    return found


def train(
    texts: Texts, *, shipped: Shipped, rules: TrainRules, tell: Callable[[str], None] = lambda words: None
) -> Outcome:
    """Try to better both heads.

    Args:
        texts: what to learn from and to be judged on.
        shipped: the heads, and how a run uses them.
        rules: numbers.
        tell: called with how far it is.
    """
    from threadpoolctl import threadpool_limits

    outcome = Outcome()
    missing = lacking(texts.own.examples, rules)
    outcome.notes += missing.values()
    with threadpool_limits(1):  # same bytes on any machine; the matrices are too small for more
        trainer = _Trainer(texts, shipped, rules)
        if "sentiment" not in missing:
            trainer.sentiment(outcome, tell)
        if "category" not in missing:
            trainer.category(outcome, tell)
    return outcome


class _Trainer:
    """The texts along one basis, and both heads' way through it."""

    def __init__(self, texts: Texts, shipped: Shipped, rules: TrainRules) -> None:
        self._texts, self._shipped, self._rules = texts, shipped, rules
        own, reference = texts.own, texts.reference
        self._size = len(own.examples.sentiment)
        self._owner = np.concatenate([own.owner, reference.owner + self._size])
        features = np.concatenate([own.encoded.features, reference.encoded.features])
        written = [*own.segments["text"].tolist(), *reference.segments["text"].tolist()]
        self._basis: Basis = make_basis(
            features, hash_ngrams(written), rank=rules.rank, ngram_weight=rules.ngram_weight
        )
        total = self._size + len(reference.examples.sentiment)
        self._is_reference = np.arange(total) >= self._size
        self._guard_counts = hash_ngrams(texts.guard.segments["text"].tolist())

    def sentiment(self, outcome: Outcome, tell: Callable[[str], None]) -> None:
        """Correct the sentiment head and judge it."""
        own, guard = self._texts.own, self._texts.guard
        truth = np.concatenate([own.examples.sentiment, self._texts.reference.examples.sentiment])
        material = self._material(self._feelings(own), self._feelings(self._texts.reference))
        task = SentimentTask(material, truth, balance=self._rules.balance)
        strata = own.examples.sentiment
        folds, crossed = self._cross(task, strata, lambda done, of: tell(f"Sentiment: {done} of {of}"))
        logits = self._held_out(folds, crossed, material)
        before = self._judge(own, self._shipped.feeling, self._shipped.scorer)
        after = self._judge(own, Given(SENTIMENT_LABELS, softmax(logits)), self._shipped.scorer)
        correction = self._basis.unfold(crossed.final, SENTIMENT_LABELS)
        base = self._feelings(guard)
        corrected = softmax(correction.apply(base, guard.encoded.features, self._guard_counts))
        kept = (_feeling_f1(guard, softmax(base)), _feeling_f1(guard, corrected))
        at = strata != UNKNOWN
        columns = [
            as_columns(one[at], len(SENTIMENT_LABELS)) for one in (strata, before.sentiment, after.sentiment)
        ]
        verdict = decide("sentiment", columns, kept, SENTIMENT_LABELS, self._rules)
        outcome.verdicts.append(verdict)
        if verdict.is_kept:
            outcome.corrections["sentiment"] = correction

    def category(self, outcome: Outcome, tell: Callable[[str], None]) -> None:
        """Correct the category head and judge it; learn what is new."""
        own, reference, guard = self._texts.own, self._texts.reference, self._texts.guard
        labels = self._labels()
        new = {one.id for one in own.examples.new}
        truth = np.concatenate([_columns(one.examples, labels) for one in (own, reference)])
        is_new = np.array([label in new for label in labels])
        judged = np.concatenate([own.examples.is_judged, reference.examples.is_judged])[:, None]
        judged = np.broadcast_to(judged, truth.shape)
        material = self._material(*(self._subjects(one, labels) for one in (own, reference)))
        task = CategoryTask(material, truth, judged, is_new=is_new)
        rarest = np.where(truth[: self._size], truth[: self._size].sum(axis=0), self._size + 1)
        strata = np.where(truth[: self._size].any(axis=1), rarest.argmin(axis=1), -1)
        folds, crossed = self._cross(task, strata, lambda done, of: tell(f"Categories: {done} of {of}"))
        scores = self._all_scores(own, labels, sigmoid(self._held_out(folds, crossed, material)))
        before = self._judge(own, self._shipped.feeling, self._shipped.scorer, labels)
        after = self._judge(own, self._shipped.feeling, with_scores(self._shipped.scorer, *scores), labels)
        correction = self._basis.unfold(crossed.final, labels)
        base = self._subjects(guard, labels)
        corrected = sigmoid(correction.apply(base, guard.encoded.features, self._guard_counts))
        known = np.flatnonzero(~is_new)
        guarded = _columns(guard.examples, labels)[:, known]
        kept = (
            _category_f1(guard, sigmoid(base)[:, known], guarded),
            _category_f1(guard, corrected[:, known], guarded),
        )
        at = own.examples.is_judged
        columns = [one[at] for one in (truth[: self._size], before.categories, after.categories)]
        known_labels = tuple(labels[place] for place in known)
        is_kept = False
        if known_labels:
            verdict = decide("category", [one[:, known] for one in columns], kept, known_labels, self._rules)
            outcome.verdicts.append(verdict)
            is_kept = verdict.is_kept
        outcome.new, notes = self._judge_new(score_labels(columns[0], columns[2], labels))
        outcome.notes += notes
        wanted = {one.id for one in outcome.new} | (set(known_labels) if is_kept else set())
        if wanted:
            head = self._shipped.scorer.classifier.labels
            outcome.corrections["category"] = widen(correction, head, wanted)

    def _judge_new(self, scores: list[LabelScore]) -> tuple[list[NewCategory], list[str]]:
        kept, notes = [], []
        of = {score.label: score for score in scores}
        for one in self._texts.own.examples.new:
            f1 = of[one.id].f1
            is_kept = f1 >= self._rules.min_new_f1
            notes.append(
                f"new category '{one.id}': F1 {f1:.2f} on {one.count} held-out texts that have it: "
                + ("learned" if is_kept else f"not learned, because {self._rules.min_new_f1:.2f} is needed")
            )
            if is_kept:
                kept.append(one)
        return kept, notes

    def _labels(self) -> tuple[str, ...]:
        """Give the categories to learn: those with examples enough, and the new ones."""
        examples = self._texts.own.examples
        counts = examples.categories[examples.is_judged].sum(axis=0)
        return tuple(
            label
            for label, count in zip(examples.labels, counts, strict=True)
            if count >= self._rules.min_per_label
        )

    def _feelings(self, read: Read) -> np.ndarray:
        feeling = self._shipped.feeling
        shares = _predict(feeling, read)
        return base_logits(shares, feeling.labels, SENTIMENT_LABELS, is_sentiment=True)

    def _subjects(self, read: Read, labels: tuple[str, ...]) -> np.ndarray:
        classifier = self._shipped.scorer.classifier
        return base_logits(_predict(classifier, read), classifier.labels, labels, is_sentiment=False)

    def _material(self, own: np.ndarray, reference: np.ndarray) -> Material:
        return Material(
            rows=self._basis.rows,
            base=np.concatenate([own, reference]).astype(np.float64),
            owner=self._owner,
            share=np.concatenate([self._shares(one) for one in (self._texts.own, self._texts.reference)]),
            weight=np.where(self._is_reference, self._rules.reference_weight, 1.0),
            is_reference=self._is_reference,
        )

    def _shares(self, read: Read) -> np.ndarray:
        """Give what each segment weighs in its text, as the documents stage has it."""
        felt = _predict(self._shipped.feeling, read).astype(np.float64)
        weights = weigh_segments(read.segments, felt, self._shipped.rules.documents)
        return np.asarray(weights / np.bincount(read.owner, weights)[read.owner])

    def _cross(
        self, task: SentimentTask | CategoryTask, strata: np.ndarray, tell: Callable[[int, int], None]
    ) -> tuple[np.ndarray, Crossed]:
        own = split_folds(self._texts.own.examples.groups, strata, self._rules.folds)
        folds = np.concatenate([own, np.full(self._is_reference.sum(), REFERENCE)])
        return own, cross(task, folds, self._rules.freedoms, tell=tell)

    def _held_out(self, folds: np.ndarray, crossed: Crossed, material: Material) -> np.ndarray:
        """Give the company's segments the logits of the correction that has not seen their text."""
        size = len(self._texts.own.segments)
        rows, base = material.rows[:size], material.base[:size]
        logits = np.zeros_like(base)
        fold = folds[self._texts.own.owner]
        for number, fitted in enumerate(crossed.by_fold):
            at = fold == number
            logits[at] = fitted.logits(rows[at], base[at])
        return logits

    def _all_scores(
        self, read: Read, labels: tuple[str, ...], scores: np.ndarray
    ) -> tuple[tuple[str, ...], np.ndarray]:
        """Put corrected scores among those of categories that are not corrected."""
        classifier = self._shipped.scorer.classifier
        every = (*classifier.labels, *(label for label in labels if label not in classifier.labels))
        merged = np.zeros((len(scores), len(every)), np.float32)
        merged[:, : len(classifier.labels)] = _predict(classifier, read)
        merged[:, [every.index(label) for label in labels]] = scores
        return every, merged

    def _judge(
        self, read: Read, feeling: Classifier, scorer: CategoryScorer, labels: tuple[str, ...] = ()
    ) -> Judged:
        return judge(read, labels, feeling=feeling, scorer=scorer, rules=self._shipped.rules)


def _predict(classifier: Classifier, read: Read) -> np.ndarray:
    segments = read.segments
    return classifier.predict(segments["text"].tolist(), segments["language"].tolist(), read.encoded.features)


def _feeling_f1(read: Read, shares: np.ndarray) -> float:
    """Give macro-F1 of reference clauses, each a segment of its own."""
    truth = read.examples.sentiment[read.owner]
    at = truth != UNKNOWN
    size = len(SENTIMENT_LABELS)
    return macro_f1(as_columns(truth[at], size), as_columns(shares[at].argmax(axis=1), size))


def _category_f1(read: Read, scores: np.ndarray, truth: np.ndarray) -> float:
    """Give macro-F1 of reference clauses: one has a category when one of its segments does."""
    found = np.zeros(truth.shape, dtype=bool)
    np.logical_or.at(found, read.owner, scores >= 0.5)
    return macro_f1(truth, found)


def _columns(examples: Examples, labels: tuple[str, ...]) -> np.ndarray:
    """Give the truth of some categories; one that the examples do not know is never true."""
    place = {label: column for column, label in enumerate(examples.labels)}
    found = np.zeros((len(examples.sentiment), len(labels)), dtype=bool)
    for column, label in enumerate(labels):
        if label in place:
            found[:, column] = examples.categories[:, place[label]]
    return found
