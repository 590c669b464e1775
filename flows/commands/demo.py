"""`make demo`: the whole pipeline on the bundled sample."""

from __future__ import annotations

import json
import sys
from importlib import resources
from pathlib import Path

import click

from data.sample.generate import CATEGORIES, DEMO_SEED, LAST_DAY, write_sample
from flows.commands.pipeline import run_everything
from flows.engine.errors import as_message
from flows.engine.people.own_files import ACTIONS_FILE
from flows.engine.working.summary import terminal_summary
from flows.settings import Own


def sample_settings() -> Own:
    """Give the settings of the sample's company: its own categories."""
    return Own(changes=(f"run.taxonomy={json.dumps(str(CATEGORIES))}",))


@click.command()
@click.option("--out", default="out/demo", show_default=True, help="Folder for the results.")
def demo(out: str) -> None:
    """Write the sample exports, run voc over them, say where to look."""
    folder = Path(out)
    exports = folder / "exports"
    facts = write_sample(exports, seed=DEMO_SEED)
    done = resources.files("data").joinpath("sample", ACTIONS_FILE)
    (folder / ACTIONS_FILE).write_text(done.read_text(encoding="utf-8"), encoding="utf-8")
    click.echo(f"Sample: {facts.comment_count:,} invented comments in 5 languages, as exports in {exports}")
    try:
        found = run_everything([str(exports)], str(folder), as_of=LAST_DAY, own=sample_settings())
    except Exception as error:  # noqa: BLE001 - judged by as_message
        message, status = as_message(error)
        click.echo(f"voc: {message}", err=True)
        sys.exit(status)
    click.echo(terminal_summary(found))
    click.echo("\nOpen the report in a browser. The same on your own exports:")
    click.echo("  .venv/bin/voc run YOUR_EXPORTS --out voc-out")


if __name__ == "__main__":
    demo()
