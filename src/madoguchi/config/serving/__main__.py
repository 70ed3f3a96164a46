"""Serve the pages: granian with our limits; what is given on the command line goes to granian and wins."""

import sys

from granian.cli import entrypoint

from .command import APPLICATION, connections, settings
from .limits import Limits

if __name__ == "__main__":
    sys.argv[1:] = [*settings(connections(Limits().connections.in_all)), *sys.argv[1:], APPLICATION]
    entrypoint()  # type: ignore[no-untyped-call]
