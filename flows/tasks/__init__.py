"""One task per stage: read its tables, call it, write its table."""

from data.schema import (
    ALERT_DAYS,
    ALERT_STATE,
    FRICTION_SUMMARY,
    SCORE_SUMMARY,
    TABLES,
    TOPIC_CENTROIDS,
)
from flows.tasks.alerting import alerts
from flows.tasks.delivery import notify
from flows.tasks.insights import FAMILIES, insights
from flows.tasks.page import PAGE, report
from flows.tasks.reading import ingest
from flows.tasks.refitting import refit
from flows.tasks.summaries import metrics
from flows.tasks.themes import topics
from flows.tasks.topic_map import TOPIC_MAP, topic_map
from flows.tasks.understanding import category, documents, embed, intent, language, segment, sentiment

# The stages that work part by part, in the order in which they follow each other.
BY_PART = (language, segment, embed, sentiment, category, intent, documents)
# The stages that work comment by comment, in order: all that `voc score` needs.
UNDERSTANDING = (ingest, *BY_PART)
# Tables that lie in summaries/ or state/ alone; all others have a folder in tables/.
_ELSEWHERE = {
    t.name for t in (FRICTION_SUMMARY, SCORE_SUMMARY, TOPIC_CENTROIDS, ALERT_STATE, ALERT_DAYS, *FAMILIES)
}
IN_FOLDERS = tuple(table for table in TABLES if table.name not in _ELSEWHERE)

__all__ = [
    "BY_PART",
    "IN_FOLDERS",
    "PAGE",
    "TOPIC_MAP",
    "UNDERSTANDING",
    "alerts",
    "category",
    "documents",
    "embed",
    "ingest",
    "insights",
    "intent",
    "language",
    "metrics",
    "refit",
    "notify",
    "report",
    "segment",
    "sentiment",
    "topic_map",
    "topics",
]
