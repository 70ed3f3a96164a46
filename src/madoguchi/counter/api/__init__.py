"""The API of what several stages do together."""
