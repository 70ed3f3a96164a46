"""FACE: the public pages that join several stages."""
