"""Measures the masker on invented comments: recall and false masks, per kind and language.

    python -m benchmarks.privacy [--rounds 3] [--show]

Recall: of the planted values, the share of which nothing telling is left. A value counts as masked only if no
word of three letters, no Chinese character and no three digits of it remain.
False masks: of the comments without personal data, the share in which anything was masked.

Of the letters only the third set was not used to mend names and addresses; its false masks were, after they
had been measured. Whoever mends the rules further writes a fourth set, and measures it before.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict

from benchmarks.privacy_cases.build import STRUCTURED, Case, clean_cases, personal_cases
from benchmarks.privacy_cases.letters import SETS, clean_letters, letter_cases
from data.privacy import PLACEHOLDERS, Masker
from data.privacy.spans import fold
from flows.settings import load_settings

HELD_OUT = "third"
LETTERS = {
    "first": "written apart from the rules, which were then mended with what they missed",
    "second": "mended with in the same way; titles before a name need not go",
    HELD_OUT: "written with the second; what the rules missed in it is not printed",
}
_PIECES = re.compile(r"\d{3,}|[^\W\d_]{3,}|[\u4e00-\u9fff]")
_TOWN = re.compile(
    r",? ?(?:London|Leeds|Bristol|Austin|New York|Milano|Firenze|Warszawa|Kraków|Poznań|Berlin"
    r"|München|Köln|Madrid|Paris|Lyon|São Paulo).*$"
)


def is_masked(case: Case, value: str, masked: str) -> bool:
    """Say whether nothing telling of a planted value is left in the masked text; a town tells nothing."""
    around = fold(case.words)
    left = fold(masked)
    for sign in PLACEHOLDERS.values():
        left = left.replace(sign, " ")
    pieces = [piece for piece in _PIECES.findall(_TOWN.sub("", fold(value))) if piece not in around]
    return not any(piece in left for piece in pieces)


def measure(masker: Masker, cases: list[Case]) -> dict[tuple[str, str], list[int]]:
    """Count planted and masked values per (language, kind)."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for case, masked in zip(cases, masker.mask([case.text for case in cases]), strict=True):
        for kind, value in case.planted:
            counts[case.language, kind][0] += 1
            counts[case.language, kind][1] += is_masked(case, value, masked)
    return counts


def false_masks(masker: Masker, cases: list[Case]) -> list[tuple[Case, str]]:
    """Give the clean comments that were changed, with what became of them."""
    masked = masker.mask([case.text for case in cases])
    return [(case, text) for case, text in zip(cases, masked, strict=True) if text != case.text]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="how often each sentence is filled with other values"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the invented comments that went wrong")
    chosen = parser.parse_args()
    masker = Masker(b"benchmark key, 32 bytes long ...", load_settings()["privacy"])
    print("Sentences filled from lists, known to the rules' authors")
    report(masker, personal_cases(seed=chosen.seed, rounds=chosen.rounds), clean_cases(), show=chosen.show)
    for name in SETS:
        print(f"\nLetters, {name} set: {LETTERS[name]}")
        report(masker, letter_cases(name), clean_letters(name), show=chosen.show and name != HELD_OUT)


def report(masker: Masker, personal: list[Case], clean: list[Case], *, show: bool) -> None:
    """Print recall and false masks of one set."""
    _print_recall(measure(masker, personal))
    wrong = false_masks(masker, clean)
    print(f"\n{len(personal)} comments with personal data, {len(clean)} without")
    for language in sorted({case.language for case in clean}):
        of_language = sum(case.language == language for case in clean)
        hit = sum(case.language == language for case, _ in wrong)
        print(f"false masks {language}: {hit}/{of_language}")
    print(f"false masks in all: {len(wrong)}/{len(clean)} = {len(wrong) / len(clean):.2%}")
    if show:
        _print_failures(masker, personal, wrong)


def _print_recall(counts: dict[tuple[str, str], list[int]]) -> None:
    languages = sorted({language for language, _ in counts})
    print(f"{'recall':10}" + "".join(f"{language:>9}" for language in languages) + f"{'all':>12}")
    for kind in PLACEHOLDERS:
        row = [counts.get((language, kind), [0, 0]) for language in languages]
        planted, found = sum(n for n, _ in row), sum(m for _, m in row)
        cells = "".join(f"{f'{m}/{n}' if n else '':>9}" for n, m in row)
        print(f"{kind:10}{cells}{f'{found}/{planted}':>12} {found / max(planted, 1):.3f}")
    planted, found = (sum(counts[key][i] for key in counts if key[1] in STRUCTURED) for i in (0, 1))
    print(f"structured kinds: {found}/{planted} = {found / planted:.4f}")


def _print_failures(masker: Masker, personal: list[Case], wrong: list[tuple[Case, str]]) -> None:
    for case, masked in zip(personal, masker.mask([case.text for case in personal]), strict=True):
        missed = [f"{kind} {value}" for kind, value in case.planted if not is_masked(case, value, masked)]
        if missed:
            print(f"missed {case.language}: {missed} -> {masked!r}")
    for case, masked in wrong:
        print(f"false {case.language}: {case.text!r} -> {masked!r}")


if __name__ == "__main__":
    main()
