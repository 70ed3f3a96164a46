"""Tickets as signed text, and the gate that reads them."""
