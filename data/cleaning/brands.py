"""Whose customers speak: our own brand's or a competitor's; the two never mix in shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class BrandRules:
    """What section [brands] of the settings holds.

    Attributes:
        own: names of our own brands; empty: every brand is ours but those in `rivals`.
        rivals: names of competitors.
        sources: pattern of a source's name, as "rival_*.csv" -> the brand that its comments speak of, where
            the export itself names none.
    """

    own: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)


ALL_OWN = BrandRules()  # a company that reads nothing but its own customers


def check_brands(rules: BrandRules) -> None:
    """Refuse rules that contradict themselves.

    Raises:
        ValueError: naming the brands that are both own and rivals.
    """
    both = sorted({_folded(one) for one in rules.own} & {_folded(one) for one in rules.rivals})
    if both:
        raise ValueError(f"own and rivals both name {', '.join(both)}; keep each brand in one of the two")


def mark_brands(
    brands: Sequence[str | None], source: str, rules: BrandRules
) -> tuple[list[str | None], list[bool]]:
    """Say of every comment which brand it speaks of and whether that is ours.

    Args:
        brands: n brands as the export names them, None where it names none.
        source: name of the file, table or feed.
        rules: section [brands].

    Returns:
        n brands, with the source's brand where the export names none; and n booleans, true for our own. A
        comment without any brand is ours: companies export their own tools.
    """
    patterns = [name for pattern, name in rules.sources.items() if fnmatchcase(source, pattern)]
    stated = [brand or (patterns[0] if patterns else None) for brand in brands]
    own, rivals = {_folded(one) for one in rules.own}, {_folded(one) for one in rules.rivals}
    is_own = {
        brand: brand is None or (_folded(brand) in own if own else _folded(brand) not in rivals)
        for brand in set(stated)
    }
    return stated, [is_own[brand] for brand in stated]


def _folded(brand: str) -> str:
    return " ".join(brand.split()).casefold()
