"""The matrix as text: clients down, upstreams across, and the features below."""

import collections

from support.upstreams import UPSTREAMS


def faults_of(case, results: dict, direct: bool = False) -> list[str]:
    from .judge import Judge
    return Judge(case, results[case.id], direct).run()


def table(faults: dict) -> str:
    """`faults`: case → list. A cell is what passed, of what was played when not all did."""
    cells = collections.defaultdict(lambda: [0, 0])
    for case, found in faults.items():
        row = f"{case.client} ({case.language})"
        for key in ((row, case.upstream), (case.feature, case.upstream)):
            cells[key][0] += not found
            cells[key][1] += 1
    columns = [name for name in UPSTREAMS if any(case.upstream == name for case in faults)]
    clients = list(dict.fromkeys(f"{case.client} ({case.language})" for case in faults))
    features = list(dict.fromkeys(case.feature for case in faults))

    def line(row: str) -> str:
        told = []
        for column in columns:
            good, played = cells[row, column]
            told.append("·" if not played else f"{good}" if good == played else f"{good}/{played}")
        return f"{row:28}" + "".join(f"{one:>13}" for one in told)

    head = f"{'client':28}" + "".join(f"{name[:12]:>13}" for name in columns)
    return "\n".join([head, *map(line, clients), "", head.replace("client ", "feature"),
                      *map(line, features)])
