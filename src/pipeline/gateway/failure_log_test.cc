#include "pipeline/gateway/failure_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace signalbox::gateway {
namespace {

using namespace std::chrono_literals;
using execution::Failure;
using execution::FailureKind;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// What `calls` write, each `apart` from the one before.
std::string Lines(const std::vector<FailedCall>& calls, std::chrono::nanoseconds apart = 1s) {
  FailureLog log;
  core::MonoTime now{1h};
  testing::internal::CaptureStderr();
  for (const FailedCall& call : calls) {
    log.Note(call, now);
    now += apart;
  }
  return testing::internal::GetCapturedStderr();
}

FailedCall Call(Failure failure, std::string_view provider = "edge") {
  return {provider, "m", "key", "what the vendor said or the system", failure};
}

std::ptrdiff_t Count(const std::string& text) {
  return std::ranges::count(text, '\n');
}

TEST(FailureLog, TellsTheFirstFailureAtOnceAndIsThenQuietForAMinute) {
  const FailedCall down = Call({.kind = FailureKind::kConnect});
  EXPECT_EQ(Count(Lines({down, down, down})), 1);
  const std::string later = Lines({down, down, down}, 31s);
  EXPECT_EQ(Count(later), 2);
  EXPECT_THAT(later, AllOf(HasSubstr("a provider cannot be reached"), HasSubstr("\"more\":1")));
}

TEST(FailureLog, EachProviderAndEachTroubleIsToldForItself) {
  EXPECT_EQ(Count(Lines({Call({.kind = FailureKind::kConnect}), Call({.status = 401}),
                         Call({.kind = FailureKind::kConnect}, "other")})),
            3);
}

TEST(FailureLog, AVendorsOwnWordsStayOutOfIt) {
  EXPECT_THAT(Lines({Call({.status = 401})}),
              AllOf(HasSubstr("a provider refuses its key"), Not(HasSubstr("vendor said"))));
  EXPECT_THAT(Lines({Call({.kind = FailureKind::kConnect})}), HasSubstr("or the system"));
}

TEST(FailureLog, WhatIsTheCallersOwnErrorIsNotTold) {
  EXPECT_EQ(Lines({Call({.status = 400}), Call({.status = 404}),
                   Call({.kind = FailureKind::kContextTooLong, .status = 400}),
                   Call({.kind = FailureKind::kContentFilter, .status = 400})}),
            "");
}

}  // namespace
}  // namespace signalbox::gateway
