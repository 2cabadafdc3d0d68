#include "surface/api/model_list.h"

#include <gtest/gtest.h>

#include "base/json/document.h"

namespace signalbox::api {
namespace {

request::Targets Sample() {
  providers::ProviderOptions options;
  options.base_url = config::ParseUrl("http://127.0.0.1:9/v1");
  options.models = {"small"};
  return {{providers::MakeProvider("edge", options)}, {}, {}};
}

TEST(ModelList, IsInTheFormOfWhoeverAsks) {
  const request::Targets targets = Sample();
  const struct {
    ListForm form;
    const char* list;
    const char* name;
    const char* value;
  } rows[] = {
      {ListForm::kOpenAi, "data", "id", "edge/small"},
      {ListForm::kAnthropic, "data", "id", "edge/small"},
      {ListForm::kGemini, "models", "name", "models/edge/small"},
      {ListForm::kMistral, "data", "id", "edge/small"},
      {ListForm::kOllama, "models", "name", "edge/small"},
  };
  for (const auto& row : rows) {
    const std::string text = ModelList(targets, row.form);
    json::Document document;
    ASSERT_TRUE(document.Parse(text)) << text;
    const auto list = document.Root().Find(row.list);
    ASSERT_TRUE(list && list->FirstChild()) << text;
    bool found = false;
    json::ForEachElement(*list, [&](const json::Value& model) {
      found |= model.Find(row.name)->AsString() == row.value;
    });
    EXPECT_TRUE(found) << text;
    EXPECT_TRUE(ModelEntry(targets, "edge/small", row.form));
    EXPECT_FALSE(ModelEntry(targets, "edge/other", row.form));
  }
}

}  // namespace
}  // namespace signalbox::api
