"""Models that write topic labels from keywords and masked examples; none is used unless settings name one."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nlp.protocols import TopicNamer

KEY_VARIABLE = "VOC_NAMER_KEY"
MOST_BYTES = 1_000_000  # of an answer: a label has fifty
_ASKED = (
    "Name the theme that these pieces of feedback share, as a heading of at most {words} words in the "
    "language with the ISO code {language}. No names of people, no quotation marks, no full stop, nothing "
    "but the heading."
)


@dataclass(frozen=True)
class NamerChoice:
    """Which model writes labels.

    Attributes:
        kind: openai, for any server that speaks its protocol; text2text; or empty for none.
        model: the name that the server knows it by; a hub id or a folder for text2text.
        url: base of the server's addresses, as http://localhost:8000/v1.
        seconds: how long to wait for an answer.
        max_words: words of a label.
    """

    kind: str
    model: str
    url: str
    seconds: float
    max_words: int


class OpenAiNamer:
    """Asks a server that speaks OpenAI's protocol (vLLM, llama.cpp, Ollama and others do)."""

    def __init__(self, choice: NamerChoice) -> None:
        """Take the server's address; it is asked when there is something to name.

        Raises:
            ValueError: the address is not one of http or https.
        """
        if not choice.url.startswith(("http://", "https://")):
            raise ValueError(
                "topic namer 'openai' needs [topic_namer] url, as http://localhost:8000/v1; "
                f"found '{choice.url}'"
            )
        self.choice = choice

    def name(self, keywords: Sequence[str], texts: Sequence[str], language: str) -> str | None:
        """Keywords and masked texts of one topic -> its label; None when the server gives none."""
        body = {
            "model": self.choice.model, "temperature": 0, "seed": 7, "max_tokens": 40,
            "messages": [{"role": "user", "content": _question(self.choice, keywords, texts, language)}],
        }  # fmt: skip
        headers = {"Content-Type": "application/json"}
        if os.environ.get(KEY_VARIABLE):
            headers["Authorization"] = f"Bearer {os.environ[KEY_VARIABLE]}"
        request = urllib.request.Request(  # noqa: S310 - http or https, checked
            self.choice.url.rstrip("/") + "/chat/completions", data=json.dumps(body).encode(), headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=self.choice.seconds) as answer:  # noqa: S310
                found: Any = json.loads(answer.read(MOST_BYTES))
            return str(found["choices"][0]["message"]["content"])
        except (OSError, ValueError, LookupError, TypeError):
            # A label from the words of the comments is better than a run that stops for one.
            return None


class Text2TextNamer:
    """Writes labels with a sequence-to-sequence model of the Transformers library."""

    def __init__(self, choice: NamerChoice) -> None:
        """Load the model.

        Raises:
            ValueError: there is no such model here.
        """
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer  # noqa: PLC0415

        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(choice.model)
            self._model: Any = AutoModelForSeq2SeqLM.from_pretrained(choice.model)
        except OSError:
            raise ValueError(
                f"topic namer 'text2text' found no model '{choice.model}'; "
                "give [topic_namer] model a hub id or a folder"
            ) from None
        self.choice = choice

    def name(self, keywords: Sequence[str], texts: Sequence[str], language: str) -> str | None:
        """Keywords and masked texts of one topic -> its label."""
        asked = self._tokenizer(
            _question(self.choice, keywords, texts, language),
            return_tensors="pt", truncation=True, max_length=512,
        )  # fmt: skip
        written = self._model.generate(**asked, max_new_tokens=24, do_sample=False)
        return str(self._tokenizer.decode(written[0], skip_special_tokens=True))


def _question(choice: NamerChoice, keywords: Sequence[str], texts: Sequence[str], language: str) -> str:
    said = "\n".join(f"- {' '.join(text.split())[:300]}" for text in texts)
    asked = _ASKED.format(words=choice.max_words, language=language)
    return f"{asked}\nKeywords: {', '.join(keywords)}\nFeedback:\n{said}"


NAMERS: dict[str, Callable[[NamerChoice], TopicNamer]] = {
    "openai": OpenAiNamer,
    "text2text": Text2TextNamer,
}


def load_namer(choice: NamerChoice) -> TopicNamer | None:
    """Build the namer that settings.toml names; None for none.

    Raises:
        ValueError: when no namer has that name, or it cannot be built.
    """
    if not choice.kind:
        return None
    if choice.kind not in NAMERS:
        raise ValueError(
            f"unknown topic namer '{choice.kind}'; known: {', '.join(sorted(NAMERS))}; "
            "add yours to NAMERS in nlp/models/themes/namers.py"
        )
    return NAMERS[choice.kind](choice)
