"""REGISTER: what decisions brought about and what holds today (台帳)."""
