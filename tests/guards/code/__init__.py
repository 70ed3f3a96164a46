"""Habits of the files: what is written, and how."""
