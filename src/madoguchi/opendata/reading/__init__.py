"""A bureau's file as its spreadsheet shows it."""
