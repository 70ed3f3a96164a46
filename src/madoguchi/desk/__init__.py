"""FACE: the officers' pages that join several stages."""
