"""What a section is made of. A section never writes HTML: the templates draw these, and escape every text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import ClassVar

from markupsafe import Markup


@dataclass(frozen=True)
class Paragraph:
    """A sentence or a few. `tone`: plain, muted, warning or draft; `language`: where it is not the page's."""

    kind: ClassVar[str] = "paragraph"
    text: str
    tone: str = "plain"
    language: str = ""


@dataclass(frozen=True)
class Finding:
    """One headline sentence: how sure it is in words, its tone (bad, good, plain), where it leads.

    `question`: what it answers; sentences of one question stand together under it.
    """

    text: str
    sureness: str = ""
    tone: str = "plain"
    link: str = ""
    question: str = ""


@dataclass(frozen=True)
class Findings:
    """The headline sentences."""

    kind: ClassVar[str] = "findings"
    items: tuple[Finding, ...]

    @property
    def answers(self) -> list[tuple[str, list[Finding]]]:
        """Give the sentences by the question that they answer, in their order."""
        return [(asked, list(found)) for asked, found in groupby(self.items, key=lambda item: item.question)]


@dataclass(frozen=True)
class Tile:
    """One number to remember. `note`: its interval in words; `change`: since the previous period."""

    label: str
    value: str
    note: str = ""
    change: str = ""
    tone: str = "plain"
    drawing: Markup | None = None


@dataclass(frozen=True)
class Tiles:
    """Numbers side by side."""

    kind: ClassVar[str] = "tiles"
    items: tuple[Tile, ...]


@dataclass(frozen=True)
class Cell:
    """One cell: its text, a smaller line under it, a drawing, and the value it is sorted by.

    `language`: of the smaller line, where it is not the page's.
    """

    text: str = ""
    note: str = ""
    order: float | str | None = None
    drawing: Markup | None = None
    tone: str = "plain"
    language: str = ""


@dataclass(frozen=True)
class Column:
    """One column; numbers stand to the end and start sorting from the largest."""

    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Row:
    """One row, and what stands behind it: folded away under `more_label`."""

    cells: tuple[Cell, ...]
    more_label: str = ""
    more: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table. `title` is its caption; sortable by the headings when scripts run.

    `lead`: rows beyond so many are shown on demand; 0 shows all.
    """

    kind: ClassVar[str] = "grid"
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    is_sortable: bool = True
    hides_title: bool = False
    lead: int = 0


@dataclass(frozen=True)
class Key:
    """One entry of a drawing's legend; `color` is one of negative, neutral, positive, accent, expected."""

    color: str
    label: str


@dataclass(frozen=True)
class Figure:
    """A drawing with its title, its legend, and the table that says the same."""

    kind: ClassVar[str] = "figure"
    title: str
    drawing: Markup
    table: Grid | None = None
    legend: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Comment:
    """One comment: pieces of its masked text, those that are evidence marked.

    Attributes:
        pieces: text and whether it is marked, in order.
        language: ISO 639-1 code of the text; empty if unknown.
        source_kind: kind of feedback, for the filter.
        facts: date, kind, language, rating: already in words.
    """

    pieces: tuple[tuple[str, bool], ...]
    language: str
    source_kind: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Comments:
    """Comments behind a number."""

    kind: ClassVar[str] = "comments"
    items: tuple[Comment, ...]


@dataclass(frozen=True)
class Fold:
    """Something folded away behind its title."""

    kind: ClassVar[str] = "fold"
    title: str
    blocks: tuple[Block, ...]
    is_open: bool = False


@dataclass(frozen=True)
class Badge:
    """One or two words on a card. `tone`: bad, good, plain."""

    text: str
    tone: str = "plain"


@dataclass(frozen=True)
class Card:
    """Something with a name of its own, as an alert."""

    kind: ClassVar[str] = "card"
    title: str
    badges: tuple[Badge, ...]
    blocks: tuple[Block, ...]
    note: str = ""


@dataclass(frozen=True)
class Side:
    """Blocks side by side where the page is wide enough."""

    kind: ClassVar[str] = "side"
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Terms:
    """Names and what they mean or are. `is_prose`: sentences rather than values."""

    kind: ClassVar[str] = "terms"
    items: tuple[tuple[str, str], ...]
    title: str = ""
    is_prose: bool = False


@dataclass(frozen=True)
class Explorer:
    """Counts and comments that scripts filter. `data`: JSON, safe inside a script element."""

    kind: ClassVar[str] = "explorer"
    data: Markup


Block = Paragraph | Findings | Tiles | Grid | Figure | Comments | Fold | Card | Side | Terms | Explorer


@dataclass(frozen=True)
class Section:
    """One part of the page. `gist`: what it says in a sentence, shown while it is folded."""

    name: str
    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    intro: str = ""
    gist: str = ""
