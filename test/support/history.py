"""A random life of the whole program: calls of every kind, kills, changes, clocks that jump.

Everything is chosen by a seed, and told in `story`. The driver knows what was acknowledged: which
answers came whole, which keys are dead, how much money each budget may have given out at most. What
must be true of it stands in fault/test_history.py.

Owner:   one test; `with History(seed, folder) as history`. Threads: calls are made on a pool's.
Errors:  a step that must work and does not fails with the step; the story says what came before.
"""

import concurrent.futures
import contextlib
import random
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from . import billing, change
from .client import Client, Closed, Malformed, chat_request, fetch
from .gateway import Gateway, edge
from .management import Caller, bearer, first_key, nanos
from .process import eventually
from .shim import Shim

DAY, HOUR = 24 * 3600, 3600
CALLERS = 6
REFUSALS = {401, 402, 429}
KINDS = {"whole": 10, "stream": 6, "leave": 4, "cut": 2, "cut stream": 2, "refuse": 2, "fail": 2,
         "reset": 2, "slow": 3}


@dataclass
class Seen:
    """What a client knows about one call."""
    number: int
    kind: str
    key: str
    status: int = 0
    request_id: str = ""
    whole: bool = False


@dataclass
class Key:
    id: str
    tenant: str
    token: str
    dead: bool = False


@dataclass
class Budget:
    """`most` is what its running window may have given out, whatever was changed meanwhile."""
    id: str
    setter: Caller              # who made it, and may change it
    holds: dict                 # what a record has when it counts
    window: str
    amount: int
    credits: dict = field(default_factory=dict)
    most: int = 0


class History:
    def __init__(self, seed: int, folder):
        self.seed = seed
        self.random = random.Random(seed)
        self.shim = Shim(folder, only_clock=True)
        self.story: list[str] = []
        self.seen: list[Seen] = []
        self.keys: list[Key] = []
        self.budgets: list[Budget] = []
        self.deeds: list[tuple[str, str]] = []  # acknowledged changes, as the audit trail names them
        self.number = 0
        self.kills = 0
        self.slowest_start = 0.0
        self.offset = 0.0

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.upstream = stack.enter_context(billing.Biller())
            self.pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(CALLERS))
            self.gateway = Gateway(self.config(), env=self.shim.env)
            stack.callback(self.gateway.close)
            self.begin()
            self.ending = stack.pop_all()
        return self

    def __exit__(self, *failure):
        return self.ending.__exit__(*failure)

    def begin(self):
        self.set_clock(12 * HOUR - time.time() % DAY)  # midnight is half a day away
        self.gateway.start()
        self.installation = Caller(self.gateway, first_key(self.gateway))
        self.admins = {name: self.make_tenant(name) for name in ("north", "south")}
        self.make_budgets()

    def config(self) -> dict:
        per = self.random.randint(2, 8)
        limits = {"per_user": {"requests_per_hour": "unlimited"},
                  "per_key": {"concurrent": CALLERS * per}}
        return {**edge(self.upstream.port), "catalog": billing.CATALOG, "limits": limits,
                "server": {"workers": 2, "drain": "2s"}, "identity": {"keys": "required"},
                "ledger": {"ring": "1MiB"}, "retry": {"attempts": self.random.choice((1, 2))},
                "breaker": {"failures": 10_000, "min_calls": 100_000}}

    # who there is

    def make_tenant(self, name: str) -> Caller:
        tenant = self.installation.post("/api/tenants", {"name": name})["id"]
        self.deeds.append(("tenant.create", tenant))
        made = self.installation.post("/api/keys", {"name": f"admin of {name}", "role": "admin"},
                                      tenant=tenant)
        self.deeds.append(("key.create", made["key"]["id"]))
        admin = Caller(self.gateway, made["token"], tenant)
        for number in range(2):
            self.make_key(admin, f"{name} {number}")
        return admin

    def make_key(self, admin: Caller, name: str):
        made = admin.post("/api/keys", {"name": name, "role": "member"})
        self.deeds.append(("key.create", made["key"]["id"]))
        self.keys.append(Key(made["key"]["id"], admin.tenant, made["token"]))

    def make_budgets(self):
        for name, admin in self.admins.items():
            key = next(key for key in self.keys if key.tenant == admin.tenant)
            self.make_budget(admin, "key", key.id, "day", {"tenant": admin.tenant, "key": key.id})
            self.make_budget(self.installation, "tenant", admin.tenant, "prepaid",
                             {"tenant": admin.tenant})
            self.make_budget(admin, "tag", "batch", "day", {"tenant": admin.tenant, "tag": "batch"})

    def make_budget(self, setter: Caller, kind: str, name: str, window: str, holds: dict):
        amount = self.random.randrange(400, 6000) * billing.OUTPUT
        row = setter.money("POST", "/api/budgets", amount, window=window,
                          subject={"kind": kind, "name": name})
        self.deeds.append(("budget.create", row["id"]))
        self.budgets.append(Budget(row["id"], setter, holds, window, amount, most=amount))

    def admin_of(self, tenant: str) -> Caller:
        return next(admin for admin in self.admins.values() if admin.tenant == tenant)

    # calls

    def call(self, kind: str, key: Key, number: int, pause: float, tagged: bool) -> Seen:
        do = {"cut stream": "cut"}.get(kind, kind if kind in ("cut", "refuse", "fail", "reset")
                                       else "whole")
        text = billing.prompt(number, do, input=20 + number % 50, output=1 + number * 7 % 59,
                              pause=pause)
        headers = bearer(key.token) + ([("x-signalbox-tags", "batch")] if tagged else [])
        streamed = kind in ("stream", "cut stream", "leave")
        seen = Seen(number, kind, key.id)
        try:
            with Client(self.gateway.port, timeout=20) as client:
                client.send(chat_request(billing.MODEL, text, headers,
                                         **({"stream": True} if streamed else {})))
                if kind == "leave" and number % 3 == 0:
                    time.sleep(pause / 2)
                    client.reset()
                    return seen
                head = client.read_head()
                seen.status = head.status
                seen.request_id = head.header("x-signalbox-request-id") or ""
                pieces = client.pieces(head)
                if kind == "leave" and head.status == 200:
                    next(pieces, None)
                    client.reset()
                    return seen
                body = b"".join(pieces)
                seen.whole = head.status != 200 or not streamed or b"[DONE]" in body
        except (OSError, Closed, Malformed):
            pass
        return seen

    def begin_calls(self, most: int, *, slowly: bool = False) -> list:
        begun = []
        for _ in range(self.random.randint(1, most)):
            self.number += 1
            kind = self.random.choices(list(KINDS), KINDS.values())[0]
            pause = self.random.choice((0.0, 0.0, 0.005, 0.02))
            if slowly or kind == "slow":
                pause = self.random.uniform(0.02, 0.15)
            key = self.random.choice(self.keys if self.random.random() < 0.1 else
                                     [key for key in self.keys if not key.dead])
            tagged = self.random.random() < 0.4
            self.story.append(f"call {self.number}: {kind} by {key.id[-4:]}")
            begun.append(self.pool.submit(self.call, kind, key, self.number, pause, tagged))
        return begun

    def end_calls(self, begun: list):
        for each in begun:
            seen = each.result(30)
            dead = next(key for key in self.keys if key.id == seen.key).dead
            assert not (dead and seen.status == 200), f"a dead key called: {seen}"
            self.seen.append(seen)

    # steps

    def step(self):
        steps = {self.burst: 10, self.kill: 3, self.restart: 1, self.reload: 2, self.new_key: 1,
                 self.revoke: 1, self.change_budget: 2, self.credit: 2, self.roll: 1, self.skew: 1,
                 self.kill_while_changing: 1}
        chosen = self.random.choices(list(steps), steps.values())[0]
        self.story.append(chosen.__name__)
        chosen()

    def burst(self):
        self.end_calls(self.begin_calls(12))

    def start(self):
        self.gateway.start()
        self.slowest_start = max(self.slowest_start, self.gateway.started_in)

    def kill(self):
        begun = self.begin_calls(8, slowly=True)
        time.sleep(self.random.uniform(0, 0.15))
        self.gateway.kill()
        self.kills += 1
        self.end_calls(begun)
        self.start()

    def restart(self):
        begun = self.begin_calls(4)
        time.sleep(self.random.uniform(0, 0.05))
        assert self.gateway.terminate() == 0, "the orderly end is not orderly"
        self.end_calls(begun)
        self.start()

    def reload(self):
        begun = self.begin_calls(6)
        change.rewrite(self.gateway, self.config())
        change.hang_up(self.gateway)
        self.end_calls(begun)

    def new_key(self):
        admin = self.random.choice(list(self.admins.values()))
        self.make_key(admin, f"key {len(self.keys)}")

    def revoke(self):
        living = [key for key in self.keys if not key.dead][2:]
        if not living:
            return
        key = self.random.choice(living)
        begun = self.begin_calls(4)
        self.admin_of(key.tenant).take("POST", f"/api/keys/{key.id}/revoke")
        self.deeds.append(("key.revoke", key.id))
        asker = Caller(self.gateway, key.token)
        refused = eventually(lambda: asker.ask("GET", "/api/whoami").status == 401, 1)
        assert refused, "a revoked key is taken a second later"
        self.end_calls(begun)
        key.dead = True

    def change_budget(self):
        budget = self.random.choice(self.budgets)
        amount = self.random.randrange(100, 5000) * billing.OUTPUT
        row = budget.setter.money("PATCH", f"/api/budgets/{budget.id}", amount)
        self.deeds.append(("budget.update", budget.id))
        taken = nanos(row["spent_usd"]) + nanos(row["reserved_usd"])
        budget.amount = amount
        budget.most = max(amount + sum(budget.credits.values()), taken)

    def credit(self):
        budget = self.random.choice(self.budgets)
        self.give(budget, f"credit {len(self.story)}", self.random.randrange(1, 900) * billing.OUTPUT)
        self.deeds.append(("budget.credit", budget.id))

    def give(self, budget: Budget, name: str, amount: int):
        """Said twice: it counts once."""
        budget.credits[name] = amount
        budget.most += amount
        for _ in range(2):
            budget.setter.money("POST", f"/api/budgets/{budget.id}/credits", amount, id=name)

    def kill_while_changing(self):
        """Nobody knows whether it was taken; the same said again makes it once."""
        budget = self.random.choice(self.budgets)
        name, amount = f"credit {len(self.story)}", self.random.randrange(1, 500) * billing.OUTPUT

        def say():
            try:
                budget.setter.money("POST", f"/api/budgets/{budget.id}/credits", amount, id=name)
            except (OSError, Closed, Malformed):
                pass

        said = self.pool.submit(say)
        time.sleep(self.random.uniform(0, 0.02))
        self.gateway.kill()
        self.kills += 1
        said.result(20)
        self.start()
        self.give(budget, name, amount)

    # the clock

    def set_clock(self, offset: float):
        self.offset = offset
        self.shim.jump(offset)

    def noticed(self):
        """Waits until windows are those of the new time: at most a second, says docs/money.md."""
        today = time.strftime("%Y-%m-%d", time.gmtime(self.now()))

        def shown() -> bool:
            date = fetch(self.gateway, "GET", "/healthz").header("date")
            return abs(parsedate_to_datetime(date).timestamp() - self.now()) < 60 and all(
                self.row(each)["window_start"].startswith(today)
                for each in self.budgets if each.window == "day")

        began = time.monotonic()
        assert eventually(lambda: all(shown() for _ in range(8)), 5), "a worker keeps the old time"
        assert time.monotonic() - began < 2, "windows begin late"

    def now(self) -> float:
        return time.time() + self.offset

    def roll(self):
        """The next day: windows of a day begin anew, prepaid money does not."""
        self.quiet()
        self.set_clock(self.offset + DAY)
        day = [budget for budget in self.budgets if budget.window == "day"]
        for budget in day:
            budget.credits.clear()
            budget.most = budget.amount
        self.noticed()
        assert all(nanos(self.row(each)["spent_usd"]) == 0 for each in day), "a new day, an old sum"

    def skew(self):
        """The clock is put back or forward a little within the day, under load."""
        begun = self.begin_calls(6)
        at_noon = 12 * HOUR - self.now() % DAY
        self.set_clock(self.offset + at_noon + self.random.uniform(-2, 2) * HOUR)
        self.end_calls(begun)

    # what the program says

    def row(self, budget: Budget) -> dict:
        return budget.setter.get(f"/api/budgets/{budget.id}")

    def quiet(self) -> list[dict]:
        """Waits until nothing is reserved any more, and every call is settled; the budgets' rows."""
        def rows():
            found = [self.row(budget) for budget in self.budgets]
            return found if all(not nanos(row["reserved_usd"]) for row in found) else None

        return eventually(rows, 5, 0.02) or [self.row(budget) for budget in self.budgets]

    def foreign(self, tenant: str) -> list[str]:
        """Ids that belong to others than the tenant."""
        return [key.id for key in self.keys if key.tenant != tenant] + \
            [budget.id for budget in self.budgets if budget.holds["tenant"] != tenant]
