"""Comments behind numbers: found by id, cut to what can be read, their evidence marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from reports.sections.shared.blocks import Comment
from reports.sections.shared.words import Words

SHOWN_COLUMNS = [
    "feedback_id", "text", "language", "source_kind", "created_at", "rating", "nps", "copy_id",
    "product", "region",
]  # fmt: skip
LEAD = 80  # characters kept before the evidence when a long comment is cut


@dataclass(frozen=True)
class Quotes:
    """The comments that the page may show.

    Attributes:
        rows: by feedback_id: the columns shown.
        spans: by (feedback_id, category): where the evidence stands in the text.
        words: the page's language.
        length: characters shown of a comment.
    """

    rows: dict[str, dict[str, object]]
    spans: dict[tuple[str, str], list[tuple[int, int]]]
    words: Words
    length: int

    def show(self, ids: Sequence[str], *, category: str, limit: int) -> tuple[Comment, ...]:
        """Give up to `limit` comments in the order of the ids, each text once."""
        found: list[Comment] = []
        seen: set[object] = set()
        for feedback_id in ids:
            row = self.rows.get(feedback_id)
            if row is None or len(found) == limit:
                continue
            said = row["copy_id"] or row["text"]
            if said not in seen:
                seen.add(said)
                found.append(self._comment(row, self.spans.get((feedback_id, category), [])))
        return tuple(found)

    def _comment(self, row: dict[str, object], spans: list[tuple[int, int]]) -> Comment:
        language, kind = str(row["language"]), str(row["source_kind"])
        pieces = marked(str(row["text"]), spans, length=self.length)
        return Comment(pieces, "" if language == "und" else language, kind, self.facts(row))

    def facts(self, row: dict[str, object]) -> tuple[str, ...]:
        """Say in words when, where, in which language and with what score a comment was written."""
        words, facts = self.words, []
        if row["created_at"] is not None:
            facts.append(words.day(row["created_at"]))  # type: ignore[arg-type]
        facts.append(words(f"kind.{row['source_kind']}"))
        facts.append(words.language_name(str(row["language"])))
        if row["rating"] is not None:
            facts.append(words("comment.rating", rating=words.number(float(row["rating"]))))  # type: ignore[arg-type]
        if row["nps"] is not None:
            facts.append(words("comment.nps", nps=words.number(float(row["nps"]))))  # type: ignore[arg-type]
        facts += [str(row[name]) for name in ("product", "region") if row[name]]
        return tuple(facts)


def collect(
    documents: pa.Table, aspects: pa.Table, ids: Iterable[str], *, words: Words, length: int
) -> Quotes:
    """Fetch the comments that may be shown, and only those, in one pass over each table.

    Args:
        documents: DOCUMENTS.
        aspects: ASPECTS.
        ids: every feedback_id that a section may ask for.
        words: the page's language.
        length: characters shown of a comment.
    """
    wanted = pa.array(sorted(set(ids)), pa.string())
    rows = documents.select(SHOWN_COLUMNS).filter(pc.is_in(documents["feedback_id"], value_set=wanted))
    mask = pc.is_in(aspects["feedback_id"], value_set=wanted)
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for aspect in aspects.select(["feedback_id", "category", "start", "end"]).filter(mask).to_pylist():
        spans.setdefault((aspect["feedback_id"], aspect["category"]), []).append(
            (aspect["start"], aspect["end"])
        )
    return Quotes({row["feedback_id"]: row for row in rows.to_pylist()}, spans, words, length)


def marked(text: str, spans: Sequence[tuple[int, int]], *, length: int) -> tuple[tuple[str, bool], ...]:
    """Cut a text to `length` characters around its first evidence; give its pieces, evidence flagged.

    Spans that overlap, touch or reach beyond the text are mended, since they came from another stage.
    """
    inside = sorted((max(a, 0), min(b, len(text))) for a, b in spans if a < min(b, len(text)))
    start = max(inside[0][0] - LEAD, 0) if inside and len(text) > length else 0
    start = min(start, max(len(text) - length, 0))
    end = min(start + length, len(text))
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    position = start
    for first, last in inside:
        first, last = max(first, position), min(last, end)
        if first < last:
            pieces += [(text[position:first], False), (text[first:last], True)]
            position = last
    pieces += [(text[position:end], False), ("…" if end < len(text) else "", False)]
    return tuple((piece, is_marked) for piece, is_marked in pieces if piece)
