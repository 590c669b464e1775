"""What people see: numbers, alerts, the page."""
