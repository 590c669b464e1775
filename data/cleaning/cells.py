"""The other columns of an export: labels and input_ columns, cleaned, and masked or hashed where personal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from data.cleaning.text import clean_texts
from data.privacy import PLACEHOLDERS, Masker
from data.privacy.columns import HASHED, kind_of_cells, kind_of_header, mask_cells

# what a reader has recognised: the column's cells are those of the role -> what to do with them
_ROLE_KINDS = {"author": "name", "customer_id": "key", "order_id": "key"}
SAMPLE_ROWS = 500  # a column is what its first rows are
_LABEL_ROLES = ("product", "brand", "location", "region", "channel", "own_id")


def strings_of(values: pd.Series) -> list[str | None]:
    """Give a column as strings; None for what is missing or empty."""
    if values.isna().all():  # most exports fill few of the columns
        return [None] * len(values)
    return [value if isinstance(value, str) and value else None for value in values.tolist()]


def clean_label_column(values: pd.Series, masker: Masker) -> list[str | None]:
    """Clean and mask a column of labels, as product or question; None where nothing is left."""
    return _per_distinct(strings_of(values), lambda cells: masker.mask(clean_texts(cells)))


def clean_cells(cells: Sequence[str | None], kind: str, masker: Masker) -> list[str | None]:
    """Clean the cells of one input_ column.

    Args:
        cells: n cells, None where empty.
        kind: what `find_personal_columns` says of the column; "" for nothing.
        masker: masks and hashes.

    Returns:
        n cells. A personal column holds keyed hashes where values stand for a person or order, so that
        they can still be counted and joined, and placeholders otherwise.
    """
    if kind in HASHED:
        return masker.keys.keys(cells)
    if kind:
        return [None if cell is None else PLACEHOLDERS[kind] for cell in cells]
    return _per_distinct(cells, lambda distinct: mask_cells(clean_texts(distinct), masker))


def find_personal_columns(raw: pd.DataFrame, masker: Masker) -> dict[str, str]:
    """Say which input_ columns of a source are personal as a whole, by role, header or content.

    Args:
        raw: some rows of the source; the first batch does.
        masker: recognises cells.

    Returns:
        Column -> kind: a kind of PLACEHOLDERS, or "key" for an identifier; other columns are left out.
    """
    found = {}
    raw = raw.head(SAMPLE_ROWS)
    for name in map(str, raw.columns):
        if name.startswith("input_"):
            kind = _kind_of(name, raw, masker)
            if kind:
                found[name] = kind
    return found


def _kind_of(name: str, raw: pd.DataFrame, masker: Masker) -> str:
    cells = raw[name]
    for role, kind in _ROLE_KINDS.items():
        if _is_same(cells, raw[role]):
            return kind
    by_header = kind_of_header(name)
    if by_header in ("", "name", "key") and any(_is_same(cells, raw[role]) for role in _LABEL_ROLES):
        by_header = ""
        if _is_same(cells, raw["own_id"]):
            return ""
    return by_header or kind_of_cells([cell for cell in strings_of(cells) if cell], masker)


def _is_same(cells: pd.Series, role: pd.Series) -> bool:
    """Say whether a reader took this role from this column; the role's values are trimmed, some made null."""
    here, there = strings_of(cells), strings_of(role)
    if not any(there):
        return False
    return all(
        b is None or (a is not None and a.strip() == b.strip()) for a, b in zip(here, there, strict=True)
    )


def _per_distinct(
    cells: Sequence[str | None], clean: Callable[[Sequence[str]], list[str]]
) -> list[str | None]:
    """Clean every distinct cell once; None where nothing is left."""
    distinct = list(dict.fromkeys(cell for cell in cells if cell is not None))
    cleaned = dict(zip(distinct, clean(distinct), strict=True))
    return [None if cell is None else cleaned[cell] or None for cell in cells]
