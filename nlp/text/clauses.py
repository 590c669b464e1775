"""Where a text can be cut: after sentences, before contrasts, inside what is too long. Offsets, no copies."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from nlp.text.phrases import any_of, whole_words

Span = tuple[int, int]
IsAbbreviation = Callable[[str, str], bool]

# Characters that stand for one word where no spaces are written, and the longest that a word is taken to be.
_HAN_CHARACTERS_PER_WORD = 1.5
_CHARACTERS_PER_WORD = 12

_CLOSERS = "[\"'”’»)\\]】」』）》]*"
_EMOJI = (
    "(?: ?[\u2600-\u27bf\u2b50\ufe0f\u200d\U0001f300-\U0001faff])*+"  # after a sentence they belong to it
)
_SENTENCE_END = re.compile(
    r"(?P<line>[\r\n\v\f\x85\u2028\u2029]+|[•▪●◦✓✔]|(?<=\s)\|(?=\s))"
    rf"|(?P<stop>[。！？؟!?…]+{_CLOSERS}{_EMOJI})"
    rf"|(?P<dots>\.\.+{_CLOSERS}{_EMOJI})"
    rf"|(?P<dot>\.{_CLOSERS}{_EMOJI})"
    r"|(?P<half>[;；؛])"
)
_COMMA = re.compile(r"[,،，、:：]+(?=[\s\u3000-\u303f\u4e00-\u9fff\u0600-\u06ff])|\s[-–—]+(?=\s)|[-—–]{2,}")
_SPACE = re.compile(r"\s+")
_SAYS_SOMETHING = re.compile(r"[^\W_]")
_LAST_CHUNK = re.compile(r"[^\s(\"'«“„‘\[]{1,40}$")


@dataclass(frozen=True)
class ClauseRules:
    """How long a clause is, in words; a Chinese word counts as one and a half characters.

    Attributes:
        min_words: on each side of a contrast; less stays with the other side.
        long_words: a sentence of more words is cut at commas too.
        long_words_chinese: the same for Chinese, which writes commas where others write full stops.
        clause_words: a cut at a comma or joiner leaves at least so many on each side.
        max_words: what is longer is cut at spaces, or anywhere.
    """

    min_words: int
    long_words: int
    long_words_chinese: int
    clause_words: int
    max_words: int


class ClauseCutter:
    """Cuts texts at punctuation and connectives."""

    def __init__(self, rules: ClauseRules, is_abbreviation: IsAbbreviation) -> None:
        self._rules = rules
        self._is_abbreviation = is_abbreviation
        self._connectives = _read_connectives()

    def cut(self, text: str, language: str, sentences: Sequence[Span] = ()) -> list[Span]:
        """Give the clauses of a text: ascending, apart, stripped, covering all that is not blank.

        Args:
            text: any text.
            language: ISO 639-1 code; one without connectives is cut at punctuation alone.
            sentences: spans found by someone else; none: punctuation decides.
        """
        cuts = [start for start, _ in sentences] if sentences else self._sentence_starts(text, language)
        spans = [
            span
            for start, end in _between(cuts, len(text))
            for clause in self._clauses(text, start, end, language)
            for span in self._shorter(text, clause, language)
        ]
        return _join_silent(text, spans)

    def _sentence_starts(self, text: str, language: str) -> list[int]:
        starts = [0]
        for match in _SENTENCE_END.finditer(text):
            start, end = match.span()
            kind = match.lastgroup
            if kind == "dot":
                is_end = self._ends_sentence(text, starts[-1], match, language)
            elif kind == "stop":
                is_end = not _is_inside_word(text, start, end)
            elif kind == "line":
                is_end = True
            else:
                least = self._rules.min_words
                is_end = self._is_cut(text, (starts[-1], start), (end, len(text)), least, language)
            if is_end:
                starts.append(start if kind == "line" else end)
        return starts

    def _ends_sentence(self, text: str, sentence: int, match: re.Match[str], language: str) -> bool:
        start, end = match.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        if not after:
            return False
        if not after.isspace():
            # "gut.Schnell" and its like in scripts without capitals; not "example.com", "e.g.x" or "3.5"
            is_glued = before.islower() and after.isupper() or not (before.isascii() or after.isascii())
            return (
                is_glued
                and before.isalnum()
                and after.isalnum()
                and text[max(start - 3, 0) : start].isalpha()
            )
        chunk = _LAST_CHUNK.search(text, max(sentence, start - 40), start)
        if chunk is None:
            return True
        word = chunk.group()
        if word.isdigit():
            following = text[end : end + 8].lstrip()[:1]
            is_ordinal = len(word) <= 2 and (language == "de" or not following.isupper())
            return not (is_ordinal or _SAYS_SOMETHING.search(text, sentence, chunk.start()) is None)
        connectives = self._connectives.get(language)
        is_listed = connectives is not None and word.lower() in connectives.abbreviations
        return not (word[-1].isalpha() and (is_listed or self._is_abbreviation(word, language)))

    def _clauses(self, text: str, start: int, end: int, language: str) -> Iterator[Span]:
        """Cut one sentence before its contrasts."""
        connectives = self._connectives.get(language)
        least = self._rules.min_words
        if connectives is not None and self._has_words(text, (start, end), 2 * least, language):
            for match in connectives.contrast.finditer(text, start, end):
                opening = match.start() - (text[match.start() - 1 : match.start()] in tuple('(（["“„«'))
                left, right = (start, opening), (match.end(), end)
                if match.lastgroup != "guard" and self._is_cut(text, left, right, least, language):
                    yield left
                    start = opening
        yield start, end

    def _shorter(self, text: str, span: Span, language: str) -> list[Span]:
        """Cut what is too long: at commas, then at joiners, then at spaces."""
        rules = self._rules
        long_words = rules.long_words_chinese if language == "zh" else rules.long_words
        if not self._has_words(text, span, long_words + 1, language):
            return [span]
        spans = list(self._cut_at(text, [span], _COMMA, language, long_words))
        connectives = self._connectives.get(language)
        if connectives is not None:
            spans = list(self._cut_at(text, spans, connectives.joiners, language, rules.long_words))
        return [piece for one in spans for piece in self._hard_cut(text, one, language)]

    def _cut_at(
        self, text: str, spans: list[Span], pattern: re.Pattern[str], language: str, long_words: int
    ) -> Iterator[Span]:
        is_after = pattern is _COMMA
        for start, end in spans:
            if self._has_words(text, (start, end), long_words + 1, language):
                for match in pattern.finditer(text, start, end):
                    place = match.end() if is_after else match.start()
                    if self._is_cut(text, (start, place), (place, end), self._rules.clause_words, language):
                        yield start, place
                        start = place  # noqa: PLW2901 - what is left of the span
            yield start, end

    def _hard_cut(self, text: str, span: Span, language: str) -> Iterator[Span]:
        start, end = span
        most = self._rules.max_words
        characters = int(most * (_HAN_CHARACTERS_PER_WORD if language == "zh" else _CHARACTERS_PER_WORD))
        while self._has_words(text, (start, end), most + 1, language):
            place = _last_space(text, start, min(start + characters, end), most)
            yield start, place
            start = place
        yield start, end

    def _is_cut(self, text: str, left: Span, right: Span, least: int, language: str) -> bool:
        return self._has_words(text, (max(left[0], left[1] - _window(least)), left[1]), least, language) and (
            self._has_words(text, right, least, language)
        )

    def _has_words(self, text: str, span: Span, least: int, language: str) -> bool:
        """Tell whether a span has so many words, roughly; reads no more than it needs."""
        start, end = span[0], min(span[1], span[0] + _window(least))
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if language == "zh":
            return (end - start) / _HAN_CHARACTERS_PER_WORD >= least
        return (
            start < end
            and max(text.count(" ", start, end) + 1, (end - start) // _CHARACTERS_PER_WORD) >= least
        )


def _window(words: int) -> int:
    """Give the characters that hold so many words for sure, as `_has_words` counts them."""
    return 2 * words * _CHARACTERS_PER_WORD


@dataclass(frozen=True)
class _Connectives:
    contrast: re.Pattern[str]
    joiners: re.Pattern[str]
    abbreviations: frozenset[str]


@cache
def _read_connectives() -> dict[str, _Connectives]:
    tables = tomllib.loads(resources.files("nlp.text").joinpath("clauses.toml").read_text(encoding="utf-8"))
    return {language: _compile(table, is_spaced=language != "zh") for language, table in tables.items()}


def _compile(table: dict[str, list[str]], *, is_spaced: bool) -> _Connectives:
    guards, contrast, aside = (
        any_of(table[key], is_spaced=is_spaced) for key in ("guards", "contrast", "aside")
    )
    after_comma = r"(?<=[,،;:)–—-] )" if is_spaced else r"(?<=[，,、；;。 ])"
    body = f"(?P<guard>{guards})|(?P<contrast>{contrast})|{after_comma}(?P<aside>{aside})"
    said = [*table["guards"], *table["contrast"], *table["aside"]]
    return _Connectives(
        whole_words(body, said, is_spaced=is_spaced),
        whole_words(any_of(table["joiners"], is_spaced=is_spaced), table["joiners"], is_spaced=is_spaced),
        frozenset(table["abbreviations"]),
    )


def _between(starts: list[int], length: int) -> Iterator[Span]:
    yield from zip(starts, [*starts[1:], length], strict=True)


def _is_inside_word(text: str, start: int, end: int) -> bool:
    """Tell the mark of a link ("?id=3") or a name ("Yahoo!s") from the end of a sentence."""
    after = text[end : end + 1]
    return (
        text[start] in "!?" and after != "" and (after in "=&/_%#" or (after.islower() and after.isascii()))
    )


def _last_space(text: str, start: int, limit: int, max_words: int) -> int:
    place = limit
    for count, match in enumerate(_SPACE.finditer(text, start, limit), start=1):
        place = match.end()
        if count >= max_words:
            break
    return place


def _join_silent(text: str, spans: list[Span]) -> list[Span]:
    """Strip every span and give those without letter or digit ("!!", an emoji) to their neighbour."""
    joined: list[Span] = []
    waiting = -1
    for start, end in spans:
        piece = text[start:end]
        if not piece or piece.isspace():
            continue
        start += len(piece) - len(piece.lstrip())  # noqa: PLW2901 - stripped
        end = start + len(piece.strip())  # noqa: PLW2901
        if _SAYS_SOMETHING.search(text, start, end) is None:
            if joined:
                joined[-1] = (joined[-1][0], end)
            elif waiting < 0:
                waiting = start
            continue
        joined.append((waiting if waiting >= 0 else start, end))
        waiting = -1
    if not joined and waiting >= 0:
        return [(waiting, waiting + len(text[waiting:].rstrip()))]
    return joined
