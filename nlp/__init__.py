"""What it means: pure stages from tables to tables."""
