"""What a company's own tables say: orders, support cases, customers; by which columns each is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class OperationShape:
    """What a table of orders, support cases or customers may say.

    Attributes:
        key: the role of its id.
        texts: roles of ids, labels and states, the key among them.
        dates: roles of moments.
        amounts: roles of numbers.
        telling: roles that speak for such a table.
        least_facts: telling roles below which a file is none.
        sure_facts: telling roles from which it is one, whatever else it holds.
        words: what it is recognised by.
    """

    key: str
    texts: tuple[str, ...]
    dates: tuple[str, ...]
    amounts: tuple[str, ...]
    telling: tuple[str, ...]
    least_facts: int
    sure_facts: int
    words: str

    @property
    def roles(self) -> tuple[str, ...]:
        """All roles."""
        return (*self.texts, *self.dates, *self.amounts)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the RAW frame, without the file's own."""
        return ("row", *self.roles)


OPERATION_SHAPES: Mapping[str, OperationShape] = {
    "orders": OperationShape(
        key="order_id",
        texts=("order_id", "customer_id", "region", "status", "seller"),
        dates=("ordered_at", "promised", "delivered"),
        amounts=("value", "freight"),
        telling=("ordered_at", "promised", "delivered", "value", "freight", "status", "seller"),
        least_facts=1,
        sure_facts=3,
        words="an order id with dates, value or status, and no comment",
    ),
    "tickets": OperationShape(
        key="ticket_id",
        texts=("ticket_id", "customer_id", "order_id", "channel", "status", "reopened"),
        dates=("opened_at", "first_response", "resolved"),
        amounts=(),
        telling=("first_response", "resolved", "reopened"),
        least_facts=1,
        sure_facts=2,
        words="a ticket id with its first answer or its solution, and no comment",
    ),
    "customers": OperationShape(
        key="customer_id",
        texts=("customer_id", "person_id", "segment", "region", "churned", "active"),
        dates=("since", "churned_at"),
        amounts=("worth", "tenure", "order_count"),
        telling=(
            "person_id",
            "segment",
            "churned",
            "active",
            "since",
            "churned_at",
            "worth",
            "tenure",
            "order_count",
        ),
        least_facts=1,
        sure_facts=2,
        words="one row per customer id with value, tenure, segment or departure, and no comment",
    ),
}
OPERATION_DATES = tuple(role for shape in OPERATION_SHAPES.values() for role in shape.dates)
