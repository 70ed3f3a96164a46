"""PAYMENT: what is owed and what was settled, on an append-only ledger; providers in a register."""
