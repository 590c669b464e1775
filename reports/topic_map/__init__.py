"""TOPICS -> one self-contained HTML file: a map and a tree of topics."""
