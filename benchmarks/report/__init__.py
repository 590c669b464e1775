"""What the page and its tables cost for a million comments."""
