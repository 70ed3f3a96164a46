"""OPEN DATA: datasets made from the record and from uploads, their catalogue and their API."""
