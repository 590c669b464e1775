"""What a flow stands on: the run, its record and stages, what it remembers, and the server it needs."""
