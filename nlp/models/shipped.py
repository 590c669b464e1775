"""The weights that ship with the project: read, and refused unless their hash is the recorded one."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import numpy as np

from nlp.models.vectors.minilm import ModelFileError, check_hash

MANIFEST = "manifest.json"


def weights_folder() -> Path:
    """Find the folder of the shipped weights."""
    return Path(str(resources.files("nlp.models").joinpath("weights")))


def load_weights(name: str, folder: Path | None = None) -> dict[str, np.ndarray]:
    """Read one file of weights.

    Args:
        name: file name without its ending, as student.
        folder: where the file and its manifest lie; None for the shipped ones.

    Returns:
        Tensor name -> array.

    Raises:
        ModelFileError: when a file is absent, not in the manifest, or damaged.
    """
    from safetensors.numpy import load

    folder = folder or weights_folder()
    file = f"{name}.safetensors"
    return dict(load(check_hash(folder / file, _expected(folder, file))))


def weights_version(folder: Path | None = None) -> str:
    """Give 12 hexadecimal digits that change whenever any shipped weight does."""
    import hashlib

    manifest = _manifest(folder or weights_folder())
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:12]


def _expected(folder: Path, file: str) -> str:
    manifest = _manifest(folder)
    if file not in manifest:
        raise ModelFileError(f"{file} is not in {MANIFEST}; known: {', '.join(sorted(manifest))}")
    return manifest[file]


def _manifest(folder: Path) -> dict[str, str]:
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelFileError(
            f"{MANIFEST} is absent from {folder}; install voc again or train with nlp.training"
        )
    return dict(json.loads(path.read_text(encoding="utf-8")))
