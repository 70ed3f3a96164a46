"""The town: its bureaus and offices, where they are reached, and the letters that it sends."""
