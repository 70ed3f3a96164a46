"""The check of definitions: every fault with file, line and remedy, one file per kind of fault."""
