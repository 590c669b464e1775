"""The page's sections -> shorter editions: a letter for e-mail, and a few lines for a chat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jinja2 import Environment

from reports.sections.shared.blocks import Block, Card, Cell, Findings, Grid, Paragraph, Row, Section, Tiles
from reports.sections.shared.words import Words

_SIGNS = re.compile(r"([\\`*_\[\]#|<>~@])")  # Markdown's inside a line, and what mentions people in a chat
_DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Edition:
    """What every edition begins with.

    Attributes:
        title: of the page.
        subtitle: which weeks, against which.
        day: the report's day, in words.
        words: the page's language.
        rows: rows of a table, and cards, that an edition shows.
    """

    title: str
    subtitle: str
    day: str
    words: Words
    rows: int


def draw_letter(edition: Edition, sections: Sequence[Section], *, environment: Environment) -> str:
    """Draw the e-mail: inline styles, no script, no picture, nothing that a mail program would hold back.

    Args:
        edition: its head.
        sections: those of the page that the letter repeats; drawings and comments are left out.
        environment: the templates.

    Returns:
        HTML of a few kilobytes.
    """
    parts = [(section.title, list(_short(section.blocks, edition.rows))) for section in sections]
    return environment.get_template("letter.html").render(
        edition=edition, words=edition.words, sections=[part for part in parts if part[1]]
    )


def draw_lines(edition: Edition, sections: Sequence[Section]) -> str:
    """Write the chat's edition in Markdown; signs in names and labels are escaped.

    Args:
        edition: its head.
        sections: those of the page that it repeats.
    """
    lines = [f"# {_plain(edition.title)}", "", f"{_plain(edition.subtitle)} · {_plain(edition.day)}"]
    for section in sections:
        told = [line for block in _short(section.blocks, edition.rows) for line in _lines(block)]
        if told:
            lines += ["", f"## {_plain(section.title)}", "", *told]
    return "\n".join(lines) + "\n"


def _short(blocks: Sequence[Block], rows: int) -> Iterator[Block]:
    """Keep what can be said without a drawing, and not too much of it."""
    cards = 0
    for block in blocks:
        if isinstance(block, Card):
            cards += 1
            if cards <= rows:
                said = tuple(part for part in block.blocks if isinstance(part, Paragraph))
                yield Card(block.title, block.badges, said, block.note)
        elif isinstance(block, Grid):
            yield _without_drawings(block, rows)
        elif isinstance(block, Findings | Tiles) or (isinstance(block, Paragraph) and block.tone != "muted"):
            yield block


def _without_drawings(grid: Grid, rows: int) -> Grid:
    """Keep the columns that say something in words."""
    kept = [n for n in range(len(grid.columns)) if any(row.cells[n].text for row in grid.rows)]
    shown = tuple(Row(tuple(row.cells[n] for n in kept)) for row in grid.rows[:rows])
    return Grid(grid.title, tuple(grid.columns[n] for n in kept), shown)


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Findings):
        yield from _finding_lines(block)
    elif isinstance(block, Tiles):
        yield from _tile_lines(block)
    elif isinstance(block, Card):
        yield from _card_lines(block)
    elif isinstance(block, Grid):
        labels = [column.label for column in block.columns]
        yield from (f"- {_row(row.cells, labels)}" for row in block.rows)
    elif isinstance(block, Paragraph):
        yield _plain(block.text)


def _finding_lines(block: Findings) -> Iterator[str]:
    for item in block.items:
        yield f"- {_plain(item.text)}" + (f" _{_plain(item.sureness)}_" if item.sureness else "")


def _tile_lines(block: Tiles) -> Iterator[str]:
    for tile in block.items:
        more = "".join(f", {_plain(part)}" for part in (tile.note, tile.change) if part)
        yield f"- {_plain(tile.label)}: **{_plain(tile.value)}**{more}"


def _card_lines(block: Card) -> Iterator[str]:
    badges = " · ".join(_plain(badge.text) for badge in block.badges)
    yield f"- **{_plain(block.title)}**" + (f" ({badges})" if badges else "")
    for part in block.blocks:
        if isinstance(part, Paragraph):
            yield f"  {_plain(part.text)}"


def _row(cells: Sequence[Cell], labels: Sequence[str]) -> str:
    rest = zip(cells[1:], labels[1:], strict=True)
    named = [f"{_plain(label)} {_plain(cell.text)}" for cell, label in rest if cell.text]
    return "; ".join([f"**{_plain(cells[0].text)}**", *named])


def _plain(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(_DIRECTIONS.sub("", text).split()))
