"""How stages work: in a line, timed, shown, recorded."""
