#include "vendors/dialects/wire/limit_fields.h"

#include <gtest/gtest.h>

namespace signalbox::wire {
namespace {

using namespace std::chrono_literals;

constexpr core::WallTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 21) + 13h;

// The field in the words of another dialect; "" when it says nothing of limits.
std::string Told(std::string_view name, std::string_view value, std::string_view dialect) {
  const auto field = ReadLimitField(name, value, kNow);
  return field ? std::string(LimitFieldName(*field, dialect)) + ": " +
                     LimitFieldValue(*field, dialect, kNow)
               : "";
}

TEST(LimitFields, AreToldInTheCallersWords) {
  EXPECT_EQ(Told("anthropic-ratelimit-requests-limit", "50", "openai_chat"),
            "x-ratelimit-limit-requests: 50");
  EXPECT_EQ(Told("Anthropic-RateLimit-Input-Tokens-Remaining", "9", "gemini"),
            "x-ratelimit-remaining-input-tokens: 9");
  EXPECT_EQ(Told("x-ratelimit-remaining-tokens", "149984", "anthropic"),
            "anthropic-ratelimit-tokens-remaining: 149984");
  EXPECT_EQ(Told("x-ratelimit-limit", "7", "anthropic"), "anthropic-ratelimit-requests-limit: 7");
}

TEST(LimitFields, ResetsAreTimesForOneAndDurationsForTheOther) {
  EXPECT_EQ(Told("anthropic-ratelimit-tokens-reset", "2026-11-21T13:06:01Z", "openai_chat"),
            "x-ratelimit-reset-tokens: 6m1s");
  EXPECT_EQ(Told("anthropic-ratelimit-tokens-reset", "2026-11-21T12:00:00Z", "openai_chat"),
            "x-ratelimit-reset-tokens: 0ms");
  EXPECT_EQ(Told("x-ratelimit-reset-requests", "1m30s", "anthropic"),
            "anthropic-ratelimit-requests-reset: 2026-11-21T13:01:30.000Z");
  EXPECT_EQ(Told("x-ratelimit-reset-requests", "120ms", "openai_chat"),
            "x-ratelimit-reset-requests: 120ms");
  EXPECT_EQ(Told("x-ratelimit-reset-requests", "2", "openai_chat"),
            "x-ratelimit-reset-requests: 2s");
}

TEST(LimitFields, WhatIsNoLimitIsLeftAlone) {
  EXPECT_EQ(Told("x-request-id", "1", "anthropic"), "");
  EXPECT_EQ(Told("x-ratelimit-remaining-bananas", "1", "anthropic"), "");
  EXPECT_EQ(Told("x-ratelimit-reset-tokens", "soon", "anthropic"), "");
  EXPECT_EQ(Told("anthropic-ratelimit-tokens-reset", "2026-13-41T12:00:00Z", "openai_chat"), "");
}

}  // namespace
}  // namespace signalbox::wire
