#!/usr/bin/env python3
"""Measures Signalbox side by side with nginx, haproxy and Portkey. See README.md."""

import sys

from harness.main import main

if __name__ == "__main__":
    sys.exit(main())
