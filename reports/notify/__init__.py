"""Delivery of alerts: who hears of what, when, in which words, and that nobody hears of it twice."""
