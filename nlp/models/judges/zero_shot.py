"""Zero-shot classification: a model of textual entailment (NLI) judges sentences that describe the labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nlp.models.encoders import MAX_TOKENS
from nlp.models.judges.linear import sigmoid, softmax
from nlp.models.vectors.minilm import batches, cut_text


class ZeroShotClassifier:
    """Asks, for each label, whether the text entails the sentence that describes it."""

    def __init__(self, checkpoint: str, label_names: Mapping[str, str], *, is_multi: bool) -> None:
        """Load by hub id or folder; on a GPU if there is one.

        Args:
            checkpoint: hub id or folder of a sequence classifier with a label `entailment`.
            label_names: sentence -> label, as "The customer is angry or unhappy." -> negative; a label may
                have several sentences, of which the likeliest counts.
            is_multi: whether each label stands alone, as categories do; else rows sum to 1.

        Raises:
            ValueError: there are no sentences, or the model knows no entailment.
        """
        from nlp.models.transformer_files import load_pretrained

        if not label_names:
            raise ValueError(
                f"zero-shot classifier '{checkpoint}' has no sentences to judge; give one per label in "
                'label_names, as { "The customer is unhappy." = "negative" }'
            )
        self.name = f"zero-shot-{checkpoint}"
        self._model, self._tokenizer, self._device = load_pretrained(
            checkpoint, "AutoModelForSequenceClassification"
        )
        names = {str(name).lower(): int(place) for place, name in self._model.config.id2label.items()}
        self._entailment = next((place for name, place in names.items() if name.startswith("entail")), -1)
        if self._entailment < 0:
            raise ValueError(
                f"classifier '{checkpoint}' has the labels {', '.join(names)}; zero-shot needs a model of "
                "textual entailment, with a label 'entailment'; name another, or use kind = 'transformers'"
            )
        self._contradiction = next((p for n, p in names.items() if n.startswith("contra")), -1)
        self._sentences = list(label_names)
        self.labels = tuple(dict.fromkeys(label_names.values()))
        self._label_of = [self.labels.index(label) for label in label_names.values()]
        self._is_multi = is_multi

    def predict(self, texts: Sequence[str], languages: Sequence[str], features: np.ndarray) -> np.ndarray:
        """(n,) texts -> (n, len(labels)) float32; rows sum to 1 unless the labels stand alone."""
        best = np.full((len(texts), len(self.labels)), -np.inf, np.float32)
        for sentence, column in zip(self._sentences, self._label_of, strict=True):
            best[:, column] = np.maximum(best[:, column], self._entails(texts, sentence))
        best = np.nan_to_num(best)
        return sigmoid(best) if self._is_multi else softmax(best)

    def _entails(self, texts: Sequence[str], sentence: str) -> np.ndarray:
        """Give (n,) logits of entailment, against contradiction where the model knows it."""
        import torch

        logits = np.zeros(len(texts), np.float32)
        for positions, inputs in self._pairs(texts, sentence):
            with torch.inference_mode():
                found = self._model(**inputs).logits.float().cpu().numpy()
            rest = [c for c in range(found.shape[1]) if c != self._entailment]
            against = (
                found[:, self._contradiction] if self._contradiction >= 0 else found[:, rest].max(axis=1)
            )
            logits[positions] = found[:, self._entailment] - against
        return logits

    def _pairs(self, texts: Sequence[str], sentence: str) -> Iterator[tuple[list[int], Any]]:
        """Tokenise text and sentence together; give batches of about equal length."""
        encoded = self._tokenizer(
            [cut_text(text) for text in texts],
            [sentence] * len(texts),
            truncation="only_first",
            max_length=MAX_TOKENS,
        )
        for positions in batches(encoded["input_ids"]):
            rows = {name: [values[p] for p in positions] for name, values in encoded.items()}
            padded = self._tokenizer.pad(rows, return_tensors="pt")
            yield positions, {name: tensor.to(self._device) for name, tensor in padded.items()}
