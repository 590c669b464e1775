"""Features or texts -> labels: the heads that ship, phrases, and classifiers of other makers."""
