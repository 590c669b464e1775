"""The files that people write beside an output."""
