"""Tasks: comments -> language, clauses, vectors, sentiment, categories, intent, and one row each again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa

from data.cleaning.answers import answer_kind, question_side
from data.schema import (
    ASPECTS,
    DOCUMENTS,
    EMBEDDINGS,
    FEEDBACK,
    INTENTS,
    LANGUAGES,
    SEGMENTS,
    SENTIMENTS,
    Table,
)
from flows import models
from flows.engine.run import Run
from flows.engine.working.stages import fill_parts, stage
from nlp.category import find_aspects
from nlp.documents import make_documents
from nlp.embed import embed_texts
from nlp.intent import judge_intents
from nlp.language import detect_languages
from nlp.models.shipped import weights_version
from nlp.protocols import Encoded
from nlp.questions import read_with_questions
from nlp.segment import cut_segments
from nlp.sentiment import score_sentiment

_TEXTS = ["feedback_id", "source", "declared_language", "text"]


@stage("Detecting languages")
def language(run: Run) -> dict[str, Any] | None:
    """Say which language: FEEDBACK -> LANGUAGES."""
    rules, fixed = run.settings["language"], run.settings["run"].language

    def make(part: str) -> dict[str, pd.DataFrame]:
        feedback = run.store.read(FEEDBACK, part, _TEXTS).to_pandas()
        if fixed:
            told = {"feedback_id": feedback["feedback_id"], "language": fixed, "language_score": 1.0}
            return {"languages": pd.DataFrame(told)}
        return {"languages": detect_languages(feedback, detector=models.detector(run), rules=rules)}

    return fill_parts(
        run,
        outputs=(LANGUAGES,),
        stamp=_stamp(run, "language", ("language", "run"), FEEDBACK),
        make=make,
        name="language",
    )


@stage("Cutting comments into clauses")
def segment(run: Run) -> dict[str, Any] | None:
    """Cut comments: FEEDBACK, LANGUAGES -> SEGMENTS."""
    rules = run.settings["segment"]

    def make(part: str) -> dict[str, pd.DataFrame]:
        feedback = run.store.read(FEEDBACK, part, _TEXTS).to_pandas()
        languages = run.store.read(LANGUAGES, part).to_pandas()
        cut = cut_segments(
            feedback, languages, splitter=models.splitter(run), detector=models.detector(run), rules=rules
        )
        return {"segments": cut}

    stamp = _stamp(run, "segment", ("segment", "clauses", "language"), FEEDBACK, LANGUAGES)
    return fill_parts(run, outputs=(SEGMENTS,), stamp=stamp, make=make, name="segment")


@stage("Encoding clauses")
def embed(run: Run) -> dict[str, Any] | None:
    """Encode every distinct clause once: SEGMENTS -> EMBEDDINGS."""
    # New weights under the old settings give other vectors, which must not stand beside the old ones.
    stamp = _stamp(run, "embed", ("embed",), SEGMENTS, also=weights_version())
    texts = 0
    for number, part in enumerate(run.line.parts("embed", run.parts()), start=1):
        # Parts in order: what a part holds depends on the parts before it and on nothing else.
        wanted = stamp(part)
        if not run.store.has(EMBEDDINGS, part, wanted):
            segments = run.store.read(SEGMENTS, part, ["text_id", "text", "language"]).to_pandas()
            known = pa.array([i for i in segments["text_id"].unique() if i in run.vectors], pa.string())
            embeddings = embed_texts(segments, known, encoder=models.encoder(run))
            run.store.write(EMBEDDINGS, embeddings, part=part, stamp=wanted)
            texts += embeddings.num_rows
            run.progress.tell(f"Encoding clauses: part {number} of {len(run.parts())}")
        run.vectors.add_part(part)
    return {"texts": texts} if texts else None


@stage("Judging sentiment")
def sentiment(run: Run) -> dict[str, Any] | None:
    """Judge every clause: FEEDBACK, SEGMENTS, EMBEDDINGS -> SENTIMENTS."""
    rules = run.settings["questions"]

    def make(part: str) -> dict[str, pd.DataFrame]:
        segments = _segments(run, part)
        features = run.vectors.read(segments["text_id"].tolist(), ["features"])[0]
        felt = score_sentiment(segments, features, classifier=models.sentiment_classifier(run))
        return {"sentiments": read_with_questions(segments, felt, _answers(run, part), rules=rules)}

    version = models.version_of(run, "sentiment")
    stamp = _stamp(run, "sentiment", ("sentiment", "questions"), FEEDBACK, SEGMENTS, EMBEDDINGS, also=version)
    return fill_parts(run, outputs=(SENTIMENTS,), stamp=stamp, make=make, name="sentiment")


@stage("Finding friction categories")
def category(run: Run) -> dict[str, Any] | None:
    """Find what every clause speaks of: SEGMENTS, SENTIMENTS, EMBEDDINGS -> ASPECTS."""
    rules = run.settings["category"]

    def make(part: str) -> dict[str, pd.DataFrame]:
        segments = _segments(run, part)
        vectors, features = run.vectors.read(segments["text_id"].tolist(), ["vector", "features"])
        aspects = find_aspects(
            segments,
            run.store.read(SENTIMENTS, part).to_pandas(),
            Encoded(vectors, features),
            scorer=models.category_scorer(run),
            rules=rules,
        )
        return {"aspects": aspects}

    sections = ("category", "category_model")
    made_of = [models.taxonomy(run).digest, models.version_of(run, "category_model")]
    stamp = _stamp(run, "category", sections, SEGMENTS, SENTIMENTS, EMBEDDINGS, also=made_of)
    return fill_parts(run, outputs=(ASPECTS,), stamp=stamp, make=make, name="category")


@stage("Judging intent")
def intent(run: Run) -> dict[str, Any] | None:
    """Say what every clause wants: SEGMENTS, SENTIMENTS, EMBEDDINGS -> INTENTS."""

    def make(part: str) -> dict[str, pd.DataFrame]:
        segments = _segments(run, part)
        sentiments = run.store.read(SENTIMENTS, part).to_pandas()
        vectors, features = run.vectors.read(segments["text_id"].tolist(), ["vector", "features"])
        heads = models.intent_heads(run)
        judged = judge_intents(
            segments,
            sentiments,
            Encoded(vectors, features),
            classifier=models.intent_classifier(run),
            scales=heads.scales if heads else None,
        )
        return {"intents": judged}

    stamp = _stamp(run, "intent", ("intent",), SEGMENTS, SENTIMENTS, EMBEDDINGS, also=weights_version())
    return fill_parts(run, outputs=(INTENTS,), stamp=stamp, make=make, name="intent")


@stage("Putting comments together again")
def documents(run: Run) -> dict[str, Any] | None:
    """Give one row per comment again: all of the above -> DOCUMENTS."""
    tables = (FEEDBACK, LANGUAGES, SEGMENTS, SENTIMENTS, ASPECTS, INTENTS)
    inputs = run.store.open_columns(FEEDBACK, run.parts())

    def make(part: str) -> dict[str, pd.DataFrame]:
        frames = [run.store.read(table, part).to_pandas() for table in tables]
        joined = make_documents(*frames, rules=run.settings["documents"])
        absent = {
            name: pd.Series(None, index=joined.index, dtype="str") for name in inputs if name not in joined
        }
        return {"documents": joined.assign(**absent)}

    # All parts have the same columns, so that any tool can read the folder as one table.
    stamp = _stamp(run, "documents", ("documents",), *tables, also=inputs)
    return fill_parts(run, outputs=(DOCUMENTS,), stamp=stamp, make=make, name="documents")


def _answers(run: Run, part: str) -> pd.DataFrame:
    """Give the comments that answer a question, with what it asks for and what they say of it."""
    answers: pd.DataFrame = run.store.read(FEEDBACK, part, ["feedback_id", "text", "question"]).to_pandas()
    sides = {question: question_side(question) for question in answers["question"].dropna().unique()}
    answers["side"] = answers["question"].map(sides).fillna(0).astype("int64")
    answers = answers[answers["side"] != 0]
    return answers.assign(kind=[answer_kind(text) for text in answers["text"]])


def _segments(run: Run, part: str) -> pd.DataFrame:
    segments: pd.DataFrame = run.store.read(SEGMENTS, part).to_pandas()
    return segments


def _stamp(
    run: Run, name: str, sections: tuple[str, ...], *inputs: Table, also: object = None
) -> Callable[[str], str]:
    """Give the function part -> stamp of a stage: its settings, its tables, and what else it works from."""
    return lambda part: run.stamp(name, sections, [run.store.stamp(table, part) for table in inputs], also)
