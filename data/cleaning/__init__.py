"""What becomes of the cells of an export before they are kept."""
