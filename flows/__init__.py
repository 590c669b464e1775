"""When it happens: order, retries, schedules. No text logic."""
