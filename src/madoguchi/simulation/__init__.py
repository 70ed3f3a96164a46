"""Invented towns: a past for the demo town, and towns of any size to measure. Nothing here is real (ADR 39)."""
