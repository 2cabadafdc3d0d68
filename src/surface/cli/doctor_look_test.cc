#include "surface/cli/doctor_look.h"

#include <gtest/gtest.h>

namespace signalbox::cli {
namespace {

using namespace std::chrono_literals;

StreamLook Came(std::vector<std::chrono::nanoseconds> events) {
  StreamLook look;
  look.events = std::move(events);
  return look;
}

TEST(DoctorStream, EventsThatFollowEachOtherAtTheirPaceAreNoLump) {
  EXPECT_FALSE(CameInOneLump(Came({300ms, 350ms, 400ms, 450ms})));
  EXPECT_FALSE(CameInOneLump(Came({300ms, 301ms}))) << "too few to tell";
  EXPECT_FALSE(CameInOneLump(Came({})));
}

TEST(DoctorStream, EventsThatWereHeldBackUntilTheEndAreOne) {
  EXPECT_TRUE(CameInOneLump(Came({450ms, 450ms, 451ms, 451ms})));
  EXPECT_TRUE(CameInOneLump(Came({4500ms, 4500ms, 4600ms})));
}

TEST(DoctorVersion, IsTheOneThatTheMetricsName) {
  EXPECT_EQ(VersionIn("# HELP x\nsignalbox_build_info{version=\"1.2.3\"} 1\n"), "1.2.3");
  EXPECT_EQ(VersionIn("up 1\n"), "");
}

}  // namespace
}  // namespace signalbox::cli
