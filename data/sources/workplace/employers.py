"""Glassdoor and its like: what employees say in public of their employer, for and against."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from data.sources.named import NamedColumns, has_columns
from data.sources.raw import About, Plan, Records, SourceOptions, SourceRules

# What only an employer is rated by.
WORK: Mapping[str, tuple[str, ...]] = {
    "job": ("Job Title", "Reviewer Job Title", "Employee Role", "job_title.text"),
    "status": ("Employment Status", "Employee Status", "Is Current Job", "Current Employee"),
    "advice": ("Advice to Management", "Advice to Mgmt", "Feedback to Management"),
    "balance": ("Work/Life Balance", "Work Life Balance", "Rating Balance", "Work Life Balance Rating"),
    "chances": ("Career Opportunities", "Career Opp", "Rating Career"),
    "pay": ("Compensation and Benefits", "Compensation & Benefits", "Comp & Benefits", "Comp Benefits"),
    "leaders": ("Senior Management", "Senior Leadership", "CEO Approval", "CEO Opinion", "Approve of CEO"),
    "culture": ("Culture and Values", "Culture & Values", "Diversity and Inclusion", "Business Outlook"),
}

EMPLOYERS = NamedColumns(
    name="employer_reviews",
    about=About(
        title="Glassdoor and its like",
        reads="reviews of an employer as CSV, XLSX or JSON",
        signs="columns Pros and Cons with Job Title, Advice to Management, Work/Life Balance or the like",
        kind="employee",
        gives="pros, cons and advice as comments of their own, each under its name; overall rating 1 to 5",
    ),
    signs=(("Pros", "Review Pros"), ("Cons", "Review Cons")),
    columns={
        "own_id": ("Review Id", "reviewId", "id"),
        "text": ("Review Text", "Review Body", "Main Text"),
        "title": ("Review Title", "Summary", "Headline", "Title"),
        "pros": ("Pros", "Review Pros"),
        "cons": ("Cons", "Review Cons"),
        "advice": WORK["advice"],
        "rating": ("Overall Rating", "Rating Overall", "Rating", "Overall", "Stars"),
        "created_at": ("Review Date", "Review Date Time", "Date", "Created At", "Date Review"),
        "declared_language": ("Language", "languageId"),
        "location": ("Location", "Office", "Location Name", "City"),
        "brand": ("Company", "Company Name", "Employer", "Employer Name", "Firm"),
    },
    questions={"pros": "Pros", "cons": "Cons", "advice": "Advice to Management"},
    id_space="employer_reviews",
    scales={"rating": (1.0, 5.0)},
)


class EmployerSource:
    """Reads reviews of employers; pros and cons of a product are left to other sources."""

    name, about = EMPLOYERS.name, EMPLOYERS.about

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a file with pros and cons and something that only employees speak of."""
        if not any(has_columns(records.names, (names,)) for names in WORK.values()):
            return None
        return EMPLOYERS.plan(records, sample, options=options, rules=rules)
