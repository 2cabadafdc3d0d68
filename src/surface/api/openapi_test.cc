#include "surface/api/openapi.h"

#include <gtest/gtest.h>

#include <fstream>

#include "surface/api/api.h"

namespace signalbox::api {
namespace {

using json::Value;

const std::string& Page() {
  static const std::string page = OpenApiJson(Api::AllRoutes());
  return page;
}

std::optional<Value> Follow(const Value& root, std::string_view reference) {
  std::optional<Value> at = root;
  for (reference.remove_prefix(2); at && !reference.empty();) {
    const std::size_t end = std::min(reference.find('/'), reference.size());
    at = at->Find(reference.substr(0, end));
    reference.remove_prefix(std::min(end + 1, reference.size()));
  }
  return at;
}

void CheckReferences(const Value& root, const Value& value) {
  if (value.IsArray()) {
    json::ForEachElement(value, [&](const Value& each) { CheckReferences(root, each); });
  } else if (value.IsObject()) {
    json::ForEachMember(value, [&](const Value& key, const Value& member) {
      if (key.AsString() == "$ref" && member.IsString()) {
        EXPECT_TRUE(Follow(root, *member.AsString())) << *member.AsString();
      }
      CheckReferences(root, member);
    });
  }
}

TEST(OpenApi, IsJsonWhoseReferencesAllLeadSomewhere) {
  json::Document document;
  ASSERT_TRUE(document.Parse(Page()));
  EXPECT_EQ(document.Root().Find("openapi")->AsString(), "3.1.0");
  CheckReferences(document.Root(), document.Root());
}

TEST(OpenApi, HasEveryRouteWithItsRuleAndParameters) {
  json::Document document;
  ASSERT_TRUE(document.Parse(Page()));
  const Value paths = *document.Root().Find("paths");
  ForEachRoute(Api::AllRoutes(), [&](const Route& route) {
    std::string path(route.path.text());
    std::erase(path, '*');
    std::string method(Name(route.method));
    std::ranges::transform(method, method.begin(), [](char c) { return std::tolower(c); });
    const auto item = paths.Find(path);
    ASSERT_TRUE(item) << path;
    const auto operation = item->Find(method);
    ASSERT_TRUE(operation) << method << ' ' << path;
    EXPECT_EQ(operation->Find("operationId")->AsString(), std::string(route.id));
    EXPECT_EQ(operation->Find("x-signalbox-access")->AsString(), route.rule.Text());
    EXPECT_EQ(operation->Find("security")->CountChildren(), route.rule.open() ? 0U : 2U);
    EXPECT_EQ(operation->Find("requestBody").has_value(), route.doing.body != nullptr);
    const auto braces = static_cast<std::size_t>(std::ranges::count(path, '{'));
    EXPECT_GE(operation->Find("parameters")->CountChildren(), braces);
    EXPECT_FALSE(route.summary.empty());
    EXPECT_TRUE(route.summary.ends_with('.')) << route.summary;
  });
}

TEST(OpenApi, HasEveryPathThatCallsAModel) {
  json::Document document;
  ASSERT_TRUE(document.Parse(Page()));
  const Value paths = *document.Root().Find("paths");
  for (const ModelPath& path : ModelPaths()) {
    const auto item = paths.Find(path.path);
    ASSERT_TRUE(item && item->Find("post")) << path.path;
    EXPECT_EQ(item->Find("post")->Find("x-signalbox-dialect")->AsString(),
              std::string(path.dialect));
  }
}

TEST(ApiPage, TellsEveryRoute) {
  const std::string page = ApiPage(Api::AllRoutes());
  ForEachRoute(Api::AllRoutes(), [&](const Route& route) {
    EXPECT_NE(page.find(route.path.text()), std::string::npos) << route.path.text();
  });
}

TEST(ApiPage, IsTheOneInTheDocumentation) {
  std::ifstream file(SB_SOURCE_DIR "/docs/api.md");
  const std::string there((std::istreambuf_iterator<char>(file)), {});
  EXPECT_TRUE(there == ApiPage(Api::AllRoutes())) << "write it again with scripts/write_docs";
}

}  // namespace
}  // namespace signalbox::api
