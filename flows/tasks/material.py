"""What the insights of a run are made of: each table is read at its first use, and once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import ASPECTS, CUSTOMERS, EMPLOYEE, MEMBERS, ORDERS, TICKETS
from flows.engine.people.own_files import ACTIONS_FILE, REPLIES_FILE
from flows.engine.run import Run
from flows.models import taxonomy
from flows.settings import SettingsError
from flows.tasks.tables import ASPECT_COLUMNS, MEMBER_COLUMNS, UNREAD, latest_rows, read_documents
from reports.actions import Action, ActionError, read_actions
from reports.facts.subjects import CATEGORY, Subjects, read_subjects
from reports.facts.worth import Worth, read_worth

_NO_SEGMENTS = ("feedback_id", "text", "copy_id", "author_key", "customer_key", "order_key")
OWN_FILES = (ACTIONS_FILE, REPLIES_FILE)  # written by people, beside the output


class Material:
    """The understood comments and the company's own facts, as the families of insights read them."""

    def __init__(self, run: Run) -> None:
        """Nothing is read yet."""
        self.run = run
        self.as_of: date | None = run.as_of

    @cached_property
    def documents(self) -> pa.Table:
        """DOCUMENTS of all parts, with the columns that summaries are cut by."""
        dimensions = self.run.settings["summaries"].dimensions
        return read_documents(self.run, dimensions, without=UNREAD).combine_chunks()

    @cached_property
    def aspects(self) -> pa.Table:
        """ASPECTS of all parts, with how firmly each was read."""
        columns = [*ASPECT_COLUMNS, "category_score", "sentiment_score"]
        return self.run.store.read_all(ASPECTS, self.run.parts(), columns)

    @cached_property
    def subjects(self) -> Subjects:
        """What the comments speak of."""
        members = self.run.store.read_all(MEMBERS, self.run.parts(), MEMBER_COLUMNS)
        lengths = self.run.settings["summaries"].example_length
        return read_subjects(self.documents, self.aspects, members, example_length=lengths)

    @cached_property
    def worth(self) -> Worth:
        """Who is behind the comments."""
        return read_worth(self.documents, self.orders, self.customers)

    @cached_property
    def orders(self) -> pa.Table:
        """ORDERS, each once."""
        return latest_rows(self.run, ORDERS)

    @cached_property
    def tickets(self) -> pa.Table:
        """TICKETS, each once."""
        return latest_rows(self.run, TICKETS)

    @cached_property
    def customers(self) -> pa.Table:
        """CUSTOMERS, each once."""
        return latest_rows(self.run, CUSTOMERS)

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """What actions.toml says was done.

        Raises:
            SettingsError: naming every mistake in the file.
        """
        issues = {f"{CATEGORY}{name}" for name in taxonomy(self.run).ids} | set(self.subjects.issues)
        documents = self.documents.schema
        columns = [
            field.name for field in documents if field.type == pa.string() and field.name not in _NO_SEGMENTS
        ]
        try:
            return read_actions(self.run.store.read_text(ACTIONS_FILE) or "", issues=issues, columns=columns)
        except ActionError as error:
            raise SettingsError(str(error)) from None

    def of_customers(self, days: int | None = None) -> np.ndarray:
        """Say which comments our own customers wrote, in the last days if any are given: (n,) booleans."""
        documents = self.documents
        ours = pc.and_(documents["is_own"], pc.not_equal(documents["source_kind"], EMPLOYEE))
        return np.asarray(self.since(days) & np.asarray(ours), dtype=bool)

    def since(self, days: int | None) -> np.ndarray:
        """Say which comments are of the last days: (n,) booleans.

        All are, when no days are given or nothing is dated.
        """
        created = self.documents["created_at"]
        if days is None or self.as_of is None:
            return np.ones(len(created), dtype=bool)
        first = datetime.combine(self.as_of, time(), UTC) - timedelta(days=days)
        moment = pa.scalar(first, self.documents.schema.field("created_at").type)
        return np.asarray(pc.fill_null(pc.greater(created, moment), False), dtype=bool)
