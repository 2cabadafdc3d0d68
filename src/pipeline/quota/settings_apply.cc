// Settings as the registry has them: what the database says, in effect here.
#include "pipeline/quota/settings_access.h"
#include "pipeline/quota/settings_rows.h"

namespace signalbox::quota {
namespace {

Budget* FindBudget(const Subject* subject, Window window) {
  Budget* budget = subject == nullptr ? nullptr : subject->budgets.load(std::memory_order_acquire);
  while (budget != nullptr && budget->window() != window) {
    budget = budget->next();
  }
  return budget;
}

}  // namespace

std::optional<BudgetState> Settings::StateOf(const BudgetRow& row, core::WallTime now) const {
  SubjectKey key;
  std::string name;
  const auto kind = ReadSubject(row.subject, key.id, name);
  if (!kind) {
    return std::nullopt;
  }
  key.kind = *kind;
  key.name = name;
  Budget* budget = FindBudget(registry_.Find(key), row.window);
  return budget == nullptr ? std::nullopt
                           : std::optional(budget->StateAt(now.time_since_epoch().count()));
}

// All rows of one subject, read again: whoever comes later has read what came before.
core::Status Settings::Apply(const std::string& code, const Moment& now) {
  const std::lock_guard lock(mutex_);
  SettingRows rows;
  SB_TRY(rows.budgets, ReadBudgets(sql_, {.subject = code}));
  SB_TRY(rows.limits, ReadLimits(sql_, {.subject = code}));
  for (const BudgetRow& row : rows.budgets) {
    SB_CHECK_OK(ReadCredits(sql_, row.id, rows.credits));
  }
  if (tell_) {
    tell_();
  }
  return ApplyRows(code, rows, now);
}

core::Status Settings::ApplyRows(const std::string& code, const SettingRows& rows,
                                 const Moment& now) {
  SubjectKey key;
  std::string name;
  SB_TRY(key.kind, ReadSubject(code, key.id, name));
  key.name = name;
  Rule rule;
  for (const LimitRow& row : rows.limits) {
    rule.limits = row.limits;
  }
  for (const BudgetRow& row : rows.budgets) {
    SB_TRY(Calendar * calendar, registry_.CalendarFor(row.window, row.zone, now.wall));
    const auto alert_at = static_cast<__int128>(row.amount) * row.alert_ppm / kPpm;
    rule.budgets[static_cast<std::size_t>(row.window)] =
        BudgetTerms{.limit = row.amount,
                    .alert_at = static_cast<std::int64_t>(alert_at),
                    .hard = row.hard,
                    .known_prices_only = row.hard && !row.any_price,
                    .calendar = calendar};
  }
  registry_.SetSetting(key, rule, now);
  for (const BudgetRow& row : rows.budgets) {
    Budget* budget = FindBudget(registry_.Find(key), row.window);
    const std::int64_t start = budget->StateAt(now.wall).start;
    const auto credit = rows.credits.find({row.id, start});
    budget->SetCredit(start, credit == rows.credits.end() ? 0 : credit->second, now.wall);
  }
  if (rule.empty()) {
    applied_.erase(code);
  } else {
    applied_.insert(code);
  }
  return {};
}

core::Status Settings::Refresh(const request::Instant& now) {
  const std::lock_guard lock(mutex_);
  SB_TRY(const std::int64_t epoch, ReadEpoch(sql_));
  if (epoch == epoch_) {
    return {};
  }
  std::map<std::string, SettingRows> subjects;
  for (const std::string& code : applied_) {
    subjects[code];  // what is gone is taken away
  }
  SB_TRY(std::vector<BudgetRow> budgets, ReadBudgets(sql_, {}));
  SB_TRY(std::vector<LimitRow> limits, ReadLimits(sql_, {}));
  SettingRows::Credits credits;
  SB_CHECK_OK(ReadCredits(sql_, std::nullopt, credits));
  for (BudgetRow& row : budgets) {
    SettingRows& rows = subjects[row.subject];
    const auto from = credits.lower_bound({row.id, 0});
    for (auto at = from; at != credits.end() && at->first.first == row.id; ++at) {
      rows.credits.insert(*at);
    }
    rows.budgets.push_back(std::move(row));
  }
  for (LimitRow& row : limits) {
    subjects[row.subject].limits.push_back(std::move(row));
  }
  for (const auto& [code, rows] : subjects) {
    SB_CHECK_OK(ApplyRows(code, rows, MomentOf(now)));
  }
  epoch_ = epoch;
  return {};
}

}  // namespace signalbox::quota
