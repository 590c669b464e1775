"""Words and stems per language."""
