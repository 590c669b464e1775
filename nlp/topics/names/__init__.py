"""What topics are called."""
