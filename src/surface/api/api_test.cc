// The routes over real connections, with a fake upstream behind them.
#include "surface/api/api_testing.h"

namespace signalbox::api {
namespace {

using gateway::FakeAnswer;
using net::RawPeer;

const std::string kAnswer = R"({"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}})";
const std::string kChat = R"({"model":"edge/small","messages":[]})";

TEST(Api, EveryPathAnswersItsMethodsAndNamesThemToOthers) {
  ApiRig rig;
  struct Case {
    const char* line;
    int status;
    const char* allow;
  };
  const Case cases[] = {
      {"GET /", 200, ""},
      {"HEAD /", 200, ""},
      {"GET /healthz", 200, ""},
      {"GET /readyz", 200, ""},
      {"GET /metrics", 200, ""},
      {"GET /v1/models", 200, ""},
      {"GET /v1/models/edge/small", 200, ""},
      {"GET /v1/models/nobody", 404, ""},
      {"GET /v1/models/", 404, ""},
      {"GET /nowhere", 404, ""},
      {"GET /v1/chat/completions/", 404, ""},
      {"GET //v1/models", 404, ""},
      {"GET /V1/models", 404, ""},
      {"GET /v1/chat/completions", 405, "POST"},
      {"DELETE /v1/chat/completions", 405, "POST"},
      {"OPTIONS /v1/embeddings", 405, "POST"},
      {"POST /v1/models", 405, "GET, HEAD"},
      {"DELETE /v1/models", 405, "GET, HEAD"},
      {"PUT /healthz", 405, "GET, HEAD"},
      {"PATCH /v1/models/edge/small", 405, "GET, HEAD"},
  };
  for (const Case& each : cases) {
    const std::string answer = rig.Ask(each.line);
    EXPECT_EQ(StatusOf(answer), each.status) << each.line;
    if (each.allow[0] != '\0') {
      EXPECT_TRUE(Has(answer, "allow: " + std::string(each.allow) + "\r\n")) << answer;
    }
  }
}

TEST(Api, AChatCallGoesThroughTheGatewayAndSaysWhoAnswered) {
  ApiRig rig;
  rig.Answer({.pieces = {kAnswer}});
  const std::string answer = rig.Ask("POST /v1/chat/completions", "", kChat);
  EXPECT_EQ(StatusOf(answer), 200);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + kAnswer));
  for (const char* field : {"x-signalbox-request-id: req_", "x-signalbox-provider: edge\r\n",
                            "x-signalbox-model: small\r\n", "x-signalbox-overhead-us: "}) {
    EXPECT_TRUE(Has(answer, field)) << field << answer;
  }
}

TEST(Api, AStreamIsSentAsEvents) {
  ApiRig rig;
  rig.Answer({.content_type = "text/event-stream",
              .pieces = {"data: {\"choices\":[]}\n\n", "data: [DONE]\n\n"}});
  const std::string answer = rig.Ask("POST /v1/chat/completions", "",
                                     R"({"model":"edge/small","stream":true,"messages":[]})");
  EXPECT_TRUE(Has(answer, "content-type: text/event-stream\r\n"));
  EXPECT_TRUE(Has(answer, "data: [DONE]\n\n\r\n0\r\n\r\n")) << answer;
}

TEST(Api, HintsOfTheRequestAreReadAndBadOnesRefused) {
  ApiRig rig;
  rig.Answer({.pieces = {kAnswer}});
  const std::string automatic = R"({"model":"auto","messages":[]})";
  EXPECT_TRUE(
      Has(rig.Ask("POST /v1/chat/completions", "X-Signalbox-Model: edge/large\r\n", automatic),
          "x-signalbox-model: large\r\n"));
  const std::string refused =
      rig.Ask("POST /v1/chat/completions", "x-signalbox-max-latency: soon\r\n", kChat);
  EXPECT_EQ(StatusOf(refused), 400);
  EXPECT_TRUE(Has(refused, "x-signalbox-max-latency"));
  EXPECT_EQ(rig.calls(), 1U);
}

TEST(Api, ABodyOverTheLimitIsNotServed) {
  ApiRig rig;
  const std::string answer =
      rig.Ask("POST /v1/chat/completions", "", std::string(5000, ' ') + kChat);
  EXPECT_EQ(StatusOf(answer), 413);
  EXPECT_TRUE(Has(answer, "\"error\"")) << "the client's SDK reads this form";
}

// P8, P18, P31: one rule for every route, and the guards before it.
TEST(Api, WithAKeyEveryRouteButTheOpenOnesWantsIt) {
  ApiRig rig(kKey);
  const std::string bearer = "authorization: Bearer " + kKey + "\r\n";
  for (const char* line :
       {"POST /v1/chat/completions", "POST /v1/embeddings", "GET /v1/models",
        "GET /v1/models/edge/small", "GET /metrics", "HEAD /metrics", "HEAD /v1/models"}) {
    for (const std::string& wrong :
         {std::string(), std::string("authorization: Bearer sk-x-garbage\r\n"),
          std::string("x-api-key: \r\n"), std::string("authorization: Bearer\r\n")}) {
      const std::string answer = rig.Ask(line, wrong);
      EXPECT_EQ(StatusOf(answer), 401) << line << wrong;
      EXPECT_TRUE(Has(answer, "www-authenticate: Bearer\r\n"));
      EXPECT_FALSE(Has(answer, kKey));
    }
    const std::string answer = rig.Ask(line, bearer, line[0] == 'P' ? "{}" : "");
    EXPECT_NE(StatusOf(answer), 401) << line;
  }
  for (const char* line : {"GET /", "GET /healthz", "GET /readyz"}) {
    EXPECT_EQ(StatusOf(rig.Ask(line)), 200) << line;
  }
  EXPECT_EQ(rig.calls(), 0U);
}

TEST(Api, TheGuardsHoldForEveryRoute) {
  ApiRig rig;
  for (const char* line : {"POST /v1/chat/completions", "POST /v1/embeddings", "POST /nowhere",
                           "DELETE /v1/models", "PUT /"}) {
    EXPECT_EQ(StatusOf(rig.Ask(line, "origin: https://evil.example\r\n", kChat)), 403) << line;
  }
  for (const char* line : {"GET /", "GET /metrics", "GET /v1/models", "GET /healthz"}) {
    RawPeer peer = RawPeer::ConnectTo(rig.port());
    peer.Send(std::string(line) + " HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
    EXPECT_EQ(StatusOf(peer.All()), 421) << line;
  }
  EXPECT_EQ(rig.calls(), 0U);
}

TEST(Api, ReadinessFollowsItsFlagAndHealthDoesNot) {
  ApiRig rig;
  rig.set_ready(false);
  EXPECT_EQ(StatusOf(rig.Ask("GET /readyz")), 503);
  EXPECT_EQ(StatusOf(rig.Ask("GET /healthz")), 200);
}

TEST(Api, ListsModelsWithTheirOwners) {
  ApiRig rig;
  const std::string answer = rig.Ask("GET /v1/models");
  EXPECT_TRUE(Has(answer, R"({"object":"list","data":[)")) << answer;
  EXPECT_TRUE(Has(answer, R"({"id":"edge/large","object":"model","created":0,"owned_by":"edge"})"));
}

// What the server itself refuses is worded as every other error.
TEST(Api, AMalformedRequestGetsAnErrorInTheUsualForm) {
  ApiRig rig;
  RawPeer peer = RawPeer::ConnectTo(rig.port());
  peer.Send("GET / HTTP/1.1\r\nhost: a b\r\n\r\n");
  peer.ShutdownWrite();
  const std::string answer = peer.All();
  EXPECT_EQ(StatusOf(answer), 400);
  EXPECT_TRUE(Has(answer, "content-type: application/json\r\n"));
  EXPECT_TRUE(Has(answer, "\"error\"")) << answer;
}

}  // namespace
}  // namespace signalbox::api
