"""The search for personal data in a table."""
