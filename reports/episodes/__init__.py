"""Alerts as episodes: opened, ongoing, resolved, reopened, and what is kept between runs."""
