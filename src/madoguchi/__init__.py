"""Madoguchi (窓口, "the counter"): a virtual city hall that any prefecture or city can run."""

__version__ = "0.1.0"
