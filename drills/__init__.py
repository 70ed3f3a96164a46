"""Drills: what must hold when everything goes wrong, tried many times on a real database, each with its control."""
