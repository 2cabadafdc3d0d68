"""Sizes of the stress tests: quick by default, the bars' own with SIGNALBOX_FULL=1."""

import os

FULL = os.environ.get("SIGNALBOX_FULL") == "1"
SANITIZED = os.environ.get("SIGNALBOX_SANITIZED") == "1"  # memory bars say nothing there


def pick(quick: int, full: int) -> int:
    return full if FULL else quick
