"""Trains the contextual encoder: MiniLM's body, taught to read words of any language."""
