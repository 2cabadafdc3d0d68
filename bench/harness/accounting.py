"""What a group of processes has used: CPU in nanoseconds, memory in bytes."""

import os

from . import machine

SHIPPER = "shipper"  # the thread that brings settled calls into the database


def cpu_ns(pids, name=None):
    """CPU time of all living threads, or those of that name, from the scheduler's own nanosecond counters."""
    total = 0
    for pid in pids:
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                if name and not _is_called(f"/proc/{pid}/task/{task}", name):
                    continue
                with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as stat:
                    total += int(stat.read().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


def _is_called(task, name):
    with open(f"{task}/comm", encoding="utf-8") as comm:
        return comm.read().strip() == name


def _status_bytes(pids, field):
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/status", encoding="utf-8") as status:
                total += sum(int(line.split()[1]) * 1024 for line in status if line.startswith(field + ":"))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


def resident(pids):
    return _status_bytes(pids, "VmRSS")


def peak(pids):
    """The largest resident size since the last reset_peak, summed over the processes."""
    return _status_bytes(pids, "VmHWM")


def reset_peak(pids):
    for pid in pids:
        with open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as clear:
            clear.write("5")


def per_request(figures):
    """CPU in µs for each answered request, and how much of it fills the database."""
    answered = max(1, figures["requests"])
    shipping = figures["shipping_ns"]
    return {
        "cpu_us_per_request": figures["cpu_ns"] / answered / 1e3,
        "shipping_us_per_request": shipping / answered / 1e3,
    }


class Meter:
    """Measures what happens between start and stop; `others` are the benchmark's own helpers."""

    def __init__(self, pids, others=()):
        self.pids, self.others = list(pids), list(others)

    def start(self):
        self.cpu = cpu_ns(self.pids)
        self.shipping = cpu_ns(self.pids, SHIPPER)
        self.other_cpu = cpu_ns(self.others)
        self.cores = {core: machine.core_times(core) for core in (machine.GATEWAY_CORE, machine.LOAD_CORE)}

    def stop(self, load_cpu_ns, seconds):
        """Adds up the round; `load_cpu_ns` is what the (ended) load generator used."""
        gateway = cpu_ns(self.pids) - self.cpu
        helpers = cpu_ns(self.others) - self.other_cpu + load_cpu_ns
        after = {core: machine.core_times(core) for core in self.cores}
        busy = {core: after[core].busy - before.busy for core, before in self.cores.items()}
        stolen = sum(after[core].stolen - before.stolen for core, before in self.cores.items())
        foreign = sum(busy.values()) - (gateway + helpers) / 1e9
        return {
            "cpu_ns": gateway,
            "shipping_ns": cpu_ns(self.pids, SHIPPER) - self.shipping,
            "load_core_share": helpers / 1e9 / seconds,
            "gateway_core_busy_s": busy[machine.GATEWAY_CORE],
            "foreign_share": max(0.0, foreign) / (2 * seconds),
            "stolen_share": max(0.0, stolen) / (2 * seconds),
        }
