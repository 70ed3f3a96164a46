"""Fault programs, each with its control: what must hold when things go wrong, shown on purpose."""
"""Drills: what must hold when everything goes wrong, tried many times on a real database, each with its control."""
