"""A day's payments beside the providers' lists."""
