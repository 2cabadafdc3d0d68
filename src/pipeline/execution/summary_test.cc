#include "pipeline/execution/summary.h"

#include <gtest/gtest.h>

#include "pipeline/execution/machine_samples.h"

namespace signalbox::execution {
namespace {

using core::ErrorCode;

core::Error RunOut(Bench& bench, const std::vector<Event>& failures) {
  Action action = bench.Tell(Event::Begin());
  for (const Event& failure : failures) {
    action = bench.Tell(failure);
  }
  EXPECT_EQ(action.kind, Action::Kind::kGiveUp);
  return Summarise(*bench.machine, action, bench.now);
}

TEST(Summary, NamesEachAttemptWithProviderModelAndError) {
  Bench bench(3, 1, {.attempts = 3});
  const core::Error error = RunOut(
      bench, {Event::Failed({.kind = FailureKind::kConnect}, "connection refused"),
              Event::Failed({.status = 401}), Event::Failed({.kind = FailureKind::kTimeout})});
  EXPECT_EQ(error.code, ErrorCode::kUpstreamFailed);
  EXPECT_EQ(
      error.message,
      "all 3 attempts failed: p0/m could not be reached (connection refused); "
      "p1/m answered 401 to its key 1; p2/m gave no answer in time; check "
      "providers.p0.base_url, and with signalbox doctor whether anything answers there; check "
      "providers.p1.keys.1; wait, or raise providers.p2.timeouts");
}

TEST(Summary, SaysOnceWhatToDoAboutAttemptsThatFailedInTheSameWay) {
  Bench bench(1, 1, {.attempts = 2, .attempts_per_target = 2});
  bench.Tell(Event::Begin());
  const Event refused = Event::Failed({.kind = FailureKind::kConnect}, "connection refused");
  const Action wait = bench.Tell(refused);
  ASSERT_EQ(wait.kind, Action::Kind::kWait);
  bench.Tell(Event::Woke(), 0.5, wait.until - bench.now);
  const Action over = bench.Tell(refused);
  ASSERT_EQ(over.kind, Action::Kind::kGiveUp);
  EXPECT_EQ(Summarise(*bench.machine, over, bench.now).message,
            "all 2 attempts failed: p0/m could not be reached (connection refused), 2 times; check "
            "providers.p0.base_url, and with signalbox doctor whether anything answers there");
}

TEST(Summary, SaysWhatWasNotTriedAndWhy) {
  Bench bench(2, 1, {.attempts = 1});
  bench.BreakModel(1);
  const core::Error error = RunOut(bench, {Event::Failed({.kind = FailureKind::kConnect})});
  EXPECT_EQ(error.code, ErrorCode::kConnectFailed);
  EXPECT_EQ(error.message,
            "the attempt failed: p0/m could not be reached; p1/m is left alone after it failed "
            "(its breaker is open), again in 1 s; check providers.p0.base_url, and with signalbox "
            "doctor whether anything answers there");
}

TEST(Summary, WithNothingToCallItIsUnavailableAndSaysWhenToAskAgain) {
  Bench bench(2);
  bench.BreakModel(0);
  bench.BreakModel(1);
  const core::Error error = RunOut(bench, {});
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_EQ(error.retry_after, 1s);
  EXPECT_TRUE(error.message.starts_with("no target can be called now: p0/m")) << error.message;
}

TEST(Summary, WithAllAtTheirLimitItIsRateLimited) {
  Bench bench(1, 1, {.max_wait = 0ns});
  bench.Tell(Event::Begin());
  bench.Tell(Event::Failed({.status = 429, .retry_after = 12s}));
  bench.Again();
  const core::Error error = RunOut(bench, {});
  EXPECT_EQ(error.code, ErrorCode::kRateLimited);
  EXPECT_EQ(error.retry_after, 12s);
}

TEST(Summary, AttemptsThatAgreeGiveTheirCode) {
  Bench bench(2);
  const Event timeout = Event::Failed({.kind = FailureKind::kTimeout});
  EXPECT_EQ(RunOut(bench, {timeout, timeout}).code, ErrorCode::kDeadlineExceeded);
}

TEST(Summary, ADetailIsCutToAReadableLength) {
  Bench bench(1, 1, {.attempts = 1});
  const std::string detail(10'000, 'x');
  EXPECT_LT(RunOut(bench, {Event::Failed({.kind = FailureKind::kConnect}, detail)}).message.size(),
            400U);
}

}  // namespace
}  // namespace signalbox::execution
