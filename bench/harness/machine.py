"""The machine: which cores are used for what, and who else is using them."""

import datetime
import os
import platform
import resource
from dataclasses import dataclass

GATEWAY_CORE = 0
LOAD_CORE = 1
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """Something the person at the terminal has to put right."""


def prepare():
    """Checks the cores and raises the descriptor limit, which child processes inherit."""
    cores = os.sched_getaffinity(0)
    if not {GATEWAY_CORE, LOAD_CORE} <= cores:
        raise BenchError(f"needs cores {GATEWAY_CORE} and {LOAD_CORE}, this process may use {sorted(cores)}")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < 8192:
        raise BenchError(f"needs 8192 descriptors, the hard limit is {hard} (ulimit -Hn)")


def describe():
    """One line about the machine, as it is printed under every table."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    virtual = " (virtual)" if "hypervisor" in open("/proc/cpuinfo", encoding="utf-8").read() else ""
    kernel = platform.release().split("-")[0]
    return f"{os.cpu_count()} × {model}{virtual}, Linux {kernel}"


def today():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")


@dataclass
class CoreTimes:
    busy: float  # seconds
    stolen: float


def core_times(core):
    """Seconds the core has been busy since boot, and seconds the hypervisor took away."""
    with open("/proc/stat", encoding="utf-8") as stat:
        for line in stat:
            if line.startswith(f"cpu{core} "):
                fields = [int(field) for field in line.split()[1:9]]
                user, nice, system, _idle, _iowait, irq, softirq, steal = fields
                busy = user + nice + system + irq + softirq
                return CoreTimes(busy / TICKS_PER_SECOND, steal / TICKS_PER_SECOND)
    raise BenchError(f"/proc/stat has no cpu{core}")
