#include "vendors/providers/sim/schema_sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "vendors/providers/sim/pattern_sample.h"

namespace signalbox::sim {
namespace {

using json::Value;

constexpr int kSeeds = 50;

// A sample with its text, parsed.
struct Sample {
  explicit Sample(std::string_view schema, std::uint64_t seed = 0)
      : text(SampleSchemaText(schema, seed)) {
    EXPECT_TRUE(document.Parse(text)) << text;
  }
  Value root() const { return document.Root(); }
  std::string text;
  json::Document document;
};

TEST(SchemaSample, GivenValuesAreTaken) {
  EXPECT_EQ(Sample(R"({"const":{"a":[1]}})").text, R"({"a":[1]})");
  std::set<std::string> seen;
  for (int seed = 0; seed < kSeeds; ++seed) {
    seen.insert(Sample(R"({"type":"string","enum":["a","b"]})", seed).text);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"\"a\"", "\"b\""}));
}

TEST(SchemaSample, EqualSeedsGiveEqualDocuments) {
  constexpr std::string_view kSchema =
      R"({"type":"object","properties":{"n":{"type":"integer"},"s":{"type":"string"},"b":{"type":"boolean"}}})";
  EXPECT_EQ(Sample(kSchema, 3).text, Sample(kSchema, 3).text);
  EXPECT_NE(Sample(kSchema, 3).text, Sample(kSchema, 4).text);
}

TEST(SchemaSample, ObjectsHaveTheirRequiredAndNamedMembers) {
  const Sample sample(R"({"type":"object","required":["city","free"],
      "properties":{"city":{"type":"string"},"days":{"type":"integer"}}})");
  EXPECT_EQ(sample.root().Find("city")->AsString(), "Paris");
  EXPECT_TRUE(sample.root().Find("days")->IsNumber());
  EXPECT_TRUE(sample.root().Find("free").has_value());
  EXPECT_EQ(sample.root().CountChildren(), 3U);
}

TEST(SchemaSample, IntegersKeepTheirBounds) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    const auto value = [&](std::string_view schema) {
      return *Sample(schema, seed).root().AsInt();
    };
    EXPECT_THAT(value(R"({"type":"integer","minimum":3,"maximum":5})"),
                testing::AllOf(testing::Ge(3), testing::Le(5)));
    EXPECT_EQ(value(R"({"type":"integer","exclusiveMinimum":3,"exclusiveMaximum":5})"), 4);
    EXPECT_EQ(value(R"({"type":"integer","minimum":10,"maximum":13,"multipleOf":4})"), 12);
    EXPECT_LE(value(R"({"type":"integer","maximum":-7})"), -7);
    EXPECT_GE(value(R"({"type":"integer","minimum":1000000})"), 1000000);
    EXPECT_EQ(value(R"({"type":"integer","multipleOf":7})") % 7, 0);
  }
}

TEST(SchemaSample, NumbersKeepTheirBounds) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    const auto value = [&](std::string_view schema) {
      return *Sample(schema, seed).root().AsDouble();
    };
    EXPECT_THAT(value(R"({"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1})"),
                testing::AllOf(testing::Gt(0), testing::Lt(1)));
    EXPECT_THAT(value(R"({"type":"number","exclusiveMinimum":0,"maximum":0.001})"),
                testing::AllOf(testing::Gt(0), testing::Le(0.001)));
    EXPECT_EQ(value(R"({"type":"number","minimum":2.5,"maximum":2.5})"), 2.5);
  }
}

TEST(SchemaSample, TextsKeepTheirLengths) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    EXPECT_EQ(Sample(R"({"type":"string","minLength":30,"maxLength":30})", seed)
                  .root()
                  .AsString()
                  ->size(),
              30U);
    EXPECT_LE(Sample(R"({"type":"string","maxLength":2})", seed).root().AsString()->size(), 2U);
  }
  EXPECT_EQ(
      Sample(R"({"type":"string","pattern":"^x+$","minLength":12,"maxLength":13})").text.size(),
      14U);
  EXPECT_EQ(Sample(R"({"type":"string","maxLength":0})").text, "\"\"");
  EXPECT_EQ(Sample(R"({"type":"string","format":"date"})").root().AsString(), "2026-01-15");
}

TEST(SchemaSample, ArraysKeepTheirLengthsAndDiffer) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    const Sample sample(
        R"({"type":"array","items":{"enum":[1,2,3,4]},"minItems":4,"uniqueItems":true})", seed);
    std::set<std::int64_t> seen;
    json::ForEachElement(sample.root(), [&](const Value& v) { seen.insert(*v.AsInt()); });
    EXPECT_EQ(seen.size(), 4U) << sample.text;
  }
  EXPECT_EQ(Sample(R"({"type":"array","maxItems":0})").text, "[]");
  EXPECT_EQ(
      Sample(R"({"type":"array","prefixItems":[{"const":1},{"const":"b"}],"items":false})").text,
      R"([1,"b"])");
  EXPECT_EQ(Sample(R"({"type":"array","contains":{"const":7},"maxItems":1})").text, "[7]");
}

TEST(SchemaSample, ReferencesAndCombinationsHoldTogether) {
  const Sample sample(
      R"({"$defs":{"a/b":{"type":"object","properties":{"x":{"const":1}},"required":["x"]}},
      "allOf":[{"$ref":"#/$defs/a~1b"},{"properties":{"y":{"const":2}},"required":["y"]}],
      "anyOf":[{"properties":{"z":{"const":3}},"required":["z"]},{"type":"null"}]})");
  EXPECT_EQ(sample.root().Find("x")->AsInt(), 1);
  EXPECT_EQ(sample.root().Find("y")->AsInt(), 2);
  EXPECT_EQ(sample.root().Find("z")->AsInt(), 3);
}

TEST(SchemaSample, RecursionEnds) {
  const Sample list(
      R"({"type":"object","properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},
      "required":["next"],"additionalProperties":false})");
  EXPECT_THAT(list.text, testing::HasSubstr("null"));
  const Sample tree(
      R"({"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#"}}},
      "required":["children"]})");
  EXPECT_THAT(tree.text, testing::HasSubstr("[]"));
  EXPECT_LT(Sample(R"({"$ref":"#"})").text.size(), 100U);
  EXPECT_LT(
      Sample(R"({"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]})").text.size(),
      1000U);
}

TEST(SchemaSample, OddSchemasStillGiveJson) {
  for (const char* schema :
       {"true", "false", "{}", "[]", "3", "{\"type\":7}", "{\"enum\":[]}", "{\"type\":[]}",
        "{\"$ref\":\"#/nowhere\"}", "{\"$ref\":\"http://x\"}", "{\"minItems\":1e300}",
        "{\"type\":\"string\",\"minLength\":-1}", "{\"type\":\"integer\",\"minimum\":1e300}",
        "{\"type\":\"integer\",\"minimum\":5,\"maximum\":1}",
        "{\"type\":\"number\",\"multipleOf\":1e-300}"}) {
    Sample sample(schema);
  }
  EXPECT_EQ(SampleSchemaText("not json", 0), "{}");
}

TEST(PatternSample, GivesTextsThatThePatternAccepts) {
  for (const char* pattern :
       {"^[a-z]{3}$", "^\\d{3}-\\d{4}$", "^(foo|bar)+$", "^[^a-y]$", "^a?b*c+$",
        "^\\w+@\\w+\\.com$", "^[A-Z]{2,4}[0-9]+$", "^(?:x(?:y|z)){2}$", "^[\\d\\-_]+$", "^.{5}$",
        "^\\S\\s\\S$", "^a|b$", "^[+-]?\\d+(\\.\\d+)?$", "^v\\d+\\.\\d+\\.\\d+$"}) {
    for (std::uint32_t extra = 0; extra < 4; ++extra) {
      const auto text = SamplePattern(pattern, extra + 7, extra);
      ASSERT_TRUE(text.has_value()) << pattern;
      EXPECT_TRUE(std::regex_search(*text, std::regex(pattern))) << pattern << " and " << *text;
    }
  }
}

TEST(PatternSample, GivesUpOnWhatItDoesNotUnderstand) {
  for (const char* pattern : {"(?=a)", "(?<=a)b", "\\bword", "\\p{L}", "(a)\\1", "(", "[a", "*",
                              "a{3", "a{99999999}", ")", "\\"}) {
    EXPECT_FALSE(SamplePattern(pattern, 1, 1).has_value()) << pattern;
  }
  const std::string deep(100, '(');
  EXPECT_FALSE(SamplePattern(deep + std::string(100, ')'), 1, 0).has_value());
}

TEST(PatternSample, DoesNotExplode) {
  EXPECT_FALSE(SamplePattern("((((a{1000}){1000}){1000}){1000})", 1, 0).has_value());
}

}  // namespace
}  // namespace signalbox::sim
