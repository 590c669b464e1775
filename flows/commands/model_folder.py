"""A folder of adapted models: versions, which one is in use, the way back, the settings that name it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.intake.inputs import InputError
from data.schema import SENTIMENT_LABELS
from flows.commands.model_card import write_card
from nlp.learning.examples import UNKNOWN, NewCategory, Read
from nlp.learning.train import Outcome
from nlp.learning.verdict import POINT, TrainRules, Verdict
from nlp.models.judges.adapted import POINTER, TAXONOMY, WEIGHTS, pack
from nlp.models.shipped import MANIFEST
from nlp.taxonomy import load_taxonomy
from nlp.training.export import write_weights

SETTINGS = "settings.toml"
CARD = "MODEL_CARD.md"
MODEL = "model.json"
_DIGITS = 4


@dataclass(frozen=True)
class ModelFolder:
    """Where the versions lie."""

    path: Path

    @property
    def settings_file(self) -> Path:
        """The settings that put the version in use into a run."""
        return self.path / SETTINGS

    def check(self) -> None:
        """Refuse a place that cannot be written, before anything is computed.

        Raises:
            InputError: naming it.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"--models {self.path} cannot be written: {error.strerror}") from None

    def add(
        self, outcome: Outcome, own: Read, facts: dict[str, Any], *, taxonomy: str, rules: TrainRules
    ) -> str:
        """Write a new version and put it in use.

        Args:
            outcome: what training gave; something was kept.
            own: the company's examples.
            facts: of `describe_model`.
            taxonomy: the text of the company's own taxonomy file; empty without one.
            rules: how many phrases of a new category are kept.

        Returns:
            The version's name.
        """
        version = f"{1 + max(self._versions(), default=0):0{_DIGITS}d}"
        folder = self.path / version
        folder.mkdir(parents=True)
        written = taxonomy.rstrip() + "\n" if taxonomy.strip() else ""
        known = load_taxonomy(written)
        taken = {_folded(text) for one in known for texts in one.phrases.values() for text in texts}
        written += "".join(_as_toml(one, own, rules, taken) for one in outcome.new)
        load_taxonomy(written)  # what a run would refuse must not be written
        if written:
            (folder / TAXONOMY).write_text(written, encoding="utf-8")
        kept = {name: facts[name] for name in ("encoder", "weights")}
        write_weights(pack(outcome.corrections, kept), folder / f"{WEIGHTS}.safetensors")
        hashes = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        described = {"version": version, **facts, "sha256": hashes}
        text = json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / MODEL).write_text(text + "\n", encoding="utf-8")
        (folder / CARD).write_text(write_card(version, facts, hashes), encoding="utf-8")
        history = [*self._history(), version]
        self._use(history)
        return version

    def roll_back(self) -> tuple[str, str | None]:
        """Put the version before the current one in use.

        Returns:
            The version left, and the one in use now; None for the shipped heads.

        Raises:
            InputError: no version is in use.
        """
        history = self._history()
        if not history:
            raise InputError(
                f"{self.path} has no version in use, so there is nothing to go back from; train one with: "
                f"voc train LABELS... --models {self.path}"
            )
        self._use(history[:-1])
        return history[-1], history[-2] if len(history) > 1 else None

    def _versions(self) -> list[int]:
        return [int(one.name) for one in self.path.iterdir() if one.is_dir() and one.name.isdigit()]

    def _history(self) -> list[str]:
        """List the versions that were put in use and not left since; the last is in use."""
        file = self.path / POINTER
        if not file.is_file():
            return []
        try:
            return [str(one) for one in json.loads(file.read_text(encoding="utf-8"))["history"]]
        except (OSError, ValueError, KeyError, TypeError):
            raise InputError(
                f"{file} is damaged; expected the version in use and those before it, as "
                '{"version": "0001", "history": ["0001"]}: write it again, or choose another --models'
            ) from None

    def _use(self, history: list[str]) -> None:
        version = history[-1] if history else None
        kept = self.path / version / TAXONOMY if version else None
        taxonomy = kept.read_text(encoding="utf-8") if kept and kept.is_file() else ""
        _replace(self.path / TAXONOMY, taxonomy or "# no category beside those that voc ships\n")
        _replace(self.settings_file, _settings(self.path.resolve()))
        pointer = json.dumps({"version": version, "history": history}) + "\n"
        _replace(self.path / POINTER, pointer)


def describe_model(outcome: Outcome, own: Read, *, encoder: str, weights: str) -> dict[str, Any]:
    """Give what a model was made from and what it is worth, ready for JSON; no customer text.

    Args:
        outcome: what training gave.
        own: the company's examples.
        encoder: name of the encoder whose features it reads.
        weights: version of the shipped weights that it corrects.
    """
    examples = own.examples
    felt = examples.sentiment[examples.sentiment != UNKNOWN]
    codes, counts = np.unique(own.languages["language"].to_numpy(str), return_counts=True)
    spoken = examples.categories[examples.is_judged].sum(axis=0)
    return {
        "encoder": encoder,
        "weights": weights,
        "texts": len(examples.sentiment),
        "languages": {str(code): int(count) for code, count in zip(codes, counts, strict=True)},
        "sentiments": {label: int((felt == place).sum()) for place, label in enumerate(SENTIMENT_LABELS)},
        "categories": {
            label: int(count) for label, count in zip(examples.labels, spoken, strict=True) if count
        },
        "verdicts": [_verdict(one) for one in outcome.verdicts],
        "notes": outcome.notes,
        "kept": sorted(outcome.corrections),
        "new_categories": [one.id for one in outcome.new],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "head": verdict.part,
        "verdict": verdict.words,
        "is_kept": verdict.is_kept,
        "rows": verdict.rows,
        "shipped_macro_f1": verdict.shipped,
        "adapted_macro_f1": verdict.adapted,
        "gain_points": verdict.gain.value * POINT,
        "gain_interval_points": [verdict.gain.low * POINT, verdict.gain.high * POINT],
        "reference_macro_f1": list(verdict.reference),
        "labels": [
            {"label": old.label, "count": old.count, "shipped_f1": old.f1, "adapted_f1": new.f1}
            for old, new in verdict.labels
        ],
    }


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _as_toml(new: NewCategory, own: Read, rules: TrainRules, taken: set[str]) -> str:
    """Give a new category as taxonomy lines: its name, and its shortest texts as phrases.

    No phrase may stand in two categories; `taken` holds those that are given, and gains these.
    """
    examples = own.examples
    column = examples.labels.index(new.id)
    rows = np.flatnonzero(examples.categories[:, column])
    texts = examples.texts["text"].iloc[rows]
    languages = own.languages["language"].iloc[rows].where(lambda code: code.str.len() == 2, "en")
    short = [
        (len(text), text, code)
        for text, code in zip(texts, languages, strict=True)
        if len(text) <= rules.phrase_length and _folded(text) not in taken
    ]
    by_language: dict[str, list[str]] = {}
    for _, text, code in sorted(short)[: rules.phrases]:
        by_language.setdefault(code, []).append(text)
        taken.add(_folded(text))
    lines = [
        f"\n[{new.id}]",
        'journey_stage = "use"  # discovery, purchase, fulfilment, use, support, returns or workplace',
        'audience = "customer"  # or employee',
        f"name.en = {_quoted(new.name)}",
    ]
    phrases = by_language or {"en": [new.name]}
    lines += [
        f"phrases.{code} = [{', '.join(map(_quoted, dict.fromkeys(found)))}]"
        for code, found in sorted(phrases.items())
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _settings(folder: Path) -> str:
    place = json.dumps(str(folder), ensure_ascii=False)
    taxonomy = json.dumps(str(folder / TAXONOMY), ensure_ascii=False)
    return (
        "# Written by voc train: puts the version in use into a run, as in\n"
        f"#   voc run exports/ --out voc-out --settings {folder / SETTINGS}\n"
        "# or copy these lines into your own settings.\n"
        f"[run]\ntaxonomy = {taxonomy}\n\n"
        f'[sentiment]\nkind = "adapted_sentiment"\ncheckpoint = {place}\n\n'
        f'[category_model]\nkind = "adapted_category"\ncheckpoint = {place}\n'
    )


def _replace(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    waiting = path.with_name(path.name + ".new")
    waiting.write_text(text, encoding="utf-8")
    waiting.replace(path)
