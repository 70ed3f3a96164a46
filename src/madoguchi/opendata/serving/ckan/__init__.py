"""CKAN's Action API."""
