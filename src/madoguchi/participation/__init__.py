"""VOICE: what people say of the service (ratings)."""
