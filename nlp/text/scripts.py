"""Which scripts a text is written in: letters counted per script, for many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

SCRIPTS = (
    "latin",
    "arabic",
    "han",
    "kana",
    "hangul",
    "cyrillic",
    "greek",
    "hebrew",
    "devanagari",
    "thai",
    "other",
)
LATIN, ARABIC, HAN, KANA = (SCRIPTS.index(name) for name in ("latin", "arabic", "han", "kana"))

# First and last code point of every block that holds letters of the script. Persian and Urdu share the Arabic
# script, so their own letters are told apart in `PERSIAN_LETTERS`.
_BLOCKS: dict[str, tuple[tuple[int, int], ...]] = {
    "latin": ((0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6),
              (0xF8, 0x2AF), (0x1E00, 0x1EFF), (0x2C60, 0x2C7F), (0xA722, 0xA7FF), (0xFB00, 0xFB06),
              (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)),
    "arabic": ((0x620, 0x64A), (0x66E, 0x66F), (0x671, 0x6D3), (0x6D5, 0x6D5), (0x6EE, 0x6EF),
               (0x6FA, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8C9), (0xFB50, 0xFBB1), (0xFBD3, 0xFD3D),
               (0xFD50, 0xFDFB), (0xFE70, 0xFEFC)),
    "han": ((0x2E80, 0x2FD5), (0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAD9),
            (0x20000, 0x323AF)),
    "kana": ((0x3041, 0x30FA), (0x30FC, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D)),
    "hangul": ((0x1100, 0x11FF), (0x3131, 0x318E), (0xA960, 0xA97C), (0xAC00, 0xD7FB), (0xFFA1, 0xFFDC)),
    "cyrillic": ((0x400, 0x52F), (0x1C80, 0x1C88), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)),
    "greek": ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    "hebrew": ((0x5D0, 0x5F2), (0xFB1D, 0xFB4F)),
    "devanagari": ((0x904, 0x939), (0x958, 0x961), (0xA8E0, 0xA8FF)),
    "thai": ((0xE01, 0xE3A), (0xE40, 0xE4E)),
    "other": ((0x530, 0x58F), (0x700, 0x74F), (0x780, 0x7BF), (0x980, 0xDFF), (0xE80, 0xEFF), (0xF00, 0xFFF),
              (0x1000, 0x109F), (0x10A0, 0x10FF), (0x1200, 0x139F), (0x1780, 0x17FF), (0x1800, 0x18AF)),
}  # fmt: skip
_LAST_CODE_POINT = 0x323AF
PERSIAN_LETTERS = frozenset("یکپچژگٹڈڑںےہ")

# A word has six letters in Latin script, four and a half in Arabic, one and a half characters in Chinese.
# Without the weights, one brand name would turn a Chinese comment into English.
_WEIGHT_OF = {"arabic": 4, "hebrew": 4, "han": 12, "kana": 12, "hangul": 12}
_WEIGHTS = np.array([_WEIGHT_OF.get(name, 3) for name in SCRIPTS], dtype=np.int64)


def count_scripts(texts: Sequence[str], max_characters: int) -> np.ndarray:
    """Count the letters of each script in the beginning of every text.

    Args:
        texts: n texts.
        max_characters: how much of a text is read.

    Returns:
        (n, len(SCRIPTS)) int64, weighted so that scripts can be compared.
    """
    heads = [text[:max_characters] for text in texts]
    lengths = np.fromiter(map(len, heads), dtype=np.int64, count=len(heads))
    points = np.frombuffer("".join(heads).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    classes = _class_of()[np.minimum(points, _LAST_CODE_POINT + 1)]
    rows = np.repeat(np.arange(len(heads), dtype=np.int64), lengths)
    is_letter = classes < len(SCRIPTS)
    cells = rows[is_letter] * len(SCRIPTS) + classes[is_letter]
    counts = np.bincount(cells, minlength=len(heads) * len(SCRIPTS)).reshape(len(heads), len(SCRIPTS))
    return np.asarray(counts, dtype=np.int64) * _WEIGHTS


@cache
def _class_of() -> np.ndarray:
    classes = np.full(_LAST_CODE_POINT + 2, len(SCRIPTS), dtype=np.uint8)
    for number, name in enumerate(SCRIPTS):
        for first, last in _BLOCKS[name]:
            classes[first : last + 1] = number
    return classes
