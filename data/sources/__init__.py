"""One file per family of exports: export to raw comments in one shape."""
