"""Closing the loop: whom to call back, by when, who does it, and what to say: CASES."""

from reports.cases.desk import Edit, read_desk, write_desk
from reports.cases.find import CaseRules, find_cases
from reports.cases.keep import keep_cases, rank_cases
from reports.cases.replies import ReplyError, draft_replies, read_templates

__all__ = [
    "CaseRules",
    "Edit",
    "ReplyError",
    "draft_replies",
    "find_cases",
    "keep_cases",
    "rank_cases",
    "read_desk",
    "read_templates",
    "write_desk",
]
