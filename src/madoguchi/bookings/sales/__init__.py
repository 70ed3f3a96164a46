"""Orders: sold, held, changed, cancelled, waited for."""
