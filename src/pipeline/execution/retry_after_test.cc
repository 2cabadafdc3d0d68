#include "pipeline/execution/retry_after.h"

#include <gtest/gtest.h>

#include "pipeline/execution/http_date.h"

namespace signalbox::execution {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

// Sat, 21 Nov 2026 09:30:00 GMT
constexpr core::WallTime kNow =
    core::WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)) + 9h + 30min;

struct Case {
  std::string_view text;
  std::optional<nanoseconds> wait;
};

TEST(ParseRetryAfter, TakesSecondsAndDatesAndNothingElse) {
  const Case cases[] = {
      {"0", 0s},
      {"120", 120s},
      {" 7\t", 7s},
      {"1.5", 1500ms},
      {"86400", 24h},
      {"86401", kLongestRetryAfter},
      {"99999999999999999999999", kLongestRetryAfter},
      {"Sat, 21 Nov 2026 09:30:30 GMT", 30s},
      {"Saturday, 21-Nov-26 09:30:30 GMT", 30s},
      {"Sat Nov 21 09:30:30 2026", 30s},
      {"Sat, 21 Nov 2026 09:29:59 GMT", 0s},
      {"Sun, 06 Nov 1994 08:49:37 GMT", 0s},
      {"Sun Nov  6 08:49:37 1994", 0s},
      {"Sunday, 06-Nov-94 08:49:37 GMT", 0s},
      {"Sat, 21 Nov 2199 09:30:30 GMT", kLongestRetryAfter},
      {"", std::nullopt},
      {"soon", std::nullopt},
      {"-1", std::nullopt},
      {"+5", std::nullopt},
      {"1e3", std::nullopt},
      {"0x10", std::nullopt},
      {"1.2.3", std::nullopt},
      {".", std::nullopt},
      {"inf", std::nullopt},
      {"5s", std::nullopt},
      {"5 5", std::nullopt},
      {"Sat, 21 Nov 2026 09:30:30", std::nullopt},
      {"Sat, 21 Nov 2026 09:30:30 CET", std::nullopt},
      {"Sat, 21 Nov 2026 24:30:30 GMT", std::nullopt},
      {"Sat, 31 Nov 2026 09:30:30 GMT", std::nullopt},
      {"Sat, 21 Nox 2026 09:30:30 GMT", std::nullopt},
      {"Sat, 21 Nov 9999 09:30:30 GMT", std::nullopt},
      {"Sat, 21 Nov 2026 09:30:30 GMT and more", std::nullopt},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(ParseRetryAfter(c.text, kNow), c.wait) << "'" << c.text << "'";
  }
}

TEST(ParseReset, TakesWhatVendorsWrite) {
  const Case cases[] = {
      {"1s", 1s},
      {"6m0s", 6min},
      {"120ms", 120ms},
      {"59.5s", 59500ms},
      {"2m59.5s", 179500ms},
      {"1h2m3s", 3723s},
      {"400d", kLongestRetryAfter},
      {"12", 12s},
      {"2026-11-21T09:30:20Z", 20s},
      {"2026-11-21T10:30:20.5+01:00", 20500ms},
      {"2026-11-21T09:29:00Z", 0s},
      {"1795253420", 20s},         // seconds since 1970
      {"1795253420500", 20500ms},  // milliseconds
      {"", std::nullopt},
      {"1x", std::nullopt},
      {"s", std::nullopt},
      {"1s2", std::nullopt},
      {"2026-11-21", std::nullopt},
      {"2026-13-21T09:30:20Z", std::nullopt},
  };
  for (const Case& c : cases) {
    const auto wait = ParseReset(c.text, kNow);
    ASSERT_EQ(wait.has_value(), c.wait.has_value()) << "'" << c.text << "'";
    if (wait) {
      EXPECT_NEAR(static_cast<double>(wait->count()), static_cast<double>(c.wait->count()), 1e6)
          << "'" << c.text << "'";
    }
  }
}

TEST(ParseRetryAfter, SurvivesEveryTextCutShort) {
  const std::string_view text = "Saturday, 21-Nov-26 09:30:30 GMT";
  for (std::size_t n = 0; n < text.size(); ++n) {
    EXPECT_EQ(ParseRetryAfter(text.substr(0, n), kNow), std::nullopt) << n;
  }
}

TEST(RetryHints, PreferTheMostExactFieldAndAreCaseless) {
  RetryHints hints(kNow);
  EXPECT_EQ(hints.Wait(), std::nullopt);
  hints.Take("X-RateLimit-Remaining-Requests", "0");
  hints.Take("X-RateLimit-Reset-Requests", "9s");
  EXPECT_EQ(hints.Wait(), 9s);
  hints.Take("RETRY-AFTER", "4");
  EXPECT_EQ(hints.Wait(), 4s);
  hints.Take("retry-after-ms", "1250");
  EXPECT_EQ(hints.Wait(), 1250ms);
}

TEST(RetryHints, OnlyALimitThatIsUsedUpCounts) {
  RetryHints hints(kNow);
  hints.Take("x-ratelimit-remaining-requests", "58");
  hints.Take("x-ratelimit-reset-requests", "6m0s");
  EXPECT_EQ(hints.Wait(), std::nullopt);
  hints.Take("x-ratelimit-remaining-tokens", "0");
  hints.Take("x-ratelimit-reset-tokens", "2s");
  EXPECT_EQ(hints.Wait(), 2s);
}

TEST(RetryHints, ReadTheOtherVendorsNames) {
  RetryHints hints(kNow);
  hints.Take("anthropic-ratelimit-tokens-remaining", "0");
  hints.Take("anthropic-ratelimit-tokens-reset", "2026-11-21T09:30:20Z");
  hints.Take("anthropic-ratelimit-requests-remaining", "3");
  hints.Take("anthropic-ratelimit-requests-reset", "2026-11-21T09:59:20Z");
  hints.Take("accept-ranges", "bytes");
  hints.Take("", "");
  EXPECT_EQ(hints.Wait(), 20s);
}

TEST(RetryHints, AValueThatMeansNothingIsAsIfItWereNotThere) {
  RetryHints hints(kNow);
  hints.Take("retry-after-ms", "later");
  hints.Take("retry-after", "whenever");
  EXPECT_EQ(hints.Wait(), std::nullopt);
}

}  // namespace
}  // namespace signalbox::execution
