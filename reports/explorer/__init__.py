"""What the page lets a reader ask: the weekly counts, and the comments behind them, as plain data."""
