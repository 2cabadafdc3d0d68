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

TEST(UsageRoutes, WhatTheCacheAnsweredIsARequestAndNoCall) {
  ManagementRig rig;
  const Tenant a(rig, "alpha");
  rig.AddCall(a.id, 1'500'000'000);
  const std::string hit = rig.AddCall(a.id, 0, [](ledger::Record& record) {
    record.cached = true;
    record.saved_nano_usd = 1'500'000'000;
    record.usage = {};
  });
  const Told total = rig.Ask(a.admin, "GET", "/api/usage/total?since=1d");
  EXPECT_TRUE(Has(total.body, R"("requests":2,"calls":1,"successes":1)")) << total.body;
  EXPECT_TRUE(Has(total.body, R"("cached_calls":1)")) << total.body;
  EXPECT_TRUE(Has(total.body, R"("cost_usd":1.5,)")) << total.body;
  EXPECT_TRUE(Has(total.body, R"("saved_usd":1.5)")) << total.body;
  const Told story = rig.Ask(a.admin, "GET", "/api/requests/" + hit);
  EXPECT_EQ(story.status, 200);
  EXPECT_TRUE(Has(story.body, R"("outcome":"ok","cost_usd":0,)")) << story.body;
  EXPECT_TRUE(Has(story.body, R"("cached":true,"saved_usd":1.5)")) << story.body;
}

TEST(RequestRoutes, ARequestIsToldToItsTenantAlone) {
  ManagementRig rig;
  const Tenant a(rig, "alpha");
  const Tenant b(rig, "beta");
  const std::string id = rig.AddCall(a.id, 1'500'000'000);
  EXPECT_TRUE(Has(rig.Ask(a.admin, "GET", "/api/requests/" + id).body, R"("cost_usd":1.5)"));
  EXPECT_EQ(rig.Ask(rig.root(), "GET", "/api/requests/" + id).status, 200);
  EXPECT_EQ(rig.Ask(b.admin, "GET", "/api/requests/" + id).status, 404);
  EXPECT_EQ(rig.Ask(a.admin, "GET", "/api/requests/" + id + "0").status, 400);
}

TEST(RequestRoutes, AnUncertainAttemptIsSettledOnceByTheInstallation) {
  ManagementRig rig;
  const Tenant a(rig, "alpha");
  const std::string known = rig.AddCall(a.id, 1'500'000'000);
  const std::string open = rig.AddCall(a.id, -1, [](ledger::Record& record) {
    record.outcome = ledger::Outcome::kUncertain;
    record.reserved_nano_usd = 9'000'000'000;
  });
  const auto settle = [&](const std::string& token, const std::string& id,
                          const std::string& truth) {
    return rig.Ask(token, "POST", "/api/requests/" + id + "/reconcile", truth);
  };
  const std::string truth = R"({"outcome":"ok","cost_usd":0.25,"output_tokens":70})";
  EXPECT_EQ(settle(a.admin, open, truth).status, 403);
  EXPECT_EQ(settle(rig.root(), open, R"({"outcome":"uncertain","cost_usd":1})").status, 400);
  EXPECT_EQ(settle(rig.root(), open, R"({"outcome":"ok"})").status, 400);
  EXPECT_EQ(settle(rig.root(), open, R"({"outcome":"ok","cost_usd":-1})").status, 400);
  EXPECT_EQ(settle(rig.root(), known, truth).status, 409);
  EXPECT_EQ(settle(rig.root(), open, R"({"attempt":2,"outcome":"ok","cost_usd":1})").status, 404);
  const Told told = settle(rig.root(), open, truth);
  EXPECT_EQ(told.status, 200) << told.body;
  EXPECT_TRUE(Has(told.body, R"("outcome":"ok","cost_usd":0.25,)")) << told.body;
  EXPECT_TRUE(Has(told.body, R"("provider":"edge","model":"small")")) << told.body;
  EXPECT_EQ(settle(rig.root(), open, truth).status, 409);
  const Told total = rig.Ask(a.admin, "GET", "/api/usage/total?since=1d");
  EXPECT_TRUE(Has(total.body, R"("cost_usd":1.75,"uncertain_usd":0,)")) << total.body;
  const ledger::AuditEntry entry = rig.deeds().back().entry;
  EXPECT_EQ(entry.action, "request.reconcile");
  EXPECT_EQ(entry.entity_id, open);
  EXPECT_TRUE(Has(entry.details, R"("outcome":"uncertain")")) << entry.details;
}

TEST(ErasureRoutes, TakeAnEndUserOfTheTenantOutAndSayIt) {
  ManagementRig rig;
  const Tenant a(rig, "alpha");
  const Tenant b(rig, "beta");
  const auto as_eve = [](ledger::Record& record) { record.labels.end_user = "eve@example"; };
  const std::string own = rig.AddCall(a.id, 1'000'000'000, as_eve);
  const std::string other = rig.AddCall(b.id, 1'000'000'000, as_eve);
  const std::string member =
      rig.Make(a.admin, "/api/keys", R"({"name":"m","role":"operator"})", "token");
  const std::string eve = R"({"kind":"end_user","name":"eve@example"})";
  EXPECT_EQ(rig.Ask(member, "POST", "/api/erasures", eve).status, 403);
  EXPECT_EQ(rig.Ask(b.admin, "POST", "/api/erasures?tenant=" + a.id, eve).status, 404);
  EXPECT_EQ(rig.Ask(a.admin, "POST", "/api/erasures", R"({"kind":"user","name":"eve"})").status,
            400);
  EXPECT_EQ(rig.Ask(a.admin, "POST", "/api/erasures", R"({"kind":"model","name":"eve"})").status,
            400);
  const Told told = rig.Ask(a.admin, "POST", "/api/erasures", eve);
  EXPECT_EQ(told.status, 200) << told.body;
  EXPECT_TRUE(Has(told.body, R"("calls":1,)")) << told.body;
  EXPECT_TRUE(Has(told.body, R"("next":null)")) << told.body;
  EXPECT_FALSE(Has(rig.Ask(a.admin, "GET", "/api/requests/" + own).body, "eve"));
  EXPECT_TRUE(Has(rig.Ask(b.admin, "GET", "/api/requests/" + other).body, "eve"));
  EXPECT_TRUE(Has(rig.Ask(a.admin, "GET", "/api/usage/total?since=1d").body, R"("cost_usd":1,)"));
  const ledger::AuditRow row = rig.deeds().back();
  EXPECT_EQ(row.entry.action, "erasure.turn");
  EXPECT_TRUE(row.entry.entity_id.starts_with("end_user#")) << row.entry.entity_id;
  EXPECT_FALSE(Has(row.entry.details, "eve")) << row.entry.details;
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
