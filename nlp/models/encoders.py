"""Builds the encoder that the settings name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlp.models.shipped import load_weights, weights_version
from nlp.models.vectors.contextual import Contextual
from nlp.models.vectors.minilm import batches, cut_text
from nlp.models.vectors.minilm_graph import GRAPH_VERSION
from nlp.models.vectors.student import Student, unit_rows
from nlp.protocols import Encoded, Encoder

MODES = ("accurate", "fast")
MAX_TOKENS = 128


@dataclass(frozen=True)
class EncoderChoice:
    """Which encoder; section [embed] of the settings."""

    kind: str
    checkpoint: str


class VocEncoder:
    """One space for all languages: a contextual encoder and an n-gram student, or the student alone."""

    def __init__(self, mode: str, threads: int = 0) -> None:
        """Load the shipped weights.

        Args:
            mode: `accurate`, or `fast`, which is the student alone.
            threads: 0 for one per processor.
        """
        if mode not in MODES:
            raise ValueError(
                f"unknown mode '{mode}' of the voc encoder; known: {', '.join(MODES)}; see [embed]"
            )
        self.name = f"voc-{mode}-{weights_version()}-{GRAPH_VERSION}"
        self._student = Student(load_weights("student"), threads)
        self._contextual = Contextual(load_weights("contextual"), threads) if mode == "accurate" else None

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Encoded:
        """(n,) texts in n languages -> Encoded with n rows, same order, whatever the batch around them.

        Features: 256 of the contextual encoder (`accurate` only), 128 of the student, 3 of its wide part.
        """
        vectors, features = self._student.encode(texts, languages)
        if self._contextual is not None:
            vectors, read = self._contextual.encode(texts, languages)
            features = np.concatenate([read, features], axis=1)
        return Encoded(vectors, features)


class TransformersEncoder:
    """Any sentence encoder of the Transformers library: mean of the last layer, unit length."""

    def __init__(self, checkpoint: str) -> None:
        """Load by hub id or folder; on a GPU if there is one."""
        from nlp.models.transformer_files import load_pretrained

        self.name = f"transformers-{checkpoint}"
        self._model, self._tokenizer, self._device = load_pretrained(checkpoint, "AutoModel")

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Encoded:
        """(n,) texts -> Encoded whose features are the vectors."""
        import torch

        width = int(self._model.config.hidden_size)
        vectors = np.zeros((len(texts), width), np.float32)
        for positions, inputs in token_batches(self._tokenizer, texts, self._device):
            with torch.inference_mode():
                state = self._model(**inputs).last_hidden_state.float()
            mask = inputs["attention_mask"][..., None].float()
            mean = (state * mask).sum(1) / mask.sum(1).clamp(min=1)
            vectors[positions] = mean.cpu().numpy()
        vectors = unit_rows(np.nan_to_num(vectors))
        return Encoded(vectors, vectors)


def token_batches(tokenizer: Any, texts: Sequence[str], device: str) -> Iterator[tuple[list[int], Any]]:  # noqa: ANN401
    """Tokenise and give batches of about equal length: positions, and what the model takes."""
    ids = tokenizer([cut_text(t) for t in texts], truncation=True, max_length=MAX_TOKENS)["input_ids"]
    for positions in batches(ids):
        padded = tokenizer.pad({"input_ids": [ids[p] for p in positions]}, return_tensors="pt")
        yield positions, {name: tensor.to(device) for name, tensor in padded.items()}


ENCODERS: dict[str, Callable[[str], Encoder]] = {
    "voc": VocEncoder,
    "transformers": TransformersEncoder,
}


def load_encoder(kind: str, checkpoint: str) -> Encoder:
    """Build the encoder that settings.toml names.

    Args:
        kind: key of ENCODERS.
        checkpoint: `accurate` or `fast` for voc; a hub id or folder for transformers.

    Raises:
        ValueError: when the kind is unknown, with the known ones.
    """
    if kind not in ENCODERS:
        raise ValueError(
            f"unknown encoder '{kind}'; known: {', '.join(sorted(ENCODERS))}; "
            "add yours to ENCODERS in nlp/models/"
        )
    return ENCODERS[kind](checkpoint)
