"""Memory, descriptors and CPU of a process, read from /proc."""

import os
import pathlib
import time

TICKS = os.sysconf("SC_CLK_TCK")


def status_kib(pid: int, field: str) -> int:
    """A field of /proc/PID/status in KiB: VmRSS, VmHWM, RssAnon."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    return 0


def rss_kib(pid: int) -> int:
    """Resident memory without file pages: a mapped journal is the disk's, not the heap's."""
    return status_kib(pid, "RssAnon")


def fd_count(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def thread_count(pid: int) -> int:
    return status_kib(pid, "Threads")


def cpu_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def eventually(condition, timeout: float = 3.0, pause: float = 0.01):
    """Polls until `condition()` is true and returns its value; the last value after `timeout`."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(pause)
