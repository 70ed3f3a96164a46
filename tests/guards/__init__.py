"""Habits held by tests: what must be true of every URL, page, model and file, also of those written tomorrow."""
