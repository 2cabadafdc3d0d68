#include "pipeline/cache/policy.h"

#include <gtest/gtest.h>

#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::cache {
namespace {

using namespace std::chrono_literals;
using chat::Operation;

struct Case {
  ExactOptions options{.enabled = Use::kOn};
  std::string body = R"({"model":"m","messages":[]})";
  Operation operation = Operation::kChat;
  std::string control{};
  request::PrivacyClass privacy = request::PrivacyClass::kPublic;
};

Permit Of(const Case& asked) {
  json::Document document;
  EXPECT_TRUE(document.Parse(asked.body)) << asked.body;
  request::Call call{.dialect = &openai_chat::TheDialect(), .operation = asked.operation};
  EXPECT_TRUE(ReadHint("x-signalbox-cache-control", asked.control, call.hints));
  request::Grant grant;
  grant.privacy = asked.privacy;
  const request::Principal principal{.id = "key",
                                     .grant = std::make_shared<const request::Grant>(grant)};
  return PermitFor(asked.options, call, principal, document.Root());
}

std::string Chat(std::string_view more) {
  return R"({"model":"m","messages":[])" + std::string(more) + "}";
}

TEST(PermitFor, HearsWhoTheOperatorWantsServed) {
  EXPECT_TRUE(Of({}).serve && Of({}).keep);
  EXPECT_FALSE(Of({.options = {.enabled = Use::kOff}, .control = "cache"}).any());
  EXPECT_FALSE(Of({.options = {.enabled = Use::kAsked}}).any());
  EXPECT_FALSE(Of({.options = {.enabled = Use::kAsked}, .control = "no-cache"}).any());
  EXPECT_TRUE(Of({.options = {.enabled = Use::kAsked}, .control = "cache"}).serve);
  EXPECT_TRUE(Of({.options = {.enabled = Use::kAsked}, .control = "ttl=5m"}).serve);
  EXPECT_EQ(ExactOptions{}.enabled, Use::kAsked) << "the default";
}

TEST(PermitFor, HearsTheCaller) {
  EXPECT_FALSE(Of({.control = "no-store"}).any());
  EXPECT_FALSE(Of({.control = "no-cache"}).serve);
  EXPECT_TRUE(Of({.control = "no-cache"}).keep);
  EXPECT_EQ(Of({.control = "ttl=5m"}).ttl, 5min);
  EXPECT_EQ(Of({.control = "ttl=100h"}).ttl, 30min) << "no longer than the operator says";
  EXPECT_EQ(Of({.control = "max-age=7"}).max_age, 7s);
}

TEST(PermitFor, KeepsEachKindAsLongAsItIsGood) {
  for (const auto& [operation, ttl] :
       std::vector<std::pair<Operation, std::chrono::nanoseconds>>{{Operation::kChat, 30min},
                                                                   {Operation::kCompletions, 30min},
                                                                   {Operation::kGenerate, 30min},
                                                                   {Operation::kModerations, 2h},
                                                                   {Operation::kEmbeddings, 24h},
                                                                   {Operation::kRerank, 1h}}) {
    EXPECT_EQ(Of({.operation = operation}).ttl, ttl) << chat::Name(operation);
  }
  for (const Operation operation : {Operation::kCountTokens, Operation::kTranscriptions,
                                    Operation::kSpeech, Operation::kImages}) {
    EXPECT_FALSE(Of({.operation = operation}).any()) << chat::Name(operation);
  }
}

TEST(PermitFor, WhatIsSensitiveIsNeverKept) {
  EXPECT_FALSE(Of({.privacy = request::PrivacyClass::kSensitive}).any());
  EXPECT_TRUE(Of({.privacy = request::PrivacyClass::kInternal}).any());
}

TEST(PermitFor, WhatHasEffectsAtTheVendorIsAskedThere) {
  for (const std::string_view more :
       {R"(,"store":true)", R"(,"background":true)", R"(,"conversation":"conv_1")"}) {
    EXPECT_FALSE(Of({.body = Chat(more)}).any()) << more;
  }
  for (const std::string_view more :
       {R"(,"store":false)", R"(,"store":null)", R"(,"conversation":null)"}) {
    EXPECT_TRUE(Of({.body = Chat(more)}).any()) << more;
  }
}

TEST(PermitFor, OnlyTemperatureZeroIsKeptWhereTheOperatorWantsThat) {
  const ExactOptions zero{.enabled = Use::kOn, .temperature = Temperature::kZero};
  for (const std::string_view more : {"", R"(,"temperature":0.1)", R"(,"temperature":null)",
                                      R"(,"generationConfig":{})", R"(,"options":[0])"}) {
    EXPECT_FALSE(Of({.options = zero, .body = Chat(more)}).any()) << more;
    EXPECT_TRUE(Of({.body = Chat(more)}).any()) << more;
  }
  for (const std::string_view more :
       {R"(,"temperature":0)", R"(,"temperature":0.0)", R"(,"generationConfig":{"temperature":0})",
        R"(,"options":{"temperature":0})", R"(,"inferenceConfig":{"temperature":0})"}) {
    EXPECT_TRUE(Of({.options = zero, .body = Chat(more)}).any()) << more;
  }
  EXPECT_TRUE(Of({.options = zero, .operation = Operation::kEmbeddings}).any());
}

}  // namespace
}  // namespace signalbox::cache
