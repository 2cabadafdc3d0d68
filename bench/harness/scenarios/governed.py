"""Keys, limits, budgets, cache and ledger, all on: CPU per request of misses and hits, and with many keys."""

from ..accounting import per_request
from ..governed import Governed

TITLE = "keys, limits, budgets, cache and ledger on, 32 connections"
CONNECTIONS = 32
MANY = 100_000
FILL = 60_000  # answers, more than the cache holds


class Lane:
    """One way to ask a target; a target of its own to the tools."""

    headers = ()

    def __init__(self, label, target, unique=True):
        self.label, self.target, self.unique = label, target, unique
        self.model = target.model

    def pids(self):
        return self.target.pids()

    def address(self, route):
        return self.target.address(route)

    def flags(self):
        credentials = getattr(self.target, "credentials", None)
        return {"unique": int(self.unique), **({"credentials_file": credentials} if credentials else {})}


def run(context):
    seconds, count = (0.8, 3) if context.quick else (2, 5)
    tools = context.tools
    peers = [Lane(target.label, target) for target in context.targets if target.label in ("nginx", "Signalbox")]

    def make(label, **form):
        return Governed(label, tools.upstream_address, tools.work_dir, **form)

    cached, uncached = make("governed"), make("no-cache", cache="off")
    gateways = [cached, uncached]
    lanes = [
        *peers,
        Lane("no cache", uncached),
        Lane("miss", cached),
        Lane("hit", cached, unique=False),
    ]
    if not context.quick:
        many = make("many", used=1000, more=MANY)
        gateways.append(many)
        lanes.append(Lane("miss, many", many))

    def load(lane, time):
        return tools.load("closed", lane, connections=CONNECTIONS, seconds=time, **lane.flags())

    def measure(lane):
        figures = load(lane, seconds)
        return figures | per_request(figures)

    try:
        for gateway in gateways:
            gateway.start()
        for lane in lanes:
            load(lane, 0.5)
        for lane in lanes:  # a cache in service is full: a new answer takes the place of an old one
            if lane.unique and lane.target in gateways and lane.target is not uncached:
                tools.load("closed", lane, connections=CONNECTIONS, requests=FILL, seconds=30, **lane.flags())
        return context.interleave("governed", lanes, count, measure)
    finally:
        for gateway in gateways:
            gateway.stop()
