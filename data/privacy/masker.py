"""Texts -> the same texts with personal data replaced by placeholders."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.privacy import addresses, contacts
from data.privacy.digits import identifiers
from data.privacy.digits.numbers import number_finder
from data.privacy.keys import Keys
from data.privacy.people import cued as names_cued
from data.privacy.people import eastern as names_eastern
from data.privacy.people import given as names_given
from data.privacy.people import names
from data.privacy.spans import FOLDABLE, Finder, Span, fold, merge, replace

# a placeholder can bring two halves together; every round that masks anything is followed by one more
MAX_ROUNDS = 4
DIGIT = r"\d"  # the first trigger of what always holds a number
THREADS = 2  # more cores would wait for the finders, which need Python's lock
FEW_CHARACTERS = 500  # below, looking at all texts is faster than compiling the triggers


@dataclass(frozen=True)
class MaskRules:
    """What the masker is told by the settings.

    Attributes:
        phone_regions: two-letter countries whose national telephone numbers are recognised.
        id_digits: an unbroken number of at least this many digits is an id, whatever it means.
    """

    phone_regions: tuple[str, ...]
    id_digits: int


class Masker:
    """Finds and replaces personal data; holds the key under which identifiers are hashed."""

    def __init__(self, key: bytes, rules: MaskRules) -> None:
        self.key = key
        self.keys = Keys(key)
        self._regions = tuple(region.upper() for region in rules.phone_regions)
        self._id_digits = rules.id_digits
        self._finders = self._finders_for(self._regions)

    def mask(self, texts: Sequence[str], languages_hint: Sequence[str | None] | None = None) -> list[str]:
        """Replace personal data by placeholders.

        Args:
            texts: n clean texts.
            languages_hint: n language codes where the source states them; the telephone numbers of their
                countries are then recognised too.

        Returns:
            n texts, same order. Masking them again changes nothing.
        """
        masked = list(texts)
        finders = self._finders_for(self._regions, languages_hint)
        todo = list(range(len(masked)))
        for _ in range(MAX_ROUNDS):
            found = find_spans([masked[i] for i in todo], finders)
            for place, spans in found.items():
                masked[todo[place]] = replace(masked[todo[place]], spans)
            todo = [todo[place] for place in found]
            if not todo:
                break
        return masked

    def _finders_for(
        self, regions: tuple[str, ...], hint: Sequence[str | None] | None = None
    ) -> tuple[Finder, ...]:
        stated = {code[:2].lower() for code in hint or () if code}
        more = sorted(country for code, country in LANGUAGE_REGIONS.items() if code in stated)
        all_regions = tuple(dict.fromkeys((*regions, *more)))
        return (
            *contacts.FINDERS,
            *identifiers.FINDERS,
            number_finder(all_regions, self._id_digits),
            *addresses.FINDERS,
            *names.FINDERS,
            *names_eastern.FINDERS,
            *names_cued.FINDERS,
            *names_given.FINDERS,
        )


# a country for languages beyond the nine, so that a stated language brings its national telephone numbers
LANGUAGE_REGIONS = {
    "nl": "NL", "sv": "SE", "da": "DK", "no": "NO", "fi": "FI", "cs": "CZ", "sk": "SK", "hu": "HU",
    "ro": "RO", "el": "GR", "tr": "TR", "ja": "JP", "ko": "KR", "uk": "UA", "ru": "RU", "hi": "IN",
    "vi": "VN", "th": "TH", "id": "ID", "he": "IL",
}  # fmt: skip


def find_spans(texts: Sequence[str], finders: Sequence[Finder]) -> dict[int, list[Span]]:
    """Find personal data: position of a text -> its spans, ascending and apart; clean texts are left out."""
    if sum(map(len, texts)) <= FEW_CHARACTERS:
        return _find_directly(texts, finders)
    folded = pa.array(texts, pa.large_string())
    wide = pc.indices_nonzero(pc.match_substring_regex(folded, FOLDABLE)).to_pylist()
    plain = list(texts)
    for place in wide:
        plain[place] = fold(plain[place])
    if wide:
        folded = pa.array(plain, pa.large_string())
    spans: dict[int, list[Span]] = {}
    with_digit = pc.indices_nonzero(pc.match_substring_regex(folded, DIGIT)).to_numpy()  # asked for by many
    digits = (with_digit, folded.take(pa.array(with_digit)))
    with ThreadPoolExecutor(THREADS) as threads:  # Arrow matches without Python's lock
        matched = threads.map(lambda finder: _places(folded, finder.triggers, digits), finders)
    for finder, places in zip(finders, matched, strict=True):
        for place in places:
            found = list(finder.find(plain[place]))
            if found:
                spans.setdefault(place, []).extend(found)
    return {place: merge(found) for place, found in sorted(spans.items())}


def _find_directly(texts: Sequence[str], finders: Sequence[Finder]) -> dict[int, list[Span]]:
    spans = {}
    for place, text in enumerate(texts):
        plain = fold(text)
        found = [span for finder in finders for span in finder.find(plain)]
        if found:
            spans[place] = merge(found)
    return spans


def _places(texts: pa.Array, triggers: Sequence[str], digits: tuple[np.ndarray, pa.Array]) -> list[int]:
    """Give the positions of the texts that match all patterns; each sees what the one before let pass."""
    places = np.arange(len(texts))
    if triggers[0] == DIGIT:
        (places, texts), triggers = digits, triggers[1:]
    for trigger in triggers:
        hits = pc.indices_nonzero(pc.match_substring_regex(texts, trigger)).to_numpy()
        places, texts = places[hits], texts.take(pa.array(hits))
    return list(places.tolist())
