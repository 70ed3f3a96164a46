"""Fault programs, each with its control: what must hold when things go wrong, shown on purpose."""
