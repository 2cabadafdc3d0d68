#include "pipeline/request/target.h"

#include <gtest/gtest.h>

namespace signalbox::request {
namespace {

using providers::Provider;
using providers::ProviderOptions;

Provider Named(const std::string& name, std::vector<std::string> models = {}) {
  ProviderOptions options;
  options.models = std::move(models);
  if (providers::FindBuiltIn(name) == nullptr && name != "sim") {
    options.base_url = config::ParseUrl("http://127.0.0.1:9/v1");
  }
  return providers::MakeProvider(name, options);
}

// What `name` leads to, as provider/model; the error's code otherwise.
std::string Lead(const Targets& targets, std::string_view name) {
  const auto target = targets.Resolve(name);
  return target ? targets.ProviderOf(*target).name + "/" + target->model
                : std::string(core::Name(target.error().code));
}

const Targets& Typical() {
  static const Targets targets(
      {Named("openai"), Named("edge", {"llama", "qwen"}), Named("mistral"), Named("sim")},
      {{"fast", {{"edge/llama", "openai/gpt-4o-mini"}}}, {"gpt-4", {{"edge/qwen"}}}},
      {.default_model = "fast"});
  return targets;
}

TEST(Targets, ResolvesNames) {
  const std::pair<const char*, const char*> cases[] = {
      {"fast", "edge/llama"},
      {"auto", "edge/llama"},
      {"", "edge/llama"},
      {"gpt-4", "edge/qwen"},  // an alias comes before what a provider is known to have
      {"gpt-4o", "openai/gpt-4o"},
      {"o1-preview", "openai/o1-preview"},
      {"mistral-large", "mistral/mistral-large"},
      {"edge/anything", "edge/anything"},
      {"edge/org/model", "edge/org/model"},
      {"openai/gpt-4", "openai/gpt-4"},
      {"sim/echo", "sim/echo"},
      {"llama", "not_found"},  // what a provider lists is asked for with its name
      {"edge/", "not_found"},
      {"/llama", "not_found"},
      {"nobody/llama", "not_found"},
      {"FAST", "not_found"},
      {"grok-2", "not_found"},  // known to a provider that is not configured
  };
  EXPECT_TRUE(Typical().problems().empty());
  for (const auto& [name, leads_to] : cases) {
    EXPECT_EQ(Lead(Typical(), name), leads_to) << name;
  }
}

TEST(Targets, AnUnknownNameIsToldWhichProvidersThereAre) {
  const auto target = Typical().Resolve("nobody/" + std::string(200, 'x'));
  ASSERT_FALSE(target.has_value());
  EXPECT_EQ(target.error().param, "model");
  EXPECT_NE(target.error().message.find("openai, edge, mistral, sim"), std::string::npos);
  EXPECT_LT(target.error().message.size(), 500U);
}

TEST(Targets, ANameLongerThanTheLedgerKeepsIsRefused) {
  EXPECT_TRUE(Typical().Resolve("sim/" + std::string(251, 'x')).has_value());
  const auto target = Typical().Resolve("sim/" + std::string(252, 'x'));
  ASSERT_FALSE(target.has_value());
  EXPECT_EQ(target.error().code, core::ErrorCode::kInvalidRequest);
  EXPECT_EQ(target.error().param, "model");
}

TEST(Targets, AutoIsTheFirstProviderWithAModelToNameAndSimLast) {
  const auto automatic = [](std::vector<Provider> providers) {
    return Lead(Targets(std::move(providers), {}, {}), "auto");
  };
  EXPECT_EQ(automatic({Named("sim"), Named("mistral"), Named("edge", {"m"}), Named("openai")}),
            "edge/m");
  EXPECT_EQ(automatic({Named("sim"), Named("openai")}), "openai/gpt-4o");
  EXPECT_EQ(automatic({Named("mistral"), Named("sim")}), "sim/auto");
  EXPECT_EQ(automatic({Named("mistral")}), "not_found");
  EXPECT_EQ(automatic({}), "not_found");
}

TEST(Targets, AnAliasMayBeCalledAuto) {
  const Targets targets({Named("openai"), Named("edge")}, {{"auto", {{"edge/mine"}}}}, {});
  EXPECT_EQ(Lead(targets, "auto"), "edge/mine");
}

TEST(Targets, SaysWhichAliasAndDefaultLeadNowhere) {
  const Targets targets({Named("edge")}, {{"bad", {{"nobody/x"}}}, {"half", {{"x", "edge/y"}}}},
                        {.default_model = "missing"});
  ASSERT_EQ(targets.problems().size(), 3U);
  EXPECT_EQ(targets.problems()[0].param, "models.bad.targets");
  EXPECT_EQ(targets.problems()[1].param, "models.half.targets");
  EXPECT_EQ(targets.problems()[2].param, "routing.default");
  EXPECT_EQ(Lead(targets, "half"), "edge/y");
}

TEST(Targets, ListsAliasesAndModelsInOrderOfTheirNames) {
  std::vector<std::string> ids;
  for (const Targets::Listed& listed : Typical().listed()) {
    ids.push_back(listed.id + " " + listed.provider);
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"auto edge", "edge/llama edge", "edge/qwen edge",
                                           "fast edge", "gpt-4 edge"}));
}

}  // namespace
}  // namespace signalbox::request
