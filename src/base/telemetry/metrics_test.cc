#include "base/telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "base/telemetry/label.h"

namespace signalbox::telemetry {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t CountLines(const std::string& text, std::string_view start) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    count += std::string_view(text).substr(at).starts_with(start) ? 1 : 0;
  }
  return count;
}

TEST(Metrics, AddsUpTheShardsOfACounter) {
  Registry registry(3);
  Family& family = registry.Add({.name = "requests_total", .help = "Requests."});
  family.Child(0, {}).Add(1);
  family.Child(1, {}).Add(2);
  family.Child(2, {}).Add(0.5);
  const std::string text = registry.Text();
  EXPECT_THAT(text, HasSubstr("# HELP requests_total Requests.\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE requests_total counter\n"));
  EXPECT_THAT(text, HasSubstr("\nrequests_total 3.5\n"));
}

TEST(Metrics, AFamilyWithoutLabelsIsThereBeforeAnythingHappened) {
  Registry registry(1);
  registry.Add({.name = "drops_total", .help = "Drops."});
  EXPECT_THAT(registry.Text(), HasSubstr("drops_total 0\n"));
}

TEST(Metrics, AGaugeIsWhatWasSetLast) {
  Registry registry(1);
  Cell& cell =
      registry.Add({.name = "fill", .help = "Fill.", .kind = MetricKind::kGauge}).Child(0, {});
  cell.Set(7);
  cell.Set(0.25);
  EXPECT_THAT(registry.Text(), HasSubstr("# TYPE fill gauge\nfill 0.25\n"));
}

TEST(Metrics, AHistogramCountsUpToAndWithItsBounds) {
  Registry registry(2);
  Family& family = registry.Add({.name = "seconds",
                                 .help = "Seconds.",
                                 .kind = MetricKind::kHistogram,
                                 .labels = {"model"},
                                 .bounds = {0.1, 1, 10}});
  const std::string_view labels[] = {"m"};
  family.HistogramChild(0, labels).Observe(0.1);  // the bound belongs to its bucket
  family.HistogramChild(0, labels).Observe(0.11);
  family.HistogramChild(1, labels).Observe(10);
  family.HistogramChild(1, labels).Observe(100);
  const std::string text = registry.Text();
  EXPECT_THAT(text, HasSubstr(R"(seconds_bucket{model="m",le="0.1"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(seconds_bucket{model="m",le="1"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(seconds_bucket{model="m",le="10"} 3)"));
  EXPECT_THAT(text, HasSubstr(R"(seconds_bucket{model="m",le="+Inf"} 4)"));
  EXPECT_THAT(text, HasSubstr(R"(seconds_count{model="m"} 4)"));
  EXPECT_THAT(text, HasSubstr(R"(seconds_sum{model="m"} 110.21)"));
}

TEST(Metrics, LabelValuesAreEscapedCutAndMadeUtf8) {
  Registry registry(1);
  Family& family = registry.Add({.name = "x_total", .help = "X.", .labels = {"model"}});
  const std::string_view quoted[] = {"a\"b\\c\nd"};
  family.Child(0, quoted).Add(1);
  EXPECT_THAT(registry.Text(), HasSubstr(R"(x_total{model="a\"b\\c?d"} 1)"));
  EXPECT_EQ(CleanLabelValue("\xc3\xa9\xff\xed\xa0\x80z"), "\xc3\xa9????z");
  EXPECT_EQ(CleanLabelValue("\xf0\x9f\x98\x80\xc0\xaf"), "\xf0\x9f\x98\x80??");
  EXPECT_EQ(CleanLabelValue(std::string(119, 'a') + "\xc3\xa9"), std::string(119, 'a'));
}

TEST(Metrics, AMillionNamesShareTheChildOther) {
  Registry registry(1);
  Family& family = registry.Add(
      {.name = "x_total", .help = "X.", .labels = {"provider", "model"}, .max_children = 50});
  for (int i = 0; i < 1'000'000; ++i) {
    const std::string name = "model-" + std::to_string(i);
    const std::string_view labels[] = {"p", name};
    family.Child(0, labels).Add(1);
  }
  const std::string text = registry.Text();
  EXPECT_EQ(CountLines(text, "x_total{"), 51U);
  EXPECT_THAT(text, HasSubstr(R"(x_total{provider="other",model="other"} 999950)"));
  EXPECT_LT(text.size(), 10'000U);
  const std::string_view known[] = {"p", "model-3"};
  EXPECT_EQ(family.Child(0, known).value(), 1);
}

TEST(Metrics, ValuesThatOnlyJoinAlikeAreDifferentChildren) {
  Registry registry(1);
  Family& family = registry.Add({.name = "x_total", .help = "X.", .labels = {"a", "b"}});
  const std::string_view first[] = {"ab", "c"};
  const std::string_view second[] = {"a", "bc"};
  EXPECT_NE(&family.Child(0, first), &family.Child(0, second));
  EXPECT_EQ(&family.Child(0, first), &family.Child(0, first));
}

TEST(Metrics, TextMayBeReadWhileWorkersCount) {
  Registry registry(2);
  Family& family = registry.Add({.name = "x_total", .help = "X.", .labels = {"worker"}});
  const auto work = [&](std::uint32_t shard) {
    const std::string name = std::to_string(shard);
    for (int i = 0; i < 20'000; ++i) {
      const std::string_view labels[] = {i % 2 == 0 ? std::string_view(name) : "shared"};
      family.Child(shard, labels).Add(1);
    }
  };
  std::thread first(work, 0);
  std::thread second(work, 1);
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(registry.Text(), Not(HasSubstr("nan")));
  }
  first.join();
  second.join();
  EXPECT_THAT(registry.Text(), HasSubstr(R"(x_total{worker="shared"} 20000)"));
}

TEST(MetricsDeathTest, AMistakeInTheProgramEndsIt) {
  Registry registry(1);
  Family& family = registry.Add({.name = "x_total", .help = "X.", .labels = {"a"}});
  EXPECT_DEATH(family.Child(0, {}), "one value per label");
  EXPECT_DEATH(registry.Add({.name = "x_total", .help = "X."}), "registered twice");
  EXPECT_DEATH(registry.Add({.name = "1x", .help = "X."}), "does not take");
}

}  // namespace
}  // namespace signalbox::telemetry
