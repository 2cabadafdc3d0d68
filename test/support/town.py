"""Two tenants, each with one of everything, and callers of every role.

Owner:   one module's fixture. What is in a tenant has its name in it: `north-…` is nobody else's.
"""

import re
from dataclasses import dataclass, field

from .management import Caller, first_key
from .openapi import ROLES

ID = re.compile(r"\b(?:key|user|team|project|tenant|budget|req)_[0-9a-f]{32}\b")
LISTS = ("keys", "users", "teams", "projects", "budgets", "limits", "requests")
VOLATILE = {"last_used"}


@dataclass
class Tenant:
    name: str
    id: str
    callers: dict = field(default_factory=dict)  # by role
    ids: dict = field(default_factory=dict)      # by kind, as in paths

    @property
    def admin(self) -> Caller:
        return self.callers["admin"]

    def inside(self) -> dict:
        """Everything that its admin sees in it."""
        return {kind: [{k: v for k, v in row.items() if k not in VOLATILE}
                       for row in self.admin.every(f"/api/{kind}")] for kind in LISTS}


class Town:
    def __init__(self, gateway, model: str):
        self.gateway, self.model = gateway, model
        self.installation = {"admin": Caller(gateway, first_key(gateway))}
        self.mayor = self.installation["admin"]
        for role in ROLES[:-1]:
            made = self.mayor.post("/api/keys", {"name": f"city {role}", "role": role},
                                   tenant="installation")
            self.installation[role] = Caller(gateway, made["token"])
        self.north, self.south = (self.build(name) for name in ("north", "south"))

    def build(self, name: str) -> Tenant:
        tenant = Tenant(name, self.mayor.post("/api/tenants", {"name": f"{name}-tenant"})["id"])
        for role in ROLES:
            made = self.mayor.post("/api/keys", {"name": f"{name}-{role}", "role": role},
                                   tenant=tenant.id)
            tenant.callers[role] = Caller(self.gateway, made["token"], tenant.id)
        self.furnish(tenant)
        return tenant

    def furnish(self, tenant: Tenant):
        admin, name = tenant.admin, tenant.name
        user = admin.post("/api/users", {"name": f"{name}-user", "email": f"{name}@example.com"})
        team = admin.post("/api/teams", {"name": f"{name}-team"})
        project = admin.post("/api/projects", {"name": f"{name}-project", "team": team["id"]})
        admin.take("PUT", f"/api/teams/{team['id']}/members/{user['id']}", {"role": "member"})
        key = admin.post("/api/keys", {
            "name": f"{name}-key", "owner": user["id"], "team": team["id"],
            "project": project["id"], "metadata": {"note": f"{name}-metadata"}})
        budget = admin.money("POST", "/api/budgets", 10**9, any_price=True,
                             subject={"kind": "user", "name": user["id"]})
        admin.take("PUT", "/api/limits", {"subject": {"kind": "user", "name": user["id"]},
                                          "limits": {"requests_per_minute": 1000}})
        answer = Caller(self.gateway, key["token"]).chat(
            self.model, f"{name}-prompt", [("x-signalbox-tags", f"{name}-tag"),
                                           ("x-signalbox-agent", f"{name}-agent")])
        assert answer.status == 200, answer.body
        tenant.ids = {"keys": key["key"]["id"], "users": user["id"], "user": user["id"],
                      "teams": team["id"], "projects": project["id"], "tenants": tenant.id,
                      "budgets": budget["id"], "model": self.model,
                      "requests": answer.header("x-signalbox-request-id")}
