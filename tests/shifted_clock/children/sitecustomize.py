"""Every Python under libfaketime 0.9.10 sleeps another way: it refuses to sleep by an untouched monotonic clock."""

import select
import time

time.sleep = lambda seconds: select.select((), (), (), seconds) and None
