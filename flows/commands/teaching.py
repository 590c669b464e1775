"""The commands `voc eval` and `voc train`: arguments in, flows/commands/learning.py called, words out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from flows.options import AS_JSON, CHANGES, SETTINGS, answer, readable, with_own

LABELS = click.argument("labels", nargs=-1)
MODELS = click.option(
    "--models", default="voc-out/models", show_default=True, help="Folder of models, version by version."
)


def _label_columns(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that name the columns of label files."""
    for role in ("category", "sentiment", "language", "text"):
        words = f"The column with the {role}, when it is not found by its name."
        command = click.option(f"--{role}-column", help=words)(command)
    return command


@click.command("eval")
@LABELS
@_label_columns
@SETTINGS
@CHANGES
@AS_JSON
@readable
def evaluate(labels: tuple[str, ...], as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Score the current models on labelled files, per language and category, with intervals.

    LABELS are files, folders or patterns (CSV, TSV, XLSX, JSON, Parquet) with a column of texts and a column
    of sentiments, of categories (several: "shipping; packaging", or several rows), or both.

    Example:  voc eval labels.csv --text-column Comment
    """
    from flows.commands.learning import evaluate_labels  # noqa: PLC0415
    from nlp.learning.report import show  # noqa: PLC0415

    facts = evaluate_labels(_given(labels), **with_own(_columns_of(options)))
    answer(facts, as_json, show(facts))


@click.command()
@LABELS
@click.option("--out", help="Output folder of your runs: the models lie in its folder models.")
@MODELS
@click.option("--roll-back", is_flag=True, help="Put the version before the current one in use again.")
@_label_columns
@SETTINGS
@CHANGES
@AS_JSON
@readable
def train(labels: tuple[str, ...], as_json: bool, roll_back: bool, **options: Any) -> None:  # noqa: ANN401
    """Fit the heads on your own labels, and keep them only if they are better on rows held out.

    LABELS as for voc eval; the corrections exported from the report are such a file. Name all your files each
    time.

    Example:  voc train labels.csv corrections.csv --models voc-out/models
    """
    from flows.commands import learning  # noqa: PLC0415

    out, models = options.pop("out"), options.pop("models")
    models = f"{out.rstrip('/')}/models" if out else models
    if roll_back:
        facts = learning.roll_back(models)
        now = f"version {facts['version']}" if facts["version"] else "the shipped heads"
        answer(facts, as_json, f"version {facts['left']} is left, {now} in use: {models}")
        return
    facts = learning.train_heads(_given(labels), models, **with_own(_columns_of(options)))
    answer(facts, as_json, learning.tell_training(facts))


def _given(labels: tuple[str, ...]) -> list[str]:
    if not labels:
        raise click.UsageError("name at least one file of labels")
    return list(labels)


def _columns_of(options: dict[str, Any]) -> dict[str, Any]:
    """Put the four column options together; the other options stay as they are."""
    from data.labels import LabelColumns  # noqa: PLC0415

    roles = ("text", "language", "sentiment", "category")
    return options | {"columns": LabelColumns(**{role: options.pop(f"{role}_column") for role in roles})}
