"""The documentation, held to the truth: what it shows is run, what it lists is complete."""
