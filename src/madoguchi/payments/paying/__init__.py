"""Ways to pay, to pay back, and what is printed about it."""
