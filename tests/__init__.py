"""Tests that belong to no single slice: journeys, guards, and the cast they share (`town.py`)."""
