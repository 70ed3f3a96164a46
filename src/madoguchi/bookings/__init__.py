"""SLOTS: capacity × time. Admission tickets, appointments, and whatever is counted by the hour later."""
