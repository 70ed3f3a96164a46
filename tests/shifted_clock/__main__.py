"""`python -m tests.shifted_clock`."""

import sys

from tests.shifted_clock import MOMENTS, __doc__, run

if not sys.argv[1:]:
    sys.exit(f"{__doc__}\nMoments: {', '.join(MOMENTS)}")
sys.exit(run(sys.argv[1], sys.argv[2:]))
