"""The management API from outside: who calls, what is sent, amounts without rounding.

Owner:   one test; a `Caller` is a credential at a gateway, which may be killed and started meanwhile.
Errors:  `take` fails unless the answer is 2xx; `ask` returns what came.
"""

import decimal
import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from .client import Answer, chat_body, fetch

FIRST_KEY = re.compile(r"admin key, shown this once: (sb_\S+)")
NANO = 1_000_000_000


def nanos(dollars) -> int:
    """An amount of the API in 10^-9 dollars, exactly."""
    return int(decimal.Decimal(str(dollars)) * NANO)


def dollars(nano: int) -> str:
    return f"{nano // NANO}.{nano % NANO:09}"


def exact(data: bytes):
    """JSON whose numbers are not rounded."""
    return json.loads(data, parse_float=decimal.Decimal)


def first_key(gateway) -> str:
    """The admin key that the first start prints."""
    found = FIRST_KEY.search(gateway.log())
    assert found, f"no admin key is printed:\n{gateway.log()[:2000]}"
    return found.group(1)


def bearer(token: str) -> list[tuple[str, str]]:
    return [("Authorization", f"Bearer {token}")] if token else []


@dataclass
class Caller:
    gateway: object
    token: str = ""
    tenant: str = ""

    def ask(self, method: str, path: str, body=None, *, query: dict | None = None,
            timeout: float = 10.0) -> Answer:
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        target = path + ("?" + urlencode(query) if query else "")
        return fetch(self.gateway, method, target, data, bearer(self.token), timeout=timeout)

    def take(self, method: str, path: str, body=None, **more):
        answer = self.ask(method, path, body, **more)
        assert 200 <= answer.status < 300, f"{method} {path}: {answer.status} {answer.body[:500]!r}"
        return exact(answer.body) if answer.body else None

    def get(self, path: str, **query):
        return self.take("GET", path, query=query)

    def post(self, path: str, body: dict, **query):
        return self.take("POST", path, body, query=query)

    def every(self, path: str, **query) -> list:
        """A list with all its parts."""
        found, after = [], {}
        while True:
            part = self.get(path, **query, **after)
            found += part["data"]
            if part["next"] is None:
                return found
            after = {"after": part["next"]}

    def money(self, method: str, path: str, amount: int, **members):
        """As `take`, with `amount_usd` as a number that no float has touched."""
        rest = json.dumps(members)[1:-1]
        body = f'{{"amount_usd": {dollars(amount)}{", " if rest else ""}{rest}}}'
        return self.take(method, path, body.encode())

    def chat(self, model: str, text: str = "hi", headers=(), **more) -> Answer:
        return fetch(self.gateway, "POST", "/v1/chat/completions", chat_body(model, text, **more),
                     [*bearer(self.token), *headers])
