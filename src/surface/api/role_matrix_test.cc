// Every route for every kind of caller: nobody gets an answer that the route's rule does not give.
#include "surface/api/api_testing.h"
#include "surface/api/call_head.h"

namespace signalbox::api {
namespace {

using request::Role;

struct Caller {
  std::string credential;  // empty: none
  bool known = true;
  Role role = Role::kViewer;
  bool whole = false;
};

std::vector<Caller> Callers() {
  std::vector<Caller> callers = {{"", false},
                                 {"sk-x", false},
                                 {"sk-x-garbage", false},
                                 {"sb_", false},
                                 {"sb_00000000000000000000000000000000_x", false},
                                 {"null", false},
                                 {"admin2", false},
                                 {"Admin", false},
                                 {"root-", false}};
  for (const Role role : {Role::kViewer, Role::kMember, Role::kOperator, Role::kAdmin}) {
    callers.push_back({std::string(RoleName(role)), true, role, false});
    callers.push_back({"root-" + std::string(RoleName(role)), true, role, true});
  }
  return callers;
}

std::string PathOf(std::string_view pattern) {
  std::string out;
  for (; !pattern.empty();) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    out += pattern.substr(0, open);
    out += open == pattern.size() ? "" : "some-name";
    pattern.remove_prefix(open == pattern.size() ? open : pattern.find('}') + 1);
  }
  return out;
}

// What the rule says, told again by hand.
int Expected(const Rule& rule, const Caller& caller) {
  if (rule.open()) {
    return 200;
  }
  if (!caller.known) {
    return 401;
  }
  return caller.role < rule.least() || (rule.whole() && !caller.whole) ? 403 : 200;
}

// Each caller twice: known at once, and after somebody was asked.
void Check(ApiRig& rig, std::string_view method, const std::string& path, const Rule& rule) {
  std::vector<Caller> callers = Callers();
  for (Caller caller : Callers()) {
    caller.credential.insert(0, "slow-");
    callers.push_back(std::move(caller));
  }
  for (const Caller& caller : callers) {
    const std::string field =
        caller.credential.empty() ? "" : "authorization: Bearer " + caller.credential + "\r\n";
    const std::string answer = rig.Ask(std::string(method) + " " + path, field,
                                       method == "GET" || method == "HEAD" ? "" : "{");
    const int status = StatusOf(answer);
    const int expected = Expected(rule, caller);
    if (expected == 200) {
      EXPECT_TRUE(status != 401 && status != 403 && status != 0)
          << method << ' ' << path << " as " << caller.credential << ": " << status;
    } else {
      EXPECT_EQ(status, expected) << method << ' ' << path << " as " << caller.credential;
    }
  }
}

TEST(RoleMatrix, EveryRouteAnswersThoseAloneWhomItsRuleNames) {
  ApiRig rig("", &FakeVerifier::Make);
  std::size_t routes = 0;
  ForEachRoute(Api::AllRoutes(), [&](const Route& route) {
    ++routes;
    Check(rig, Name(route.method), PathOf(route.path.text()), route.rule);
    if (route.method == net::Method::kGet) {
      Check(rig, "HEAD", PathOf(route.path.text()), route.rule);
    }
  });
  EXPECT_GT(routes, 10U);
}

TEST(RoleMatrix, EveryPathThatCallsAModelWantsAMember) {
  ApiRig rig("", &FakeVerifier::Make);
  for (const ModelPath& path : ModelPaths()) {
    Check(rig, "POST", PathOf(path.path), kModelCallRule);
  }
}

// P8, P36: what is no route is none for anybody.
TEST(RoleMatrix, OtherSpellingsOfARouteAnswerNobody) {
  ApiRig rig("", &FakeVerifier::Make);
  for (const char* path :
       {"/api//whoami", "/api/./whoami", "/api/x/../whoami", "/api/%77hoami", "/api%2fwhoami",
        "/api/whoami/", "/api/whoami;x", "/API/whoami", "//api/whoami", "/api/whoami%00"}) {
    const std::string answer =
        rig.Ask(std::string("GET ") + path, "authorization: Bearer root-admin\r\n");
    EXPECT_EQ(StatusOf(answer), 404) << path;
  }
}

// P33, P18: with a verifier and no key of the configuration, nobody is let in without one.
TEST(RoleMatrix, WhoIsNobodyIsToldToSendAKey) {
  ApiRig rig("", &FakeVerifier::Make);
  const std::string answer = rig.Ask("GET /api/whoami");
  EXPECT_EQ(StatusOf(answer), 401);
  EXPECT_TRUE(Has(answer, "www-authenticate: Bearer\r\n"));
  EXPECT_TRUE(Has(answer, R"("code":"unauthenticated")"));
}

// Whoever cannot be asked is no reason to let somebody in, nor to say that they are nobody.
TEST(RoleMatrix, WhoCannotBeAskedForIsToldToTryAgain) {
  ApiRig rig("", &FakeVerifier::Make);
  const std::string field = "authorization: Bearer slow-away\r\n";
  const std::string management = rig.Ask("GET /api/whoami", field);
  EXPECT_EQ(StatusOf(management), 503);
  EXPECT_TRUE(Has(management, R"("code":"unavailable")")) << management;
  EXPECT_FALSE(Has(management, "www-authenticate"));
  const std::string call = rig.Ask("POST /v1/messages", field, "{}");
  EXPECT_EQ(StatusOf(call), 503);
  EXPECT_TRUE(Has(call, R"({"type":"error","error":{"type":)")) << call;
  EXPECT_EQ(rig.calls(), 0U);
}

TEST(RoleMatrix, BothTheAccessKeyAndOthersAreKnown) {
  ApiRig rig(kKey, &FakeVerifier::Make);
  for (const std::string& key : {kKey, std::string("root-admin")}) {
    EXPECT_EQ(StatusOf(rig.Ask("GET /metrics", "authorization: Bearer " + key + "\r\n")), 200);
  }
  EXPECT_EQ(StatusOf(rig.Ask("GET /metrics", "authorization: Bearer admin\r\n")), 403);
  EXPECT_EQ(StatusOf(rig.Ask("GET /metrics", "authorization: Bearer sk-x\r\n")), 401);
  EXPECT_EQ(StatusOf(rig.Ask("GET /metrics")), 401);
}

// F59
TEST(Api, WhatIsNoAnswerOfAModelMayNotBeCachedFramedOrGuessedAt) {
  ApiRig rig;
  for (const char* line : {"GET /", "GET /openapi.json", "GET /api/whoami", "GET /api/tags",
                           "GET /v1/models", "GET /nowhere", "POST /api/whoami"}) {
    const std::string answer = rig.Ask(line);
    for (const char* field : {"cache-control: no-store\r\n", "x-content-type-options: nosniff\r\n",
                              "x-frame-options: DENY\r\n", "frame-ancestors 'none'\r\n"}) {
      EXPECT_TRUE(Has(answer, field)) << line << field;
    }
  }
}

TEST(Api, TellsTheCallerWhoItIs) {
  ApiRig rig("", &FakeVerifier::Make);
  const std::string body =
      BodyOf(rig.Ask("GET /api/whoami", "authorization: Bearer operator-b\r\n"));
  EXPECT_TRUE(Has(body, R"("role":"operator","installation":false,"tenant":"tenant_0202)")) << body;
  ApiRig open;
  EXPECT_TRUE(Has(BodyOf(open.Ask("GET /api/whoami")), R"("anonymous":true,"role":"admin")"));
}

}  // namespace
}  // namespace signalbox::api
