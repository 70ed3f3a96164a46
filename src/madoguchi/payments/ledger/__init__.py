"""What is owed and what came in, line by line."""
