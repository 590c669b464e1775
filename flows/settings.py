"""Typed, frozen settings: settings.toml, a company's own file over it, single values over both."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter, ValidationError

from data.clean import CleanRules
from data.cleaning.brands import BrandRules, check_brands
from data.cleaning.groups import check_group
from data.intake.inputs import IngestRules
from data.privacy import MaskRules
from data.sources.archives.limits import ArchiveRules
from data.sources.database.address import DatabaseRules
from data.sources.raw import SourceOptions, SourceRules
from data.sources.recognise import check_options
from nlp.category import CategoryRules
from nlp.documents import DocumentRules
from nlp.language import LanguageRules
from nlp.learning.verdict import TrainRules
from nlp.models.classifiers import ClassifierChoice
from nlp.models.encoders import EncoderChoice
from nlp.models.judges.intents import IntentRules
from nlp.models.themes.namers import NamerChoice
from nlp.questions import QuestionRules
from nlp.segment import SegmentRules
from nlp.text.clauses import ClauseRules
from nlp.topics.names.candidates import LabelRules
from nlp.topics.rules import TopicRules
from reports.actions import ActionRules
from reports.cases import CaseRules
from reports.competitors import CompetitorRules
from reports.counts import CountRules
from reports.detection.rules import AlertRules
from reports.drivers import DriverRules
from reports.facts.aliases import AliasRules, check_aliases
from reports.loyalty import LoyaltyRules
from reports.metrics.reversed import ScaleRules
from reports.notify.rules import NotifyRules, check_notify
from reports.page import check_rules
from reports.risk import RiskRules
from reports.rules import PageRules, SummaryRules
from reports.segments import LiftRules
from reports.service import ServiceRules
from reports.stories.rules import StoryRules

_NO_PASSWORDS = "settings are copied and mailed; set it in the environment and name the variable instead"
_PASSWORD = re.compile(r"://[^\s/:@]*:[^\s/@]+@")
_SHIPPED = Path(__file__).with_name("settings.toml")


@dataclasses.dataclass(frozen=True)
class RunRules:
    """What concerns a run as a whole; section [run].

    Attributes:
        language: language of all comments (ISO 639-1), instead of detecting it; empty to detect.
        taxonomy: path of a company's own friction categories (TOML); empty for the shipped ones.
    """

    language: str
    taxonomy: str


# section of settings.toml -> the frozen dataclass that its stage takes
SECTIONS: dict[str, type] = {
    "run": RunRules,
    "clean": CleanRules,
    "privacy": MaskRules,
    "counts": CountRules,
    "alerts": AlertRules,
    "stories": StoryRules,
    "notify": NotifyRules,
    "summaries": SummaryRules,
    "scales": ScaleRules,
    "drivers": DriverRules,
    "actions": ActionRules,
    "risk": RiskRules,
    "loyalty": LoyaltyRules,
    "competitors": CompetitorRules,
    "service": ServiceRules,
    "segments": LiftRules,
    "cases": CaseRules,
    "page": PageRules,
    "aliases": AliasRules,
    "ingest": IngestRules,
    "databases": DatabaseRules,
    "archives": ArchiveRules,
    "sources": SourceOptions,
    "brands": BrandRules,
    "reading": SourceRules,
    "language": LanguageRules,
    "segment": SegmentRules,
    "clauses": ClauseRules,
    "intent": IntentRules,
    "documents": DocumentRules,
    "embed": EncoderChoice,
    "sentiment": ClassifierChoice,
    "category_model": ClassifierChoice,
    "category": CategoryRules,
    "train": TrainRules,
    "questions": QuestionRules,
    "topics": TopicRules,
    "topic_labels": LabelRules,
    "topic_namer": NamerChoice,
}

# section -> what types cannot say, so that a wrong name stops a run at its start and not at its last stage
CHECKS: dict[str, Callable[[Any], None]] = {
    "page": check_rules,
    "notify": check_notify,
    "sources": check_options,
    "brands": check_brands,
    "aliases": check_aliases,
    "summaries": check_group,
    "clean": check_group,
}


class SettingsError(ValueError):
    """A settings file or --set value does not fit; the message lists every problem."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """All settings of one run; `settings["clean"]` gives the section's dataclass."""

    sections: Mapping[str, Any]

    def __getitem__(self, section: str) -> Any:  # noqa: ANN401 - each section has its own dataclass
        """Give one section."""
        return self.sections[section]


@dataclasses.dataclass(frozen=True)
class Own:
    """What a user changes in the settings: a file of their own, and single values over it."""

    settings: Path | None = None
    changes: tuple[str, ...] = ()

    def load(self) -> Settings:
        """Read all settings; see `load_settings`."""
        return load_settings(self.settings, self.changes)

    def plus(self, *changes: str) -> Own:
        """Give the same with more single values."""
        return Own(self.settings, (*self.changes, *changes))


AS_SHIPPED = Own()  # nothing changed


def load_settings(path: Path | None = None, changes: Sequence[str] = ()) -> Settings:
    """Read the defaults, then a company's file, then single changes.

    Args:
        path: TOML file with the lines that differ; None for the defaults alone.
        changes: `section.key=value` strings, the value in TOML.

    Raises:
        SettingsError: naming every unknown section or key and every value of the wrong type.
    """
    values = tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))
    problems: list[str] = []
    if path is not None:
        try:
            own = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"settings file {path} cannot be read: {error}") from None
        _merge(values, own, problems)
    for change in changes:
        _merge(values, _parse_change(change), problems)
    return Settings(MappingProxyType(_build(values, problems)))


def _parse_change(change: str) -> dict[str, Any]:
    name, equals, raw = change.partition("=")
    section, dot, key = name.strip().partition(".")
    if not (equals and dot and section and key):
        raise SettingsError(f"--set takes section.key=value, found '{change}'")
    try:
        parsed = tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        parsed = raw.strip()
    return {section: {key: parsed}}


def _merge(values: dict[str, Any], own: Mapping[str, Any], problems: list[str]) -> None:
    for section, entries in own.items():
        problems += [f"[{section}] {key}: holds a password; {_NO_PASSWORDS}" for key in _passwords(entries)]
        if section not in values or not isinstance(entries, Mapping):
            problems.append(f"unknown section [{section}]; known: {', '.join(sorted(values))}")
            continue
        values[section] = {**values[section], **entries}


def _passwords(entries: object) -> list[str]:
    """Give the keys whose values hold a URL with a password."""
    if not isinstance(entries, Mapping):
        return []
    return [str(key) for key, value in entries.items() if _PASSWORD.search(str(value))]


def _build(values: Mapping[str, Any], problems: list[str]) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for section, kind in SECTIONS.items():
        entries = dict(values.get(section, {}))
        known = {f.name for f in dataclasses.fields(kind)}
        problems += [
            f"[{section}] has no '{key}'; known: {', '.join(sorted(known))}"
            for key in entries
            if key not in known
        ]
        try:
            built[section] = TypeAdapter(kind).validate_python(
                {k: v for k, v in entries.items() if k in known}
            )
            if section in CHECKS:
                CHECKS[section](built[section])
        except ValidationError as error:
            problems += [f"[{section}] {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        except ValueError as error:
            problems.append(f"[{section}] {error}")
    if problems:
        raise SettingsError("settings were refused:\n" + "\n".join(f"  {p}" for p in problems))
    return built
