"""Settings, URLs, the WSGI entry and the command line: where all slices are put together."""
