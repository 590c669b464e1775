"""What a refit may change of the topics there are, and what it leaves."""
