"""Signalbox with bench/governed.yaml: keys that people made, and a database with many more of them."""

import concurrent.futures
import http.client
import json
import os
import secrets
import sqlite3
from pathlib import Path

from . import machine
from .machine import BenchError
from .process import Process
from .targets import Signalbox

CONFIG = Path(__file__).resolve().parents[1] / "governed.yaml"
NOW = 1_795_219_200_000_000_000  # any time; nanoseconds since 1970


class Governed(Signalbox):
    """`used` keys of which each sends requests; `more` keys, each with a budget and limits, that only exist."""

    def __init__(self, label, upstream, work_dir, cache="on", used=10, more=0):
        self.label = label
        super().__init__(upstream, work_dir)
        self.env = {"BENCH_UPSTREAM": upstream, "BENCH_CACHE": cache}
        self.used, self.more = used, more
        self.credentials = self.dir / "credentials"

    def start(self):
        admin = self._launch()
        self._make_keys(admin)
        if self.more:
            self.stop()
            self._fill()
            self._launch(first=False)

    def fresh(self):
        raise BenchError("a governed gateway is not started twice")

    def _launch(self, first=True):
        command = [self.program, "serve", "--config", CONFIG, "--listen", "127.0.0.1:0"]
        self.process = Process(
            [*command, "--data", self.dir / "data"], machine.GATEWAY_CORE, self.dir / "log", self.env
        )
        address = self.process.wait_for_line("listening on http://", 60)
        self.port = int(address.rstrip("/").rsplit(":", 1)[1])
        return self.process.wait_for_line("admin key, shown this once: ") if first else None

    def _make_keys(self, admin):
        def make(numbers):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            headers = {"Authorization": f"Bearer {admin}", "Content-Type": "application/json"}
            made = []
            for number in numbers:
                connection.request("POST", "/api/keys", json.dumps({"name": f"bench {number}"}), headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status != 201:
                    raise BenchError(f"a key was not made: {answer.status} {text[:200]!r}")
                made.append(json.loads(text)["token"])
            connection.close()
            return made

        at_once = 16
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            shares = [range(first, self.used, at_once) for first in range(min(at_once, self.used))]
            found = [secret for share in pool.map(make, shares) for secret in share]
        self.credentials.write_text("".join(f"Authorization: Bearer {one}\n" for one in found), encoding="utf-8")

    def _fill(self):
        """Rows as the program writes them; nobody knows these keys' secrets."""
        base = sqlite3.connect(self.dir / "data" / "signalbox.db")
        tenant = base.execute("SELECT tenant FROM identity_keys WHERE tenant <> ''").fetchone()[0]
        ids = [f"{0x019f_0000_0000 + number:012x}7{secrets.token_hex(10)[:3]}8{os.urandom(8).hex()[:15]}"
               for number in range(self.more)]
        base.executemany(
            "INSERT INTO identity_keys (id, tenant, name, hash, hint, role, models, providers, dialects, privacy,"
            " tags, metadata, created, changed, version) VALUES (?,?,'filler',?,'…',2,'','','',0,'','',?,?,1)",
            ((f"key_{one}", tenant, os.urandom(32), NOW, NOW) for one in ids),
        )
        base.executemany(
            "INSERT INTO quota_budgets (id, tenant, subject, window_kind, zone, amount, alert_ppm, hard, any_price,"
            " created, changed, version) VALUES (?,?,?,'day','UTC',1000000000000,800000,1,0,?,?,1)",
            ((f"budget_{one}", tenant, f"key:{one}:", NOW, NOW) for one in ids),
        )
        base.executemany(
            "INSERT INTO quota_limits (id, tenant, subject, requests_per_minute, tokens_per_minute, created, changed,"
            " version) VALUES (?,?,?,100000,4000000000,?,?,1)",
            ((f"limit_{one}", tenant, f"key:{one}:", NOW, NOW) for one in ids),
        )
        base.commit()
        base.close()
