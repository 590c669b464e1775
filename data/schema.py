"""Every table: what a row is, its key, its columns, which file writes it.

Read from top to bottom, the tables tell the way of a comment: FEEDBACK (read and masked), LANGUAGES and
SEGMENTS (cut), EMBEDDINGS (one pass of the encoder), SENTIMENTS, ASPECTS and INTENTS (understood),
DOCUMENTS (one row per comment again), TOPICS and MEMBERS (themes), summaries, ALERTS.
"""

from __future__ import annotations

import pyarrow as pa

from data.table import Least, Table, TableError, column, to_lists, to_matrix

__all__ = ["TABLES", "Table", "TableError", "column", "to_lists", "to_matrix"]

SOURCE_KINDS = ("survey", "review", "social", "employee", "support")
SENTIMENT_LABELS = ("negative", "neutral", "positive")
INTENT_LABELS = ("complaint", "suggestion", "praise", "question", "leaving", "statement")
LANGUAGES_KNOWN = ("en", "it", "pl", "ar", "zh", "es", "de", "fr", "pt")
UNDETERMINED = "und"
PERIODS = ("day", "week", "month", "ever")
ALL = "all"  # the value of a grouping column in a row that sums over it
OTHER = "other"  # the category of a segment that falls in none
NONE = "none"  # the topic of a segment that has a category and no topic
TOPIC_EVENT_KINDS = ("born", "kept", "merged", "split", "died", "refused")
TOPIC_EVENT_CAUSES = ("daily", "refit", "people")
OPERATIONS = ("orders", "tickets", "customers")
MIN_GROUP = 5  # employees that any number about employees must stand for; settings may ask for more
EMPLOYEE = "employee"  # the source kind that is counted apart from customers

TEXT = pa.string()
SHARE = pa.float32()
DAY = pa.date32()
MOMENT = pa.timestamp("us", tz="UTC")
NUMBERS = pa.list_(pa.float32())
NAMES = pa.list_(pa.string())

FEEDBACK = Table(
    name="feedback",
    row="one comment, cleaned, personal data masked",
    key=("feedback_id",),
    written_by="data/clean.py",
    open_prefix="input_",
    columns=pa.schema(
        [
            column("feedback_id", TEXT, "the source's own id, else a hash of source, author, time and text"),
            column("version_id", TEXT, "hash of what the customer said and scored: changes when the comment is edited"),
            column("stream", TEXT, "hash of format, kind and column names: sources of one stream share their ids"),
            column("source", TEXT, "name of the file, table or feed that the comment came from"),
            column("source_format", TEXT, "csv, tsv, xlsx, json, jsonl, parquet, or the tool's name"),
            column("source_kind", TEXT, "kind of feedback", one_of=SOURCE_KINDS),
            column("row", pa.int64(), "1-based number of the record in the source, header not counted"),
            column("created_at", MOMENT, "when it was written; null if the file does not say", nullable=True),
            column("updated_at", MOMENT, "when the customer last changed it; null if the source does not say", nullable=True),
            column("created_issue", TEXT, "why created_at is null: absent, unreadable, future, ambiguous", nullable=True),
            column("declared_language", TEXT, "language that the source states; the device's, often", nullable=True),
            column("text", TEXT, "clean text, personal data masked, cut at the length limit"),
            column("text_rest", TEXT, "what stood beyond the length limit, masked", nullable=True),
            column("question", TEXT, "the survey question that it answers", nullable=True),
            column("rating", pa.float32(), "rating on a scale of 1 to 5", nullable=True),
            column("rating_original", pa.float32(), "rating as the source gave it", nullable=True),
            column("nps", pa.int8(), "likelihood to recommend, 0 to 10", nullable=True),
            column("csat", pa.float32(), "satisfaction, 1 to 5", nullable=True),
            column("ces", pa.float32(), "customer effort, 1 (hard) to 7 (easy)", nullable=True),
            column("author_key", TEXT, "keyed hash of the author, never the name", nullable=True),
            column("customer_key", TEXT, "keyed hash of the customer id: joins to operations", nullable=True),
            column("order_key", TEXT, "keyed hash of the order id: joins to operations", nullable=True),
            column("product", TEXT, "product or service spoken of", nullable=True),
            column("region", TEXT, "region, state or country", nullable=True),
            column("channel", TEXT, "shop, app, web, phone...", nullable=True),
            column("brand", TEXT, "brand whose customer speaks", nullable=True),
            column("is_own", pa.bool_(), "a customer of our own brand; false: of a competitor, never counted with ours"),
            column("location", TEXT, "branch, site or hotel", nullable=True),
            column("copy_id", TEXT, "hash of the normalised text, or of the post it repeats; equal for copies; null if too short to tell", nullable=True),
        ]
    ),
)  # fmt: skip

REJECTED = Table(
    name="rejected",
    row="one record of a source that is not a comment, with the reason",
    key=("source", "input_hash", "row", "reason"),
    written_by="data/clean.py",
    columns=pa.schema(
        [
            column("source", TEXT, "name of the file, table or feed"),
            column("row", pa.int64(), "1-based number of the record; 0 for the whole source"),
            column("reason", TEXT, "short name of the reason, as repeat or no_text"),
            column("detail", TEXT, "what was found and expected; never customer text"),
            column("input_hash", TEXT, "SHA-256 of the source's bytes"),
        ]
    ),
)  # fmt: skip

INPUTS = Table(
    name="inputs",
    row="one source as it was read by one run",
    key=("source", "input_hash"),
    written_by="data/ingest.py",
    columns=pa.schema(
        [
            column("source", TEXT, "name of the file, table or feed"),
            column("input_hash", TEXT, "SHA-256 of the source's bytes"),
            column("source_format", TEXT, "what it was recognised as"),
            column("source_kind", TEXT, "kind of feedback it holds", nullable=True),
            column("record_count", pa.int64(), "records in the source; one with several answers is several comments"),
            column("read_count", pa.int64(), "comments read: kept_count + known_count + rejected_count"),
            column("kept_count", pa.int64(), "comments that are new"),
            column("known_count", pa.int64(), "comments that earlier runs had kept already"),
            column("rejected_count", pa.int64(), "comments set aside"),
            column("decisions", TEXT, "JSON: encoding, separator, header row, which column means what, and why"),
            column("reading", TEXT, "hash of the settings and the code that it was read with"),
            column("mark", TEXT, "of a query: highest value of its incremental column that was read, as JSON", nullable=True),
        ]
    ),
)  # fmt: skip

REPLACED = Table(
    name="replaced",
    row="one comment whose newer version came in a later part",
    key=("feedback_id", "part"),
    written_by="data/ingest.py",
    columns=pa.schema(
        [
            column("feedback_id", TEXT, "the comment"),
            column("part", TEXT, "the part that holds the newer version; earlier parts are stale for this id"),
        ]
    ),
)  # fmt: skip

VERSIONS = Table(
    name="versions",
    row="one older version of a comment that was edited, as an ingest came across it",
    key=("feedback_id", "version_id"),
    written_by="data/identify/history.py",
    columns=pa.schema(
        [
            *[FEEDBACK.columns.field(name) for name in ("feedback_id", "version_id", "source", "row")],
            column("written_at", MOMENT, "when this version was written; null if the source does not say", nullable=True),
            *[FEEDBACK.columns.field(name) for name in (
                "text", "rating", "rating_original", "nps", "csat", "ces", "question",
            )],
        ]
    ),
)  # fmt: skip

LANGUAGES = Table(
    name="languages",
    row="the language of one comment",
    key=("feedback_id",),
    written_by="nlp/language.py",
    columns=pa.schema(
        [
            column("feedback_id", TEXT, "the comment"),
            column("language", TEXT, "ISO 639-1 code of the text, or und"),
            column("language_score", SHARE, "confidence, 0 to 1"),
        ]
    ),
)  # fmt: skip

SEGMENTS = Table(
    name="segments",
    row="one clause or sentence of one comment",
    key=("segment_id",),
    written_by="nlp/segment.py",
    columns=pa.schema(
        [
            column("segment_id", TEXT, "feedback_id:position, as f17:0"),
            column("feedback_id", TEXT, "the comment it was cut from"),
            column("position", pa.int32(), "0-based order in the comment"),
            column("start", pa.int32(), "first character in FEEDBACK.text, counted in code points"),
            column("end", pa.int32(), "one past the last character"),
            column("text", TEXT, "FEEDBACK.text[start:end]"),
            column("language", TEXT, "ISO 639-1 code, or und"),
            column("text_id", TEXT, "hash of text and language: equal texts are encoded once"),
        ]
    ),
)  # fmt: skip

EMBEDDINGS = Table(
    name="embeddings",
    row="what the encoder made of one distinct segment text",
    key=("text_id",),
    written_by="nlp/embed.py",
    columns=pa.schema(
        [
            column("text_id", TEXT, "SEGMENTS.text_id"),
            column("vector", NUMBERS, "unit length, one space for all languages: for topics and search"),
            column("features", NUMBERS, "what the sentiment, category and intent heads read"),
        ]
    ),
)  # fmt: skip

_SENTIMENT_COLUMNS = [
    column("sentiment", TEXT, "most probable sentiment", one_of=SENTIMENT_LABELS),
    column("sentiment_score", SHARE, "positive_share - negative_share, -1 to 1"),
    column("negative_share", SHARE, "probability of negative; the three sum to 1"),
    column("neutral_share", SHARE, "probability of neutral"),
    column("positive_share", SHARE, "probability of positive"),
]

SENTIMENTS = Table(
    name="sentiments",
    row="how one segment feels",
    key=("segment_id",),
    written_by="nlp/sentiment.py",
    columns=pa.schema([column("segment_id", TEXT, "SEGMENTS.segment_id"), *_SENTIMENT_COLUMNS]),
)

ASPECTS = Table(
    name="aspects",
    row="one friction category that one segment speaks of, and how it feels about it",
    key=("segment_id", "category"),
    written_by="nlp/category.py",
    columns=pa.schema(
        [
            column("feedback_id", TEXT, "the comment"),
            column("segment_id", TEXT, "the segment"),
            column("start", pa.int32(), "first character of the evidence in FEEDBACK.text"),
            column("end", pa.int32(), "one past the last character of the evidence"),
            column("category", TEXT, "category of the taxonomy, or other"),
            column("category_score", SHARE, "probability that the segment speaks of it, 0 to 1"),
            column("sentiment", TEXT, "sentiment towards the category", one_of=SENTIMENT_LABELS),
            column("sentiment_score", SHARE, "-1 to 1"),
        ]
    ),
)  # fmt: skip

INTENTS = Table(
    name="intents",
    row="what one segment wants",
    key=("segment_id",),
    written_by="nlp/intent.py",
    columns=pa.schema(
        [
            column("segment_id", TEXT, "SEGMENTS.segment_id"),
            column("intent", TEXT, "most probable intent", one_of=INTENT_LABELS),
            column("intent_score", SHARE, "0 to 1"),
            column("urgency_score", SHARE, "probability that somebody must act soon; null without a head for the encoder", nullable=True),
            column("effort_score", SHARE, "probability that it tells of effort: tried again, waited, sent around; null likewise", nullable=True),
        ]
    ),
)  # fmt: skip

DOCUMENTS = Table(
    name="documents",
    row="one comment, understood",
    key=("feedback_id",),
    written_by="nlp/documents.py",
    open_prefix="input_",
    columns=pa.schema(
        [
            column("feedback_id", TEXT, "the comment"),
            column("language", TEXT, "ISO 639-1 code of the text, or und"),
            column("language_score", SHARE, "confidence, 0 to 1"),
            *_SENTIMENT_COLUMNS,
            column("intent", TEXT, "leading intent of the comment", one_of=INTENT_LABELS),
            column("urgency_score", SHARE, "largest urgency_score of its segments", nullable=True),
            column("effort_score", SHARE, "largest effort_score of its segments", nullable=True),
            column("categories", NAMES, "friction categories spoken of, strongest first"),
            column("text", TEXT, "clean text, personal data masked"),
            *[FEEDBACK.columns.field(name) for name in (
                "source", "source_kind", "source_format", "created_at", "question", "rating", "nps", "csat", "ces",
                "author_key", "customer_key", "order_key", "product", "region", "channel", "brand", "is_own", "location", "copy_id",
            )],
        ]
    ),
)  # fmt: skip

TOPICS = Table(
    name="topics",
    row="one theme that nobody listed",
    key=("topic_id",),
    written_by="nlp/topics/find.py",
    sort_by=("topic_id",),
    columns=pa.schema(
        [
            column("topic_id", TEXT, "stable for ever"),
            column("label", TEXT, "short name, in the language of most of its comments"),
            column("label_language", TEXT, "language of the label"),
            column("keywords", NAMES, "words that set it apart, strongest first"),
            column("size", pa.int64(), "segments assigned"),
            column("category", TEXT, "friction category that most of its segments fall in, or other"),
            column("category_share", SHARE, "share of its segments in that category"),
            column("first_seen", DAY, "day of its first dated comment", nullable=True),
            column("last_seen", DAY, "day of its last dated comment", nullable=True),
            column("language_count", pa.int64(), "languages that it is spoken of in; see TOPIC_LANGUAGES"),
            column("is_pinned", pa.bool_(), "topics.toml keeps it as it is: no refit touches it"),
            column("is_muted", pa.bool_(), "topics.toml wants no alerts about it"),
            column("example_ids", NAMES, "segment ids that stand for it, most central first"),
        ]
    ),
)  # fmt: skip

MEMBERS = Table(
    name="members",
    row="the topic of one segment",
    key=("segment_id",),
    written_by="nlp/topics/find.py",
    columns=pa.schema(
        [
            column("feedback_id", TEXT, "the comment"),
            column("segment_id", TEXT, "the segment"),
            column("topic_id", TEXT, "TOPICS.topic_id; null if none", nullable=True),
            column("topic_score", SHARE, "closeness to the topic, 0 to 1"),
            column("reason", TEXT, "why it has no topic, as too_short, too_far or no_theme (small talk that shares no words); null if it has one", nullable=True),
        ]
    ),
)  # fmt: skip

TOPIC_CENTROIDS = Table(
    name="topic_centroids",
    row="what a topic knows, so that later comments can be assigned to it",
    key=("topic_id", "anchor"),
    written_by="nlp/topics/find.py",
    sort_by=("topic_id", "anchor"),
    columns=pa.schema(
        [
            column("topic_id", TEXT, "TOPICS.topic_id, or none: a group that is no theme, so that texts like its stay out of topics"),
            column("anchor", TEXT, "topic that this centre was found for: its own, or one that people merged into it"),
            column("centroid", NUMBERS, "unit mean vector of its segments"),
            column("radius", SHARE, "cosine distance within which 95 % of its segments lay at the fit"),
            column("fitted_count", pa.int64(), "segments at the last fit"),
            column("tightness", SHARE, "0: its segments are no closer to each other than to others, 1: they are equal"),
        ]
    ),
)  # fmt: skip

_TALLY_COLUMNS = [
    column("segment_count", pa.int64(), "segments"),
    column("first_seen", DAY, "day of their first dated comment", nullable=True),
    column("last_seen", DAY, "day of their last dated comment", nullable=True),
]

TOPIC_TALLIES = Table(
    name="topic_tallies",
    row="one topic x language x category in one part of the comments: what TOPICS is summed from",
    key=("topic_id", "language", "category"),
    written_by="nlp/topics/table.py",
    columns=pa.schema(
        [
            column("topic_id", TEXT, "TOPICS.topic_id, or none"),
            column("language", TEXT, "ISO 639-1 code, or und"),
            column("category", TEXT, "strongest friction category of a segment, or other"),
            *_TALLY_COLUMNS,
        ]
    ),
)

TOPIC_LANGUAGES = Table(
    name="topic_languages",
    row="how much of one topic is said in one language",
    key=("topic_id", "language"),
    written_by="nlp/topics/table.py",
    sort_by=("topic_id", "language"),
    columns=pa.schema(
        [
            column("topic_id", TEXT, "TOPICS.topic_id"),
            column("language", TEXT, "ISO 639-1 code, or und"),
            column("segment_count", pa.int64(), "segments of the topic in that language"),
            column("segment_share", SHARE, "of the topic's segments"),
        ]
    ),
)

CATEGORY_TOPICS = Table(
    name="category_topics",
    row="how much of one friction category its topics explain",
    key=("category",),
    written_by="nlp/topics/table.py",
    sort_by=("category",),
    columns=pa.schema(
        [
            column("category", TEXT, "friction category, or other"),
            column("segment_count", pa.int64(), "segments whose strongest category it is"),
            column("topic_count", pa.int64(), "topics among them"),
            column("explained_share", SHARE, "of the segments, those that have a topic"),
            column("largest_topic_id", TEXT, "the topic that most of them have", nullable=True),
            column("largest_share", SHARE, "of the segments, those that have it"),
        ]
    ),
)

TOPIC_EVENTS = Table(
    name="topic_events",
    row="what became of one topic: on a day, in a refit or at a person's wish",
    key=("date", "event", "cause", "topic_id", "other_topic_id"),
    written_by="nlp/topics/keeping/events.py",
    sort_by=("date", "cause", "event", "topic_id", "other_topic_id"),
    columns=pa.schema(
        [
            column("date", DAY, "day that the run reported on; null where no comment has a date", nullable=True),
            column("event", TEXT, "born; kept; merged: went into the other; split: the other came out of it; died; refused: a refit that moved too much", one_of=TOPIC_EVENT_KINDS),
            column("cause", TEXT, "daily run, refit, or people: topics.toml", one_of=TOPIC_EVENT_CAUSES),
            column("topic_id", TEXT, "the topic; null for a refused refit, which concerns all", nullable=True),
            column("other_topic_id", TEXT, "merged: where it went, what carries it on; split: the part that has left it", nullable=True),
            column("comment_count", pa.int64(), "comments concerned: of the newborn, kept, moved to the other, left without a topic"),
            column("share", SHARE, "of the comments that the topic had before; born: of all comments; refused: that would have moved"),
            column("distance", SHARE, "cosine distance to the other topic, of a newborn to the nearest; null if none", nullable=True),
            column("tightness", SHARE, "of a newborn: 0 its clauses are no closer to each other than to others, 1 they are equal", nullable=True),
        ]
    ),
)  # fmt: skip

_GROUP_COLUMNS = [
    column(
        "period",
        TEXT,
        "day, week (Monday to Sunday), month, or ever: all comments, dated or not",
        one_of=PERIODS,
    ),
    column("period_start", DAY, "first day of the period, UTC; null for ever", nullable=True),
    column("source_kind", TEXT, "kind of feedback, or all: every kind but employee, who are counted apart"),
    column("dimension", TEXT, "segment column, as product or region, or all"),
    column("value", TEXT, "value of that column, (other values), (not stated), or all"),
]

FRICTION_SUMMARY = Table(
    name="friction_summary",
    row="one category x topic x kind of feedback x segment in one period",
    key=("period", "period_start", "source_kind", "dimension", "value", "category", "topic_id"),
    written_by="reports/metrics/",
    sort_by=("period", "period_start", "source_kind", "dimension", "value", "category", "topic_id"),
    least=Least("total_count", "source_kind", EMPLOYEE, MIN_GROUP),
    columns=pa.schema(
        [
            *_GROUP_COLUMNS,
            column("category", TEXT, "friction category, or all"),
            column("topic_id", TEXT, "TOPICS.topic_id, none, or all"),
            column("comment_count", pa.int64(), "comments that speak of it, each once"),
            column("negative_count", pa.int64(), "of these, complaints: negative about it, or complaining as a whole and not praising it"),
            column("neutral_count", pa.int64(), "of these, neither negative nor positive about it"),
            column("positive_count", pa.int64(), "of these, positive about it and never negative"),
            column("total_count", pa.int64(), "all comments of the group in the period"),
            column("share", SHARE, "comment_count / total_count"),
            column("share_low", SHARE, "lower end of its 95 % Wilson interval"),
            column("share_high", SHARE, "upper end"),
            column("negative_share", SHARE, "negative_count / total_count: the friction"),
            column("negative_share_low", SHARE, "lower end of its 95 % Wilson interval"),
            column("negative_share_high", SHARE, "upper end"),
            column("previous_negative_count", pa.int64(), "negative_count of the period before", nullable=True),
            column("previous_total_count", pa.int64(), "total_count of the period before; null if it had no comment", nullable=True),
            column("negative_share_change", SHARE, "now minus before", nullable=True),
            column("negative_share_change_low", SHARE, "lower end of its 95 % Newcombe interval", nullable=True),
            column("negative_share_change_high", SHARE, "upper end", nullable=True),
            column("nps", SHARE, "NPS of the comments that speak of it, -100 to 100", nullable=True),
            column("rating_mean", SHARE, "mean rating (1 to 5) of these comments", nullable=True),
            column("example_ids", NAMES, "feedback ids, most telling first, no copies; empty for days"),
        ]
    ),
)  # fmt: skip

SCORE_SUMMARY = Table(
    name="score_summary",
    row="volume, sentiment mix and survey scores of one kind of feedback x segment in one period",
    key=("period", "period_start", "source_kind", "dimension", "value"),
    written_by="reports/metrics/",
    sort_by=("period", "period_start", "source_kind", "dimension", "value"),
    least=Least("comment_count", "source_kind", EMPLOYEE, MIN_GROUP),
    columns=pa.schema(
        [
            *_GROUP_COLUMNS,
            column("comment_count", pa.int64(), "comments"),
            column("negative_count", pa.int64(), "negative comments"),
            column("neutral_count", pa.int64(), "neutral comments"),
            column("positive_count", pa.int64(), "positive comments"),
            column("negative_share", SHARE, "negative_count / comment_count"),
            column("negative_share_low", SHARE, "lower end of its 95 % Wilson interval"),
            column("negative_share_high", SHARE, "upper end"),
            column("nps_count", pa.int64(), "comments with an NPS answer"),
            column("promoter_count", pa.int64(), "NPS 9 or 10"),
            column("detractor_count", pa.int64(), "NPS 0 to 6"),
            column("nps", SHARE, "100 x (promoters - detractors) / nps_count", nullable=True),
            column("nps_low", SHARE, "lower end of its 95 % interval", nullable=True),
            column("nps_high", SHARE, "upper end", nullable=True),
            column("previous_nps", SHARE, "NPS of the period before", nullable=True),
            column("rating_count", pa.int64(), "comments with a rating"),
            column("rating_mean", SHARE, "mean rating, 1 to 5", nullable=True),
            column("rating_deviation", SHARE, "sample standard deviation of the ratings; null below two", nullable=True),
            column("rating_low", SHARE, "lower end of the 95 % interval of rating_mean", nullable=True),
            column("rating_high", SHARE, "upper end", nullable=True),
            column("favourable_count", pa.int64(), "ratings of 4 or 5; of employees: favourable answers"),
            column("favourable_share", SHARE, "favourable_count / rating_count", nullable=True),
            column("favourable_share_low", SHARE, "lower end of its 95 % Wilson interval", nullable=True),
            column("favourable_share_high", SHARE, "upper end", nullable=True),
            column("csat_count", pa.int64(), "comments with a satisfaction answer"),
            column("csat_mean", SHARE, "mean satisfaction, 1 to 5", nullable=True),
            column("csat_deviation", SHARE, "sample standard deviation; null below two answers", nullable=True),
            column("csat_low", SHARE, "lower end of the 95 % interval of csat_mean", nullable=True),
            column("csat_high", SHARE, "upper end", nullable=True),
            column("satisfied_count", pa.int64(), "satisfaction answers of 4 or 5"),
            column("satisfied_share", SHARE, "satisfied_count / csat_count: CSAT as a percentage", nullable=True),
            column("satisfied_share_low", SHARE, "lower end of its 95 % Wilson interval", nullable=True),
            column("satisfied_share_high", SHARE, "upper end", nullable=True),
            column("ces_count", pa.int64(), "comments with an effort answer"),
            column("ces_mean", SHARE, "mean customer effort, 1 (hard) to 7 (easy)", nullable=True),
            column("ces_deviation", SHARE, "sample standard deviation; null below two answers", nullable=True),
            column("ces_low", SHARE, "lower end of the 95 % interval of ces_mean", nullable=True),
            column("ces_high", SHARE, "upper end", nullable=True),
            column("previous_comment_count", pa.int64(), "comments of the period before", nullable=True),
            column("previous_negative_share", SHARE, "negative share of the period before", nullable=True),
        ]
    ),
)  # fmt: skip

COUNTS = Table(
    name="counts",
    row="one day of one issue in one segment: the input of detection",
    key=("date", "issue", "segment"),
    written_by="reports/counts.py",
    sort_by=("issue", "segment", "date"),
    columns=pa.schema(
        [
            column("date", DAY, "day of the comments"),
            column("issue", TEXT, "category:<name> or topic:<topic_id>"),
            column("segment", TEXT, "all, or <dimension>=<value>"),
            column("n", pa.int64(), "comments that complain of the issue; copies of one text count once"),
            column("total", pa.int64(), "all comments of the segment that day; copies of one text count once"),
        ]
    ),
)  # fmt: skip

ALERT_KINDS = ("new", "spike", "persistent")
ALERT_STATUSES = ("open", "ongoing", "resolved")
ALERT_BANDS = ("info", "warning", "critical")
ALERT_TRANSITIONS = ("opened", "ongoing", "resolved", "reopened", "relabelled")

ALERTS = Table(
    name="alerts",
    row="one episode of one issue in one segment",
    key=("alert_id",),
    written_by="reports/lifecycle.py",
    sort_by=("opened_date", "alert_id"),
    columns=pa.schema(
        [
            column("alert_id", TEXT, "written once, never changed"),
            column("issue", TEXT, "COUNTS.issue"),
            column("segment", TEXT, "COUNTS.segment"),
            column("kind", TEXT, "new, spike or persistent", one_of=ALERT_KINDS),
            column("is_recurring", pa.bool_(), "the issue comes back again and again"),
            column("status", TEXT, "open, ongoing or resolved", one_of=ALERT_STATUSES),
            column("opened_date", DAY, "day it was raised"),
            column("last_active_date", DAY, "last day with evidence"),
            column("resolved_date", DAY, "day it was closed", nullable=True),
            column("began_date", DAY, "first day above expectation in the window that raised it"),
            column("window_days", pa.int32(), "length of the window with the strongest evidence at the peak"),
            column("n", pa.int64(), "complaints in that window at the peak"),
            column("expected", pa.float32(), "complaints expected in that window"),
            column("ratio", pa.float32(), "n / expected"),
            column("excess", pa.float32(), "n - expected"),
            column("severity", pa.float32(), "for ordering; see docs/alerts.md"),
            column("score", pa.float32(), "evidence at the peak, -log10 of the scan's tail probability; not an error rate"),
            column("threshold", pa.float32(), "score at which alerts opened on that day"),
            column("reopened_count", pa.int32(), "times it came back within 28 days"),
            column("parent_alert_id", TEXT, "alert that tells the same story, under which this one is listed", nullable=True),
            column("explanation", TEXT, "one sentence that a manager can check"),
            column("calculation", TEXT, "JSON: every number of the calculation, to do it again by hand"),
            column("band", TEXT, "how much attention it asks for: info, warning or critical", one_of=ALERT_BANDS),
            column("details", TEXT, "JSON: what differs from usual, share and rate, related alerts, earlier episodes"),
            column("example_ids", NAMES, "comments that stand for it, most telling first, no copies"),
            column("customer_count", pa.int64(), "customers behind its complaints, where they are known", nullable=True),
            column("customer_value", pa.float64(), "what these customers are worth together, currency of the source", nullable=True),
            column("order_count", pa.int64(), "orders behind its complaints", nullable=True),
            column("nps_points", pa.float32(), "NPS points at stake: NPS of the other answers minus NPS of all", nullable=True),
            column("csat_points", pa.float32(), "the same for satisfaction (1 to 5)", nullable=True),
            column("owner", TEXT, "who looks after it; from alerts.toml, as the next four", nullable=True),
            column("acknowledged_date", DAY, "day somebody took it on", nullable=True),
            column("muted_until", DAY, "last day on which it is kept quiet", nullable=True),
            column("is_dismissed", pa.bool_(), "somebody said: not an issue"),
            column("note", TEXT, "what people wrote about it", nullable=True),
        ]
    ),
)  # fmt: skip

ALERT_EVENTS = Table(
    name="alert_events",
    row="one transition of one alert",
    key=("alert_id", "date", "transition"),
    written_by="reports/lifecycle.py",
    sort_by=("date", "alert_id", "transition"),
    columns=pa.schema(
        [
            column("alert_id", TEXT, "ALERTS.alert_id"),
            column("date", DAY, "day of the transition"),
            column("transition", TEXT, "what happened", one_of=ALERT_TRANSITIONS),
            column("issue", TEXT, "COUNTS.issue"),
            column("segment", TEXT, "COUNTS.segment"),
            column("kind", TEXT, "kind after the transition", one_of=ALERT_KINDS),
            column("score", pa.float32(), "score on that day"),
            column("n", pa.int64(), "complaints in the strongest window of that day"),
            column("expected", pa.float32(), "expected in it"),
        ]
    ),
)  # fmt: skip

ALERT_STATE = Table(
    name="alert_state",
    row="what detection remembers of one issue in one segment, so that a later run continues where this one stopped",
    key=("issue", "segment"),
    written_by="reports/lifecycle.py",
    sort_by=("issue", "segment"),
    columns=pa.schema(
        [
            column("issue", TEXT, "COUNTS.issue"),
            column("segment", TEXT, "COUNTS.segment"),
            column("run_date", DAY, "last day of the run of short evidence", nullable=True),
            column("run_levels", pa.list_(pa.bool_()), "which recurring levels the run has reached"),
            column("onset_levels", pa.list_(pa.int32()), "recurring level of each onset"),
            column("onset_dates", pa.list_(DAY), "onsets that may make the issue recurring, oldest first"),
            column("peak_date", DAY, "last day of the run of evidence that the budget counts", nullable=True),
            column("peak_score", pa.float32(), "highest score of that run"),
            column("masked_dates", pa.list_(DAY), "unusual days that baselines leave out"),
        ]
    ),
)  # fmt: skip

ALERT_DAYS = Table(
    name="alert_days",
    row="one day that detection has judged, and what it says of the threshold",
    key=("date",),
    written_by="reports/lifecycle.py",
    sort_by=("date",),
    columns=pa.schema(
        [
            column("date", DAY, "the day"),
            column("step", pa.int32(), "days per judged row: 1, or 7 for weekly counts"),
            column("series_count", pa.int64(), "series with enough history to judge"),
            column("threshold", pa.float32(), "score at which alerts opened"),
            column("false_rate", pa.float32(), "false alerts per 100 series and week expected at open_score", nullable=True),
            column("peaks", pa.list_(pa.int32()), "runs of evidence that ended, by their highest score"),
        ]
    ),
)  # fmt: skip

MESSAGE_STATUSES = ("waiting", "sending", "sent", "failed", "given_up", "unsure", "skipped")

OUTBOX = Table(
    name="outbox",
    row="one message about one alert to one address, planned or sent: so that nobody hears of it twice",
    key=("message_id",),
    written_by="reports/notify/outbox.py",
    sort_by=("planned_at", "message_id"),
    columns=pa.schema(
        [
            column("message_id", TEXT, "hash of route, address, alert, episode and band: the same message has the same id"),
            column("route", TEXT, "name of the route in [notify]; its address is kept nowhere"),
            column("target", pa.int32(), "0-based position among the addresses of the route"),
            column("alert_id", TEXT, "ALERTS.alert_id"),
            column("reason", TEXT, "why it is told", one_of=("opened", "reopened", "worse")),
            column("band", TEXT, "ALERTS.band when it was planned", one_of=ALERT_BANDS),
            column("episode", pa.int32(), "ALERTS.reopened_count when it was planned"),
            column("status", TEXT, "what became of it; unsure: the run ended while it was being sent", one_of=MESSAGE_STATUSES),
            column("attempts", pa.int32(), "runs that tried and failed"),
            column("planned_at", MOMENT, "when it was planned"),
            column("due_at", MOMENT, "when it may go out"),
            column("finished_at", MOMENT, "when it was sent, or given up", nullable=True),
            column("fault", TEXT, "what went wrong last, without any address", nullable=True),
        ]
    ),
)  # fmt: skip

ORDERS = Table(
    name="orders",
    row="one order: what was promised, what came, what it was worth",
    key=("order_key",),
    written_by="data/operations/",
    sort_by=("order_key",),
    columns=pa.schema(
        [
            column("order_key", TEXT, "keyed hash of the order id, as in FEEDBACK"),
            column("customer_key", TEXT, "keyed hash of the customer id, as in FEEDBACK and CUSTOMERS", nullable=True),
            column("ordered_at", MOMENT, "when it was placed", nullable=True),
            column("promised_date", DAY, "day promised to the customer", nullable=True),
            column("delivered_date", DAY, "day it arrived", nullable=True),
            column("delay_days", pa.int32(), "delivered_date - promised_date; null while one is unknown", nullable=True),
            column("value", pa.float64(), "order value, currency of the source", nullable=True),
            column("freight", pa.float64(), "what its delivery cost the customer", nullable=True),
            column("seller", TEXT, "seller, shop or warehouse", nullable=True),
            column("region", TEXT, "region of the customer", nullable=True),
            column("is_cancelled", pa.bool_(), "cancelled or never delivered", nullable=True),
        ]
    ),
)  # fmt: skip

TICKETS = Table(
    name="tickets",
    row="one support case: when it came, was answered, was solved",
    key=("ticket_key",),
    written_by="data/operations/",
    sort_by=("ticket_key",),
    columns=pa.schema(
        [
            column("ticket_key", TEXT, "keyed hash of the ticket id"),
            column("customer_key", TEXT, "keyed hash of the customer id, as in FEEDBACK and CUSTOMERS", nullable=True),
            column("order_key", TEXT, "keyed hash of the order id, as in ORDERS", nullable=True),
            column("created_at", MOMENT, "when the customer asked", nullable=True),
            column("first_response_at", MOMENT, "first answer of a person", nullable=True),
            column("resolved_at", MOMENT, "when it was solved, the last time", nullable=True),
            column("reopened_count", pa.int32(), "times it was opened again", nullable=True),
            column("channel", TEXT, "e-mail, chat, phone...", nullable=True),
            column("status", TEXT, "as the source writes it", nullable=True),
        ]
    ),
)  # fmt: skip

CUSTOMERS = Table(
    name="customers",
    row="one customer: worth, since when, gone or not",
    key=("customer_key",),
    written_by="data/operations/",
    sort_by=("customer_key",),
    columns=pa.schema(
        [
            column("customer_key", TEXT, "keyed hash of the customer id, as in FEEDBACK and ORDERS"),
            column("person_key", TEXT, "keyed hash of the person, where one person has several customer ids", nullable=True),
            column("value", pa.float64(), "what the customer has spent, or is worth a year; currency of the source", nullable=True),
            column("since_date", DAY, "day the customer came", nullable=True),
            column("tenure_days", pa.float64(), "time as a customer as the source states it, in days", nullable=True),
            column("segment", TEXT, "tier, plan or group that the company puts the customer in", nullable=True),
            column("region", TEXT, "region of the customer", nullable=True),
            column("is_churned", pa.bool_(), "gone, cancelled, lapsed", nullable=True),
            column("churned_date", DAY, "day the customer left", nullable=True),
            column("order_count", pa.int32(), "orders so far as the source states it; ORDERS has those that were read", nullable=True),
        ]
    ),
)  # fmt: skip

JOINS = Table(
    name="joins",
    row="how many comments of one source find what the company knows of them",
    key=("source", "operation"),
    written_by="data/operations/",
    sort_by=("source", "operation"),
    columns=pa.schema(
        [
            column("source", TEXT, "FEEDBACK.source, or all"),
            column("operation", TEXT, "table that they join to", one_of=OPERATIONS),
            column("comment_count", pa.int64(), "comments"),
            column("with_id_count", pa.int64(), "of these, with an id that could join"),
            column("joined_count", pa.int64(), "of these, whose id is in the table"),
            column("joined_share", SHARE, "joined_count / comment_count"),
        ]
    ),
)  # fmt: skip

DRIVERS = Table(
    name="drivers",
    row="what one subject does to one score, spoken of at all, badly or well",
    key=("score", "issue", "stance"),
    written_by="reports/drivers/",
    sort_by=("score", "issue", "stance"),
    columns=pa.schema(
        [
            column("score", TEXT, "nps (100 for a promoter, -100 for a detractor), csat, ces or rating", one_of=("nps", "csat", "ces", "rating")),
            column("issue", TEXT, "category:<name> or topic:<topic_id>, as in COUNTS"),
            column("stance", TEXT, "any: all comments on it; negative: complaints of it; positive: praise of it", one_of=("any", "negative", "positive")),
            column("comment_count", pa.int64(), "comments with the score that speak of it so"),
            column("total_count", pa.int64(), "comments with the score"),
            column("share", SHARE, "comment_count / total_count"),
            column("score_all", SHARE, "mean score of all"),
            column("score_with", SHARE, "mean score of these comments"),
            column("score_without", SHARE, "mean score of all others", nullable=True),
            column("impact", SHARE, "score_all - score_without: what it does to the score, other subjects not told apart", nullable=True),
            column("impact_low", SHARE, "lower end of its 95 % interval", nullable=True),
            column("impact_high", SHARE, "upper end", nullable=True),
            column("effect", SHARE, "score of a comment that speaks of it so, against the same without, all subjects together; null for any", nullable=True),
            column("effect_low", SHARE, "lower end of its 95 % interval", nullable=True),
            column("effect_high", SHARE, "upper end", nullable=True),
            column("contribution", SHARE, "effect x share: its part of the score, not counted twice", nullable=True),
            column("customer_count", pa.int64(), "distinct known customers (or orders) behind these comments"),
            column("value_at_stake", pa.float64(), "what these customers are worth together, currency of the source; null if nobody's worth is known", nullable=True),
            column("example_ids", NAMES, "feedback ids, most telling first, no copies"),
        ]
    ),
)  # fmt: skip

ACTION_VERDICTS = ("worked", "worse", "no_sign", "too_early", "too_few")

ACTIONS = Table(
    name="actions",
    row="one thing that was done about a subject, and whether it helped",
    key=("action_id",),
    written_by="reports/actions/",
    sort_by=("action_date", "action_id"),
    columns=pa.schema(
        [
            column("action_id", TEXT, "stable while day, subject and segments in actions.toml stay"),
            column("action_date", DAY, "first day on which comments can know of it"),
            column("issue", TEXT, "what it should help: category:<name> or topic:<topic_id>"),
            column("segment", TEXT, "where it was done, as region=North|South; all: everywhere"),
            column("note", TEXT, "what was done, in the company's words"),
            column("before_count", pa.int64(), "complaints there in the weeks before"),
            column("before_total", pa.int64(), "comments there"),
            column("before_share", SHARE, "before_count / before_total", nullable=True),
            column("after_count", pa.int64(), "complaints there since, whole weeks, until the last look"),
            column("after_total", pa.int64(), "comments there"),
            column("after_share", SHARE, "after_count / after_total", nullable=True),
            column("has_control", pa.bool_(), "whether the same subject elsewhere serves as a control"),
            column("control_before_share", SHARE, "share elsewhere before", nullable=True),
            column("control_after_share", SHARE, "share elsewhere since", nullable=True),
            column("effect", SHARE, "share since minus the share that trend and control lead to expect", nullable=True),
            column("effect_low", SHARE, "lower end of its 95 % interval", nullable=True),
            column("effect_high", SHARE, "upper end", nullable=True),
            column("ratio", pa.float32(), "rate since over the expected one", nullable=True),
            column("ratio_low", pa.float32(), "lower end of its 95 % interval", nullable=True),
            column("ratio_high", pa.float32(), "upper end", nullable=True),
            column("weeks_after", pa.int32(), "whole weeks since, until the last look"),
            column("verdict", TEXT, "worked, worse, no_sign (yet), too_early, or too_few complaints to tell", one_of=ACTION_VERDICTS),
            column("is_settled", pa.bool_(), "whether the verdict is final"),
            column("settled_date", DAY, "last day of the weeks that settled it", nullable=True),
            column("next_look_date", DAY, "day of the next judgement", nullable=True),
            column("example_ids", NAMES, "complaints since, most telling first"),
        ]
    ),
)  # fmt: skip

ACTION_WEEKS = Table(
    name="action_weeks",
    row="one week around one action",
    key=("action_id", "week_start"),
    written_by="reports/actions/",
    sort_by=("action_id", "week_start"),
    columns=pa.schema(
        [
            column("action_id", TEXT, "ACTIONS.action_id"),
            column("week_start", DAY, "first day; weeks are counted from the day of the action"),
            column("is_after", pa.bool_(), "on or after the day"),
            column("count", pa.int64(), "complaints where it was done"),
            column("total", pa.int64(), "comments there"),
            column("control_share", SHARE, "share of complaints elsewhere", nullable=True),
            column("expected_share", SHARE, "share expected without the action", nullable=True),
        ]
    ),
)  # fmt: skip

CASE_REASONS = ("leaving", "detractor", "low_rating")
CASE_STATES = ("open", "working", "done", "dropped")

CASES = Table(
    name="cases",
    row="one customer to call back, and how far that is",
    key=("case_id",),
    written_by="reports/cases/",
    sort_by=("priority",),
    columns=pa.schema(
        [
            column("case_id", TEXT, "written once, never changed"),
            column("priority", pa.int32(), "1 is the most pressing open case; closed ones come last"),
            column("priority_score", SHARE, "urgency x (1 + rank of the customer's worth, 0 to 1) / 2"),
            column("urgency", SHARE, "0 to 1, by reason and score"),
            column("reason", TEXT, "leaving (says so), detractor (NPS) or low_rating", one_of=CASE_REASONS),
            column("opened_date", DAY, "day of the report that opened it"),
            column("due_date", DAY, "day by which the customer should have heard from us: opened_date and the service level"),
            column("is_overdue", pa.bool_(), "open after that day"),
            column("state", TEXT, "open, working, done or dropped", one_of=CASE_STATES),
            column("state_from", TEXT, "who said so: voc, ticket (TICKETS) or desk (cases.csv)", one_of=("voc", "ticket", "desk")),
            column("owner", TEXT, "who takes care of it, from cases.csv", nullable=True),
            column("note", TEXT, "what was written in cases.csv", nullable=True),
            column("person", TEXT, "c, o or a and the keyed hash of the customer, order or author"),
            column("customer_key", TEXT, "keyed hash of the customer id, as in CUSTOMERS", nullable=True),
            column("value", pa.float64(), "what the customer is worth, currency of the source", nullable=True),
            column("feedback_id", TEXT, "the comment that tells the case"),
            column("source", TEXT, "where it was written"),
            column("source_kind", TEXT, "kind of feedback"),
            column("language", TEXT, "its language"),
            column("comment_date", DAY, "its day"),
            column("last_comment_date", DAY, "day of the customer's newest such comment while the case was open"),
            column("nps", pa.int8(), "its NPS answer", nullable=True),
            column("rating", pa.float32(), "its rating, 1 to 5", nullable=True),
            column("issue", TEXT, "category:<name> that it complains of; empty if none"),
            column("reply", TEXT, "draft of a reply; null when the case is closed. Nothing is sent", nullable=True),
            column("reply_language", TEXT, "language of the draft", nullable=True),
        ]
    ),
)  # fmt: skip

JOURNEY = Table(
    name="journey",
    row="one stage of the customer's way, by kind of feedback in one period",
    key=("period", "period_start", "source_kind", "dimension", "value", "stage"),
    written_by="reports/journey/",
    sort_by=("period", "period_start", "source_kind", "dimension", "value", "stage"),
    least=Least("total_count", "source_kind", EMPLOYEE, MIN_GROUP),
    columns=pa.schema(
        [
            *_GROUP_COLUMNS,
            column("stage", TEXT, "discovery, purchase, fulfilment, use, support or returns"),
            column("comment_count", pa.int64(), "comments that speak of the stage, each once"),
            column("negative_count", pa.int64(), "of these, complaints"),
            column("neutral_count", pa.int64(), "of these, neither complaint nor praise"),
            column("positive_count", pa.int64(), "of these, praise and no complaint"),
            column("total_count", pa.int64(), "all comments of the group in the period"),
            column("negative_share", SHARE, "negative_count / total_count"),
            column("negative_share_low", SHARE, "lower end of its 95 % Wilson interval"),
            column("negative_share_high", SHARE, "upper end"),
            column("negative_share_change", SHARE, "now minus the period before", nullable=True),
            column("negative_share_change_low", SHARE, "lower end of its 95 % Newcombe interval", nullable=True),
            column("negative_share_change_high", SHARE, "upper end", nullable=True),
            column("break_share", SHARE, "negative_count / comment_count: where it breaks"),
            column("break_share_low", SHARE, "lower end of its 95 % Wilson interval"),
            column("break_share_high", SHARE, "upper end"),
            column("nps", SHARE, "NPS of these comments, -100 to 100", nullable=True),
            column("rating_mean", SHARE, "their mean rating", nullable=True),
            column("example_ids", NAMES, "feedback ids, most telling first, no copies; empty for days"),
        ]
    ),
)  # fmt: skip

SERVICE = Table(
    name="service",
    row="support cases that came in one period, in all or by one channel",
    key=("period", "period_start", "dimension", "value"),
    written_by="reports/service/",
    sort_by=("period", "period_start", "dimension", "value"),
    columns=pa.schema(
        [
            column("period", TEXT, "week (Monday to Sunday), month, or ever", one_of=("week", "month", "ever")),
            column("period_start", DAY, "first day of the period, UTC; null for ever", nullable=True),
            column("dimension", TEXT, "channel, or all"),
            column("value", TEXT, "the channel, or all"),
            column("ticket_count", pa.int64(), "tickets that came"),
            column("response_count", pa.int64(), "of these, with a known time of the first answer", nullable=True),
            column("response_hours", pa.float32(), "median hours to the first answer", nullable=True),
            column("response_hours_low", pa.float32(), "lower end of its 95 % interval", nullable=True),
            column("response_hours_high", pa.float32(), "upper end", nullable=True),
            column("response_hours_slow", pa.float32(), "nine in ten are answered within", nullable=True),
            column("resolution_count", pa.int64(), "tickets with a known time of the solution", nullable=True),
            column("resolution_hours", pa.float32(), "median hours to the solution", nullable=True),
            column("resolution_hours_low", pa.float32(), "lower end of its 95 % interval", nullable=True),
            column("resolution_hours_high", pa.float32(), "upper end", nullable=True),
            column("resolution_hours_slow", pa.float32(), "nine in ten are solved within", nullable=True),
            column("fcr_count", pa.int64(), "solved tickets old enough to know whether one contact was enough"),
            column("first_count", pa.int64(), "of these, never opened again, and no other ticket of the customer followed"),
            column("fcr_share", SHARE, "first_count / fcr_count: first-contact resolution", nullable=True),
            column("fcr_share_low", SHARE, "lower end of its 95 % Wilson interval", nullable=True),
            column("fcr_share_high", SHARE, "upper end", nullable=True),
        ]
    ),
)  # fmt: skip

SEGMENT_LIFT = Table(
    name="segment_lift",
    row="one subject in one segment, against all other segments of the same column",
    key=("dimension", "value", "issue"),
    written_by="reports/segments/",
    sort_by=("dimension", "value", "issue"),
    columns=pa.schema(
        [
            column("dimension", TEXT, "segment column, as product, region or customer_type (new, returning)"),
            column("value", TEXT, "value of that column"),
            column("issue", TEXT, "category:<name> or topic:<topic_id>"),
            column("complaint_count", pa.int64(), "comments of the segment that complain of it"),
            column("comment_count", pa.int64(), "all comments of the segment"),
            column("share", SHARE, "complaint_count / comment_count"),
            column("other_share", SHARE, "the same in all other segments of the column together"),
            column("lift", pa.float32(), "share / other_share; null where nobody else complains", nullable=True),
            column("lift_low", pa.float32(), "lower end of its 95 % interval", nullable=True),
            column("lift_high", pa.float32(), "upper end; null where it is open", nullable=True),
            column("p_value", pa.float64(), "probability of such a difference by chance alone"),
            column("q_value", pa.float64(), "the same after Benjamini and Hochberg, over all rows of the table"),
            column("is_clear", pa.bool_(), "q_value is low enough to speak of it"),
            column("firmness", SHARE, "how firmly the models read the complaints: probability of the category times strength of feeling, mean"),
            column("example_ids", NAMES, "complaints, most telling first; only where it is clear"),
        ]
    ),
)  # fmt: skip

LOYALTY = Table(
    name="loyalty",
    row="customers of one segment: who left, came back, stayed, and what one is worth",
    key=("dimension", "value"),
    written_by="reports/loyalty/",
    sort_by=("dimension", "value"),
    columns=pa.schema(
        [
            column("dimension", TEXT, "all, segment (tier), region, or complained_of"),
            column("value", TEXT, "value of it; of complained_of a category, anything, or nothing (spoke without complaint)"),
            column("customer_count", pa.int64(), "customers"),
            column("churn_count", pa.int64(), "customers who are gone"),
            column("churn_total", pa.int64(), "customers of whom that is known"),
            column("churn_share", SHARE, "churn_count / churn_total", nullable=True),
            column("churn_share_low", SHARE, "lower end of its 95 % Wilson interval", nullable=True),
            column("churn_share_high", SHARE, "upper end", nullable=True),
            column("repeat_count", pa.int64(), "customers with two orders or more"),
            column("repeat_total", pa.int64(), "customers with one order or more"),
            column("repeat_share", SHARE, "repeat_count / repeat_total", nullable=True),
            column("repeat_share_low", SHARE, "lower end of its 95 % Wilson interval", nullable=True),
            column("repeat_share_high", SHARE, "upper end", nullable=True),
            column("retention_count", pa.int64(), "of these, who ordered in the last year"),
            column("retention_total", pa.int64(), "customers who ordered in the year before last"),
            column("retention_share", SHARE, "retention_count / retention_total", nullable=True),
            column("retention_share_low", SHARE, "lower end of its 95 % Wilson interval", nullable=True),
            column("retention_share_high", SHARE, "upper end", nullable=True),
            column("order_value_mean", pa.float64(), "mean value of an order, currency of the source", nullable=True),
            column("orders_per_year", pa.float32(), "orders per customer and year since the first one", nullable=True),
            column("lifetime_value", pa.float64(), "order_value_mean x orders_per_year / (1 - retention_share): revenue, not discounted", nullable=True),
        ]
    ),
)  # fmt: skip

COMPETITORS = Table(
    name="competitors",
    row="one category at our customers and at another brand's, on the same kinds of feedback",
    key=("brand", "source_kind", "category"),
    written_by="reports/competitors/",
    sort_by=("brand", "source_kind", "category"),
    columns=pa.schema(
        [
            column("brand", TEXT, "the other brand"),
            column("source_kind", TEXT, "kind of feedback that both have, or all of these together"),
            column("category", TEXT, "friction category, or all: any complaint"),
            column("own_count", pa.int64(), "comments of our customers that complain of it"),
            column("own_total", pa.int64(), "comments of our customers"),
            column("own_share", SHARE, "share that complains; for all kinds weighted as brand_share is"),
            column("brand_count", pa.int64(), "the same of the other brand"),
            column("brand_total", pa.int64(), "its comments"),
            column("brand_share", SHARE, "share that complains; for all kinds by Mantel-Haenszel weights"),
            column("difference", SHARE, "own_share - brand_share: above 0 we are worse"),
            column("difference_low", SHARE, "lower end of its 95 % Newcombe interval, stratified for all kinds"),
            column("difference_high", SHARE, "upper end"),
            column("example_ids", NAMES, "complaints of the other brand's customers, most telling first"),
        ]
    ),
)  # fmt: skip

CHURN_MODELS = Table(
    name="churn_models",
    row="one forecast of who leaves, tested on later days than it learned from",
    key=("model",),
    written_by="reports/risk/",
    sort_by=("model",),
    columns=pa.schema(
        [
            column("model", TEXT, "with_text, or without_text: scores and operations alone", one_of=("with_text", "without_text")),
            column("learned_count", pa.int64(), "customers x days learned from"),
            column("learned_left_count", pa.int64(), "of these, who left within the horizon"),
            column("tested_count", pa.int64(), "customers x days of the test"),
            column("tested_left_count", pa.int64(), "of these, who left"),
            column("auc", pa.float32(), "chance that one who left had the higher risk; 0.5 is a coin", nullable=True),
            column("auc_low", pa.float32(), "lower end of its 95 % interval (DeLong)", nullable=True),
            column("auc_high", pa.float32(), "upper end", nullable=True),
            column("brier", pa.float32(), "mean squared error of the risk; less is better"),
            column("expected_over_real", pa.float32(), "leavers expected / leavers; 1 is right", nullable=True),
            column("calibration_slope", pa.float32(), "1: risks are as far apart as they should be; below: too far"),
            column("top_lift", pa.float32(), "how many times more often the tenth most at risk left than all", nullable=True),
        ]
    ),
)  # fmt: skip

CUSTOMERS_AT_RISK = Table(
    name="customers_at_risk",
    row="one customer who may leave soon",
    key=("customer_key",),
    written_by="reports/risk/",
    sort_by=("rank",),
    columns=pa.schema(
        [
            column("customer_key", TEXT, "keyed hash of the customer id, as in CUSTOMERS"),
            column("rank", pa.int32(), "1 is the most at risk"),
            column("risk", SHARE, "probability of leaving within the horizon"),
            column("value", pa.float64(), "what the customer is worth, currency of the source", nullable=True),
            column("value_at_risk", pa.float64(), "risk x value", nullable=True),
            column("reasons", NAMES, "facts that raise the risk most, strongest first: text.<category> and the like"),
        ]
    ),
)  # fmt: skip

TABLES: tuple[Table, ...] = (
    FEEDBACK, REJECTED, INPUTS, REPLACED, VERSIONS, ORDERS, TICKETS, CUSTOMERS, JOINS, LANGUAGES, SEGMENTS, EMBEDDINGS,
    SENTIMENTS, ASPECTS, INTENTS, DOCUMENTS, TOPICS, MEMBERS, TOPIC_CENTROIDS, TOPIC_EVENTS, TOPIC_TALLIES,
    TOPIC_LANGUAGES, CATEGORY_TOPICS, COUNTS, FRICTION_SUMMARY,
    SCORE_SUMMARY, DRIVERS, ACTIONS, ACTION_WEEKS, CASES, JOURNEY, SERVICE, SEGMENT_LIFT, LOYALTY, COMPETITORS, CHURN_MODELS,
    CUSTOMERS_AT_RISK,
    ALERTS, ALERT_EVENTS, ALERT_STATE, ALERT_DAYS, OUTBOX,
)  # fmt: skip
