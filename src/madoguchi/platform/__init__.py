"""What every room uses and no law changes."""
