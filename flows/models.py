"""Settings -> models, each loaded once, at its first use or while Prefect's server starts."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from data.schema import OTHER, SENTIMENT_LABELS
from flows.engine.run import Run
from flows.settings import SettingsError
from nlp.category import CategoryScorer, build_scorer
from nlp.models.classifiers import ADAPTED, check_labels, classifier_version, load_classifier
from nlp.models.encoders import load_encoder
from nlp.models.judges.adapted import AdaptedHead
from nlp.models.judges.intent_heads import IntentHeads, load_intent_heads
from nlp.models.judges.intents import load_intent_classifier
from nlp.models.language import load_detector
from nlp.models.lexical.words import LanguageWords
from nlp.models.splitters import import_spacy, load_splitter
from nlp.models.themes.clustering import load_clusterer
from nlp.models.themes.namers import load_namer
from nlp.models.themes.topics import load_describer
from nlp.protocols import Classifier, Encoder, LanguageDetector, Splitter
from nlp.taxonomy import Taxonomy, TaxonomyError, load_taxonomy
from nlp.topics.rules import TopicTools

SHIPPED_KINDS = ("category_head", ADAPTED)
_LIBRARIES = (
    "onnxruntime",
    "lingua",
    "tokenizers",
    "scipy.sparse",
    "sklearn",
    "duckdb",
    "vl_convert",
)


def detector(run: Run) -> LanguageDetector:
    """Give the language detector of section [language]."""
    rules = run.settings["language"]
    load = lambda: load_detector(rules.detector, rules.max_characters, rules.low_accuracy)  # noqa: E731
    return cast(LanguageDetector, _load(run, "detector", load))


def splitter(run: Run) -> Splitter:
    """Give the splitter of section [segment]."""
    rules = run.settings["segment"]
    clauses = run.settings["clauses"]
    load = lambda: load_splitter(rules.splitter, clauses, rules.pipelines)  # noqa: E731
    return cast(Splitter, _load(run, "splitter", load))


def encoder(run: Run) -> Encoder:
    """Give the encoder of section [embed]."""
    rules = run.settings["embed"]
    return cast(Encoder, _load(run, "encoder", lambda: load_encoder(rules.kind, rules.checkpoint)))


def sentiment_classifier(run: Run) -> Classifier:
    """Give the classifier of section [sentiment]."""
    rules = run.settings["sentiment"]
    # models are loaded one at a time, so the encoder that an adapted head must fit is asked for first
    used = encoder(run).name if rules.kind.startswith(ADAPTED) else ""

    def load() -> Classifier:
        classifier = load_classifier(rules.kind, rules.checkpoint, rules.label_names)
        return check_labels(_fitting(classifier, used), SENTIMENT_LABELS, "sentiment")

    return cast(Classifier, _load(run, "sentiment", load))


def version_of(run: Run, section: str) -> str:
    """Give what changes when a section of classifiers names the same folder, but another model lies there.

    Raises:
        SettingsError: the section names a model that is unknown or cannot be read.
    """
    rules = run.settings[section]
    try:
        return classifier_version(rules.kind, rules.checkpoint)
    except ValueError as error:
        raise SettingsError(f"[{section}] {error}") from None


def taxonomy(run: Run) -> Taxonomy:
    """Give the friction categories: the shipped ones, with those of the company's own file over them.

    Raises:
        SettingsError: the file of [taxonomy] cannot be read or does not fit.
    """
    return cast(Taxonomy, _load(run, "taxonomy", lambda: _read_taxonomy(run.settings["run"].taxonomy)))


def category_scorer(run: Run) -> CategoryScorer:
    """Give what knows the categories: the trained head, and the phrases and keywords of the company's own."""
    used, vectors = taxonomy(run), encoder(run)
    rules = run.settings["category_model"]

    def load() -> CategoryScorer:
        trained = _fitting(load_classifier(rules.kind, rules.checkpoint, rules.label_names), vectors.name)
        if not rules.kind.startswith(SHIPPED_KINDS):  # own heads may know categories that a company took out
            check_labels(trained, (*used.ids, OTHER), "category_model")
        learned = getattr(trained, "learned_taxonomy", "") or None  # its phrases need no likeness any more
        return build_scorer(used, load_taxonomy(learned), classifier=trained, encoder=vectors)

    return cast(CategoryScorer, _load(run, "categories", load))


def shipped_classifier(kind: str) -> Classifier:
    """Give a head as it ships, whatever the settings name: sentiment_head or category_head."""
    return load_classifier(kind, "heads", {})


def shipped_scorer(run: Run) -> CategoryScorer:
    """Give what knows the categories of the company, around the head as it ships."""
    head = shipped_classifier("category_head")
    return build_scorer(taxonomy(run), load_taxonomy(), classifier=head, encoder=encoder(run))


def own_taxonomy_text(run: Run) -> str:
    """Give the company's own taxonomy file; empty without one."""
    file = run.settings["run"].taxonomy
    return Path(file).read_text(encoding="utf-8") if file else ""


def intent_classifier(run: Run) -> Classifier:
    """Give the classifier of section [intent]."""
    heads = intent_heads(run)
    load = lambda: load_intent_classifier(run.settings["intent"], heads)  # noqa: E731
    return cast(Classifier, _load(run, "intent", load))


def intent_heads(run: Run) -> IntentHeads | None:
    """Give the heads of suggestion, urgency and effort; None where the encoder is not the one they fit."""
    rules = run.settings["embed"]
    load = lambda: load_intent_heads(rules.checkpoint) if rules.kind == "voc" else None  # noqa: E731
    return cast("IntentHeads | None", _load(run, "intent heads", load))


def topic_tools(run: Run) -> TopicTools:
    """Give the clusterer, the reader of words and the describer of sections [topics] and [topic_labels]."""
    rules, labels = run.settings["topics"], run.settings["topic_labels"]

    def load() -> TopicTools:
        return TopicTools(
            clusterer=lambda count: load_clusterer(rules.clusterer, rules.clustering(count)),
            reader=LanguageWords(labels.lemma_languages),
            describer=load_describer(labels.describer, labels.phrases),
            rules=rules,
            labels=labels,
            namer=load_namer(run.settings["topic_namer"]),
        )

    return cast(TopicTools, _load(run, "topics", load))


@contextlib.contextmanager
def warmed_up(run: Run) -> Iterator[None]:
    """Load the largest models on the core that reading leaves idle, once something new is read.

    What cannot be loaded is reported at its use.
    """
    is_read = threading.Event()

    def load() -> None:
        run.has_news.wait()
        if not is_read.is_set():
            with contextlib.suppress(Exception):
                encoder(run)
                category_scorer(run)

    threading.Thread(target=load, daemon=True, name="voc-warm-up").start()
    try:
        yield
    finally:
        is_read.set()  # nothing was new: nothing is loaded
        run.has_news.set()


def import_libraries(run: Run) -> None:
    """Import what models are made of, while Prefect's server starts; an absent one is reported at its use."""
    with contextlib.suppress(Exception):
        import_spacy(is_whole=bool(run.settings["segment"].pipelines))
    for name in _LIBRARIES:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def _fitting(classifier: Classifier, used: str) -> Classifier:
    """Refuse an adapted head whose features come from another encoder than the one in use."""
    wanted = classifier.encoder if isinstance(classifier, AdaptedHead) else ""
    if wanted and wanted != used:
        raise ValueError(
            f"it was trained for the encoder {wanted}, and [embed] gives {used}; name that one, or "
            "train again with: voc train LABELS..."
        )
    return classifier


def _load(run: Run, name: str, load: Callable[[], Any]) -> Any:  # noqa: ANN401 - each protocol its own type
    """Load a model once; a model that is not there is the settings' fault, said in the loader's own words."""
    try:
        return run.model(name, load)
    except (ValueError, ImportError) as error:
        raise SettingsError(f"model '{name}' cannot be loaded: {error}") from None


def _read_taxonomy(file: str) -> Taxonomy:
    if not file:
        return load_taxonomy()
    try:
        return load_taxonomy(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"taxonomy file {file} cannot be read: {error.strerror}; see [taxonomy]"
        ) from None
    except TaxonomyError as error:
        raise SettingsError(f"taxonomy file {file}: {error}") from None
