"""Loads a Transformers checkpoint by hub id or folder."""

from __future__ import annotations

from typing import Any


class CheckpointError(ValueError):
    """A checkpoint cannot be loaded."""


def load_pretrained(checkpoint: str, kind: str) -> tuple[Any, Any, str]:
    """Load model and tokenizer, onto a GPU if there is one.

    Args:
        checkpoint: folder, or id on the model hub (needs a network the first time).
        kind: class of the Transformers library, as AutoModel.

    Returns:
        The model in evaluation mode, its fast tokenizer, and the device's name.

    Raises:
        CheckpointError: when it is neither a folder with a model nor reachable on the hub.
    """
    import torch
    import transformers

    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint)
        model = getattr(transformers, kind).from_pretrained(checkpoint)
    except (OSError, ValueError, KeyError) as error:
        raise CheckpointError(
            f"checkpoint '{checkpoint}' cannot be loaded as {kind} ({type(error).__name__}); expected "
            "a folder with config.json, weights and tokenizer, or an id on the model hub within reach"
        ) from None
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return model.to(device).eval(), tokenizer, device
