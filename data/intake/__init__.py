"""How the inputs of a run are found, planned, read ahead and read anew."""
