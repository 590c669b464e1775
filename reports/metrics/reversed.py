"""DOCUMENTS -> scores that run against what the comments say: a scale whose lowest value is the best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SCORES = ("rating", "csat", "ces")  # likelihood to recommend has one direction everywhere


@dataclass(frozen=True)
class ScaleRules:
    """When a scale counts as reversed. Section `scales` of the settings.

    Attributes:
        min_comments: comments of one source with the score, below which chance decides.
        max_correlation: correlation of score and sentiment up to which the scale is flagged.
    """

    min_comments: int
    max_correlation: float


@dataclass(frozen=True)
class ReversedScale:
    """One score of one source that contradicts its comments."""

    source: str
    score: str
    comment_count: int
    correlation: float

    def in_words(self) -> str:
        """Say what was found, what it may mean, and the line that settles it."""
        return (
            f"{self.source}: {self.score} runs against what the comments say (correlation "
            f"{self.correlation:.2f} over {self.comment_count} comments); if its lowest value is the best, "
            f'set [sources.files."{self.source.rpartition("/")[2]}"] reversed = ["{self.score}"]'
        )


def find_reversed_scales(documents: pa.Table, *, rules: ScaleRules) -> list[ReversedScale]:
    """Compare each source's scores with the sentiment of its comments.

    Args:
        documents: DOCUMENTS, n rows, of any sources.
        rules: how strong the contradiction must be.

    Returns:
        The scores that contradict, by source and score.
    """
    if not documents.num_rows:
        return []
    sentiment = documents["sentiment_score"].to_numpy()
    encoded = documents["source"].combine_chunks().dictionary_encode()
    names, sources = encoded.dictionary.to_pylist(), encoded.indices.to_numpy()
    found = []
    for name in SCORES:
        scores = pc.cast(documents[name], pa.float64()).to_numpy(zero_copy_only=False)
        for place in np.argsort(names):
            here = (sources == place) & ~np.isnan(scores)
            correlation = _correlation(scores[here], sentiment[here], rules.min_comments)
            if correlation is not None and correlation <= rules.max_correlation:
                found.append(ReversedScale(names[place], name, int(here.sum()), correlation))
    return sorted(found, key=lambda one: (one.source, one.score))


def _correlation(scores: np.ndarray, sentiment: np.ndarray, least: int) -> float | None:
    """Give Pearson's correlation; None where there is too little, or no change, to tell."""
    if len(scores) < least or scores.std() == 0 or sentiment.std() == 0:
        return None
    return float(np.corrcoef(scores, sentiment)[0, 1])
