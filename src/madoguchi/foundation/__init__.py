"""Values every slice needs and no law changes: text, dates, identifiers, expressions, the hash chain. No Django."""
