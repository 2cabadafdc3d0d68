"""Child processes: started on a core, accounted for, stopped by their own ids."""

import os
import signal
import socket
import subprocess
import time

from .machine import BenchError


class Process:
    """A process and its children, pinned to one core, its output in a file."""

    def __init__(self, command, core, log, env=None):
        self.log = log
        self.command = [str(part) for part in command]
        with open(log, "wb") as output:
            self.popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, {core}),
            )

    def pids(self):
        """The process itself and all its living descendants."""
        found, queue = [], [self.popen.pid]
        while queue:
            pid = queue.pop()
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as children:
                        queue.extend(int(child) for child in children.read().split())
            except (FileNotFoundError, ProcessLookupError):
                continue
            found.append(pid)
        return found

    def check_alive(self):
        if self.popen.poll() is not None:
            raise BenchError(f"{self.command[0]} ended with status {self.popen.returncode}:\n{self.tail()}")

    def tail(self):
        with open(self.log, encoding="utf-8", errors="replace") as output:
            return "".join(output.readlines()[-15:])

    def wait_for_line(self, start, seconds=10):
        """Waits for an output line that contains `start` and returns what follows it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with open(self.log, encoding="utf-8", errors="replace") as output:
                for line in output:
                    if start in line and line.endswith("\n"):
                        return line.split(start, 1)[1].split()[0]
            self.check_alive()
            time.sleep(0.002)
        raise BenchError(f"{self.command[0]} never printed {start!r}:\n{self.tail()}")

    def stop(self):
        if self.popen.poll() is not None:
            return
        descendants = self.pids()
        self.popen.send_signal(signal.SIGTERM)
        try:
            self.popen.wait(5)
        except subprocess.TimeoutExpired:
            for pid in descendants:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            self.popen.wait()


def free_port():
    """A port nobody listens on now, for the servers that cannot choose one themselves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        process.check_alive()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.001)
    raise BenchError(f"{process.command[0]} does not listen on {port}:\n{process.tail()}")
