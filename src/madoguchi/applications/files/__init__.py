"""Files that are handed in: taken, examined, kept."""
