// Usage of a batch of records, added up per minute, hour and day by every dimension.
//
// Owner:   whoever writes the batch. Threads: one. Errors: none. Cancel: nothing to undo.
// Budget:  1.5 µs per record (a goal, not measured yet). A record is counted at the minute of its
// request's arrival, which is
//          in its id, so that a stretch of ids and a stretch of buckets are the same records.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pipeline/ledger/dimension.h"
#include "pipeline/ledger/totals.h"

namespace signalbox::ledger {

enum class Grain : std::uint8_t { kMinute = 0, kHour = 1, kDay = 2 };  // numbers in usage_rollups
inline constexpr std::int64_t kGrainSeconds[] = {60, 3600, 86400};

// The first second, since 1970, of the bucket that `time` is in.
std::int64_t BucketOf(core::WallTime time, Grain grain);

class Rollups {
 public:
  // `record` is a settlement; `times` -1 takes it out again.
  void Add(const Record& record, std::int64_t times = 1);
  void Clear() { minutes_.clear(); }

  struct Row {
    Grain grain = Grain::kMinute;
    Dimension dimension = Dimension::kTotal;
    std::int64_t bucket = 0;
    std::string tenant;  // "tenant_…", empty for none
    std::string value;
    Totals totals;
  };
  // All sums, in the order of their key, so that several writers take them in the same order.
  std::vector<Row> Rows() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  // By dimension (a byte), tenant (16 bytes) and value.
  using Sums = std::unordered_map<std::string, Totals, Hash, std::equal_to<>>;

  static void Append(Grain grain, std::int64_t bucket, const Sums& sums, std::vector<Row>& out);

  std::map<std::int64_t, Sums> minutes_;
  std::string key_;  // kept for its memory
};

}  // namespace signalbox::ledger
