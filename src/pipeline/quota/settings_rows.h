// The rows of limits and budgets in the database.
//
// Owner: nobody; functions inside a transaction. Threads: any that may block. Errors: as
// store::Sql. Cancel: with the transaction.
#pragma once

#include <functional>
#include <vector>

#include "pipeline/quota/settings.h"

namespace signalbox::quota {

struct BudgetFilter {
  std::optional<std::string_view> id;
  std::optional<std::string_view> tenant;
  std::optional<std::string_view> subject;
  std::string_view after;
  std::int64_t most = 1'000'000;
};
core::Result<std::vector<BudgetRow>> ReadBudgets(store::Reader& reader, const BudgetFilter& filter);
core::Result<std::vector<LimitRow>> ReadLimits(store::Reader& reader, const BudgetFilter& filter);

core::Status InsertBudget(store::Transaction& transaction, const BudgetRow& row);
// Whether the row was still of `version`.
core::Result<bool> UpdateBudget(store::Transaction& transaction, const BudgetRow& row,
                                std::int64_t version);
core::Status DeleteBudget(store::Transaction& transaction, const std::string& id);
core::Status PutLimits(store::Transaction& transaction, const LimitRow& row);
core::Status DeleteLimits(store::Transaction& transaction, const std::string& id);

core::Result<bool> InsertCredit(store::Transaction& transaction, const std::string& budget,
                                std::int64_t window_start, const Credit& credit,
                                core::WallTime now);
// Adds up the credits of a budget, or of all.
core::Status ReadCredits(store::Reader& reader, std::optional<std::string_view> budget,
                         SettingRows::Credits& credits);

core::Status RaiseEpoch(store::Transaction& transaction);
core::Result<std::int64_t> ReadEpoch(store::Reader& reader);

}  // namespace signalbox::quota
