"""The program's own description of its API, for suites that go through every route."""

import json
import re
from dataclasses import dataclass

from .gateway import run_cli

ROLES = ("viewer", "member", "operator", "admin")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class Operation:
    method: str
    path: str
    access: str
    parameters: list
    schema: dict | None  # of its body

    @property
    def open(self) -> bool:
        return self.access == "open"

    def allows(self, role: str, installation: bool) -> bool:
        found = re.fullmatch(r"role (\w+)( of the installation)?", self.access)
        if not found:
            return True
        return ROLES.index(role) >= ROLES.index(found[1]) and (installation or not found[2])

    def takes(self, parameter: str) -> bool:
        return any(each["name"] == parameter and each["in"] == "query" for each in self.parameters)

    def filled(self, ids: dict) -> str:
        """Its path with ids; `{id}` is that of the kind in the path, such as `keys`."""
        kind = self.path.split("/")[2] if self.path.startswith("/api/") else ""
        return re.sub(r"\{(\w+)\}", lambda name: ids[kind if name[1] == "id" else name[1]], self.path)

    def members(self) -> dict:
        return (self.schema or {}).get("properties", {})

    def body(self, **given) -> dict:
        """A body with what is required, and what is given."""
        body = {name: sample(self.members()[name]) for name in (self.schema or {}).get("required", [])}
        return {**body, **given}


def sample(schema: dict):
    if "enum" in schema:
        return schema["enum"][0]
    return {"string": "some-name", "number": 1, "integer": 1, "boolean": True, "array": [],
            "object": {}}[schema["type"]]


def description() -> dict:
    done = run_cli("api", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def operations(page: dict | None = None) -> list[Operation]:
    page = page or description()
    schemas = page["components"]["schemas"]
    found = []
    for path, item in page["paths"].items():
        for method, each in item.items():
            named = each.get("requestBody", {}).get("content", {}).get("application/json", {}).get(
                "schema", {}).get("$ref", "")
            found.append(Operation(method.upper(), path, each["x-signalbox-access"],
                                   each["parameters"], schemas.get(named.rsplit("/", 1)[-1])))
    return found


def calls(found: list[Operation]) -> list[Operation]:
    """Those that call models."""
    return [each for each in found if each.method == "POST" and not each.schema
            and not re.match(r"/api/(keys|cache|users|teams|budgets)", each.path)]
