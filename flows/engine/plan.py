"""Settings -> how sources are read and cleaned."""

from __future__ import annotations

import dataclasses
import os
from datetime import date

from data.intake.plan import IngestPlan
from data.privacy import Masker
from flows.engine.run import Run
from flows.engine.secrets import find_secret

KEY_VARIABLE = "VOC_KEY"
# Without a key of its own a company gets hashes that can be reversed by trying out known addresses.
_OPEN_KEY = "voc: not a secret, set VOC_KEY"
_SECTIONS = ("sources", "reading", "clean", "privacy", "brands", "archives")


def privacy_key() -> bytes:
    """Give the secret under which people and orders are hashed: VOC_KEY, else a public default."""
    return os.environ.get(KEY_VARIABLE, _OPEN_KEY).encode()


def ingest_plan(run: Run, *, latest: date) -> IngestPlan:
    """Put together everything that decides how sources are read.

    Args:
        run: gives the settings.
        latest: last day that a comment can be from.
    """
    settings = run.settings
    masker = Masker(privacy_key(), settings["privacy"])
    return IngestPlan(
        options=dataclasses.replace(settings["sources"], latest=latest),
        source_rules=settings["reading"],
        clean_rules=settings["clean"],
        masker=masker,
        brands=settings["brands"],
        rules=settings["ingest"],
        databases=settings["databases"],
        secrets=find_secret,
        archives=settings["archives"],
        reading=run.stamp("ingest", _SECTIONS, masker.keys.key("reading")),
    )
