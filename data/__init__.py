"""What we know: read, clean, describe, keep."""
