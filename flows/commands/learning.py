"""What `voc eval` and `voc train` do: label files in, scores or a better model out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.intake.inputs import InputError
from data.labels import LabelColumns, LabelReader, read_labels
from data.privacy import Masker
from data.schema import LANGUAGES_KNOWN, SENTIMENT_LABELS
from data.store import Store
from flows import models
from flows.commands.model_folder import ModelFolder, describe_model
from flows.engine.plan import privacy_key
from flows.engine.run import Run
from flows.engine.working.progress import Progress
from flows.settings import AS_SHIPPED, Own, SettingsError
from nlp.language import detect_languages
from nlp.learning.examples import Examples, Read, make_examples, take
from nlp.learning.judge import JudgeRules, judge
from nlp.learning.report import evaluate
from nlp.learning.train import Shipped, Texts, lacking, train
from nlp.learning.verdict import TrainRules
from nlp.models.shipped import weights_version
from nlp.protocols import Encoded
from nlp.segment import cut_segments
from nlp.training.material.corpus import DEVELOP, TRAIN
from nlp.training.material.phrases import parallel_rows

ADAPTABLE = {
    "sentiment": ("sentiment_head", "adapted_sentiment"),
    "category_model": ("category_head", "adapted_category"),
}
_MOSTLY = 0.9


def evaluate_labels(
    inputs: list[str], *, own: Own = AS_SHIPPED, columns: LabelColumns | None = None
) -> dict[str, Any]:
    """Score the models that the settings name on labelled files.

    Raises:
        InputError: the files hold no usable labels.
    """
    run = _open(own)
    examples, warnings = _examples(run, inputs, columns or LabelColumns(), min_new=None)
    with run.progress.stage(f"Reading {len(examples.texts):,} texts"):
        read = _read(run, examples, find_languages=True)
    with run.progress.stage("Judging them as a run does"):
        labels = models.taxonomy(run).ids
        judged = judge(
            read,
            labels,
            feeling=models.sentiment_classifier(run),
            scorer=models.category_scorer(run),
            rules=_judge_rules(run),
        )
        rules: TrainRules = run.settings["train"]
        facts = evaluate(read, judged, labels, draws=rules.draws, seed=rules.seed)
    return facts | {"models": _model_names(run), "warnings": warnings}


def train_heads(
    inputs: list[str], models_folder: str, *, own: Own = AS_SHIPPED, columns: LabelColumns | None = None
) -> dict[str, Any]:
    """Fit the heads on labelled files; keep what is better on held-out rows as a new version.

    Returns:
        The verdicts, and the version written (None when nothing was kept).

    Raises:
        InputError: the files hold too few labels, with what is needed.
        SettingsError: the settings name heads that cannot be adapted.
    """
    run = _open(own)
    folder = ModelFolder(Path(models_folder))
    folder.check()
    _check_adaptable(run)
    rules: TrainRules = run.settings["train"]
    examples, warnings = _examples(run, inputs, columns or LabelColumns(), min_new=rules.min_new)
    missing = lacking(examples, rules)
    if len(missing) == 2:
        raise InputError("too few labels to learn from: " + "; ".join(missing.values()))
    with run.progress.stage(f"Reading {len(examples.texts):,} texts"):
        texts = _texts(run, examples, rules)
    shipped = Shipped(
        models.shipped_classifier("sentiment_head"), models.shipped_scorer(run), _judge_rules(run)
    )
    with run.progress.stage("Comparing the shipped heads with adapted ones, on texts neither has seen"):
        outcome = train(texts, shipped=shipped, rules=rules, tell=run.progress.tell)
    facts = describe_model(outcome, texts.own, encoder=models.encoder(run).name, weights=weights_version())
    version = None
    if outcome.corrections:
        version = folder.add(outcome, texts.own, facts, taxonomy=models.own_taxonomy_text(run), rules=rules)
    return facts | {
        "version": version,
        "models": str(folder.path),
        "settings": str(folder.settings_file) if version else None,
        "warnings": warnings,
    }


def roll_back(models_folder: str) -> dict[str, Any]:
    """Put the version before the current one in use again; before the first come the shipped heads.

    Raises:
        InputError: there is no version to go back from.
    """
    folder = ModelFolder(Path(models_folder))
    left, now = folder.roll_back()
    return {"left": left, "version": now, "models": str(folder.path)}


def tell_training(facts: dict[str, Any]) -> str:
    """Give the verdicts, and how to use what was written."""
    lines = [one["verdict"] for one in facts["verdicts"]] + facts["notes"]
    if not facts["version"]:
        return "\n".join([*lines, "Nothing was kept: the models stay as they are."])
    used = f"Use it with: voc run INPUT... --settings {facts['settings']}"
    back = f"Go back with: voc train --roll-back --models {facts['models']}"
    return "\n".join([*lines, f"Version {facts['version']} is in use in {facts['models']}", used, back])


def _open(own: Own) -> Run:
    run = Run(store=Store("."), settings=own.load(), inputs=[], as_of=None)
    run.progress = Progress()
    return run


def _examples(
    run: Run, inputs: list[str], columns: LabelColumns, *, min_new: int | None
) -> tuple[Examples, list[str]]:
    settings = run.settings
    reader = LabelReader(
        columns=columns,
        options=settings["sources"],
        rules=settings["reading"],
        masker=Masker(privacy_key(), settings["privacy"]),
        max_chars=settings["clean"].max_chars,
    )
    labels = read_labels(inputs, reader=reader)
    if not len(labels.rows):
        raise InputError(
            "no row has a text and a label; expected a text column and a sentiment or category column"
        )
    examples = make_examples(labels.rows, models.taxonomy(run), min_new=min_new)
    warnings = [*labels.warnings, *examples.warnings, *_one_sided(labels.rows)]
    return examples, warnings


def _one_sided(rows: pd.DataFrame) -> list[str]:
    """Warn of files that hold little but disagreements: they say nothing of what the models get right."""
    shown = rows[(rows["shown_sentiment"] != "") & rows["sentiment"].notna()]
    if len(shown) and (shown["shown_sentiment"] != shown["sentiment"]).mean() >= _MOSTLY:
        return [
            "nearly every sentiment here corrects what was shown: scores tell how many errors are mended, "
            "not how good the models are; add rows that were right, with right_sentiment filled in"
        ]
    return []


def _read(run: Run, examples: Examples, *, find_languages: bool) -> Read:
    """Cut and encode examples as a run does."""
    feedback = examples.texts
    if find_languages and not run.settings["run"].language:
        languages = detect_languages(feedback, detector=models.detector(run), rules=run.settings["language"])
    else:
        code = run.settings["run"].language if find_languages else feedback["declared_language"]
        told = {"feedback_id": feedback["feedback_id"], "language": code, "language_score": np.float32(1)}
        languages = pd.DataFrame(told)
    segments = cut_segments(
        feedback,
        languages,
        splitter=models.splitter(run),
        detector=models.detector(run),
        rules=run.settings["segment"],
    )
    segments = segments.reset_index(drop=True)
    distinct = segments.drop_duplicates("text_id")
    encoded = models.encoder(run).encode(distinct["text"].tolist(), distinct["language"].tolist())
    at = pd.Index(distinct["text_id"]).get_indexer(pd.Index(segments["text_id"]))
    owner = pd.Index(feedback["feedback_id"]).get_indexer(pd.Index(segments["feedback_id"]))
    vectors = Encoded(encoded.vectors[at], encoded.features[at])
    return Read(examples, languages, segments, owner.astype(np.int64), vectors)


def _texts(run: Run, examples: Examples, rules: TrainRules) -> Texts:
    own = _read(run, examples, find_languages=True)
    found = set(own.languages["language"]) & set(LANGUAGES_KNOWN) or {"en"}
    rows = parallel_rows()
    rows = rows[rows["lang"].isin(found)]
    learned = rows[rows["fold"] == TRAIN].groupby("lang").head(rules.reference_texts)
    parts = [_clauses(run, part) for part in (learned, rows[rows["fold"] == DEVELOP])]
    return Texts(own, *(_read(run, part, find_languages=False) for part in parts))


def _clauses(run: Run, rows: pd.DataFrame) -> Examples:
    """Give reference clauses as examples; none of them has a category that voc does not ship."""
    feelings = [SENTIMENT_LABELS[int(one)] if pd.notna(one) else None for one in rows["sentiment"]]
    frame = pd.DataFrame(
        {
            "source": "reference",
            "group": "",
            "text": rows["text"].to_numpy(object),
            "language": rows["lang"].to_numpy(object),
            "sentiment": pd.Series(feelings, dtype=object).to_numpy(),
            "categories": pd.Series(list(rows["labels"]), dtype=object).to_numpy(),
        }
    )
    examples = make_examples(frame, models.taxonomy(run), min_new=None)
    return take(examples, np.argsort(examples.groups, kind="stable"))


def _judge_rules(run: Run) -> JudgeRules:
    return JudgeRules(run.settings["category"], run.settings["documents"])


def _check_adaptable(run: Run) -> None:
    for section, kinds in ADAPTABLE.items():
        if run.settings[section].kind not in kinds:
            raise SettingsError(
                f"voc train adapts the shipped heads; [{section}] names a classifier of kind "
                f"'{run.settings[section].kind}': train that one with its own tools, "
                f"or set kind = '{kinds[0]}'"
            )


def _model_names(run: Run) -> dict[str, str]:
    loaded: dict[str, Callable[[Run], Any]] = {
        "encoder": models.encoder,
        "sentiment": models.sentiment_classifier,
        "category": lambda one: models.category_scorer(one).classifier,
    }
    return {name: str(load(run).name) for name, load in loaded.items()}
