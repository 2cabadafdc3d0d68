#include "vendors/dialects/anthropic/plan.h"

#include <algorithm>

namespace signalbox::anthropic {
namespace {

using catalog::Ability;
using catalog::Capabilities;
using chat::Request;

constexpr std::int64_t kLeastBudget = 1024;
constexpr std::int64_t kUsualBudget = 8192;

struct Level {
  std::string_view name;
  std::int64_t budget;
  std::string_view effort;
};
constexpr Level kLevels[] = {
    {"minimal", 1024, "low"}, {"low", 2048, "low"},      {"medium", 8192, "medium"},
    {"high", 16384, "high"},  {"xhigh", 24576, "xhigh"}, {"max", 32000, "max"},
};

const Level* LevelNamed(std::string_view name) {
  const auto* found = std::ranges::find(kLevels, name, &Level::name);
  return found == std::end(kLevels) ? nullptr : found;
}

// The lowest level whose budget is not below.
std::string_view EffortFor(std::int64_t budget) {
  for (const Level& level : kLevels) {
    if (budget <= level.budget) {
      return level.effort;
    }
  }
  return "max";
}

// What a bound leaves to think with: a quarter stays for the answer.
std::int64_t MostOf(std::int64_t bound) {
  return std::max(kLeastBudget, bound - bound / 4);
}

bool IsAsked(const chat::ReasoningOptions& options) {
  if (options.enabled) {
    return *options.enabled;
  }
  return (!options.effort.empty() && options.effort != "none") || options.budget.value_or(0) != 0;
}

class Planner {
 public:
  Planner(const Request& request, const Capabilities& known, std::vector<std::string>& dropped)
      : request_(request), known_(known), dropped_(dropped) {}

  Plan Take(bool can_think, const wire::RequestTerms& terms) {
    plan_.max_tokens = request_.sampling.max_output_tokens.value_or(terms.default_max_tokens);
    if (IsAsked(request_.reasoning)) {
      can_think && !known_.LacksThinking() && HasRoom() ? Think() : Drop("reasoning");
    }
    Sample();
    Stop();
    Rest();
    return std::move(plan_);
  }

 private:
  void Drop(std::string_view path) { dropped_.emplace_back(path); }

  // Other vendors count thoughts under the bound that the caller set, so it stays as it is.
  bool HasRoom() const {
    return ThinksByEffort() ||
           request_.sampling.max_output_tokens.value_or(kLeastBudget + 1) > kLeastBudget;
  }

  bool ThinksByEffort() const {
    return known_.Can(Ability::kEffort) &&
           (request_.reasoning.budget.value_or(0) <= 0 || !known_.Can(Ability::kBudget));
  }

  void Think() {
    const chat::ReasoningOptions& asked = request_.reasoning;
    const Level* level = LevelNamed(asked.effort);
    const std::int64_t stated = asked.budget.value_or(0);
    if (ThinksByEffort()) {
      plan_.thinking = "adaptive";
      plan_.effort = level != nullptr ? level->effort : stated > 0 ? EffortFor(stated) : "";
      plan_.effort = known_.NearestEffort(plan_.effort);
      if (!request_.sampling.max_output_tokens) {
        plan_.max_tokens += level != nullptr ? level->budget : kUsualBudget;
      }
    } else {
      plan_.thinking = "enabled";
      plan_.budget = std::max(stated > 0         ? stated
                              : level != nullptr ? level->budget
                                                 : kUsualBudget,
                              kLeastBudget);
      FitBudget(stated > 0);
    }
    if (!known_.Can(Ability::kBudget)) {
      plan_.display = asked.hidden.value_or(false) ? "omitted" : "summarized";
    } else if (asked.hidden.value_or(false)) {
      Drop("reasoning.exclude");
    }
  }

  // The budget has to be below the bound. Without a bound of the caller's, ours makes room for it.
  void FitBudget(bool stated) {
    if (!request_.sampling.max_output_tokens) {
      plan_.max_tokens += plan_.max_tokens <= *plan_.budget ? *plan_.budget : 0;
    } else if (!stated || *plan_.budget >= plan_.max_tokens) {
      plan_.budget = std::min(*plan_.budget, MostOf(plan_.max_tokens));
    }
  }

  // With thinking the vendor sets the temperature, and top_p from 0.95 on is all it takes.
  void Sample() {
    const chat::Sampling& s = request_.sampling;
    const bool free = plan_.thinking.empty() && known_.Can(Ability::kSampling);
    Keep(s.temperature, "temperature", free, plan_.temperature);
    if (plan_.temperature && plan_.temperature->value() > 1) {
      plan_.temperature = chat::Number{"1"};
      Drop("temperature");
    }
    Keep(s.top_k, "top_k", free, plan_.top_k);
    const bool both = plan_.temperature.has_value() && !known_.Can(Ability::kBothTopP);
    const bool high = s.top_p && s.top_p->value() >= 0.95 && known_.Can(Ability::kSampling);
    Keep(s.top_p, "top_p", (free && !both) || (!plan_.thinking.empty() && high), plan_.top_p);
  }

  void Keep(const std::optional<chat::Number>& from, std::string_view name, bool may,
            std::optional<chat::Number>& to) {
    if (from && may) {
      to = from;
    } else if (from) {
      Drop(name);
    }
  }

  // A sequence of white space alone is refused.
  void Stop() {
    for (const std::string& sequence : request_.sampling.stop) {
      if (sequence.find_first_not_of(" \t\r\n") == std::string::npos) {
        Drop("stop");
      } else {
        plan_.stop.push_back(sequence);
      }
    }
  }

  void Rest() {
    const std::string& tier = request_.service_tier;
    if (tier == "auto" || tier == "priority") {
      plan_.service_tier = "auto";
    } else if (tier == "default" || tier == "standard" || tier == "standard_only") {
      plan_.service_tier = "standard_only";
    } else if (!tier.empty()) {
      Drop("service_tier");
    }
    plan_.user = request_.user.empty() ? request_.safety_identifier : request_.user;
    if (!request_.user.empty() && !request_.safety_identifier.empty()) {
      Drop("safety_identifier");
    }
  }

  const Request& request_;
  const Capabilities& known_;
  std::vector<std::string>& dropped_;
  Plan plan_;
};

}  // namespace

Capabilities Known(const Capabilities& of) {
  static const Capabilities& newest = catalog::FamilyOf("claude");
  Capabilities out = of;
  out.FillFrom(newest);
  return out;
}

Plan PlanOf(const Request& request, const catalog::Capabilities& known, bool can_think,
            const wire::RequestTerms& terms, std::vector<std::string>& dropped) {
  return Planner(request, known, dropped).Take(can_think, terms);
}

}  // namespace signalbox::anthropic
