#include "pipeline/request/target.h"

#include <gtest/gtest.h>

#include "base/config/problem.h"

namespace signalbox::request {
namespace {

using providers::Provider;
using providers::ProviderOptions;

Provider Named(const std::string& name, std::vector<std::string> models = {}) {
  ProviderOptions options;
  options.models = std::move(models);
  if (providers::FindVendor(name) == nullptr && name != "sim") {
    options.base_url = config::ParseUrl("http://127.0.0.1:9/v1");
  }
  return providers::MakeProvider(name, options);
}

// What `name` leads to, as provider/model; the error's code otherwise.
std::string Lead(const Targets& targets, std::string_view name) {
  const auto resolved = targets.Resolve(name);
  if (!resolved) {
    return std::string(core::Name(resolved.error().code));
  }
  const Target& first =
      resolved->route != nullptr ? resolved->route->front().target : resolved->pinned;
  return targets.ProviderOf(first).name + "/" + first.model;
}

const Targets& Typical() {
  static const Targets targets(
      {Named("openai"), Named("edge", {"llama", "qwen"}), Named("mistral"), Named("sim")},
      {{"fast", {.targets = {"edge/llama", "openai/gpt-4o-mini"}}},
       {"gpt-4", {.targets = {"edge/qwen"}}}},
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
      {"openai", "openai/gpt-4o"},  // a provider that has a model to name
      {"edge", "edge/llama"},
      {"mistral", "not_found"},
      {"sim", "sim/auto"},
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
  const Targets targets({Named("openai"), Named("edge")}, {{"auto", {.targets = {"edge/mine"}}}},
                        {});
  EXPECT_EQ(Lead(targets, "auto"), "edge/mine");
}

// "stage provider/model weight, …"
std::string Story(const Targets& targets, const Resolved& resolved) {
  std::string text;
  for (const Choice& each : *resolved.route) {
    text += std::to_string(each.stage) + " " + targets.ProviderOf(each.target).name + "/" +
            each.target.model + " " + std::to_string(each.weight) + ", ";
  }
  return text;
}
std::string Story(const Targets& targets, std::string_view name) {
  return Story(targets, *targets.Resolve(name));
}

TEST(Targets, SaysWhichAliasAndDefaultLeadNowhere) {
  const Targets targets(
      {Named("edge")}, {{"bad", {.targets = {"nobody/x"}}}, {"half", {.targets = {"x", "edge/y"}}}},
      {.default_model = "missing"});
  ASSERT_EQ(targets.problems().size(), 3U);
  EXPECT_EQ(targets.problems()[0].param, "models.bad.targets[0]");
  EXPECT_EQ(targets.problems()[1].param, "models.half.targets[0]");
  EXPECT_EQ(targets.problems()[2].param, "routing.default");
  EXPECT_EQ(Lead(targets, "half"), "edge/y");
}

TEST(Targets, AnAliasIsARouteInStages) {
  const Targets targets({Named("openai"), Named("edge")},
                        {{"shared",
                          {.targets = {"edge/a * 4", "openai/b * 2"},
                           .fallback = {"openai/c", "edge/d"},
                           .balance = Balance::kWeighted}},
                         {"ordered", {.targets = {"edge/a", "openai/b"}}},
                         {"odd", {.targets = {"edge/a * 0", "edge/b"}}}},
                        {});
  EXPECT_EQ(Story(targets, "shared"), "0 edge/a 4, 0 openai/b 2, 1 openai/c 1, 2 edge/d 1, ");
  EXPECT_EQ(Story(targets, "ordered"), "0 edge/a 1, 1 openai/b 1, ");
  EXPECT_EQ(Story(targets, "odd"), "0 edge/b 1, ");
  ASSERT_EQ(targets.problems().size(), 1U);
  EXPECT_EQ(targets.problems()[0].param, "models.odd.targets[0]");
  EXPECT_NE(targets.problems()[0].message.find("'edge/a * 0'"), std::string::npos);
}

// llama-scout -> gpt-4 -> mistral-large -> local, each under a name of its own.
TEST(Targets, AChainMayNameAliasesBareModelsAndProviders) {
  const Targets targets(
      {Named("openai"), Named("edge", {"llama"}), Named("mistral")},
      {{"llama-scout",
        {.targets = {"edge/llama-4-scout"}, .fallback = {"gpt-4", "mistral-large", "local"}}},
       {"local", {.targets = {"edge"}}}},
      {});
  EXPECT_TRUE(targets.problems().empty());
  EXPECT_EQ(
      Story(targets, "llama-scout"),
      "0 edge/llama-4-scout 1, 1 openai/gpt-4 1, 2 mistral/mistral-large 1, 3 edge/llama 1, ");
}

TEST(Targets, AModelKeepsItsNameAndGetsAFallback) {
  const Targets targets({Named("openai"), Named("edge")},
                        {{"gpt-4o", {.fallback = {"edge/big"}}},
                         {"gpt-4", {.targets = {"gpt-4"}, .fallback = {"gpt-4o"}}},
                         {"openai/o3", {.fallback = {"edge/slow"}}}},
                        {});
  EXPECT_TRUE(targets.problems().empty());
  EXPECT_EQ(Story(targets, "gpt-4o"), "0 openai/gpt-4o 1, 1 edge/big 1, ");
  EXPECT_EQ(Story(targets, "gpt-4"), "0 openai/gpt-4 1, 1 openai/gpt-4o 1, 2 edge/big 1, ");
  EXPECT_EQ(Story(targets, "openai/o3"), "0 openai/o3 1, 1 edge/slow 1, ");
}

TEST(Targets, AnAliasWithoutTargetsHasToBeTheNameOfAModel) {
  const Targets targets({Named("edge")}, {{"fast", {.fallback = {"edge/a"}}}}, {});
  ASSERT_EQ(targets.problems().size(), 1U);
  EXPECT_EQ(targets.problems()[0].param, "models.fast");
  EXPECT_NE(targets.problems()[0].message.find("'fast'"), std::string::npos);
}

TEST(Targets, AliasesThatLeadToEachOtherAreRefusedWithTheirChain) {
  const Targets targets({Named("edge")},
                        {{"a", {.targets = {"b"}}},
                         {"b", {.targets = {"edge/x"}, .fallback = {"c"}}},
                         {"c", {.targets = {"edge/y", "a"}}},
                         {"outside", {.targets = {"a", "edge/z"}}}},
                        {});
  ASSERT_EQ(targets.problems().size(), 1U) << "once, however many names lead into it";
  EXPECT_EQ(targets.problems()[0].param, "models.c.targets[1]");
  EXPECT_NE(targets.problems()[0].message.find("a -> b -> c -> a"), std::string::npos)
      << targets.problems()[0].message;
}

TEST(Targets, ANameThatIsNoPlainWordIsShownAsItIsWritten) {
  const Targets targets({Named("edge")}, {{"gpt-4.1", {.targets = {"nobody"}}}}, {});
  ASSERT_EQ(targets.problems().size(), 1U);
  EXPECT_EQ(targets.problems()[0].param, config::Join("models", "gpt-4.1") + ".targets[0]");
}

TEST(Targets, NamesInNamesHaveAnEnd) {
  std::map<std::string, AliasOptions> aliases;
  for (int i = 0; i < 20'000; ++i) {
    aliases["n" + std::to_string(100'000 + i)].targets = {"n" + std::to_string(100'001 + i)};
  }
  aliases["n120000"].targets = {"edge/x"};
  const Targets targets({Named("edge")}, aliases, {});
  ASSERT_FALSE(targets.problems().empty());
  EXPECT_NE(targets.problems()[0].message.find("deep"), std::string::npos);
}

TEST(Targets, TooManyTargetsAreCountedWithThoseOfTheNamesInThem) {
  AliasOptions nine;
  for (int i = 0; i < 9; ++i) {
    nine.targets.push_back("edge/a" + std::to_string(i));
  }
  AliasOptions others = nine;
  for (std::string& name : others.targets) {
    name += "b";
  }
  const Targets targets(
      {Named("edge")},
      {{"nine", nine}, {"others", others}, {"all", {.targets = {"nine", "others"}}}}, {});
  ASSERT_EQ(targets.problems().size(), 1U);
  EXPECT_EQ(targets.problems()[0].param, "models.all");
  EXPECT_NE(targets.problems()[0].message.find("18 targets"), std::string::npos);
}

TEST(Targets, ATierHasTheDefaultBehindIt) {
  const Targets targets({Named("openai"), Named("edge")},
                        {{"cheap", {.targets = {"edge/small"}, .fallback = {"edge/medium"}}}},
                        {.default_model = "gpt-4o",
                         .tiers = {.low = "cheap", .medium = "edge/medium", .high = "gpt-4o"}});
  EXPECT_TRUE(targets.problems().empty());
  EXPECT_EQ(Story(targets, "auto:low"), "0 edge/small 1, 1 edge/medium 1, 2 openai/gpt-4o 1, ");
  EXPECT_EQ(Story(targets, "auto:medium"), "0 edge/medium 1, 1 openai/gpt-4o 1, ");
  EXPECT_EQ(Story(targets, "auto:high"), "0 openai/gpt-4o 1, ");
  EXPECT_EQ(Lead(targets, "auto:other"), "not_found");
  EXPECT_EQ(Lead(Typical(), "auto:low"), "not_found") << "where no tier is configured";
}

TEST(Targets, ATierThatLeadsNowhereIsSaid) {
  const Targets targets({Named("edge", {"m"})}, {}, {.tiers = {.medium = "nobody/x"}});
  ASSERT_EQ(targets.problems().size(), 1U);
  EXPECT_EQ(targets.problems()[0].param, "routing.tiers.medium");
}

TEST(Targets, ATaskAnswersAutoUnlessAModelIsAskedFor) {
  const Targets targets({Named("openai"), Named("edge")}, {{"cheap", {.targets = {"edge/small"}}}},
                        {.default_model = "gpt-4o",
                         .tasks = {{"code", {.targets = {"gpt-4.1"}, .fallback = {"cheap"}}},
                                   {"email.triage", {.targets = {"cheap"}}}}});
  EXPECT_TRUE(targets.problems().empty());
  const auto story = [&](std::string_view model, const Hints& hints) {
    const Resolved resolved = *targets.Resolve(model, hints);
    return resolved.route != nullptr ? Story(targets, resolved) : "alone " + resolved.pinned.model;
  };
  EXPECT_EQ(story("auto", {.labels = {.task = "code"}}), "0 openai/gpt-4.1 1, 1 edge/small 1, ");
  EXPECT_EQ(story("", {.labels = {.task = "email.triage"}}), "0 edge/small 1, ");
  EXPECT_EQ(story("auto", {.labels = {.task = "unheard-of"}}), "0 openai/gpt-4o 1, ");
  EXPECT_EQ(story("auto", {}), "0 openai/gpt-4o 1, ");
  EXPECT_EQ(story("auto", {.model = "cheap", .labels = {.task = "code"}}), "0 edge/small 1, ");
  EXPECT_EQ(story("openai/o3", {.model = "cheap", .labels = {.task = "code"}}), "alone o3");
  EXPECT_EQ(Lead(targets, "code"), "not_found") << "a task is no model";
}

TEST(Targets, ATaskSaysWhatItsTargetsAre) {
  const Targets targets({Named("edge")}, {}, {.tasks = {{"code", {.fallback = {"edge/a"}}}}});
  ASSERT_EQ(targets.problems().size(), 1U);
  EXPECT_EQ(targets.problems()[0].param, "routing.tasks.code");
  EXPECT_NE(targets.problems()[0].message.find("targets is missing"), std::string::npos);
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
