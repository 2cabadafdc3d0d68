#include "pipeline/quota/options.h"

namespace signalbox::quota {
namespace {

using config::Word;

config::Spec Amount(std::string doc, std::string unit) {
  return {.doc = std::move(doc),
          .unit = std::move(unit),
          .min = 0,
          .max = 4'000'000'000,
          .names = {Word("unlimited", std::int64_t{Meter::kUnlimited})}};
}

config::Spec Usd(std::string doc) {
  return {.doc = std::move(doc), .unit = "US dollars", .min = 0.0, .max = kMostUsd};
}

}  // namespace

const config::Table<LimitOptions>& LimitTable() {
  static const auto table =
      config::Table<LimitOptions>("limit", "How much may be asked for in a time.")
          .Add("requests_per_minute", &LimitOptions::requests_per_minute,
               Amount("In a minute of the clock, and steadily over time.", "requests"))
          .Add("requests_per_hour", &LimitOptions::requests_per_hour,
               Amount("In an hour of the clock, and steadily over time.", "requests"))
          .Add("tokens_per_minute", &LimitOptions::tokens_per_minute,
               Amount("Input and output together; a request takes what it may use at most and "
                      "gives the rest back when it is done.",
                      "tokens"))
          .Add("tokens_per_hour", &LimitOptions::tokens_per_hour,
               Amount("The same over an hour.", "tokens"))
          .Add("burst", &LimitOptions::burst,
               Amount("At once, after a rest; without it the whole limit may come at once.",
                      "requests"))
          .Add("concurrent", &LimitOptions::concurrent,
               Amount("Under way at the same time.", "requests"));
  return table;
}

const config::Table<LimitsOptions>& LimitsTable() {
  static const auto table =
      config::Table<LimitsOptions>("limits", "Who may ask how often.")
          .Sub("per_user", &LimitsOptions::per_user, LimitTable())
          .Sub("per_key", &LimitsOptions::per_key, LimitTable())
          .Sub("per_team", &LimitsOptions::per_team, LimitTable())
          .Sub("per_tenant", &LimitsOptions::per_tenant, LimitTable())
          .Sub("per_end_user", &LimitsOptions::per_end_user, LimitTable())
          .Sub("total", &LimitsOptions::total, LimitTable())
          .Map("per_provider", &LimitsOptions::per_provider, LimitTable(),
               {.doc = "By the provider's name; over what is built in for openai, anthropic, "
                       "huggingface, mistral and workers."})
          .Map("per_model", &LimitsOptions::per_model, LimitTable(),
               {.doc = "By the model's name at its provider, or provider/model."})
          .Instead("per_agent", "agents are limited by budgets.per_agent");
  return table;
}

const config::Table<BudgetOptions>& BudgetTable() {
  static const auto table =
      config::Table<BudgetOptions>("budget", "How much may be spent.")
          .Add("per_request_usd", &BudgetOptions::per_request_usd, Usd("By one request, at most."))
          .Add("daily_usd", &BudgetOptions::daily_usd, Usd("In a day of the zone."))
          .Add("weekly_usd", &BudgetOptions::weekly_usd, Usd("From Monday to Sunday."))
          .Add("monthly_usd", &BudgetOptions::monthly_usd, Usd("In a calendar month."))
          .Add("alert_at", &BudgetOptions::alert_at,
               {.doc = "The share at which an alert is raised, once per window; else the "
                       "section's.",
                .min = 0.0,
                .max = 1.0})
          .Add("hard", &BudgetOptions::hard,
               {.doc = "Whether requests beyond it are refused, or only an alert is raised; else "
                       "the section's."});
  return table;
}

const config::Table<BudgetsOptions>& BudgetsTable() {
  static const auto table =
      config::Table<BudgetsOptions>("budgets", "Who may spend how much.")
          .Add("zone", &BudgetsOptions::zone,
               {.doc = "The time zone in which days, weeks and months begin, such as "
                       "Europe/Berlin."})
          .Add(
              "alert_at", &BudgetsOptions::alert_at,
              {.doc = "The share of a budget at which an alert is raised.", .min = 0.0, .max = 1.0})
          .Add("hard", &BudgetsOptions::hard,
               {.doc = "Whether requests beyond a budget are refused."})
          .Add("unknown_price", &BudgetsOptions::unknown_price,
               {.doc = "What becomes of a request under a hard budget when nobody knows its "
                       "price. The total that holds when no budget is set always allows it.",
                .names = {Word("refuse", UnknownPrice::kRefuse),
                          Word("allow", UnknownPrice::kAllow)}})
          .Sub("total", &BudgetsOptions::total, BudgetTable())
          .Sub("per_user", &BudgetsOptions::per_user, BudgetTable())
          .Sub("per_key", &BudgetsOptions::per_key, BudgetTable())
          .Sub("per_team", &BudgetsOptions::per_team, BudgetTable())
          .Sub("per_tenant", &BudgetsOptions::per_tenant, BudgetTable())
          .Sub("per_end_user", &BudgetsOptions::per_end_user, BudgetTable())
          .Map("per_provider", &BudgetsOptions::per_provider, BudgetTable(),
               {.doc = "By the provider's name."})
          .Map("per_model", &BudgetsOptions::per_model, BudgetTable(),
               {.doc = "By the model's name at its provider, or provider/model."})
          .Map("per_agent", &BudgetsOptions::per_agent, BudgetTable(),
               {.doc = "By the name in x-signalbox-agent; one in each tenant."})
          .Map("per_tag", &BudgetsOptions::per_tag, BudgetTable(),
               {.doc = "By a tag of x-signalbox-tags; one in each tenant."});
  return table;
}

}  // namespace signalbox::quota
