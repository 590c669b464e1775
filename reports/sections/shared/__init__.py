"""What sections are made of: blocks, views, words, quotes."""
