// Whether a store's rollups are what its rows add up to.
#pragma once

#include <map>
#include <tuple>

#include "pipeline/ledger/rollup_rows.h"
#include "pipeline/ledger/row.h"
#include "pipeline/ledger/store_testing.h"

namespace signalbox::ledger {

using RollupKey = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string, std::string>;
using RollupMap = std::map<RollupKey, Totals>;

inline RollupMap StoredRollups(store::Sql& sql) {
  RollupMap map;
  const auto read = sql.Query(
      "SELECT grain, dimension, bucket, tenant_id, value, " SB_TOTALS_COLUMNS " FROM usage_rollups",
      {}, [&](const store::Row& row) {
        const Totals totals = ReadTotals(row, 5);
        if (!totals.empty()) {
          map[{row.Int(0), row.Int(1), row.Int(2), std::string(row.Text(3)),
               std::string(row.Text(4))}] = totals;
        }
        return core::Status();
      });
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().message);
  return map;
}

// Added up here in another way: row by row, each bucket by itself.
inline RollupMap ExpectedRollups(store::Sql& sql) {
  RollupMap map;
  const auto read = sql.Query(
      "SELECT " SB_LEDGER_COLUMNS " FROM ledger_requests", {}, [&](const store::Row& row) {
        const Record record = ReadRow(row);
        const std::string tenant = record.parties.tenant == request::TenantId{}
                                       ? std::string()
                                       : record.parties.tenant.Text();
        VisitDimensions(record, [&](Dimension dimension, std::string_view value) {
          for (const Grain grain : {Grain::kMinute, Grain::kHour, Grain::kDay}) {
            map[{static_cast<int>(grain), static_cast<int>(dimension),
                 BucketOf(record.request.uuid.Time(), grain), tenant, std::string(value)}]
                .Add(record, 1);
          }
        });
        return core::Status();
      });
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().message);
  return map;
}

inline void ExpectRollupsMatchRows(store::Sql& sql) {
  const RollupMap stored = StoredRollups(sql);
  EXPECT_FALSE(stored.empty());
  EXPECT_TRUE(stored == ExpectedRollups(sql));
}

}  // namespace signalbox::ledger
