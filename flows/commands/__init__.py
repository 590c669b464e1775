"""What each `voc` command does, and how it speaks to people: words, progress, errors."""
