#include "pipeline/request/hints.h"

#include <gtest/gtest.h>

namespace signalbox::request {
namespace {

using namespace std::chrono_literals;

TEST(Hints, ReadsModelTaskAndMaxLatencyInAnyCase) {
  Hints hints;
  EXPECT_TRUE(ReadHint("x-signalbox-model", "fast", hints));
  EXPECT_TRUE(ReadHint("X-Signalbox-Max-Latency", "800ms", hints));
  EXPECT_TRUE(ReadHint("x-signalbox-Task", "code.review", hints));
  EXPECT_EQ(hints.labels.task, "code.review");
  EXPECT_EQ(hints.model, "fast");
  EXPECT_EQ(hints.max_latency, 800ms);
}

TEST(Hints, ReadsWhatACallIsBookedOn) {
  Hints hints;
  for (const char* name : {"user", "agent", "session", "feature", "category", "activity", "tags"}) {
    EXPECT_TRUE(ReadHint(std::string("X-Signalbox-") + name, name, hints));
  }
  EXPECT_EQ(hints.labels, (Labels{.end_user = "user",
                                  .agent = "agent",
                                  .session = "session",
                                  .task = {},
                                  .feature = "feature",
                                  .category = "category",
                                  .activity = "activity",
                                  .tags = "tags"}));
}

TEST(Hints, RefusesALabelThatTheLedgerWouldCut) {
  Hints hints;
  EXPECT_TRUE(ReadHint("x-signalbox-tags", std::string(255, 't'), hints));
  const core::Status read = ReadHint("x-signalbox-user", std::string(256, 'u'), hints);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().param, "x-signalbox-user");
}

TEST(Hints, LeavesOtherNamesAlone) {
  Hints hints;
  for (const char* name : {"x-signalbox-", "x-signalbox-hop", "model", "max-latency", "", "x-"}) {
    EXPECT_TRUE(ReadHint(name, "?", hints)) << name;
  }
  EXPECT_EQ(hints.model, "");
  EXPECT_FALSE(hints.max_latency);
}

TEST(Hints, RefusesATimeThatIsNone) {
  for (const char* value : {"", "5", "0s", "-1s", "soon", "1s2s", "99999999999999999999s"}) {
    Hints hints;
    const core::Status read = ReadHint("x-signalbox-max-latency", value, hints);
    ASSERT_FALSE(read.has_value()) << value;
    EXPECT_EQ(read.error().code, core::ErrorCode::kInvalidRequest);
    EXPECT_EQ(read.error().param, "x-signalbox-max-latency");
  }
}

TEST(Hints, AddsOnlyWhatIsMissing) {
  Hints fields{.model = "a", .max_latency = {}, .labels = {.agent = "one"}};
  fields.AddMissing({.model = "b", .max_latency = 2s, .labels = {.agent = "two", .task = "code"}});
  EXPECT_EQ(fields.labels.task, "code");
  EXPECT_EQ(fields.labels.agent, "one");
  EXPECT_EQ(fields.model, "a");
  EXPECT_EQ(fields.max_latency, 2s);
}

}  // namespace
}  // namespace signalbox::request
