"""topics.toml beside the output: what people want of topics, written by hand, never by us."""

from __future__ import annotations

import tomllib
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from data.intake.inputs import InputError
from data.store import Store
from nlp.topics.wishes import Split, Wish, WishError, Wishes

WISHES = "topics.toml"
_STRICT = ConfigDict(extra="forbid", strict=False)


@dataclass(config=_STRICT)
class _Split:
    label: str
    words: list[str]


@dataclass(config=_STRICT)
class _Wish:
    label: str = ""
    category: str = ""
    pinned: bool = False
    muted: bool = False
    merge_into: str = ""
    split_off: list[_Split] | None = None


@dataclass(config=_STRICT)
class _File:
    topics: dict[str, _Wish] | None = None


def wishes_text(store: Store) -> str:
    """Give the file as it stands, for stamps; empty when there is none."""
    return store.read_text(WISHES) or ""


def read_wishes(store: Store) -> Wishes:
    """Read topics.toml; no wishes when there is no such file.

    Raises:
        InputError: naming everything in the file that cannot be read.
    """
    where = store.full_path(WISHES)
    try:
        raw: dict[str, Any] = tomllib.loads(wishes_text(store))
        found = TypeAdapter(_File).validate_python(raw)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where} is not valid TOML: {error}; mend that line") from None
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, e['loc']))}: {_words(e['msg'])}" for e in error.errors()]
        raise InputError(
            f"{where} was refused:\n" + "\n".join(lines) + "\n"
            "  known keys of [topics.<topic_id>]: label, category, pinned, muted, merge_into, split_off"
        ) from None
    return {topic_id: _as_wish(wish) for topic_id, wish in (found.topics or {}).items()}


def refused(store: Store, error: WishError) -> InputError:
    """Say which file was refused."""
    return InputError(f"{store.full_path(WISHES)} was refused:\n{error}")


def _as_wish(wish: _Wish) -> Wish:
    splits = tuple(Split(one.label, tuple(one.words)) for one in wish.split_off or ())
    return Wish(wish.label, wish.category, wish.pinned, wish.muted, wish.merge_into, splits)


def _words(message: str) -> str:
    return "unknown key" if message.startswith("Unexpected") else message
