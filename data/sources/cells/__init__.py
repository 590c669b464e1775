"""Records -> meaning: which column is what, and what its cells say."""
