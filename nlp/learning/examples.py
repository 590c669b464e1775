"""Label rows -> examples: one per distinct text, its sentiment and categories in our names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.schema import OTHER, SENTIMENT_LABELS
from nlp.protocols import Encoded
from nlp.taxonomy import Taxonomy

UNKNOWN = -1  # the sentiment of a text that nobody judged, or that its rows disagree on
NO_CATEGORY = ("other", "none", "no category", "-", "nessuna", "brak", "无", "لا شيء")
_NOT_ID = re.compile(r"[^a-z0-9]+")
_MAX_ID = 40


@dataclass(frozen=True)
class NewCategory:
    """A category that the taxonomy does not have."""

    id: str
    name: str
    count: int


@dataclass(frozen=True)
class Examples:
    """What people said of n distinct texts.

    Attributes:
        texts: n rows: feedback_id, source, text, declared_language.
        sentiment: (n,) int64, place in SENTIMENT_LABELS or UNKNOWN.
        labels: the categories of the columns below: those of the taxonomy, then new ones.
        categories: (n, len(labels)) booleans.
        is_judged: (n,) booleans: somebody looked for categories.
        groups: (n,) rows of one comment share a number; they are never on both sides of a split.
        new: the new categories that have examples enough.
        warnings: what a person should look at.
    """

    texts: pd.DataFrame
    sentiment: np.ndarray
    labels: tuple[str, ...]
    categories: np.ndarray
    is_judged: np.ndarray
    groups: np.ndarray
    new: tuple[NewCategory, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Read:
    """Examples as the pipeline reads them: cut into segments, and encoded.

    Attributes:
        languages: LANGUAGES, n rows, aligned with `examples.texts`.
        segments: SEGMENTS, m rows.
        owner: (m,) the example of each segment.
        encoded: m rows.
    """

    examples: Examples
    languages: pd.DataFrame
    segments: pd.DataFrame
    owner: np.ndarray
    encoded: Encoded


def text_key(text: str) -> str:
    """Give what two copies of a text share: its letters and digits, without case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(character for character in folded if character.isalnum())
    content = bare or text
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def make_examples(rows: pd.DataFrame, taxonomy: Taxonomy, *, min_new: int | None) -> Examples:
    """Join the rows of one text, and bring its labels to our names.

    Several rows of one text give it all their categories; where they disagree on the sentiment it has none.

    Args:
        rows: source, group, text, language, sentiment (name or None), categories (list of names or None).
        taxonomy: the categories in use.
        min_new: a category that it does not have needs so many texts; None: none can be learned.
    """
    keys = rows["text"].map(text_key)
    first = ~keys.duplicated()
    place = {key: number for number, key in enumerate(keys[first])}
    at = keys.map(place).to_numpy(np.int64)
    sentiment, torn = _join_sentiments(rows["sentiment"], at, len(place))
    known = _known_names(taxonomy)
    named = _join_categories(rows["categories"], at, known, len(place))
    new, few = _new_categories(named, taxonomy, min_new)
    labels = (*taxonomy.ids, *(one.id for one in new))
    warnings = []
    if torn:
        warnings.append(f"{torn:,} texts have rows that disagree on the sentiment; it was not used")
    if few:
        reason = "only its own can be scored" if min_new is None else f"each needs {min_new} texts"
        known_ids = ", ".join(taxonomy.ids)
        warnings.append(
            f"{len(few)} categories that the taxonomy does not have were left out: {reason}; "
            f"it has: {known_ids}"
        )
    texts = rows.loc[first, ["source", "text"]].reset_index(drop=True)
    texts["declared_language"] = rows.loc[first, "language"].replace("", None).to_numpy(object)
    texts["feedback_id"] = [key[:20] for key in keys[first]]
    return Examples(
        texts=texts,
        sentiment=sentiment,
        labels=labels,
        categories=_as_matrix(named, labels, {_fold(one.name): one.id for one in new}),
        is_judged=np.array([one is not None for one in named], dtype=bool),
        groups=_groups(rows.loc[first, "group"].tolist(), list(place)),
        new=new,
        warnings=tuple(warnings),
    )


def take(examples: Examples, rows: np.ndarray) -> Examples:
    """Give some of the examples, in the order of `rows`."""
    return Examples(
        texts=examples.texts.iloc[rows].reset_index(drop=True),
        sentiment=examples.sentiment[rows],
        labels=examples.labels,
        categories=examples.categories[rows],
        is_judged=examples.is_judged[rows],
        groups=examples.groups[rows],
        new=examples.new,
        warnings=examples.warnings,
    )


def split_folds(groups: np.ndarray, strata: np.ndarray, count: int) -> np.ndarray:
    """Give n examples their fold, 0 to count - 1: whole groups, spread evenly within each stratum.

    Depends on the texts alone, not on their order in the file, as `groups` are made of their hashes.

    Args:
        groups: (n,) numbers; examples of one number are never on both sides of a split.
        strata: (n,) numbers; the first example of a group speaks for the group.
        count: folds.
    """
    firsts = pd.DataFrame({"group": groups, "stratum": strata}).drop_duplicates("group")
    order = firsts.sort_values(["stratum", "group"])["group"].to_numpy()
    fold_of = {int(group): number % count for number, group in enumerate(order)}
    return np.array([fold_of[int(group)] for group in groups], dtype=np.int64)


def _fold(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace("_", " ").split())


def _known_names(taxonomy: Taxonomy) -> dict[str, str]:
    """Give how people may write each category: its id, or its name in any language."""
    names = {_fold(name): OTHER for name in NO_CATEGORY}
    for category in taxonomy:
        for name in (category.id, *category.names.values()):
            names.setdefault(_fold(name), category.id)
    return names


def _join_sentiments(values: pd.Series, at: np.ndarray, count: int) -> tuple[np.ndarray, int]:
    counts = np.zeros((count, len(SENTIMENT_LABELS)), dtype=np.int64)
    for label, column in zip(SENTIMENT_LABELS, counts.T, strict=True):
        column += np.bincount(at[(values == label).to_numpy()], minlength=count)
    kinds = (counts > 0).sum(axis=1)
    return np.where(kinds == 1, counts.argmax(axis=1), UNKNOWN).astype(np.int64), int((kinds > 1).sum())


def _join_categories(
    values: pd.Series, at: np.ndarray, known: dict[str, str], count: int
) -> list[dict[str, str] | None]:
    """Give each text its categories: our id, or the folded name of a new one -> the name as written."""
    joined: list[dict[str, str] | None] = [None] * count
    for row, names in zip(at.tolist(), values.tolist(), strict=True):
        if not isinstance(names, list):
            continue
        found = joined[row] = joined[row] or {}
        for name in names:
            label = known.get(_fold(name), _fold(name))
            if label != OTHER:
                found.setdefault(label, name)
    return joined


def _new_categories(
    named: list[dict[str, str] | None], taxonomy: Taxonomy, least: int | None
) -> tuple[tuple[NewCategory, ...], list[str]]:
    counts: dict[str, int] = {}
    written: dict[str, str] = {}
    for found in named:
        for label, name in (found or {}).items():
            if label not in taxonomy.ids:
                counts[label] = counts.get(label, 0) + 1
                written.setdefault(label, name)
    taken = set(taxonomy.ids)
    new = []
    enough = {name for name, count in counts.items() if least is not None and count >= least}
    for label in sorted(enough):
        own = _make_id(label, taken)
        taken.add(own)
        new.append(NewCategory(own, written[label], counts[label]))
    return tuple(new), sorted(counts.keys() - enough)


def _make_id(name: str, taken: Iterable[str]) -> str:
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = _NOT_ID.sub("_", bare).strip("_")[:_MAX_ID]
    if len(slug) < 2 or not slug[0].isalpha() or slug in taken:
        slug = f"own_{hashlib.blake2b(name.encode(), digest_size=4).hexdigest()}"
    return slug


def _as_matrix(named: list[dict[str, str] | None], labels: Sequence[str], new: dict[str, str]) -> np.ndarray:
    place = {label: column for column, label in enumerate(labels)}
    matrix = np.zeros((len(named), len(labels)), dtype=bool)
    for row, found in enumerate(named):
        for label in found or {}:
            column = place.get(new.get(label, label))
            if column is not None:
                matrix[row, column] = True
    return matrix


def _groups(names: list[str], keys: list[str]) -> np.ndarray:
    """Number the groups by the hash of their first text, so that the order of the file does not matter."""
    ids = [text_key(name) if name else key for name, key in zip(names, keys, strict=True)]
    return np.array([int(one[:15], 16) for one in ids], dtype=np.int64)
