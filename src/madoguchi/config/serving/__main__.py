"""Serve the pages: granian with our limits; what is given on the command line goes to granian and wins.

The application is loaded here, once: granian forks its workers from this process, so that they share what they only
read, and none starts slowly after another one has ended.
"""

import multiprocessing
import sys
from importlib import import_module

from granian.cli import entrypoint

from .command import APPLICATION, connections, settings
from .limits import Limits

if __name__ == "__main__":
    sys.argv[1:] = [*settings(connections(Limits().connections.in_all)), *sys.argv[1:], APPLICATION]
    multiprocessing.set_start_method("fork")  # what Python 3.14 no longer does by itself
    import_module(APPLICATION.partition(":")[0])
    entrypoint()  # type: ignore[no-untyped-call]
