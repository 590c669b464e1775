"""Keyed hashes: the same person or order gives the same key, and no key gives the person back."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

KEY_BYTES = 16  # 128 bits: no two of a billion people share a key (chance below 1e-20)
MIN_SECRET_BYTES = 16


class Keys:
    """Turns identifiers into keyed BLAKE2b hashes.

    One name space for all columns: an e-mail that is the author here and the customer id in the orders
    table gives one key, so that tables join.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < MIN_SECRET_BYTES:
            raise ValueError(
                f"the privacy key has {len(secret)} bytes; expected at least {MIN_SECRET_BYTES}, "
                "because a short key can be guessed and the hashes reversed; give a longer one"
            )
        self._secret = hashlib.blake2b(secret, digest_size=32).digest()

    def key(self, value: str) -> str:
        """Give the key of one identifier; case, width, blanks and a spreadsheet's ".0" do not matter."""
        folded = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
        if folded.endswith(".0") and folded[:-2].isdigit():
            folded = folded[:-2]
        return self.digest(folded)

    def keys(self, values: Iterable[object]) -> list[str | None]:
        """Give the key of each identifier, in order; None for what is missing or blank."""
        known: dict[str, str | None] = {}
        result = []
        for value in values:
            name = value if isinstance(value, str) else ""
            if name not in known:
                known[name] = self.key(name) if name.strip() else None
            result.append(known[name])
        return result

    def digest(self, value: str) -> str:
        """Hash one string exactly as it is."""
        # surrogates may stand in raw strings; they must not stop the run
        data = value.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, digest_size=KEY_BYTES, key=self._secret).hexdigest()
