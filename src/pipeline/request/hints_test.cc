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
  EXPECT_EQ(hints.task, "code.review");
  EXPECT_EQ(hints.model, "fast");
  EXPECT_EQ(hints.max_latency, 800ms);
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
  Hints fields{.model = "a", .task = {}, .max_latency = {}};
  fields.AddMissing({.model = "b", .task = "code", .max_latency = 2s});
  EXPECT_EQ(fields.task, "code");
  EXPECT_EQ(fields.model, "a");
  EXPECT_EQ(fields.max_latency, 2s);
}

}  // namespace
}  // namespace signalbox::request
