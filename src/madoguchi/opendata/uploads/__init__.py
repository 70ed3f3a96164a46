"""A bureau's own file, until a second officer publishes it."""
