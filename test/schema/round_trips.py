#!/usr/bin/env python3
"""Random values of the vendors' published schemas, through their dialects and out again.

    round_trips.py PROGRAM [--only TEXT] [--seed N] [--scale F] [--keep FILE]

PROGRAM is the test of vendors/dialects. --only takes the targets whose dialect, kind or schema
holds TEXT. Without the descriptions (../shared/specs beside the project) it says so and passes.
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

from instances import load
from vendors import TARGETS

SPECS = pathlib.Path(__file__).resolve().parents[2] / ".." / "shared" / "specs"


def instances(target, schemas, seed, count):
    for number in range(count):
        # Of its own, so that one can be made again without those before it.
        draw = random.Random(f"{seed} {target.dialect} {target.schema} {number}")
        yield {"dialect": target.dialect, "kind": target.kind, "schema": target.schema,
               "number": number, "value": target.make(schemas, draw)}


def write(out, options):
    for target in TARGETS:
        if options.only not in f"{target.dialect} {target.kind} {target.schema}":
            continue
        schemas = load(SPECS / target.spec)
        for one in instances(target, schemas, options.seed, round(target.count * options.scale)):
            out.write(json.dumps(one, ensure_ascii=one["number"] % 2 == 0) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--only", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--keep", help="where the instances are written, to be read")
    options = parser.parse_args()
    if not SPECS.exists():
        print("skipped: no descriptions in ../shared/specs")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or os.path.join(folder, "instances.jsonl")
        with open(path, "w", encoding="utf-8") as out:
            write(out, options)
        return subprocess.call(
            [options.program, "--gtest_brief=1", "--gtest_filter=SchemaInstances.*"],
            env=os.environ | {"SB_SCHEMA_INSTANCES": path})


if __name__ == "__main__":
    sys.exit(main())
