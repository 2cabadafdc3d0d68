#include "pipeline/ledger/rollups.h"

#include <algorithm>
#include <tuple>

namespace signalbox::ledger {
namespace {

constexpr std::size_t kTenantBytes = sizeof(core::Uuid::bytes);

// Of a second since 1970, which may be before it.
std::int64_t Floor(std::int64_t seconds, Grain grain) {
  const std::int64_t size = kGrainSeconds[static_cast<std::size_t>(grain)];
  const std::int64_t rest = seconds % size;
  return seconds - (rest < 0 ? rest + size : rest);
}

std::string TenantText(std::string_view raw) {
  request::TenantId tenant;
  std::ranges::copy(raw, tenant.uuid.bytes.begin());
  return tenant == request::TenantId{} ? std::string() : tenant.Text();
}

}  // namespace

std::int64_t BucketOf(core::WallTime time, Grain grain) {
  return Floor(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count(), grain);
}

void Rollups::Add(const Record& record, std::int64_t times) {
  Sums& sums = minutes_[BucketOf(record.request.uuid.Time(), Grain::kMinute)];
  Totals one;
  one.Add(record, times);
  const auto& tenant = record.parties.tenant.uuid.bytes;
  VisitDimensions(record, [&](Dimension dimension, std::string_view value) {
    key_.assign(1, static_cast<char>(dimension));
    key_.append(reinterpret_cast<const char*>(tenant.data()), tenant.size());
    key_.append(value);
    const auto found = sums.find(std::string_view(key_));
    (found != sums.end() ? found->second : sums[key_]).Add(one);
  });
}

void Rollups::Append(Grain grain, std::int64_t bucket, const Sums& sums, std::vector<Row>& out) {
  for (const auto& [key, totals] : sums) {
    if (totals.empty()) {
      continue;
    }
    const std::string_view rest = std::string_view(key).substr(1);
    out.push_back({.grain = grain,
                   .dimension = static_cast<Dimension>(key[0]),
                   .bucket = bucket,
                   .tenant = TenantText(rest.substr(0, kTenantBytes)),
                   .value = std::string(rest.substr(kTenantBytes)),
                   .totals = totals});
  }
}

std::vector<Rollups::Row> Rollups::Rows() const {
  std::vector<Row> rows;
  std::map<std::int64_t, Sums> hours;
  std::map<std::int64_t, Sums> days;
  const auto fold = [](const Sums& from, Sums& to) {
    for (const auto& [key, totals] : from) {
      to[key].Add(totals);
    }
  };
  for (const auto& [minute, sums] : minutes_) {
    Append(Grain::kMinute, minute, sums, rows);
    fold(sums, hours[Floor(minute, Grain::kHour)]);
  }
  for (const auto& [hour, sums] : hours) {
    Append(Grain::kHour, hour, sums, rows);
    fold(sums, days[Floor(hour, Grain::kDay)]);
  }
  for (const auto& [day, sums] : days) {
    Append(Grain::kDay, day, sums, rows);
  }
  std::ranges::sort(rows, {}, [](const Row& row) {
    return std::tie(row.grain, row.dimension, row.bucket, row.tenant, row.value);
  });
  return rows;
}

}  // namespace signalbox::ledger
