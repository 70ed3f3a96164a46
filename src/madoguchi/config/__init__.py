"""Settings, URLs, the access table, the WSGI entry and the command line: where all slices are put together."""
