"""The card of an adapted model: what it was made from, what it is worth, what it must not be used for."""

from __future__ import annotations

from typing import Any

_NOT_FOR = """## Not to be used for

Judging single people (employees, patients, customers), credit, hiring or medical decisions; legal evidence;
anything where a wrong label harms someone and nobody reads the comment.
"""


def write_card(version: str, facts: dict[str, Any], hashes: dict[str, str]) -> str:
    """Give the card as Markdown; no customer text.

    Args:
        version: its name.
        facts: of `describe_model`.
        hashes: file -> SHA-256.
    """
    lines = [
        f"# Model card: version {version}, adapted by voc train",
        "",
        "A linear correction of the heads that ship, over the encoder's features and hashed n-grams.",
        f"Encoder `{facts['encoder']}`; shipped weights `{facts['weights']}`. It fits no others.",
        "",
        *[f"- `{name}`: SHA-256 `{digest}`" for name, digest in sorted(hashes.items())],
        "",
        "## Made from",
        "",
        f"{facts['texts']:,} different labelled texts of the company (personal data masked) and reference "
        "clauses of voc in the same languages, which keep it from forgetting.",
        "",
        f"- languages: {_counts(facts['languages'])}",
        f"- sentiments: {_counts(facts['sentiments'])}",
        f"- categories: {_counts(facts['categories']) or 'none'}",
        "",
        "Weights of n-grams are learned from these texts, and `taxonomy.toml` quotes short ones: keep the "
        "folder as close as the texts themselves.",
        "",
        "## Worth",
        "",
        "Nested cross-validation: every text was judged by a correction that had not seen it, through the",
        "same steps as a run, and the interval is a paired bootstrap over texts (95 %).",
        "",
        *[f"- {one['verdict']}" for one in facts["verdicts"]],
        *[f"- {note}" for note in facts["notes"]],
    ]
    for verdict in facts["verdicts"]:
        lines += _head_lines(verdict)
    return "\n".join([*lines, "", _NOT_FOR])


def _head_lines(verdict: dict[str, Any]) -> list[str]:
    shipped, adapted = verdict["reference_macro_f1"]
    return [
        "",
        f"### {verdict['head'].capitalize()}",
        "",
        f"On reference clauses of other trades, macro-F1 {shipped:.3f} shipped, {adapted:.3f} adapted.",
        "",
        "| label | n | F1 shipped | F1 adapted |",
        "|---|---|---|---|",
        *(
            f"| {row['label']} | {row['count']:,} | {row['shipped_f1']:.3f} | {row['adapted_f1']:.3f} |"
            for row in verdict["labels"]
        ),
    ]


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(found.items()))
