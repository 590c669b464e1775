"""What stands behind alerts: their comments, which of them tell one story, what differs, what is at stake."""
