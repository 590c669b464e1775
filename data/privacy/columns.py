"""Which columns of an export hold personal data, by their header or their content."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from data.privacy.digits.checksums import is_card, is_national_id
from data.privacy.masker import Masker
from data.privacy.spans import PLACEHOLDERS, fold

HASHED = ("email", "phone", "name", "handle", "key")  # one value per person: kept apart by a keyed hash
SAMPLE = 60  # distinct cells looked at
FEWEST = 3  # distinct cells below which content decides nothing
MOST = 0.8  # share of cells that must be of one kind
CODE_SHARE = 0.8  # share of cells without blanks from which a column holds codes, not words

_HEADERS: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("headers.toml").read_text(encoding="utf-8")
)
_KIND_OF = {header: kind for kind, headers in _HEADERS.items() for header in headers}
# At the end of a path these say nothing: product.name, via.channel.
_VAGUE = frozenset({"name", "nome", "nom", "via", "cap", "cell", "portable", "nie", "rg", "person"})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[\W_]+")
_TOKEN = r"^\S*$"
# what no code looks like
_STRICT = (
    r"[^\s@]@[^\s@]+\.|^@|^\+|://| |^[A-Za-z]{2}\d\d[A-Za-z0-9]{11,30}$|^(?:\d{1,3}\.){3}\d{1,3}$"
    r"|^[A-Za-z]{6}\d\d[A-Za-z]\d\d[A-Za-z]\d{3}[A-Za-z]$"
)


def kind_of_header(header: str) -> str:
    """Say what a header promises: a kind of PLACEHOLDERS, "key" for an identifier, "" for nothing."""
    name = header.removeprefix("input_")
    kind = _kind_of_name(name)
    parts = name.split(".")
    for start in range(1, len(parts)):  # of a nested value the last names say what it is, as in hidden.email
        tail = ".".join(parts[start:])
        kind = kind or ("" if tail.casefold() in _VAGUE else _kind_of_name(tail))
    return kind


def _kind_of_name(name: str) -> str:
    plain = _NO_WORD.sub(" ", name.casefold()).strip()
    spaced = _NO_WORD.sub(" ", _CAMEL.sub(" ", name).casefold()).strip()
    return _KIND_OF.get(plain) or _KIND_OF.get(spaced, "")


def kind_of_cells(cells: Sequence[str], masker: Masker) -> str:
    """Say what a column holds by its cells: the kind that nearly all of a sample of them are, else "".

    Bare digits count only where check digits prove them: order and record numbers look like telephones.
    """
    sample = [cell for cell in dict.fromkeys(cells) if cell.strip()][:SAMPLE]
    if len(sample) < FEWEST:
        return ""
    kinds = [_kind_of_digits(fold(cell).strip()) for cell in sample]
    if "" in kinds:
        alone = {sign: kind for kind, sign in PLACEHOLDERS.items()}
        masked = masker.mask([cell.strip() for cell in sample])
        kinds = [kind or alone.get(text, "") for kind, text in zip(kinds, masked, strict=True)]
    best = max(sorted(set(kinds)), key=kinds.count)
    return "" if best in ("digits", "") or kinds.count(best) < MOST * len(sample) else best


def _kind_of_digits(cell: str) -> str:
    if not cell.isdigit():
        return ""
    if is_card(cell):
        return "card"
    return "id" if is_national_id(cell) else "digits"


def mask_cells(cells: Sequence[str], masker: Masker) -> list[str]:
    """Mask the distinct cells of a column that is not personal as a whole.

    A column of codes is only searched for what cannot be a code: addresses with @, +numbers, IBANs. Its other
    numbers stay, as they join to the company's own tables.
    """
    if not cells:
        return []
    array = pa.array(cells, pa.large_string())
    codes = pc.sum(pc.match_substring_regex(array, _TOKEN)).as_py() or 0
    if codes < CODE_SHARE * len(cells):
        return masker.mask(cells)
    masked = list(cells)
    places = pc.indices_nonzero(pc.match_substring_regex(array, _STRICT)).to_pylist()
    for place, text in zip(places, masker.mask([cells[place] for place in places]), strict=True):
        masked[place] = text
    return masked
