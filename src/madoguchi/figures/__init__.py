"""STATISTICS: numbers read from events."""
