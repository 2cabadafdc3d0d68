// Keys, users, teams, projects and tenants through the API, over the real services.
#include "surface/api/identity_testing.h"

namespace signalbox::api {
namespace {

TEST(KeyRoutes, ASecretIsShownWhenItIsMadeAndNeverAgain) {
  ManagementRig rig;
  const Told made = rig.Ask(rig.root(), "POST", "/api/keys", R"({"name":"ci","tags":["a"]})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string token = made.Text("token");
  const std::string id = made.Text("id");
  ASSERT_TRUE(token.starts_with("sb_")) << made.body;
  const std::string secret = token.substr(token.rfind('_') + 1);
  for (const std::string& path : {"/api/keys/" + id, std::string("/api/keys")}) {
    const Told told = rig.Ask(rig.root(), "GET", path);
    EXPECT_EQ(told.status, 200) << told.body;
    EXPECT_FALSE(Has(told.body, secret)) << path;
    EXPECT_TRUE(Has(told.body, R"("hint":")" + secret.substr(secret.size() - 4)));
  }
  for (const ledger::AuditRow& row : rig.deeds()) {
    EXPECT_FALSE(Has(row.entry.details, secret)) << row.entry.action;
  }
  EXPECT_EQ(rig.Ask(token, "GET", "/api/whoami").Text("id"), id);
}

TEST(KeyRoutes, AKeyLivesThroughRotationAndRevocation) {
  ManagementRig rig;
  const Told made = rig.Ask(rig.root(), "POST", "/api/keys", R"({"name":"ci"})");
  const std::string path = "/api/keys/" + made.Text("id");
  const Told rotated = rig.Ask(rig.root(), "POST", path + "/rotate", "{}");
  ASSERT_EQ(rotated.status, 200) << rotated.body;
  EXPECT_EQ(rig.Ask(made.Text("token"), "GET", "/api/whoami").status, 401);
  EXPECT_EQ(rig.Ask(rotated.Text("token"), "GET", "/api/whoami").status, 200);
  EXPECT_EQ(rig.Ask(rig.root(), "POST", path + "/revoke").status, 200);
  EXPECT_EQ(rig.Ask(rotated.Text("token"), "GET", "/api/whoami").status, 401);
  EXPECT_EQ(rig.Ask(rig.root(), "DELETE", path).status, 204);
  EXPECT_EQ(rig.Ask(rig.root(), "GET", path).status, 404);
}

TEST(KeyRoutes, AnExpiredKeyIsNobodys) {
  ManagementRig rig;
  const Told made = rig.Ask(rig.root(), "POST", "/api/keys",
                            R"({"name":"old","expires":"2001-01-01T00:00:00Z"})");
  if (made.status == 201) {  // the service may refuse it at once
    EXPECT_EQ(rig.Ask(made.Text("token"), "GET", "/api/whoami").status, 401);
  } else {
    EXPECT_EQ(made.status, 400) << made.body;
  }
}

// R-72: who, what, when, before and after.
TEST(KeyRoutes, EveryChangeIsNotedWithWhatWasBeforeAndAfter) {
  ManagementRig rig;
  const std::string id = rig.Make(rig.root(), "/api/keys", R"({"name":"ci","models":["gpt-4o"]})");
  EXPECT_EQ(rig.Ask(rig.root(), "PATCH", "/api/keys/" + id, R"({"name":"cd"})").status, 200);
  EXPECT_EQ(rig.Ask(rig.root(), "DELETE", "/api/keys/" + id).status, 204);
  const std::vector<ledger::AuditRow> rows = rig.deeds();
  ASSERT_EQ(rows.size(), 3U);
  const ledger::AuditEntry& created = rows[0].entry;
  const ledger::AuditEntry& updated = rows[1].entry;
  const ledger::AuditEntry& removed = rows[2].entry;
  EXPECT_EQ(created.action, "key.create");
  EXPECT_TRUE(Has(created.details, R"("before":null,"after":{)")) << created.details;
  EXPECT_EQ(updated.action, "key.update");
  const std::size_t after = updated.details.find(R"("after":)");
  EXPECT_TRUE(Has(updated.details.substr(0, after), R"("name":"ci")")) << updated.details;
  EXPECT_TRUE(Has(updated.details.substr(after), R"("name":"cd")")) << updated.details;
  EXPECT_EQ(removed.action, "key.delete");
  EXPECT_TRUE(Has(removed.details, R"("after":null)")) << removed.details;
  for (const ledger::AuditRow& row : rows) {
    EXPECT_EQ(row.entry.entity_id, id);
    EXPECT_EQ(row.entry.entity_type, "key");
    EXPECT_TRUE(row.entry.user_id.starts_with("key_")) << row.entry.user_id;
  }
}

TEST(KeyRoutes, AChangeTouchesWhatWasSentAlone) {
  ManagementRig rig;
  const Told made = rig.Ask(
      rig.root(), "POST", "/api/keys",
      R"({"name":"ci","models":["gpt-4o"],"tags":["x"],"metadata":{"a":"b"},"privacy":"internal"})");
  const std::string path = "/api/keys/" + made.Text("id");
  const Told told = rig.Ask(rig.root(), "PATCH", path, R"({"tags":["y"]})");
  EXPECT_EQ(told.status, 200) << told.body;
  for (const char* part : {R"("name":"ci")", R"("models":["gpt-4o"])", R"("tags":["y"])",
                           R"("metadata":{"a":"b"})", R"("privacy":"internal")"}) {
    EXPECT_TRUE(Has(told.body, part)) << part << told.body;
  }
  EXPECT_EQ(rig.Ask(rig.root(), "PATCH", path, R"({"version":1,"name":"z"})").status, 409);
}

// P5: mass assignment. Every column of the tables, and what others fell for.
TEST(KeyRoutes, NothingBeyondTheFormCanBeSet) {
  ManagementRig rig;
  const std::string id = rig.Make(rig.root(), "/api/keys", R"({"name":"ci"})");
  const std::string path = "/api/keys/" + id;
  const std::string before = rig.Ask(rig.root(), "GET", path).body;
  for (const char* member :
       {"id",        "hash",      "hint",           "old_hash", "old_until", "old_secret_until",
        "revoked",   "last_used", "created",        "changed",  "tenant",    "tenant_id",
        "user_role", "is_admin",  "allowed_routes", "token",    "secret",    "Name",
        "ROLE",      "__proto__", "constructor",    "$ref",     "owner_id"}) {
    const std::string body = "{\"" + std::string(member) + "\":\"admin\"}";
    EXPECT_EQ(rig.Ask(rig.root(), "PATCH", path, body).status, 400) << member;
    EXPECT_EQ(rig.Ask(rig.root(), "POST", "/api/keys",
                      "{\"name\":\"x\",\"" + std::string(member) + "\":\"admin\"}")
                  .status,
              400)
        << member;
  }
  EXPECT_EQ(rig.Ask(rig.root(), "GET", path).body, before);
}

struct Two {
  explicit Two(ManagementRig& rig) : a(rig, "alpha"), b(rig, "beta") {}
  struct Side {
    Side(ManagementRig& rig, const std::string& name)
        : tenant(rig.Make(rig.root(), "/api/tenants", R"({"name":")" + name + R"("})")) {
      const std::string in = "?tenant=" + tenant;
      admin = rig.Make(rig.root(), "/api/keys" + in, R"({"name":"admin","role":"admin"})", "token");
      user = rig.Make(admin, "/api/users", R"({"name":"u"})");
      team = rig.Make(admin, "/api/teams", R"({"name":"t"})");
      project = rig.Make(admin, "/api/projects", R"({"name":"p"})");
      key = rig.Make(admin, "/api/keys", R"({"name":"k"})");
    }
    std::string tenant, admin, user, team, project, key;
  };
  Side a;
  Side b;
};

// P23, P24: what is another tenant's is not there, whatever is asked of it.
TEST(IdentityRoutes, WhatIsAnotherTenantsIsNotThere) {
  ManagementRig rig;
  Two two(rig);
  const std::pair<std::string, std::string> asked[] = {
      {"GET", "/api/keys/" + two.a.key},
      {"PATCH", "/api/keys/" + two.a.key},
      {"POST", "/api/keys/" + two.a.key + "/rotate"},
      {"POST", "/api/keys/" + two.a.key + "/revoke"},
      {"DELETE", "/api/keys/" + two.a.key},
      {"GET", "/api/users/" + two.a.user},
      {"PATCH", "/api/users/" + two.a.user},
      {"DELETE", "/api/users/" + two.a.user},
      {"GET", "/api/teams/" + two.a.team},
      {"PATCH", "/api/teams/" + two.a.team},
      {"DELETE", "/api/teams/" + two.a.team},
      {"GET", "/api/teams/" + two.a.team + "/members"},
      {"PUT", "/api/teams/" + two.a.team + "/members/" + two.b.user},
      {"PUT", "/api/teams/" + two.b.team + "/members/" + two.a.user},
      {"DELETE", "/api/teams/" + two.a.team + "/members/" + two.a.user},
      {"GET", "/api/projects/" + two.a.project},
      {"PATCH", "/api/projects/" + two.a.project},
      {"DELETE", "/api/projects/" + two.a.project},
      {"GET", "/api/tenants/" + two.a.tenant},
      {"GET", "/api/keys?tenant=" + two.a.tenant},
      {"GET", "/api/users?tenant=" + two.a.tenant},
      {"GET", "/api/keys?tenant=installation"},
  };
  for (const auto& [method, path] : asked) {
    const Told told = rig.Ask(two.b.admin, method, path, method == "GET" ? "" : "{}");
    EXPECT_EQ(told.status, 404) << method << ' ' << path << ' ' << told.body;
  }
  // Nor can what is theirs be named in what is one's own.
  for (const std::string& body : {R"({"name":"x","owner":")" + two.a.user + R"("})",
                                  R"({"name":"x","team":")" + two.a.team + R"("})",
                                  R"({"name":"x","project":")" + two.a.project + R"("})"}) {
    EXPECT_EQ(rig.Ask(two.b.admin, "POST", "/api/keys", body).status, 404) << body;
  }
  for (const char* path : {"/api/keys", "/api/users", "/api/teams", "/api/projects"}) {
    const std::string theirs = rig.Ask(two.b.admin, "GET", path).body;
    for (const std::string& id : {two.a.key, two.a.user, two.a.team, two.a.project}) {
      EXPECT_FALSE(Has(theirs, id)) << path;
    }
  }
  // And it is all still there.
  EXPECT_EQ(rig.Ask(two.a.admin, "GET", "/api/keys/" + two.a.key).status, 200);
  EXPECT_EQ(rig.Ask(two.a.admin, "GET", "/api/teams/" + two.a.team).status, 200);
}

TEST(IdentityRoutes, OnlyTheInstallationsAdminMakesTenants) {
  ManagementRig rig;
  Two two(rig);
  EXPECT_EQ(rig.Ask(two.a.admin, "POST", "/api/tenants", R"({"name":"c"})").status, 403);
  EXPECT_EQ(rig.Ask(two.a.admin, "GET", "/api/tenants").status, 403);
  EXPECT_EQ(rig.Ask(two.a.admin, "GET", "/api/tenants/" + two.a.tenant).status, 200);
  EXPECT_EQ(
      rig.Ask(two.a.admin, "PATCH", "/api/tenants/" + two.a.tenant, R"({"active":true})").status,
      403);
}

// P4: nobody gives more than they have.
TEST(IdentityRoutes, NobodyGivesMoreThanTheyHave) {
  ManagementRig rig;
  Two two(rig);
  const std::string member = rig.Make(
      two.a.admin, "/api/keys",
      R"({"name":"m","owner":")" + two.a.user + R"(","role":"member","models":["gpt-4o-mini"]})",
      "token");
  for (const char* body : {R"({"name":"x","role":"admin","models":["gpt-4o-mini"]})",
                           R"({"name":"x","role":"operator","models":["gpt-4o-mini"]})",
                           R"({"name":"x","models":["*"]})", R"({"name":"x","models":["gpt-*"]})",
                           R"({"name":"x"})"}) {
    const Told told = rig.Ask(member, "POST", "/api/keys", body);
    EXPECT_EQ(told.status, 403) << body << told.body;
  }
  const std::string id = rig.Ask(member, "GET", "/api/whoami").Text("id");
  for (const char* body : {R"({"role":"admin"})", R"({"models":["*"]})", R"({"models":[]})"}) {
    EXPECT_EQ(rig.Ask(member, "PATCH", "/api/keys/" + id, body).status, 403) << body;
  }
  EXPECT_EQ(rig.Ask(member, "PATCH", "/api/users/" + two.a.user, R"({"role":"admin"})").status,
            403);
  EXPECT_EQ(rig.Ask(member, "GET", "/api/whoami").Text("role"), "member");
}

TEST(IdentityRoutes, ATeamHasMembers) {
  ManagementRig rig;
  Two two(rig);
  const std::string path = "/api/teams/" + two.a.team + "/members";
  EXPECT_EQ(rig.Ask(two.a.admin, "PUT", path + "/" + two.a.user, R"({"role":"admin"})").status,
            200);
  const Told told = rig.Ask(two.a.admin, "GET", path);
  EXPECT_TRUE(Has(told.body, two.a.user)) << told.body;
  EXPECT_TRUE(Has(told.body, R"("next":null)"));
  EXPECT_EQ(rig.Ask(two.a.admin, "DELETE", path + "/" + two.a.user).status, 204);
  EXPECT_FALSE(Has(rig.Ask(two.a.admin, "GET", path).body, two.a.user));
}

TEST(IdentityRoutes, ListsComeInParts) {
  ManagementRig rig;
  Two two(rig);
  for (int i = 0; i < 5; ++i) {
    rig.Make(two.a.admin, "/api/teams", R"({"name":"team)" + std::to_string(i) + R"("})");
  }
  std::string after;
  std::vector<std::string> names;
  for (int part = 0; part < 10; ++part) {
    const Told told = rig.Ask(two.a.admin, "GET",
                              "/api/teams?limit=2" + (after.empty() ? "" : "&after=" + after));
    ASSERT_EQ(told.status, 200) << told.body;
    for (std::size_t at = told.body.find("\"name\":"); at != std::string::npos;
         at = told.body.find("\"name\":", at + 1)) {
      names.push_back(told.body.substr(at, 20));
    }
    after = told.Text("next");
    if (after.empty()) {
      break;
    }
  }
  EXPECT_EQ(names.size(), 6U);
  EXPECT_EQ(rig.Ask(two.a.admin, "GET", "/api/teams?limit=0").status, 400);
  EXPECT_EQ(rig.Ask(two.a.admin, "GET", "/api/teams?limt=2").status, 400);
}

// P26: nothing stands for an id or a name.
TEST(IdentityRoutes, NothingPassesForAValue) {
  ManagementRig rig;
  for (const char* value : {"null", "\"\"", "0", "[]", "true", "{}", "false"}) {
    const std::string named = std::string(R"({"name":)") + value + "}";
    for (const char* path :
         {"/api/keys", "/api/users", "/api/teams", "/api/projects", "/api/tenants"}) {
      EXPECT_EQ(rig.Ask(rig.root(), "POST", path, named).status, 400) << path << named;
    }
    for (const char* member : {"owner", "team", "project", "expires", "role", "version"}) {
      if (std::string_view(member) == "version" && std::string_view(value) == "0") {
        continue;
      }
      const std::string body = std::string(R"({"name":"x",")") + member + "\":" + value + "}";
      EXPECT_EQ(rig.Ask(rig.root(), "POST", "/api/keys", body).status, 400) << body;
    }
  }
  for (const char* token : {"", "null", "0", "true", "[]", "sb_", "sb__", "undefined"}) {
    EXPECT_EQ(rig.Ask(token, "DELETE", "/api/keys/key_00000000000000000000000000000000").status,
              std::string_view(token).starts_with("sb_") ? 401 : 404)
        << "no credential is asked for yet: " << token;
  }
  rig.Make(rig.root(), "/api/keys", R"({"name":"second"})");
  for (const char* token : {"", "null", "0", "true", "[]", "sb_", "sb__", "undefined"}) {
    EXPECT_EQ(rig.Ask(token, "GET", "/api/keys").status, 401) << token;
  }
}

// F61: the trail is never behind what it tells of.
TEST(IdentityRoutes, WhatCannotBePutIntoTheTrailIsNotDone) {
  ManagementRig rig;
  const std::string key = rig.Make(rig.root(), "/api/keys", R"({"name":"k"})", "id");
  const std::string user = rig.Make(rig.root(), "/api/users", R"({"name":"u"})");
  const std::string team = rig.Make(rig.root(), "/api/teams", R"({"name":"t"})");
  const std::string project = rig.Make(rig.root(), "/api/projects", R"({"name":"p"})");
  const auto seen = [&] {
    std::string all;
    for (const std::string path :
         {"/api/keys", "/api/users", "/api/teams", "/api/projects", "/api/tenants", "/api/cache"}) {
      all += rig.Ask(rig.root(), "GET", path).body;
    }
    return all + rig.Ask(rig.root(), "GET", "/api/teams/" + team + "/members").body;
  };
  const std::string before = seen();
  const std::size_t entries = rig.deeds().size();
  rig.RefuseNotes(true);
  const std::string of_key = "/api/keys/" + key;
  const std::string of_team = "/api/teams/" + team;
  const struct {
    std::string method;
    std::string path;
    std::string body;
  } changes[] = {{"POST", "/api/keys", R"({"name":"n"})"},
                 {"PATCH", of_key, R"({"name":"n"})"},
                 {"POST", of_key + "/rotate", "{}"},
                 {"POST", of_key + "/revoke", ""},
                 {"DELETE", of_key, ""},
                 {"POST", "/api/users", R"({"name":"n"})"},
                 {"PATCH", "/api/users/" + user, R"({"active":false})"},
                 {"DELETE", "/api/users/" + user, ""},
                 {"POST", "/api/teams", R"({"name":"n"})"},
                 {"PATCH", of_team, R"({"name":"n"})"},
                 {"PUT", of_team + "/members/" + user, "{}"},
                 {"DELETE", of_team, ""},
                 {"POST", "/api/projects", R"({"name":"n"})"},
                 {"PATCH", "/api/projects/" + project, R"({"name":"n"})"},
                 {"DELETE", "/api/projects/" + project, ""},
                 {"POST", "/api/tenants", R"({"name":"n"})"},
                 {"POST", "/api/cache/purge", R"({"all":true})"}};
  for (const auto& change : changes) {
    const Told told = rig.Ask(rig.root(), change.method, change.path, change.body);
    EXPECT_EQ(told.status, 503) << change.method << ' ' << change.path << ' ' << told.body;
    EXPECT_TRUE(Has(told.body, "audit trail")) << told.body;
  }
  EXPECT_EQ(seen(), before);
  rig.RefuseNotes(false);
  EXPECT_EQ(rig.deeds().size(), entries);
  EXPECT_EQ(rig.Ask(rig.root(), "POST", of_key + "/revoke").status, 200);
  EXPECT_EQ(rig.deeds().size(), entries + 1);
}

TEST(IdentityRoutes, WithoutTheServiceTheRoutesSayThatItIsNotThere) {
  ApiRig rig;
  EXPECT_EQ(StatusOf(rig.Ask("GET /api/keys")), 503);
}

}  // namespace
}  // namespace signalbox::api
