"""After a fault: process alive, descriptors and memory back, the next request answered.

Use it around the fault:

    with recovers(gateway, upstream):
        ...the fault...
"""

import contextlib
import time

from . import client, scripts
from .process import eventually
from .scale import SANITIZED

GRACE_KIB = 1024  # one arena's worth: a process of 10 MiB moves by more than 5 % on its own


def settle(gateway, upstream) -> int:
    """Empties the pool and returns the descriptors that remain."""
    if upstream:
        upstream.drop_all()
    counts = [gateway.fd_count()]

    def quiet():
        time.sleep(0.03)  # one reading says nothing: the closing may still be under way
        counts.append(gateway.fd_count())
        return len(counts) > 3 and len(set(counts[-3:])) == 1

    eventually(quiet, 2, 0)
    return counts[-1]


def ask(gateway, model: str, text: str):
    return client.chat(gateway, model, text)


@contextlib.contextmanager
def recovers(gateway, upstream=None, *, model: str = "edge/gpt-4o-mini", rss_kib=GRACE_KIB,
             restore=True, warm: int = 5):
    for _ in range(warm):
        ask(gateway, model, "warm")
    fds = settle(gateway, upstream)
    rss = gateway.rss_kib()
    yield
    assert gateway.alive(), f"the gateway ended:\n{gateway.log()[-3000:]}"
    if upstream and restore:
        upstream.plan.clear()
        upstream.default = scripts.answer()
    after = ask(gateway, model, "after the fault")
    assert after.status == 200, f"next request: {after.status} {after.body[:300]!r}"
    assert "after the fault" in after.text(), "the next request got another one's answer"

    def back() -> bool:
        if upstream:
            upstream.drop_all()  # again: one that has just been accepted may be missed
        return gateway.fd_count() <= fds

    eventually(back, 3)
    assert gateway.fd_count() <= fds, f"descriptors: {fds} before, {gateway.fd_count()} after"
    if not SANITIZED:
        bar = rss * 1.05 + rss_kib
        eventually(lambda: gateway.rss_kib() <= bar, 3)
        now = gateway.rss_kib()
        assert now <= bar, f"memory: {rss} KiB before, {now} after, bar {bar:.0f}"
