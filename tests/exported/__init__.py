"""Exports of every tool that a source reads, invented, with what must be read of them.

A family's module lists its samples in SAMPLES; `all_samples` collects them for the contract that all sources keep
(tests/test_data_sources_contract.py). A source without a sample fails it.
"""

from exported import reviews, social, stores, support, surveys, trustpilot, workplace
from exported.sample import Sample

__all__ = ["Sample", "all_samples"]

FAMILIES = (
    surveys,
    stores,
    workplace,
    trustpilot,
    reviews,
    support,
    social,
)


def all_samples() -> list[Sample]:
    """Give the samples of all families."""
    return [s for family in FAMILIES for s in family.SAMPLES]
