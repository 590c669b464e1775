"""Stable ids of comments: which comment it is, which version of it, and of which text it is a copy."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.privacy import PLACEHOLDERS, Keys

ID_BYTES = 16  # 128 bits, as for keys
_BREAK = "\n"
_SEPARATOR, _MISSING = "\x1f", "\x00"
_PLACEHOLDER = re.compile("|".join(map(re.escape, PLACEHOLDERS.values())))
# what copies of one post differ in: who repeats it, where it leads, whom it calls
_NOT_SAID = re.compile(r"^RT (?:@\w{1,50})? ?:|(?:https?://|www\.)\S{1,2000}|@\w{1,50}")
_PERSONAL_ID = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]|^\s*\+\d[\d ()-]{7,}$")


def feedback_ids(own_ids: Sequence[str | None], facts: pd.DataFrame, keys: Keys) -> list[str]:
    """Give each comment its id: the source's own, else a keyed hash of what the row says.

    The hash is keyed because it is taken before masking: an id then stays the same when the rules of masking
    change, and nobody can try out names and numbers against it. An own id that is itself an e-mail address or
    a telephone number is hashed too.

    Args:
        own_ids: n ids, None where the source has none.
        facts: n rows; every column goes into the hash, none may depend on the file's name or order.
        keys: gives the keyed hashes.
    """
    return [
        (keys.digest(own) if _PERSONAL_ID.search(own) else own) if own else keys.digest(line)
        for own, line in zip(own_ids, _lines(facts), strict=True)
    ]


def version_ids(facts: pd.DataFrame) -> list[str]:
    """Hash what the customer said and scored: n rows of any columns -> n ids."""
    return [_hash(line) for line in _lines(facts)]


def copy_ids(
    texts: Sequence[str],
    shortest: int,
    *,
    own_ids: Sequence[str | None] = (),
    originals: Sequence[str | None] = (),
) -> list[str | None]:
    """Give equal ids to texts that differ only in case, accents, signs, digits, links or drawn-out letters.

    Args:
        texts: n clean, masked texts; what was masked does not count, so that a template sent under many names
            is one text.
        shortest: UTF-8 bytes of letters; below that many people say the same by chance, and the id is None.
            Bytes, because a Chinese character says about as much as three Latin letters and has three bytes.
        own_ids: n ids of the source; empty where no source states copies.
        originals: n ids of what the source says that a comment repeats, as a retweet does; an original's is
            its own. Repeats are then copies however short or cut they are.
    """
    by_text = [_hash(bare) if len(bare.encode()) >= shortest else None for bare in bare_texts(texts)]
    if not any(originals):
        return by_text
    stated = [found or (_hash(o) if o else None) for found, o in zip(by_text, originals, strict=True)]
    of_original = {o: id_ for own, o, id_ in zip(own_ids, originals, stated, strict=True) if o and o == own}
    return [of_original.get(o, id_) if o else id_ for o, id_ in zip(originals, stated, strict=True)]


def bare_texts(texts: Sequence[str]) -> list[str]:
    """Reduce texts to their letters: folded case, no links, accounts, accents or repeats of a letter."""
    if not texts:
        return []
    bare = [_PLACEHOLDER.sub("", text) if "[" in text else text for text in texts]
    bare = [_NOT_SAID.sub("", text) if _may_hold_links(text) else text for text in bare]
    joined = _BREAK.join(text.replace(_BREAK, "") for text in bare)
    letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    wide, table = _letter_table(letters)
    folded = table[letters]
    folded = folded[folded != 0]
    kept = np.ones(len(folded), dtype=bool)
    kept[1:] = (folded[1:] != folded[:-1]) | (folded[1:] == ord(_BREAK))
    found: list[str] = folded[kept].tobytes().decode("utf-32-le").split(_BREAK)
    for place, text in enumerate(bare) if wide else ():
        if not wide.isdisjoint(text):
            spelled = "".join(map(_folded_letter, text))
            found[place] = re.sub(r"(.)\1+", r"\1", spelled)
    return found


def _may_hold_links(text: str) -> bool:
    return "@" in text or "://" in text or "www." in text or text.startswith("RT ")


def _letter_table(letters: np.ndarray) -> tuple[frozenset[str], np.ndarray]:
    """Give what each character that occurs becomes, 0 for nothing; and those that become several letters."""
    occurring = np.flatnonzero(np.bincount(letters, minlength=1))
    table = np.zeros(occurring[-1] + 1, dtype="<u4") if len(occurring) else np.zeros(1, dtype="<u4")
    wide = set()
    for code in occurring.tolist():
        folded = chr(code) if code == ord(_BREAK) else _folded_letter(chr(code))
        if len(folded) == 1:
            table[code] = ord(folded)
        elif folded:
            wide.add(chr(code))
    return frozenset(wide), table


@lru_cache(maxsize=4096)
def _folded_letter(character: str) -> str:
    """Reduce one character to its letters, without case and accents; empty for what is no letter."""
    spelled = unicodedata.normalize("NFKD", character.lower())
    return "".join(one for one in spelled if unicodedata.category(one)[0] == "L").lower()


def _lines(facts: pd.DataFrame) -> list[str]:
    """Write each row as one line; clean text holds no control characters, so separators are sure."""
    columns = [_written(facts[name]) for name in facts]
    return list(pc.binary_join_element_wise(*columns, pa.scalar(_SEPARATOR, pa.large_string())).to_pylist())


def _written(values: pd.Series) -> pa.Array:
    """Write a column so that the type it has in this batch (int, float, all missing) makes no difference."""
    array = pa.Array.from_pandas(values)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    if pa.types.is_timestamp(array.type):
        array = array.cast(pa.timestamp("us", array.type.tz)).cast(pa.int64())
    elif not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        array = array.cast(pa.float64())
    return pc.fill_null(array.cast(pa.large_string()), _MISSING)


def _hash(line: str) -> str:
    return hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=ID_BYTES).hexdigest()
