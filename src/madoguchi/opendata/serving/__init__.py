"""The catalogue: its pages, its search, its API."""
