"""BERTopic for what it does best: c-TF-IDF phrases per topic, alone or in a whole model.

Loaded without UMAP, HDBSCAN, numba, torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from nlp.models.light import light_imports
from nlp.protocols import TopicDescriber

Weighed = list[tuple[str, float]]
GAP = "\x1f"  # stands for a space inside a phrase: BERTopic joins the documents of a topic with spaces

# BERTopic loads these when they are installed and does without when not: 18 s of numba and torch.
HEAVY = frozenset(
    {
        "hdbscan",
        "umap",
        "torch",
        "huggingface_hub",
        "PIL",
        "openai",
        "litellm",
        "bertopic.backend._multimodal",
        "bertopic.representation._langchain",
        "bertopic.representation._llamacpp",
        "bertopic.representation._pos",
        "bertopic.representation._textgeneration",
        "bertopic.representation._visual",
        "bertopic.representation._zeroshot",
    }
)


class CtfidfDescriber:
    """Phrases that set each topic apart, by BERTopic's class-based TF-IDF and nothing else of it.

    Source: Grootendorst (2022), BERTopic: Neural topic modeling with a class-based TF-IDF procedure.
    """

    def __init__(self, phrases: int) -> None:
        """Load BERTopic's c-TF-IDF.

        Args:
            phrases: phrases to give per topic.
        """
        self.phrases = phrases
        with light_imports(HEAVY):
            from bertopic.vectorizers import ClassTfidfTransformer  # noqa: PLC0415
        self._weigher: Callable[..., Any] = ClassTfidfTransformer

    def describe(self, documents: Sequence[Sequence[str]], topics: Sequence[int]) -> list[Weighed]:
        """n documents, lists of phrases, in k topics 0 to k - 1 -> the weighed phrases of each topic."""
        known = sorted({phrase for document in documents for phrase in document})
        found: list[Weighed] = [[] for _ in range(max(topics, default=-1) + 1)]
        if not known:
            return found
        number = {phrase: i for i, phrase in enumerate(known)}
        pairs = [(t, number[p]) for document, t in zip(documents, topics, strict=True) for p in document]
        rows, columns = np.array(pairs, dtype=np.int64).T
        shape = (len(found), len(known))
        counts = sparse.csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=shape)
        weights = self._weigher(reduce_frequent_words=True).fit_transform(counts)
        for topic in range(len(found)):
            row = weights.getrow(topic)
            ranked = sorted(zip(-row.data, row.indices, strict=True))[: self.phrases]
            found[topic] = [(known[i], float(-weight)) for weight, i in ranked]
        return found


class BertopicDescriber:
    """The same through a whole BERTopic model, four times as slow: to start from with parts of BERTopic.

    The groups are given, so BERTopic neither reduces nor clusters; it weighs the phrases.

    Source: Grootendorst (2022), BERTopic: Neural topic modeling with a class-based TF-IDF procedure.
    """

    def __init__(self, phrases: int) -> None:
        """Load BERTopic.

        Args:
            phrases: phrases to give per topic.
        """
        self.phrases = phrases
        with light_imports(HEAVY):
            import bertopic.cluster  # noqa: PLC0415
            import bertopic.dimensionality  # noqa: PLC0415
            import bertopic.vectorizers  # noqa: F401, PLC0415
        self._bertopic: Any = bertopic

    def describe(self, documents: Sequence[Sequence[str]], topics: Sequence[int]) -> list[Weighed]:
        """n documents, lists of phrases, in k topics 0 to k - 1 -> the weighed phrases of each topic."""
        count = max(topics, default=-1) + 1
        filled = [(document, topic) for document, topic in zip(documents, topics, strict=True) if document]
        known = {phrase for document, _ in filled for phrase in document}
        if len(known) < 2:  # nothing to weigh, and BERTopic takes a single word for no matrix
            held = {topic for _, topic in filled}
            return [[(phrase, 1.0) for phrase in known if topic in held] for topic in range(count)]
        joined = [" ".join(phrase.replace(" ", GAP) for phrase in document) for document, _ in filled]
        wanted = [topic for _, topic in filled]
        model = self._model()
        # The vectors play no part once the groups are given; BERTopic wants one per document all the same.
        given, _ = model.fit_transform(joined, embeddings=np.zeros((len(joined), 1)), y=np.asarray(wanted))
        found: list[Weighed] = [[] for _ in range(count)]
        for wanted_topic, given_topic in sorted(set(zip(wanted, given, strict=True))):
            weighed = model.topic_representations_[given_topic]
            ranked = sorted((-weight, phrase.replace(GAP, " ")) for phrase, weight in weighed if phrase)
            found[wanted_topic] = [(phrase, float(-weight)) for weight, phrase in ranked]
        return found

    def _model(self) -> Any:  # noqa: ANN401 - BERTopic has no types
        from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415

        package = self._bertopic
        return package.BERTopic(
            language=None,  # "english" would strip every other alphabet
            top_n_words=self.phrases,
            umap_model=package.dimensionality.BaseDimensionalityReduction(),
            hdbscan_model=package.cluster.BaseCluster(),
            vectorizer_model=CountVectorizer(analyzer=_phrases_of),
            ctfidf_model=package.vectorizers.ClassTfidfTransformer(reduce_frequent_words=True),
        )


def _phrases_of(joined: str) -> list[str]:
    return joined.split(" ")


DESCRIBERS: dict[str, Callable[[int], TopicDescriber]] = {
    "ctfidf": CtfidfDescriber,
    "bertopic": BertopicDescriber,
}


def load_describer(kind: str, phrases: int) -> TopicDescriber:
    """Build the describer that settings.toml names.

    Raises:
        ValueError: when no describer has that name.
    """
    if kind not in DESCRIBERS:
        raise ValueError(
            f"unknown topic describer '{kind}'; known: {', '.join(sorted(DESCRIBERS))}; "
            "add yours to DESCRIBERS in nlp/models/themes/topics.py"
        )
    return DESCRIBERS[kind](phrases)
