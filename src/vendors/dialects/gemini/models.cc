// What the models can do, by their names.
#include <algorithm>
#include <charconv>

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

// "gemini-2.5-pro" → 25; nullopt when the name tells no version.
std::optional<int> VersionOf(std::string_view name) {
  int major = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), major);
  if (error != std::errc{} || major < 0 || major > 99) {
    return std::nullopt;
  }
  const std::string_view rest = name.substr(static_cast<std::size_t>(end - name.data()));
  const bool minor = rest.size() > 1 && rest[0] == '.' && rest[1] >= '0' && rest[1] <= '9';
  return major * 10 + (minor ? rest[1] - '0' : 0);
}

}  // namespace

ModelFacts FactsOf(std::string_view model) {
  ModelFacts facts;
  const std::string_view name = model.substr(model.rfind('/') + 1);  // npos + 1 is 0
  const bool pro = name.find("-pro") != std::string_view::npos;
  std::optional<int> version;
  if (name.starts_with("gemini-")) {
    version = VersionOf(name.substr(7));
  }
  const bool old = name == "gemini-pro" || name == "gemini-pro-vision" ||
                   name.starts_with("gemma") || (version && *version < 25);
  facts.thinks = facts.json_schema = !old;
  facts.levels = facts.result_media = version && *version >= 30;
  facts.minimal = !pro;
  facts.medium = !pro || (version && *version > 30);
  facts.least_budget = pro ? 128 : 0;
  facts.most_budget = pro ? 32768 : 24576;
  return facts;
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
