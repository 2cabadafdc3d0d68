// Usage, requests, the trail and the cache through the API, over a real store.
#include "surface/api/identity_testing.h"

namespace signalbox::api {
namespace {

struct Tenant {
  Tenant(ManagementRig& rig, const std::string& name)
      : id(rig.Make(rig.root(), "/api/tenants", R"({"name":")" + name + R"("})")),
        admin(rig.Make(rig.root(), "/api/keys?tenant=" + id, R"({"name":"a","role":"admin"})",
                       "token")) {}
  std::string id;
  std::string admin;
};

TEST(UsageRoutes, EverybodySeesWhatTheirTenantUsed) {
  ManagementRig rig;
  const Tenant a(rig, "alpha");
  const Tenant b(rig, "beta");
  rig.AddCall(a.id, 1'500'000'000);
  rig.AddCall(a.id, 500'000'000);
  rig.AddCall(b.id, 7'000'000'000);
  const auto cost = [&](const std::string& token, const std::string& query) {
    const Told told = rig.Ask(token, "GET", "/api/usage/total?since=1d" + query);
    EXPECT_EQ(told.status, 200) << told.body;
    const std::size_t at = told.body.find("\"cost_usd\":") + 11;
    return told.body.substr(at, told.body.find(',', at) - at);
  };
  EXPECT_EQ(cost(a.admin, ""), "2");
  EXPECT_EQ(cost(b.admin, ""), "7");
  EXPECT_EQ(cost(rig.root(), ""), "9");
  EXPECT_EQ(cost(rig.root(), "&tenant=" + a.id), "2");
  EXPECT_EQ(cost(rig.root(), "&tenant=installation"), "9");
  for (const char* path : {"/api/usage?tenant=", "/api/usage/total?tenant=",
                           "/api/usage/series?tenant=", "/api/requests?tenant="}) {
    EXPECT_EQ(rig.Ask(b.admin, "GET", path + a.id).status, 404) << path;
    EXPECT_EQ(rig.Ask(b.admin, "GET", std::string(path) + "installation").status, 404) << path;
  }
}

TEST(UsageRoutes, TellWhoUsedMostAndWhen) {
  ManagementRig rig;
  const Tenant a(rig, "alpha");
  rig.AddCall(a.id, 1'500'000'000);
  const Told top = rig.Ask(a.admin, "GET", "/api/usage?by=model&since=2h");
  EXPECT_TRUE(Has(top.body, R"("value":"small","requests":1,"calls":1,"successes":1)")) << top.body;
  EXPECT_TRUE(Has(top.body, R"("input_tokens":10,"output_tokens":5)")) << top.body;
  const Told series = rig.Ask(a.admin, "GET", "/api/usage/series?step=hour&since=3h");
  EXPECT_EQ(series.status, 200);
  EXPECT_TRUE(Has(series.body, R"("cost_usd":1.5)")) << series.body;
  for (const char* query : {"by=nothing", "since=never", "limit=0", "order=x", "since=2027-13-01",
                            "until=1d&since=1h", "by=model&by=key"}) {
    EXPECT_EQ(rig.Ask(a.admin, "GET", std::string("/api/usage?") + query).status, 400) << query;
  }
  EXPECT_EQ(rig.Ask(a.admin, "GET", "/api/usage/series?zone=Nowhere/Land").status, 400);
}

TEST(AuditRoutes, ShowEachTenantItsOwnTrail) {
  ManagementRig rig;
  const Tenant a(rig, "alpha");
  const Tenant b(rig, "beta");
  const std::string team = rig.Make(a.admin, "/api/teams", R"({"name":"t"})");
  rig.deeds();  // into the store
  const Told own = rig.Ask(a.admin, "GET", "/api/audit?action=team.create");
  EXPECT_TRUE(Has(own.body, team)) << own.body;
  EXPECT_TRUE(Has(own.body, R"("entity_type":"team")"));
  EXPECT_FALSE(Has(rig.Ask(b.admin, "GET", "/api/audit").body, team));
  EXPECT_EQ(rig.Ask(b.admin, "GET", "/api/audit?tenant=" + a.id).status, 404);
  const Told lines = rig.Ask(a.admin, "GET", "/api/audit/export?format=jsonl");
  EXPECT_EQ(lines.status, 200);
  EXPECT_TRUE(Has(lines.body, team));
  EXPECT_FALSE(Has(rig.Ask(b.admin, "GET", "/api/audit/export?format=csv").body, team));
}

TEST(AuditRoutes, GoThroughTheTrailInParts) {
  ManagementRig rig;
  const Tenant a(rig, "alpha");
  for (const char* name : {"x", "y", "z"}) {
    rig.Make(a.admin, "/api/teams", std::string(R"({"name":")") + name + R"("})");
  }
  rig.deeds();
  std::string after;
  std::size_t parts = 0;
  do {
    const Told told =
        rig.Ask(a.admin, "GET",
                "/api/audit?action=team.create&limit=1" + (after.empty() ? "" : "&after=" + after));
    ASSERT_EQ(told.status, 200) << told.body;
    EXPECT_TRUE(Has(told.body, "team.create")) << told.body;
    after = told.Text("next");
    ++parts;
  } while (!after.empty() && parts < 10);
  EXPECT_EQ(parts, 3U);
}

TEST(AuditRoutes, TheTrailIsWholeAndTheDatabaseLetsNobodyChangeIt) {
  ManagementRig rig;
  const Tenant a(rig, "alpha");
  EXPECT_EQ(rig.Ask(a.admin, "GET", "/api/audit/verify").status, 403);
  const Told good = rig.Ask(rig.root(), "GET", "/api/audit/verify");
  EXPECT_TRUE(Has(good.body, R"("good":true)")) << good.body;
  EXPECT_FALSE(rig.sql().Write([](store::Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("UPDATE audit_trail SET action = 'nothing'", {}));
    return {};
  }));
  const Told still = rig.Ask(rig.root(), "GET", "/api/audit/verify");
  EXPECT_TRUE(Has(still.body, R"("good":true)")) << still.body;
}

TEST(CacheRoutes, ForgetOneTenantsAnswersOrSayWhatIsMissing) {
  ManagementRig rig;
  const Tenant a(rig, "alpha");
  EXPECT_EQ(rig.Ask(a.admin, "GET", "/api/cache").status, 403);
  EXPECT_TRUE(Has(rig.Ask(rig.root(), "GET", "/api/cache").body, R"("entries":0)"));
  EXPECT_EQ(rig.Ask(a.admin, "POST", "/api/cache/purge", "{}").status, 400);
  EXPECT_EQ(rig.Ask(a.admin, "POST", "/api/cache/purge", R"({"all":true,"tag":"x"})").status, 400);
  EXPECT_EQ(rig.Ask(a.admin, "POST", "/api/cache/purge", R"({"all":true})").body,
            R"({"forgotten":0})");
  const std::vector<ledger::AuditRow> rows = rig.deeds();
  EXPECT_EQ(rows.back().entry.action, "cache.purge");
  EXPECT_EQ(rows.back().entry.entity_id, a.id);
}

}  // namespace
}  // namespace signalbox::api
