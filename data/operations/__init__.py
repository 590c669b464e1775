"""What the company knows of its orders, support cases and customers, and how comments join to it."""

from data.operations.orders import build_orders

__all__ = ["build_orders"]
