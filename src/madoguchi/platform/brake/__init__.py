"""One brake for everything that strangers write: how much a sender, or an address, may do in a while (ADR 48)."""
