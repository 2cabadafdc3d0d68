#include "surface/cli/resource_run.h"

#include <gtest/gtest.h>

namespace signalbox::cli {
namespace {

const Resource& Find(std::string_view command) {
  return *std::ranges::find(Resources(), command, &Resource::command);
}

TEST(Resource, ABodyHoldsWhatWasGivenAndNothingElse) {
  ResourceArguments arguments;
  arguments.values["role"] = {"operator"};
  arguments.values["models"] = {"gpt-4o", "claude-*"};
  arguments.values["metadata"] = {R"({"a":1})"};
  arguments.values["tags"] = {};
  EXPECT_EQ(BodyOf(Find("keys").fields, arguments, "ci \"x\""),
            R"({"name":"ci \"x\"","role":"operator","models":["gpt-4o","claude-*"],)"
            R"("metadata":{"a":1}})");
  EXPECT_EQ(BodyOf(Find("keys").fields, ResourceArguments(), ""), "{}");
}

TEST(Resource, AnEmptyTextClearsAList) {
  ResourceArguments arguments;
  arguments.values["models"] = {""};
  EXPECT_EQ(BodyOf(Find("keys").fields, arguments, ""), R"({"models":[]})");
}

TEST(Resource, EachHasACommandOfItsOwnAndOptionsThatDoNotClash) {
  std::vector<std::string_view> commands;
  for (const Resource& resource : Resources()) {
    EXPECT_EQ(std::ranges::count(commands, resource.command), 0);
    commands.push_back(resource.command);
    EXPECT_TRUE(resource.path.starts_with("/api/"));
    std::vector<std::string_view> options = {"--url",    "--key",  "--ca",
                                             "--tenant", "--json", "--name"};
    for (const ResourceField& field : resource.fields) {
      EXPECT_EQ(std::ranges::count(options, field.option), 0) << field.option;
      options.push_back(field.option);
    }
  }
}

TEST(ServerCall, ATargetHoldsWhatHasAValueEscaped) {
  EXPECT_EQ(Target({.path = "/api/keys", .query = {{"a", ""}, {"b", "x y&z/%"}, {"c", "1"}}}),
            "/api/keys?b=x%20y%26z%2F%25&c=1");
  EXPECT_EQ(Target({.path = "/api/keys"}), "/api/keys");
}

constexpr ListColumn kColumns[] = {{.heading = "ID", .member = "id"},
                                   {.heading = "NAMES", .member = "names"},
                                   {.heading = "DEEP", .member = "a.b", .right = true},
                                   {.heading = "WHEN", .member = "at"}};

TEST(Listing, ShowsRowsAsFieldsInAPipe) {
  std::size_t rows = 0;
  const auto text = ListText(
      R"({"data":[{"id":"x","names":["a","b"],"a":{"b":1.5},"at":"2026-11-21T09:30:00.123Z"},)"
      R"({"id":"y","names":[],"at":null,"more":1}],"next":"y"})",
      kColumns, Terminal(), &rows);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "x\ta,b\t1.5\t2026-11-21 09:30:00\ny\t\t\t\n");
  EXPECT_EQ(rows, 2U);
}

TEST(Listing, SaysWhenAnAnswerIsNone) {
  std::size_t rows = 0;
  for (const char* body : {"", "[]", "{}", R"({"data":1})", "<html>"}) {
    EXPECT_FALSE(ListText(body, kColumns, Terminal(), &rows)) << body;
    EXPECT_EQ(NextOf(body), "");
  }
  EXPECT_EQ(NextOf(R"({"data":[],"next":"k"})"), "k");
  EXPECT_EQ(NextOf(R"({"data":[],"next":null})"), "");
  EXPECT_FALSE(ShowText("[]", Terminal()));
}

TEST(Listing, ShowsOneThingByItsMembersAndLeavesOutWhatIsNotThere) {
  const auto text = ShowText(
      R"({"id":"x","none":null,"empty":"","list":[],"inner":{"a":true},"metadata":{"k":1},)"
      R"("bad":"a\u001b[31m"})",
      Terminal());
  ASSERT_TRUE(text);
  EXPECT_TRUE(text->starts_with("id: x\ninner.a: true\nmetadata: {\"k\":1}\nbad: a")) << *text;
  EXPECT_EQ(text->find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace signalbox::cli
