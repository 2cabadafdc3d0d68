// What holds for whom, before anybody is seen: defaults by kind, and rules for names.
//
// Owner:   the Registry; read only once made. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "pipeline/quota/subject.h"

namespace signalbox::quota {

// What is not said is left to the rule below; a rate of Meter::kUnlimited is none.
struct LimitRule {
  std::array<std::optional<std::uint32_t>, kRates> rates;
  std::optional<std::uint32_t> burst;       // of requests; else the limit itself
  std::optional<std::uint32_t> concurrent;  // Meter::kUnlimited: any number

  friend bool operator==(const LimitRule&, const LimitRule&) = default;
};

struct Rule {
  LimitRule limits;
  std::array<std::optional<BudgetTerms>, kWindows> budgets;
  std::optional<std::int64_t> per_request;  // 10^-9 dollars
  std::optional<bool> known_prices_only;    // under that bound

  bool empty() const { return *this == Rule{}; }
  // This one, and below it what it does not say.
  Rule Over(const Rule& below) const;
  friend bool operator==(const Rule&, const Rule&) = default;
};

struct Rules {
  std::array<Rule, kSubjectKinds> defaults;
  // By name; of a tenant's agents, tags and end users in every tenant.
  std::array<std::map<std::string, Rule, std::less<>>, kSubjectKinds> named;

  Rule& Default(SubjectKind kind) { return defaults[static_cast<std::size_t>(kind)]; }
  auto& Named(SubjectKind kind) { return named[static_cast<std::size_t>(kind)]; }
  // Whether anything holds for `key`; if so, what.
  bool Knows(const SubjectKey& key) const;
  Rule Of(const SubjectKey& key) const;
  bool Mentions(SubjectKind kind) const;
};

}  // namespace signalbox::quota
