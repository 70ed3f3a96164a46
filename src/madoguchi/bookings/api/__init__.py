"""Facilities and orders for programs."""
