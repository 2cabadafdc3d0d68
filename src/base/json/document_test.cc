#include "base/json/document.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace signalbox::json {
namespace {

std::string ErrorOf(std::string_view text, const Limits& limits = {}) {
  Document document;
  const auto status = document.Parse(text, limits);
  return status ? "" : status.error().message;
}

TEST(Document, WalksMembersAndElementsInTheirOrder) {
  Document document;
  ASSERT_TRUE(document.Parse(R"( {"a" : [1, {"x":null}, "two"], "b":true} )"));
  std::string seen;
  ForEachMember(document.Root(), [&](const Value& key, const Value& value) {
    seen += *key.AsString() + "=" + std::string(value.Raw()) + ";";
  });
  EXPECT_EQ(seen, R"(a=[1, {"x":null}, "two"];b=true;)");
  seen.clear();
  ForEachElement(*document.Root().Find("a"),
                 [&](const Value& value) { seen += std::string(value.Raw()) + "|"; });
  EXPECT_EQ(seen, R"(1|{"x":null}|"two"|)");
}

TEST(Document, SaysWhereAValueStandsInTheText) {
  const std::string text = R"({"model":  "gpt","n":  [ 1.50e+2 ]})";
  Document document;
  ASSERT_TRUE(document.Parse(text));
  const Value model = *document.Root().Find("model");
  EXPECT_EQ(model.offset(), text.find("\"gpt\""));
  EXPECT_EQ(model.Raw().data(), text.data() + model.offset());
  EXPECT_EQ(model.Raw(), "\"gpt\"");
  EXPECT_EQ(document.Root().Find("n")->FirstChild()->Raw(), "1.50e+2");
  EXPECT_EQ(document.Root().Raw(), text);
}

TEST(Document, CountsMembersOnceAndOnlyDirectChildren) {
  Document document;
  ASSERT_TRUE(document.Parse(R"({"a":[[1,2],[3]],"b":{},"c":[]})"));
  const Value root = document.Root();
  EXPECT_EQ(root.CountChildren(), 3U);
  EXPECT_EQ(root.Find("a")->CountChildren(), 2U);
  EXPECT_EQ(root.Find("b")->CountChildren(), 0U);
  EXPECT_EQ(root.Find("c")->CountChildren(), 0U);
  EXPECT_EQ(root.Find("c")->FirstChild(), std::nullopt);
}

TEST(Document, FindsAKeyHoweverItIsEscapedAndOnlyInTheObjectItself) {
  Document document;
  ASSERT_TRUE(document.Parse(R"({"in":{"model":1},"m\u006fdel":2,"":3,"a\"b":4})"));
  EXPECT_EQ(document.Root().Find("model")->AsInt(), 2);
  EXPECT_EQ(document.Root().Find("")->AsInt(), 3);
  EXPECT_EQ(document.Root().Find("a\"b")->AsInt(), 4);
  EXPECT_FALSE(document.Root().Find("mode"));
  EXPECT_FALSE(document.Root().Find("models"));
  EXPECT_FALSE(document.Root().Find("model")->Find("model"));
}

TEST(Document, GivesNothingForAValueOfAnotherKind) {
  Document document;
  ASSERT_TRUE(document.Parse(R"(["1",1,true,null,{},[]])"));
  std::string scratch;
  std::string answers;
  ForEachElement(document.Root(), [&](const Value& v) {
    answers += v.AsBool() ? 'b' : '-';
    answers += v.AsInt() ? 'i' : '-';
    answers += v.AsDouble() ? 'd' : '-';
    answers += v.AsText(scratch) ? 't' : '-';
    answers += v.AsString() ? 's' : '-';
    answers += v.FirstChild() ? 'c' : '-';
    answers += ' ';
  });
  EXPECT_EQ(answers, "---ts- -id--- b----- ------ ------ ------ ");
}

TEST(Document, ReadsIntegersExactlyOrNotAtAll) {
  Document document;
  ASSERT_TRUE(document.Parse(
      "[0,-0,9223372036854775807,-9223372036854775808,9223372036854775808,1.0,1e2,-7]"));
  std::vector<std::optional<std::int64_t>> read;
  ForEachElement(document.Root(), [&](const Value& v) { read.push_back(v.AsInt()); });
  using Limit = std::numeric_limits<std::int64_t>;
  const std::vector<std::optional<std::int64_t>> expected{
      0, 0, Limit::max(), Limit::min(), std::nullopt, std::nullopt, std::nullopt, -7};
  EXPECT_EQ(read, expected);
}

struct DoubleCase {
  const char* text;
  std::optional<double> value;
};

TEST(Document, ReadsTheNearestDoubleTooSmallIsZeroTooLargeIsNothing) {
  const std::string zeros(400, '0');
  const std::string tiny = "0." + zeros + "1";
  const std::string huge = "1" + zeros;
  const std::string balanced = "0." + zeros + "1e400";
  const DoubleCase cases[] = {{"0.1", 0.1},
                              {"1e2", 100.0},
                              {"123456789012345678901", 123456789012345678901.0},
                              {"1.7976931348623157e308", std::numeric_limits<double>::max()},
                              {"5e-324", std::numeric_limits<double>::denorm_min()},
                              {"1e309", std::nullopt},
                              {"-1e309", std::nullopt},
                              {"1E+999999999999999999999", std::nullopt},
                              {huge.c_str(), std::nullopt},
                              {"1e-400", 0.0},
                              {"1e-999999999999999999999", 0.0},
                              {tiny.c_str(), 0.0},
                              {"0e999", 0.0},
                              {balanced.c_str(), 0.1}};
  for (const DoubleCase& c : cases) {
    Document document;
    ASSERT_TRUE(document.Parse(c.text)) << c.text;
    EXPECT_EQ(document.Root().AsDouble(), c.value) << c.text;
  }
  Document document;
  ASSERT_TRUE(document.Parse("-1e-400"));
  EXPECT_TRUE(std::signbit(*document.Root().AsDouble()));
}

struct TextCase {
  const char* json;
  std::string_view text;
};

TEST(Document, UnescapesTextJoinsSurrogatesAndReplacesLoneOnes) {
  const TextCase cases[] = {
      {R"("")", ""},
      {R"("plain é")", "plain é"},
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("a\u0000b")", std::string_view("a\0b", 3)},
      {R"("\u00e9\u20AC\ud83d\uDE00")", "é€😀"},
      {R"("\u007f\u0080\u07ff\u0800")", "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80"},
      {R"("\uffff\ud800\udc00")", "\xef\xbf\xbf\xf0\x90\x80\x80"},
      {R"("\udbff\udfff")", "\xf4\x8f\xbf\xbf"},
      {R"("\ud83d")", "\xef\xbf\xbd"},
      {R"("\ude00x")", "\xef\xbf\xbdx"},
      {R"("\ud83d\n")", "\xef\xbf\xbd\n"},
      {R"("\ud83d\u0041")",
       "\xef\xbf\xbd"
       "A"},
      {R"("\ud83d\ud83d\ude00")", "\xef\xbf\xbd😀"},
      {R"("\ude00\ud83d")", "\xef\xbf\xbd\xef\xbf\xbd"},
  };
  for (const TextCase& c : cases) {
    Document document;
    ASSERT_TRUE(document.Parse(c.json)) << c.json;
    std::string scratch = "left over";
    EXPECT_EQ(document.Root().AsText(scratch), c.text) << c.json;
    EXPECT_EQ(document.Root().AsString(), c.text) << c.json;
  }
}

TEST(Document, ShowsTextWithoutEscapesInPlace) {
  const std::string text = R"("no escapes")";
  Document document;
  ASSERT_TRUE(document.Parse(text));
  std::string scratch;
  EXPECT_EQ(document.Root().AsText(scratch)->data(), text.data() + 1);
}

TEST(Document, NamesLineColumnAndReason) {
  EXPECT_EQ(ErrorOf("{\n  \"a\": 1,\n  \"b\": [2] x\n}"),
            "invalid JSON at line 3, column 12: a comma or '}' was expected");
  EXPECT_EQ(ErrorOf("[1,"),
            "invalid JSON at line 1, column 4: a value was expected, but the text "
            "ends");
  EXPECT_EQ(ErrorOf(""),
            "invalid JSON at line 1, column 1: the text is empty, a value was "
            "expected");
  EXPECT_EQ(ErrorOf("[\"äöü\" 1]"),
            "invalid JSON at line 1, column 8: a comma or ']' was expected");
  EXPECT_EQ(ErrorOf("[\"abc"), "invalid JSON at line 1, column 2: this string is not closed");
  EXPECT_EQ(ErrorOf("[\"ok\",\n\"\xc3\x28\"]"),
            "invalid JSON at line 2, column 2: the text is not UTF-8 here");
}

TEST(Document, KeepsTheTextOutOfItsMessages) {
  for (const char* text : {"[\"secret\" secret]", "{\"secret\":\"secret\n\"}", "[secret]",
                           "{\"secret\" 1}", "\"secret\\x\"", "{\"a\":\"secret\",secret}"}) {
    const std::string message = ErrorOf(text);
    EXPECT_FALSE(message.empty()) << text;
    EXPECT_EQ(message.find("secret"), std::string::npos) << message;
  }
}

TEST(Document, AllowsExactlyTheDepthItIsGiven) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(ErrorOf(nested(128)), "");
  EXPECT_EQ(ErrorOf(nested(129)),
            "invalid JSON at line 1, column 129: arrays and objects are "
            "nested deeper than 128 levels");
  EXPECT_EQ(ErrorOf(R"([{"a":[]}])", {.max_depth = 3}), "");
  EXPECT_NE(ErrorOf(R"([{"a":[]}])", {.max_depth = 2}), "");
  EXPECT_EQ(ErrorOf("[[],[],[[]],{}]", {.max_depth = 3}), "");
  EXPECT_EQ(ErrorOf("1", {.max_depth = 0}), "");
  EXPECT_EQ(ErrorOf(nested(1'000'000), {.max_depth = 1'000'000}), "");
  EXPECT_NE(ErrorOf(std::string(1'000'000, '['), {.max_depth = 1'000'000}), "");
}

TEST(Document, IsNullBeforeAParseAndAfterAFailedOne) {
  Document document;
  EXPECT_TRUE(document.Root().IsNull());
  ASSERT_TRUE(document.Parse(R"({"a":1})"));
  ASSERT_FALSE(document.Parse(R"({"a":1)"));
  EXPECT_TRUE(document.Root().IsNull());
  EXPECT_FALSE(document.Root().Find("a"));
  EXPECT_EQ(document.text(), "");
}

TEST(Document, TakesTheFirstOfTwoEqualKeysWhereTheyNeedNotBeUnique) {
  Document document;
  ASSERT_TRUE(document.Parse(R"({"a":1,"a":2})", {.unique_keys = false}));
  EXPECT_EQ(document.Root().Find("a")->AsInt(), 1);
  EXPECT_FALSE(document.Parse(R"({"a":1,"a":2})"));
}

TEST(Document, ReadsTheValueAtTheStartWhereTheTextNeedNotEndWithIt) {
  Document document;
  const Limits limits{.whole_text = false};
  ASSERT_TRUE(document.Parse("{\"a\":[1,{}]},\"b\": \xff nonsense", limits));
  EXPECT_EQ(document.Root().Raw(), R"({"a":[1,{}]})");
  EXPECT_FALSE(document.Parse("{\"a\":[1,{}],", limits));
  EXPECT_FALSE(document.Parse("{\"a\":\"\xff\"} rest", limits));
  EXPECT_FALSE(document.Parse("", limits));
}

TEST(Document, CanBeUsedAgainAfterItWasMovedFrom) {
  Document document;
  ASSERT_TRUE(document.Parse("[1,2]"));
  const Document taken = std::move(document);
  EXPECT_EQ(taken.Root().CountChildren(), 2U);
  ASSERT_FALSE(document.Parse("]"));
  EXPECT_TRUE(document.Root().IsNull());
  ASSERT_TRUE(document.Parse("[3]"));
  EXPECT_EQ(document.Root().FirstChild()->AsInt(), 3);
}

TEST(Document, IsReusedAfterLongerShorterAndShrunkTexts) {
  Document document;
  std::string wide = "[0";
  for (int i = 0; i < 5000; ++i) {
    wide += ",1";
  }
  wide += "]";
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(document.Parse(wide));
    EXPECT_EQ(document.Root().CountChildren(), 5001U);
    ASSERT_TRUE(document.Parse("[true]"));
    EXPECT_EQ(document.Root().CountChildren(), 1U);
    document.Shrink(1024);
    EXPECT_TRUE(document.Root().IsNull());
  }
}

}  // namespace
}  // namespace signalbox::json
