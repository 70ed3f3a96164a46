"""Requests for data, and the feeds."""
