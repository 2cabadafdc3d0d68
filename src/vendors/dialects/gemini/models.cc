// What the models can do, in Google's words.
#include <algorithm>

#include "vendors/dialects/gemini/names.h"

namespace signalbox::gemini {
namespace {

struct Effort {
  std::string_view name;
  std::string_view level;
  std::int64_t budget;
};

// Google's own table, of its OpenAI form; the last two are others' words for more.
constexpr Effort kEfforts[] = {
    {"none", "MINIMAL", 0},     {"minimal", "MINIMAL", 1024}, {"low", "LOW", 1024},
    {"medium", "MEDIUM", 8192}, {"high", "HIGH", 24576},      {"xhigh", "HIGH", 32768},
    {"max", "HIGH", 32768},
};

const Effort* FindEffort(std::string_view name) {
  const auto found = std::ranges::find(kEfforts, name, &Effort::name);
  return found == std::end(kEfforts) ? nullptr : found;
}

}  // namespace

ModelFacts FactsOf(const catalog::Capabilities& of) {
  using catalog::Ability;
  using catalog::Effort;
  const bool told = of.efforts != 0;
  return {.thinks = !of.Lacks(Ability::kReasoning),
          .levels = of.Can(Ability::kEffort),
          .minimal = !told || of.Takes(Effort::kMinimal),
          .medium = !told || of.Takes(Effort::kMedium),
          .json_schema = !of.Lacks(Ability::kFullSchema),
          .result_media = of.Can(Ability::kResultMedia),
          .least_budget = of.least_budget,
          .most_budget = of.most_budget != 0 ? of.most_budget : kUsualMost};
}

std::string_view LevelOf(std::string_view effort, const ModelFacts& facts) {
  const Effort* found = FindEffort(effort);
  if (found == nullptr) {
    return {};
  }
  if (found->level == "MINIMAL" && !facts.minimal) {
    return "LOW";
  }
  return found->level == "MEDIUM" && !facts.medium ? "HIGH" : found->level;
}

std::optional<std::int64_t> BudgetOf(std::string_view effort, const ModelFacts& facts) {
  const Effort* found = FindEffort(effort);
  return found == nullptr
             ? std::nullopt
             : std::optional(std::clamp(found->budget, facts.least_budget, facts.most_budget));
}

}  // namespace signalbox::gemini
