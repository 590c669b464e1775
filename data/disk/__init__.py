"""Where tables lie: files, ledgers and vectors of one output."""
