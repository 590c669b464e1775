"""The share scan: counts as matrices, baselines, scores, recurrence, and the threshold."""
