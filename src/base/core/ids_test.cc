#include "base/core/ids.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace signalbox::core {
namespace {

WallTime At(std::int64_t millis) {
  return WallTime(std::chrono::milliseconds(millis));
}

TEST(Ids, LayOutTimeVersionAndVariantAsRfc9562Says) {
  Random random(1);
  for (int i = 0; i < 1000; ++i) {
    const Uuid id = Uuid::V7(At(0x0123456789ab), random);
    const std::array<std::uint8_t, 6> time{0x01, 0x23, 0x45, 0x67, 0x89, 0xab};
    EXPECT_TRUE(std::equal(time.begin(), time.end(), id.bytes.begin()));
    EXPECT_EQ(id.bytes[6] >> 4U, 7);
    EXPECT_EQ(id.bytes[8] >> 6U, 2);
  }
}

TEST(Ids, SortAsTextInTheOrderOfTime) {
  Random random(2);
  std::string last;
  for (std::int64_t millis = 1'700'000'000'000; millis < 1'800'000'000'000; millis += 999'999'937) {
    std::string text = RequestId::New(At(millis), random).Text();
    EXPECT_LT(last, text);
    last = std::move(text);
  }
}

TEST(Ids, DifferWithinOneMillisecond) {
  Random random(3);
  std::set<RequestId> seen;
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_TRUE(seen.insert(RequestId::New(At(1), random)).second);
  }
}

TEST(Ids, AreWrittenWithPrefixAndReadBack) {
  Random random(4);
  const auto id = RequestId::New(At(1'700'000'000'000), random);
  const std::string text = id.Text();
  EXPECT_TRUE(text.starts_with("req_018bcfe56800")) << text;
  EXPECT_EQ(text.size(), RequestId::kTextSize);
  EXPECT_EQ(RequestId::Parse(text), id);
  std::string out = "id=";
  id.AppendTo(out);
  EXPECT_EQ(out, "id=" + text);
}

TEST(Ids, RefuseEveryOtherText) {
  const std::string digits = "0123456789abcdef0123456789abcdef";
  ASSERT_TRUE(RequestId::Parse("req_" + digits));
  for (const std::string& text :
       {std::string(), std::string("req_"), digits, "dec_" + digits, "REQ_" + digits,
        "req_" + digits + "0", "req_" + digits.substr(1), "req_" + digits.substr(1) + "g",
        "req_" + digits.substr(1) + "F", "req_-" + digits.substr(1), " req_" + digits}) {
    EXPECT_FALSE(RequestId::Parse(text)) << text;
  }
}

}  // namespace
}  // namespace signalbox::core
