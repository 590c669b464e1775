"""Which comment is which: seen twice, edited, copied, exported by two tools."""
