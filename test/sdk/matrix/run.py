"""Plays the matrix, or a part of it, and prints it as a table.

usage: run.py [--direct] [--clients a,b] [--upstreams a,b] [--features a,b]
              [--languages python,node] [--node PROGRAM FOLDER] [--failures FILE]

A feature stands for its streamed form too. `--direct` leaves the program out: each SDK on its own
vendor's upstream, which tests the upstreams.
"""

import argparse
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from sdk.matrix import cases as all_cases  # noqa: E402
from sdk.matrix.play import Stage  # noqa: E402
from sdk.matrix.table import faults_of, table  # noqa: E402
from support.upstreams import script  # noqa: E402


def chosen(arguments) -> list:
    def wanted(text, value):
        return not text or value in text.split(",") or script.bare(value) in text.split(",")

    return [case for language in arguments.languages.split(",")
            for case in all_cases.cases(language, arguments.direct)
            if wanted(arguments.clients, case.client)
            and wanted(arguments.upstreams, case.upstream)
            and wanted(arguments.features, case.feature)]


def play(cases: list, direct: bool = False, node=None) -> dict:
    """Case → faults."""
    with Stage(direct, node=node) as stage:
        results = stage.play(cases)
    return {case: faults_of(case, results, direct) for case in cases}


def tell(faults: dict, seconds: float, failures: str = "") -> int:
    """Prints faults (or writes them to a file), the table, and the sum; 1 when a case failed."""
    told = [f"{case.language} {case.name}\n" + "".join(f"    {fault}\n" for fault in found)
            for case, found in faults.items() if found]
    if failures:
        pathlib.Path(failures).write_text("".join(told))
    else:
        print("".join(told))
    print(table(faults))
    print(f"{seconds:.1f} s")
    print(f"{len(faults) - len(told)} passed, {len(told)} failed")
    return 1 if told else 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--direct", action="store_true")
    for name in ("clients", "upstreams", "features", "failures"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--languages", default="python")
    parser.add_argument("--node", nargs=2)
    arguments = parser.parse_args()
    begun = time.monotonic()
    faults = play(chosen(arguments), arguments.direct, arguments.node)
    return tell(faults, time.monotonic() - begun, arguments.failures)


if __name__ == "__main__":
    sys.exit(main())
