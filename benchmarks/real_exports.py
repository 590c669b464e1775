"""Writes real public comments out as the plain CSV exports of different tools, for runs on real input.

    python benchmarks/real_exports.py OUT [--rows 20000] [--large]

Reads the open part of the public data in VOC_DATA (default ../shared/data). Labels are left out: an export
has none. Nothing of it becomes part of the project.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pandas as pd

DATA = Path(os.environ.get("VOC_DATA", "../shared/data"))

# file -> share of the rows asked for, and the kept columns under the names that a tool would give them
_EXPORTS: dict[str, tuple[float, str, str]] = {
    "nhs_fft_multilabel": (
        0.28,
        "text question date fft_score_1_is_best trust",
        "Answer,Question,Date,FFT score,Trust",
    ),
    "telecom_nps": (0.10, "text nps_score date journey_stage", "Comment,NPS,Response date,Journey"),
    "skytrax_lounge_seat": (
        0.10,
        "text date airline author_country rating",
        "Review,Date,Airline,Country,Rating",
    ),
    "pl_wccrs": (0.12, "text domain", "Opinia,Dział"),
    "it_absita": (0.10, "text sentence_id", "Recensione,Id"),
    "ar_reviews": (0.10, "text rating domain", "التعليق,التقييم,القسم"),
    "zh_reviews": (0.10, "text product_category", "评论,商品"),
    "employee_glassdoor_pt": (0.10, "text company date rating", "Comentário,Empresa,Data,Nota"),
}

# A mix that is large enough for 100,000 comments in the same proportions as for 20,000
_LARGE: dict[str, tuple[float, str, str]] = {
    "trustpilot_pet_insurance": (0.18, "text rating date company", "Review,Stars,Date,Company"),
    "womens_clothing": (0.20, "text rating", "Review,Stars"),
    "zh_reviews": (0.30, "text product_category", "评论,商品"),
    "pl_wccrs": (0.20, "text domain", "Opinia,Dział"),
    "ar_reviews": (0.12, "text rating domain", "التعليق,التقييم,القسم"),
}


def write_exports(folder: Path, rows: int, *, is_large: bool = False) -> dict[str, int]:
    """Write about `rows` comments in all, repeating no text of a file; gives rows per file."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, (share, columns, headers) in (_LARGE if is_large else _EXPORTS).items():
        frame = pd.read_parquet(DATA / f"{name}.parquet").drop_duplicates("text")
        frame = frame[frame["text"].notna()]
        take = min(len(frame), round(rows * share))
        chosen = frame.sample(take, random_state=11).sort_index()[columns.split()]
        chosen.columns = headers.split(",")
        chosen.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8")
        written[name] = take
    if is_large:
        return written
    reviews = pd.read_parquet(DATA / "olist_reviews.parquet")
    reviews.to_csv(folder / "olist_reviews.csv", index=False)
    pd.read_parquet(DATA / "olist_orders.parquet").to_csv(folder / "olist_orders.csv", index=False)
    return written | {"olist_reviews": len(reviews)}


def main() -> None:
    """Write the exports and say how many rows each has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--large", action="store_true", help="the mix that suffices for 100,000")
    arguments = parser.parse_args()
    for name, count in write_exports(arguments.out, arguments.rows, is_large=arguments.large).items():
        print(f"{name:28} {count:>7,}")


if __name__ == "__main__":
    main()
