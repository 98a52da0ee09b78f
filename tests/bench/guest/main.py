# SPDX-License-Identifier: GPL-2.0
"""Runs in the guest: main.py SCENARIO... prints their results as JSON."""

import importlib
import json
import sys
import time


def main(names):
    results = {}
    for name in names:
        start = time.monotonic()
        print(f"  measuring {name}", file=sys.stderr, flush=True)
        results[name] = importlib.import_module(name).measure()
        print(
            f"  {name}: {time.monotonic() - start:.0f} s in the guest: {json.dumps(results[name])}",
            file=sys.stderr,
            flush=True,
        )
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
