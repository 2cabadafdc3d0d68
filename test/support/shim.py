"""A library put before the C library of the program under test: its civil clock jumps, its
allocations and its writes to files fail when a test says so.

Owner:   one test; `Shim(tmp_path)`, whose `env` goes to the Gateway.
Errors:  the suite is left out where there is no C compiler.
"""

import mmap
import pathlib
import shutil
import struct
import subprocess

import pytest

SOURCE = pathlib.Path(__file__).with_name("shim.c")
FIELDS = {"clock_ns": 0, "at_least": 8, "one_in": 16, "skip": 24, "count": 32, "failed": 40,
          "seen": 48, "no_write": 56, "refused": 64}


class Shim:
    def __init__(self, folder: pathlib.Path, *, only_clock: bool = False):
        compiler = shutil.which("cc") or shutil.which("clang-19") or shutil.which("gcc")
        if not compiler:
            pytest.skip("no C compiler is installed (Debian package gcc)")
        library = folder / "shim.so"
        subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl",
                        *(["-DONLY_CLOCK"] if only_clock else [])], check=True)
        path = folder / "shim.page"
        path.write_bytes(bytes(4096))
        with path.open("r+b") as file:
            self.page = mmap.mmap(file.fileno(), 4096)
        self.env = {"LD_PRELOAD": str(library), "SIGNALBOX_TEST_SHIM": str(path)}

    def set(self, **values: int):
        for name, value in values.items():
            struct.pack_into("<q", self.page, FIELDS[name], value)

    def get(self, name: str) -> int:
        return struct.unpack_from("<q", self.page, FIELDS[name])[0]

    # the clock

    def jump(self, seconds: float):
        """The civil clock stands so far from the true one from now on."""
        self.set(clock_ns=round(seconds * 1e9))

    # files

    def fail_writes(self, error: int):
        """Writing to files fails with this errno from now on; 0: it works again."""
        self.set(no_write=error)

    # memory

    def fail_some(self, one_in: int, at_least: int = 0):
        self.set(at_least=at_least, count=0, one_in=one_in)

    def fail_at(self, number: int, at_least: int = 0, count: int = 1):
        """The allocation with this number, counted from now and from 0, and `count` - 1 more."""
        self.set(one_in=0, count=0, at_least=at_least, seen=0, failed=0, skip=number)
        self.set(count=count)

    def fail_none(self):
        self.set(one_in=0, count=0)
