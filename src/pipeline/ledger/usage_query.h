// What was used, by whom and for what: answers from the rollups, however many requests there are.
//
// Owner:   nobody; functions. Threads: any that may block.
// Errors:  kInvalidRequest for a zone, stretch or step that cannot be; else the store's.
// Cancel:  the store limits a statement's time.
// Budget:  below 200 ms with 10 million requests (a goal, not measured yet).
//
// A call counts at the minute of its request's arrival. Usage is known by one dimension at a time:
// what a key used, or a model, not what a key used of a model.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/store/sql.h"
#include "pipeline/ledger/periods.h"
#include "pipeline/request/attribution.h"

namespace signalbox::ledger {

// Whose rows may be seen: one tenant's, or everybody's.
struct Scope {
  std::optional<request::TenantId> tenant;
};

struct UsageQuery {
  Scope scope;
  Dimension by = Dimension::kTotal;
  Period period;
  Kept kept;  // as retention leaves it (retention.h)
};

enum class UsageOrder : std::uint8_t { kCost, kCalls, kTokens };

struct UsageRow {
  std::string value;  // of the dimension: "gpt-4o", "key_…"
  Totals totals;
};

// The values of the dimension that used most, `most` of them.
core::Result<std::vector<UsageRow>> TopUsage(store::Sql& sql, const UsageQuery& query,
                                             UsageOrder order, std::size_t most);

// All that `value` used; of Dimension::kTotal the value is empty.
core::Result<Totals> UsageOf(store::Sql& sql, const UsageQuery& query, std::string_view value);

struct UsagePoint {
  Period period;
  Totals totals;
};

// The same over time, in steps of `zone`; points where nothing was used are there, too.
core::Result<std::vector<UsagePoint>> UsageSeries(store::Sql& sql, const UsageQuery& query,
                                                  std::string_view value, Step step,
                                                  const std::string& zone);

}  // namespace signalbox::ledger
