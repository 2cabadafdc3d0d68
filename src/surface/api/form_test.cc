#include "surface/api/form.h"

#include <gtest/gtest.h>

#include "surface/api/field_types.h"

namespace signalbox::api {
namespace {

enum class Colour : std::uint8_t { kRed, kBlue };

struct Inner {
  std::string word;
  static const config::Table<Inner>& Members() {
    static const auto table =
        config::Table<Inner>("Inner", "Inside.").Add("word", &Inner::word, {.doc = "A word."});
    return table;
  }
};

struct Sample {
  std::string name;
  std::optional<std::string> note;
  std::optional<int> count;
  std::optional<bool> on;
  std::optional<Colour> colour;
  std::optional<std::vector<std::string>> names;
  std::optional<Dollars> most;
  std::optional<Moment> until;
  std::optional<JsonObject> metadata;
  Inner inner;

  static const config::Table<Sample>& Members() {
    static const auto table =
        config::Table<Sample>("Sample", "A sample.")
            .Add("name", &Sample::name, {.doc = "Its name.", .min = 1, .max = 8, .required = true})
            .Add("note", &Sample::note, {.doc = "A note."})
            .Add("count", &Sample::count, {.doc = "How many.", .min = 0, .max = 10})
            .Add("on", &Sample::on, {.doc = "Whether."})
            .Add("colour", &Sample::colour,
                 {.doc = "Which.", .names = {{"red", Colour::kRed}, {"blue", Colour::kBlue}}})
            .Add("names", &Sample::names, {.doc = "Names.", .max = 3})
            .Add("most", &Sample::most, {.doc = "At most."})
            .Add("until", &Sample::until, {.doc = "Until when."})
            .Add("metadata", &Sample::metadata, {.doc = "What else."})
            .Sub("inner", &Sample::inner, Inner::Members());
    return table;
  }
};

std::string Read(std::string_view text) {
  const auto read = JsonAs<Sample>(text);
  return read ? "ok" : read.error().param + "|" + read.error().message;
}

TEST(Form, ReadsWhatWasSentAndLeavesTheRestUnset) {
  const auto read = JsonAs<Sample>(
      R"({"name":"a","count":3,"colour":"blue","names":["x","y"],"most":12.5,)"
      R"("until":"2027-01-31T12:00:00Z","metadata":{"a":[1,{"b":null}]},"inner":{"word":"w"}})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->name, "a");
  EXPECT_EQ(read->count, 3);
  EXPECT_EQ(read->colour, Colour::kBlue);
  EXPECT_EQ(read->names, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(read->most, Dollars{12'500'000'000});
  EXPECT_EQ(core::Iso8601(read->until->at), "2027-01-31T12:00:00.000Z");
  EXPECT_EQ(read->metadata->text, R"({"a":[1,{"b":null}]})");
  EXPECT_EQ(read->inner.word, "w");
  EXPECT_FALSE(read->note || read->on);
}

TEST(Form, WritesWhatItReads) {
  const std::string text =
      R"({"name":"a","note":"n","count":3,"on":true,"colour":"red","names":["x"],"most":0.000000001,)"
      R"("until":"never","metadata":{"k":1},"inner":{"word":""}})";
  const auto read = JsonAs<Sample>(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(JsonOf(*read), text);
  EXPECT_EQ(JsonOf(Sample{.name = "b"}),
            R"({"name":"b","note":null,"count":null,"on":null,"colour":null,"names":null,)"
            R"("most":null,"until":null,"metadata":null,"inner":{"word":""}})");
}

TEST(Form, RefusesWhatNobodyDeclaredAndNamesWhatWasMeant) {
  EXPECT_EQ(Read(R"({"name":"a","conut":1})"),
            R"(conut|unknown member "conut"; did you mean "count"?)");
  EXPECT_TRUE(Read(R"({"name":"a","role":"admin"})").starts_with("role|unknown member"));
  EXPECT_TRUE(Read(R"({"name":"a","__proto__":{}})").starts_with("__proto__|unknown member"));
  EXPECT_TRUE(Read(R"({"name":"a","inner":{"wrod":""}})").starts_with("wrod|unknown member"));
  EXPECT_EQ(Read(R"({"name":"a",")" + std::string(1000, 'x') + R"(":1})").find("xxxx"),
            std::string::npos);
}

TEST(Form, RefusesAMemberThatStandsTwiceHoweverItIsWritten) {
  EXPECT_NE(Read(R"({"name":"a","name":"b"})"), "ok");
  EXPECT_NE(Read(R"({"name":"a","n\u0061me":"b"})"), "ok");
}

// P26: nothing that stands for nothing passes for a value.
TEST(Form, AValueOfAnotherTypeIsNone) {
  for (const char* value : {"null", "0", "[]", "true", "{}", "1.5"}) {
    EXPECT_TRUE(Read(std::string(R"({"name":)") + value + "}").starts_with("name|")) << value;
  }
  EXPECT_TRUE(Read(R"({"name":""})").starts_with("name|"));
  EXPECT_TRUE(Read("{}").starts_with("name|name: is missing"));
  for (const char* member : {R"("count":"3")",
                             R"("count":3.5)",
                             R"("count":1e1)",
                             R"("count":11)",
                             R"("count":null)",
                             R"("on":"true")",
                             R"("on":1)",
                             R"("colour":"green")",
                             R"("colour":0)",
                             R"("names":"x")",
                             R"("names":[1])",
                             R"("names":[""])",
                             R"("names":["a","b","c","d"])",
                             R"("most":"12")",
                             R"("most":-1)",
                             R"("most":1e3)",
                             R"("most":0.0000000001)",
                             R"("until":0)",
                             R"("until":"tomorrow")",
                             R"("until":"2027-02-30")",
                             R"("until":"2027-01-01T25:00:00Z")",
                             R"("metadata":[])",
                             R"("metadata":"{}")",
                             R"("inner":[])",
                             R"("inner":null)"}) {
    const std::string text = std::string(R"({"name":"a",)") + member + "}";
    EXPECT_NE(Read(text), "ok") << text;
  }
}

TEST(Form, ABodyIsOneObjectOfModestDepth) {
  for (const char* text :
       {"", " ", "[]", "1", "null", "\"a\"", R"({"name":"a"}x)", R"({"name":"a")", "name=a",
        R"({"name":"a\u0000"})", "{\"name\":\"a\nb\"}"}) {
    EXPECT_NE(Read(text), "ok") << text;
  }
  const std::string deep = std::string(20, '[') + std::string(20, ']');
  EXPECT_NE(Read(R"({"name":"a","metadata":{"a":)" + deep + "}}"), "ok");
}

struct Listing {
  int limit = 50;
  std::optional<std::string> after;
  static const config::Table<Listing>& Members() {
    static const auto table =
        config::Table<Listing>("Listing", "A part of a list.")
            .Add("limit", &Listing::limit, {.doc = "At most so many.", .min = 1, .max = 500})
            .Add("after", &Listing::after, {.doc = "Where to go on."});
    return table;
  }
};

TEST(Form, ReadsAQueryStrictly) {
  const auto read = QueryAs<Listing>("limit=7&after=a%2Fb+c");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->limit, 7);
  EXPECT_EQ(read->after, "a/b c");
  EXPECT_TRUE(QueryAs<Listing>(""));
  EXPECT_EQ(QueryAs<Listing>("after=5%2x%%41%4")->after, "5%2x%A%4");  // what is no escape stays
  for (const char* query : {"limit=0", "limit=501", "limit=", "limit", "limit=x", "limt=1",
                            "limit=1&limit=2", "limit=1&%6cimit=2", "after=%00", "=1"}) {
    EXPECT_FALSE(QueryAs<Listing>(query)) << query;
  }
}

}  // namespace
}  // namespace signalbox::api
