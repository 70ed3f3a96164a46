"""The line before an opening (ADR 27)."""
