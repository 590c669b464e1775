"""The friction categories: read from TOML, checked, a company's own file merged over the shipped one."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from data.schema import OTHER as OTHER

JOURNEY_STAGES = ("discovery", "purchase", "fulfilment", "use", "support", "returns", "workplace")
AUDIENCES = ("customer", "employee")
FALLBACK_LANGUAGE = "en"

_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_KEYS = ("journey_stage", "audience", "name", "phrases", "keywords", "remove", "replace")
_LIST_KEYS = ("phrases", "keywords")


class TaxonomyError(ValueError):
    """A taxonomy does not fit; the message lists every problem."""


@dataclass(frozen=True)
class Category:
    """One friction category.

    Attributes:
        id: the value of `category` in every table.
        journey_stage: one of JOURNEY_STAGES; empty for `other`.
        audience: customer or employee; empty for `other`.
        names: language -> name as reports show it; English is always there.
        phrases: language -> how people say it, praise and complaint alike.
        keywords: language -> words that alone give the category away.
    """

    id: str
    journey_stage: str
    audience: str
    names: Mapping[str, str]
    phrases: Mapping[str, tuple[str, ...]]
    keywords: Mapping[str, tuple[str, ...]]

    def name(self, language: str) -> str:
        """Give the name in a language, else in English."""
        return self.names.get(language, self.names[FALLBACK_LANGUAGE])


@dataclass(frozen=True)
class Taxonomy:
    """All friction categories, in the order of the file, and `other` apart from them."""

    categories: tuple[Category, ...]
    other: Category

    @property
    def ids(self) -> tuple[str, ...]:
        """Give the category ids without `other`: the labels of a category classifier."""
        return tuple(category.id for category in self.categories)

    @property
    def digest(self) -> str:
        """Give a hash of everything in it: changes when a classifier built from it would."""
        content = [
            [c.id, c.journey_stage, c.audience, dict(c.names), dict(c.phrases), dict(c.keywords)]
            for c in self
        ]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    def __iter__(self) -> Iterator[Category]:
        """Go through the categories, `other` last."""
        return iter((*self.categories, self.other))

    def __getitem__(self, category_id: str) -> Category:
        """Give one category, `other` included."""
        for category in self:
            if category.id == category_id:
                return category
        raise KeyError(f"no category '{category_id}'; known: {', '.join(c.id for c in self)}")


def load_taxonomy(own: str | Mapping[str, Any] | None = None) -> Taxonomy:
    """Build the shipped taxonomy with a company's own one merged over it.

    In the company's file a category that voc ships takes new names and settings and *gains* the phrases
    and keywords; with `replace = true` nothing of the shipped one stays; with `remove = true` it is gone.
    Any other id is a new category.

    Args:
        own: TOML text, or what a TOML parser made of it; None for the shipped taxonomy alone.

    Raises:
        TaxonomyError: naming every unknown key or stage, bad id, missing English name, category without
            phrases, and every name or phrase that two categories share.
    """
    if own is None:
        return _shipped()
    problems: list[str] = []
    tables = _parse(own) if isinstance(own, str) else own
    merged = {key: dict(table) for key, table in _shipped_tables().items()}
    for category_id, table in tables.items():
        _merge(merged, str(category_id), table, problems)
    return _build(merged, problems)


@cache
def _shipped() -> Taxonomy:
    return _build(_shipped_tables(), [])


def _shipped_tables() -> dict[str, Any]:
    return _parse(resources.files("nlp").joinpath("taxonomy.toml").read_text(encoding="utf-8"))


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TaxonomyError(f"the taxonomy is not TOML: {error}") from None


def _merge(merged: dict[str, Any], category_id: str, table: object, problems: list[str]) -> None:
    shape = _shape_problems(category_id, table)
    problems += shape
    if shape or not isinstance(table, Mapping):
        return
    if table.get("remove", False):
        _remove(merged, category_id, problems)
        return
    old = {} if table.get("replace", False) else merged.get(category_id, {})
    new = {**old, **{key: table[key] for key in table if key in ("journey_stage", "audience")}}
    new["name"] = {**old.get("name", {}), **table.get("name", {})}
    for key in _LIST_KEYS:
        before, added = old.get(key, {}), table.get(key, {})
        new[key] = {
            language: list(dict.fromkeys([*before.get(language, ()), *added.get(language, ())]))
            for language in (*before, *(one for one in added if one not in before))
        }
    merged[category_id] = new


def _remove(merged: dict[str, Any], category_id: str, problems: list[str]) -> None:
    if category_id == OTHER or category_id not in merged:
        problems.append(
            f"[{category_id}] cannot be removed: it is {'needed' if category_id == OTHER else 'not there'}"
        )
        return
    del merged[category_id]


def _shape_problems(category_id: str, table: object) -> list[str]:
    """Say what keeps a table from being read at all."""
    if not isinstance(table, Mapping):
        return [f"[{category_id}] has to be a table, found {type(table).__name__}"]
    problems = [
        f"[{category_id}] has no '{key}'; known: {', '.join(_KEYS)}" for key in table if key not in _KEYS
    ]
    problems += [
        f"[{category_id}] {key} has to be text"
        for key in _KEYS[:2]
        if not isinstance(table.get(key, ""), str)
    ]
    problems += [
        f"[{category_id}] {key} has to be true or false"
        for key in _KEYS[5:]
        if not isinstance(table.get(key, False), bool)
    ]
    if not _is_by_language(table.get("name", {}), _is_text):
        problems.append(f'[{category_id}] name has to give a text per language, as name.en = "..."')
    problems += [
        f'[{category_id}] {key} have to be lists of texts per language, as en = ["..."]'
        for key in _LIST_KEYS
        if not _is_by_language(table.get(key, {}), _is_text_list)
    ]
    return problems


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_text_list(value: object) -> bool:
    return isinstance(value, list | tuple) and all(_is_text(one) for one in value)


def _is_by_language(value: object, check: Any) -> bool:  # noqa: ANN401 - one of the two checks above
    return isinstance(value, Mapping) and all(
        isinstance(key, str) and _LANGUAGE.fullmatch(key) and check(one) for key, one in value.items()
    )


def _build(tables: Mapping[str, Any], problems: list[str]) -> Taxonomy:
    for category_id, table in tables.items():
        problems += _shape_problems(category_id, table) or _content_problems(category_id, table)
    if not problems:
        problems += _repeat_problems(tables)
    if OTHER not in tables:
        problems.append(f"[{OTHER}] is missing: what fits nowhere needs a name")
    if problems:
        lines = "\n".join(f"  {problem}" for problem in dict.fromkeys(problems))
        raise TaxonomyError(f"the taxonomy was refused:\n{lines}\n  change these lines in the taxonomy file")
    built = {category_id: _category(category_id, table) for category_id, table in tables.items()}
    other = built.pop(OTHER)
    return Taxonomy(tuple(built.values()), other)


def _content_problems(category_id: str, table: Mapping[str, Any]) -> list[str]:
    problems = []
    if not _ID.fullmatch(category_id):
        problems.append(f"[{category_id}] is no id: lower case letters, digits and _, 2 to 40 of them")
    for key, allowed in (("journey_stage", JOURNEY_STAGES), ("audience", AUDIENCES)):
        if category_id != OTHER and table.get(key, "") not in allowed:
            problems.append(
                f"[{category_id}] {key} is '{table.get(key, '')}'; it is one of {', '.join(allowed)}"
            )
    if FALLBACK_LANGUAGE not in table.get("name", {}):
        problems.append(f'[{category_id}] has no English name; add name.{FALLBACK_LANGUAGE} = "..."')
    if category_id != OTHER and not any(table.get("phrases", {}).values()):
        problems.append(f"[{category_id}] has no phrases: the classifier learns the category from them")
    return problems


def _repeat_problems(tables: Mapping[str, Any]) -> list[str]:
    problems = []
    owners: dict[tuple[str, str], str] = {}
    for category_id, table in tables.items():
        said = [("name", name) for name in table["name"].values()]
        said += [("phrase", one) for phrases in table.get("phrases", {}).values() for one in phrases]
        for kind, text in said:
            owner = owners.setdefault((kind, " ".join(text.casefold().split())), category_id)
            if owner != category_id:
                problems.append(f'[{category_id}] and [{owner}] share the {kind} "{text}"; keep it in one')
    return problems


def _category(category_id: str, table: Mapping[str, Any]) -> Category:
    return Category(
        id=category_id,
        journey_stage=table.get("journey_stage", ""),
        audience=table.get("audience", ""),
        names=MappingProxyType({key: value.strip() for key, value in table["name"].items()}),
        phrases=_texts(table.get("phrases", {})),
        keywords=_texts(table.get("keywords", {})),
    )


def _texts(by_language: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({key: tuple(one.strip() for one in texts) for key, texts in by_language.items()})
