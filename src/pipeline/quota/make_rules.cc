#include <cmath>

#include "pipeline/quota/options.h"

namespace signalbox::quota {
namespace {

// What vendors of these names are known to allow a usual account. Source: SPEC R-61.
struct BuiltIn {
  std::string_view provider;
  std::uint32_t requests_per_minute;
  std::uint32_t tokens_per_minute;
};
constexpr BuiltIn kBuiltIn[] = {
    {"openai", 500, 90'000},
    {"anthropic", 1'000, 100'000},
    {"huggingface", 10'000, 1'000'000},
    {"mistral", 5'000, 500'000},
    {"workers", 100'000, 10'000'000},
};
constexpr double kDefaultDailyUsd = 500;

LimitRule RuleOf(const LimitOptions& options) {
  return {.rates = {options.requests_per_minute, options.requests_per_hour,
                    options.tokens_per_minute, options.tokens_per_hour},
          .burst = options.burst,
          .concurrent = options.concurrent};
}

class Maker {
 public:
  Maker(const BudgetsOptions& section, Registry& registry, std::int64_t wall)
      : section_(section), registry_(registry), wall_(wall) {}

  core::Status Add(const BudgetOptions& options, Rule& rule, bool known_prices_only = true) {
    const bool refuse = section_.unknown_price == UnknownPrice::kRefuse && known_prices_only;
    const std::pair<Window, std::optional<double>> amounts[] = {
        {Window::kDay, options.daily_usd},
        {Window::kWeek, options.weekly_usd},
        {Window::kMonth, options.monthly_usd},
    };
    for (const auto& [window, usd] : amounts) {
      if (!usd) {
        continue;
      }
      SB_TRY(Calendar * calendar, registry_.CalendarFor(window, section_.zone, wall_));
      const bool hard = options.hard.value_or(section_.hard);
      rule.budgets[static_cast<std::size_t>(window)] =
          BudgetTerms{.limit = NanoOf(*usd),
                      .alert_at = NanoOf(*usd * options.alert_at.value_or(section_.alert_at)),
                      .hard = hard,
                      .known_prices_only = hard && refuse,
                      .calendar = calendar};
    }
    if (options.per_request_usd) {
      rule.per_request = NanoOf(*options.per_request_usd);
      rule.known_prices_only = refuse;
    }
    return {};
  }

  core::Status AddTotal(Rule& rule) {
    BudgetOptions total = section_.total;
    const bool set = total.daily_usd || total.weekly_usd || total.monthly_usd;
    if (!set) {
      total.daily_usd = kDefaultDailyUsd;
    }
    return Add(total, rule, set);
  }

  core::Status AddAll(const std::map<std::string, BudgetOptions>& options,
                      std::map<std::string, Rule, std::less<>>& rules) {
    for (const auto& [name, budget] : options) {
      SB_CHECK_OK(Add(budget, rules[name]));
    }
    return {};
  }

 private:
  const BudgetsOptions& section_;
  Registry& registry_;
  const std::int64_t wall_;
};

void AddLimits(const LimitsOptions& limits, Rules& rules) {
  using enum SubjectKind;
  rules.Default(kProviderUser).limits = RuleOf(limits.per_user);
  rules.Default(kKey).limits = RuleOf(limits.per_key);
  rules.Default(kTeam).limits = RuleOf(limits.per_team);
  rules.Default(kTenant).limits = RuleOf(limits.per_tenant);
  rules.Default(kEndUser).limits = RuleOf(limits.per_end_user);
  rules.Default(kTotal).limits = RuleOf(limits.total);
  for (const auto& [name, options] : limits.per_provider) {
    rules.Named(kProvider)[name].limits = RuleOf(options);
  }
  for (const BuiltIn& row : kBuiltIn) {
    Rule below;
    below.limits.rates[static_cast<std::size_t>(Rate::kRequestsPerMinute)] =
        row.requests_per_minute;
    below.limits.rates[static_cast<std::size_t>(Rate::kTokensPerMinute)] = row.tokens_per_minute;
    Rule& rule = rules.Named(kProvider)[std::string(row.provider)];
    rule = rule.Over(below);
  }
  for (const auto& [name, options] : limits.per_model) {
    rules.Named(kModel)[name].limits = RuleOf(options);
  }
}

core::Status AddBudgets(const BudgetsOptions& budgets, Maker& maker, Rules& rules) {
  using enum SubjectKind;
  SB_CHECK_OK(maker.AddTotal(rules.Default(kTotal)));
  SB_CHECK_OK(maker.Add(budgets.per_user, rules.Default(kUser)));
  SB_CHECK_OK(maker.Add(budgets.per_key, rules.Default(kKey)));
  SB_CHECK_OK(maker.Add(budgets.per_team, rules.Default(kTeam)));
  SB_CHECK_OK(maker.Add(budgets.per_tenant, rules.Default(kTenant)));
  SB_CHECK_OK(maker.Add(budgets.per_end_user, rules.Default(kEndUser)));
  SB_CHECK_OK(maker.AddAll(budgets.per_provider, rules.Named(kProvider)));
  SB_CHECK_OK(maker.AddAll(budgets.per_model, rules.Named(kModel)));
  SB_CHECK_OK(maker.AddAll(budgets.per_agent, rules.Named(kAgent)));
  return maker.AddAll(budgets.per_tag, rules.Named(kTag));
}

}  // namespace

// Exact for everything below kMostUsd with six decimals; nothing is added up before it is whole.
std::int64_t NanoOf(double usd) {
  return std::llround(usd * static_cast<double>(kNanoPerUsd));
}

core::Result<std::unique_ptr<const Rules>> MakeRules(const LimitsOptions& limits,
                                                     const BudgetsOptions& budgets,
                                                     Registry& registry, std::int64_t wall) {
  auto rules = std::make_unique<Rules>();
  AddLimits(limits, *rules);
  Maker maker(budgets, registry, wall);
  if (auto added = AddBudgets(budgets, maker, *rules); !added) {
    return std::unexpected(std::move(added).error().At("budgets"));
  }
  return rules;
}

}  // namespace signalbox::quota
