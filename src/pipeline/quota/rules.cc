#include "pipeline/quota/rules.h"

namespace signalbox::quota {
namespace {

template <typename T>
void Fill(std::optional<T>& value, const std::optional<T>& below) {
  if (!value) {
    value = below;
  }
}

}  // namespace

Rule Rule::Over(const Rule& below) const {
  Rule rule = *this;
  for (std::size_t i = 0; i < kRates; ++i) {
    Fill(rule.limits.rates[i], below.limits.rates[i]);
  }
  Fill(rule.limits.burst, below.limits.burst);
  Fill(rule.limits.concurrent, below.limits.concurrent);
  for (std::size_t i = 0; i < kWindows; ++i) {
    Fill(rule.budgets[i], below.budgets[i]);
  }
  Fill(rule.per_request, below.per_request);
  Fill(rule.known_prices_only, below.known_prices_only);
  return rule;
}

bool Rules::Mentions(SubjectKind kind) const {
  const auto i = static_cast<std::size_t>(kind);
  return !defaults[i].empty() || !named[i].empty();
}

bool Rules::Knows(const SubjectKey& key) const {
  const auto i = static_cast<std::size_t>(key.kind);
  return !defaults[i].empty() || named[i].contains(key.name);
}

Rule Rules::Of(const SubjectKey& key) const {
  const auto i = static_cast<std::size_t>(key.kind);
  const auto found = named[i].find(key.name);
  return found == named[i].end() ? defaults[i] : found->second.Over(defaults[i]);
}

}  // namespace signalbox::quota
