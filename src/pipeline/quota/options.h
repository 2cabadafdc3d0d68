// What an operator can set about limits and budgets.
//
// Owner:   the configuration snapshot. Threads: read only once made.
// Errors:  those of the tables; MakeRules adds a zone that nobody knows.
// Cancel:  nothing waits.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/config/table.h"
#include "pipeline/quota/registry.h"

namespace signalbox::quota {

// What is not set holds not, or as the built-in rule says; `unlimited` is Meter::kUnlimited.
struct LimitOptions {
  std::optional<std::uint32_t> requests_per_minute;
  std::optional<std::uint32_t> requests_per_hour;
  std::optional<std::uint32_t> tokens_per_minute;
  std::optional<std::uint32_t> tokens_per_hour;
  std::optional<std::uint32_t> burst;
  std::optional<std::uint32_t> concurrent;
};
const config::Table<LimitOptions>& LimitTable();

// The `limits` section.
struct LimitsOptions {
  LimitOptions per_user = {.requests_per_hour = 1000, .burst = 50};  // each user at each provider
  LimitOptions per_key;
  LimitOptions per_team;
  LimitOptions per_tenant;
  LimitOptions per_end_user;
  LimitOptions total;
  std::map<std::string, LimitOptions> per_provider;  // over those that are built in
  std::map<std::string, LimitOptions> per_model;     // `gpt-4o`, `openai/gpt-4o`
};
const config::Table<LimitsOptions>& LimitsTable();

enum class UnknownPrice : std::uint8_t { kRefuse, kAllow };

// One subject's money. Dollars are what people write; from here on amounts are whole nano-dollars.
struct BudgetOptions {
  std::optional<double> per_request_usd;
  std::optional<double> daily_usd;
  std::optional<double> weekly_usd;
  std::optional<double> monthly_usd;
  std::optional<double> alert_at;
  std::optional<bool> hard;
};
const config::Table<BudgetOptions>& BudgetTable();

// The `budgets` section.
struct BudgetsOptions {
  std::string zone = "UTC";
  double alert_at = 0.8;
  bool hard = true;
  UnknownPrice unknown_price = UnknownPrice::kRefuse;
  BudgetOptions total;  // daily_usd: 500 unless something is set
  BudgetOptions per_user;
  BudgetOptions per_key;
  BudgetOptions per_team;
  BudgetOptions per_tenant;
  BudgetOptions per_end_user;
  std::map<std::string, BudgetOptions> per_provider;
  std::map<std::string, BudgetOptions> per_model;
  std::map<std::string, BudgetOptions> per_agent;
  std::map<std::string, BudgetOptions> per_tag;
};
const config::Table<BudgetsOptions>& BudgetsTable();

inline constexpr std::int64_t kNanoPerUsd = 1'000'000'000;
inline constexpr double kMostUsd = 9'000'000;  // what shared stores count exactly
std::int64_t NanoOf(double usd);

// The rules that the sections stand for. Calendars are the registry's.
core::Result<std::unique_ptr<const Rules>> MakeRules(const LimitsOptions& limits,
                                                     const BudgetsOptions& budgets,
                                                     Registry& registry, std::int64_t wall);

}  // namespace signalbox::quota
