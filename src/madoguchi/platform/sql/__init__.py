"""SQL of our own: rows of one statement, statements planned once, guards and folding."""
