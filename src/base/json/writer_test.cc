#include "base/json/writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "base/core/random.h"
#include "base/json/document.h"

namespace signalbox::json {
namespace {

std::string Quote(std::string_view text) {
  std::string out;
  AppendQuoted(out, text);
  return out;
}

TEST(Writer, PutsCommasBetweenAndNowhereElse) {
  std::string out = "before ";
  Writer w(out);
  w.BeginObject()
      .Key("a")
      .BeginArray()
      .Int(1)
      .BeginArray()
      .EndArray()
      .BeginObject()
      .EndObject()
      .Null()
      .EndArray()
      .Key("b")
      .BeginObject()
      .Key("c")
      .Bool(true)
      .Key("d")
      .Bool(false)
      .EndObject()
      .Key("e")
      .String("f")
      .Key("g")
      .Raw(R"({"h": 1})")
      .EndObject();
  EXPECT_EQ(out, R"(before {"a":[1,[],{},null],"b":{"c":true,"d":false},"e":"f","g":{"h": 1}})");
}

TEST(Writer, WritesAValueOnItsOwn) {
  std::string out;
  Writer(out).String("x");
  EXPECT_EQ(out, "\"x\"");
}

TEST(Writer, WritesTheEndsOfTheIntegers) {
  std::string out;
  Writer(out)
      .BeginArray()
      .Int(std::numeric_limits<std::int64_t>::min())
      .Int(std::numeric_limits<std::int64_t>::max())
      .Int(0)
      .Int(-1)
      .Uint(std::numeric_limits<std::uint64_t>::max())
      .Uint(0)
      .EndArray();
  EXPECT_EQ(out, "[-9223372036854775808,9223372036854775807,0,-1,18446744073709551615,0]");
}

TEST(Writer, WritesDoublesShortAndNotFiniteOnesAsNull) {
  using Limit = std::numeric_limits<double>;
  std::string out;
  Writer(out)
      .BeginArray()
      .Double(0.1)
      .Double(1)
      .Double(-2.5)
      .Double(1e300)
      .Double(Limit::infinity())
      .Double(-Limit::infinity())
      .Double(Limit::quiet_NaN())
      .EndArray();
  EXPECT_EQ(out, "[0.1,1,-2.5,1e+300,null,null,null]");
}

TEST(Writer, WritesDoublesThatReadBackEqual) {
  core::Random random(7);
  for (int i = 0; i < 5000; ++i) {
    const auto value = std::bit_cast<double>(random.Next());
    if (value - value != 0) {
      continue;  // not finite
    }
    std::string out;
    Writer(out).Double(value);
    Document document;
    ASSERT_TRUE(document.Parse(out)) << out;
    ASSERT_EQ(document.Root().AsDouble(), value) << out;
  }
}

TEST(Writer, EscapesWhatRfc8259WantsAndNothingElse) {
  EXPECT_EQ(Quote(""), R"("")");
  EXPECT_EQ(Quote("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
  EXPECT_EQ(Quote(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(Quote("é€😀\xe2\x80\xa8"), "\"é€😀\xe2\x80\xa8\"");
}

TEST(Writer, EscapesEveryByteInEveryPlaceSoThatItReadsBack) {
  for (std::size_t before = 0; before <= 130; before += before < 40 ? 1 : 13) {
    for (char c = 0; c < 0x7f; ++c) {
      const std::string text = std::string(before, 'x') + c + std::string(before % 19, 'y');
      const std::string json = "{" + Quote(text) + ":" + Quote(text) + "}";
      Document document;
      ASSERT_TRUE(document.Parse(json)) << json;
      ASSERT_EQ(document.Root().Find(text)->AsString(), text);
    }
  }
}

}  // namespace
}  // namespace signalbox::json
