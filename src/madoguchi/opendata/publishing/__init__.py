"""Datasets: frozen versions, their files, the table behind the API, and what the system publishes of itself."""
