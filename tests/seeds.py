"""A fresh seed for each session of tests."""

import os
import random

SESSION = "PYTEST_XDIST_TESTRUNUID"


def fresh() -> int:
    """Drawn anew for each session; its workers draw the same, so that they agree on what tests there are."""
    shared = os.environ.get(SESSION)
    drawn = random.Random(shared) if shared else random.SystemRandom()
    return drawn.randrange(2**32)
