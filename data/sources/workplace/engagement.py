"""Culture Amp and its like: the comments of an engagement survey, one a row, with the question asked."""

from __future__ import annotations

import pyarrow as pa

from data.sources.named import NamedColumns, find_columns, has_columns
from data.sources.raw import About, Plan, Records, SourceError, SourceOptions, SourceRules

# Culture Amp publishes no names of columns; these are the ones that such reports have in common.
SIGNS = {
    "factor": ("Factor", "Question Factor", "Factors"),
    "favourable": ("Favorability", "Favourability", "Favorable", "Favourable", "Rating Favorability"),
}
# What only employees are asked; surveys of customers have a country, a gender and a team, too.
STAFF = (
    "Department", "Tenure", "Manager", "Job Level", "Business Unit", "Division", "Job Title",
    "Employment Type", "Work Arrangement",
)  # fmt: skip
COMPARISON = (("type",), ("demographic",), ("demographic_question_code",), ("score",))

ENGAGEMENT = NamedColumns(
    name="engagement_survey",
    about=About(
        title="Culture Amp and its like",
        reads="the comments report of an engagement survey as CSV or XLSX",
        signs="columns Question and Comment with Factor, Favorability, or two of Department, Tenure ...",
        kind="employee",
        gives="each comment with its question; the score of the question, where it has one, as rating",
    ),
    signs=(("Comment", "Comments", "Comment Text"), ("Question", "Question Text", "Survey Question")),
    columns={
        "own_id": ("Comment Id",),
        "text": ("Comment", "Comments", "Comment Text"),
        "question": ("Question", "Question Text", "Survey Question"),
        "rating": ("Rating", "Score", "Answer", "Response Score", "Rating Score", *SIGNS["favourable"]),
        "created_at": ("Submitted At", "Response Date", "Comment Date", "Date", "Submitted"),
        "declared_language": ("Language", "Comment Language", "Original Language"),
        "location": ("Office", "Location", "Site"),
        "region": ("Country", "Region"),
    },
    id_space="engagement_survey",
)


class EngagementSource:
    """Reads the comments of engagement surveys."""

    name, about = ENGAGEMENT.name, ENGAGEMENT.about

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a table of questions and comments of employees.

        Raises:
            SourceError: it is the comparison of scores, which holds no comments.
        """
        if has_columns(records.names, COMPARISON) and not has_columns(records.names, ENGAGEMENT.signs):
            raise SourceError(
                "a comparison of scores between groups of employees: it holds no comments; "
                "export the comments report instead"
            )
        groups = find_columns(records.names, {name: (name,) for name in STAFF})
        is_survey = any(has_columns(records.names, (names,)) for names in SIGNS.values())
        if not is_survey and len(groups) < 2:
            return None
        return ENGAGEMENT.plan(records, sample, options=options, rules=rules)
